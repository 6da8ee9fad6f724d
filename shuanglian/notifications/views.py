"""Pages: one's messages, one's choices, what did not get through."""

from __future__ import annotations

from django.contrib import messages as shown
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, says
from shuanglian.core.paging import keyset
from shuanglian.kernel.refusal import Refusal

from . import access, gateways, queries, quiet
from . import templates as texts
from .actions import choices as choosing
from .actions import messages
from .forms import ChoiceForm
from .models import Channel, Message


@requires()
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """What one was told, the newest first."""
    page = keyset(queries.inbox(request.user), order=("-id",), after=request.GET.get("after"))
    return render(request, "notifications/inbox.html", {
        "page": page, "rows": queries.told(page.rows), "unread": queries.unread(request.user),
    })  # fmt: skip


@requires()
@require_POST
def read(request: SignedIn) -> HttpResponse:
    messages.read(user=request.user, at=clock.now())
    return redirect("notifications:inbox")


@requires()
@require_safe
def follow(request: SignedIn, pk: int) -> HttpResponse:
    """From a message to the page that it is about."""
    link = access.own_message(request.user, pk).link
    return redirect(link if link and url_has_allowed_host_and_scheme(link, None) else "notifications:inbox")


@requires()
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: SignedIn) -> HttpResponse:
    """How one wants to be told."""
    kept = access.own_choice(request.user)
    start = {"channel": kept.channel, "language": kept.language, "off": kept.off} if kept else {"channel": Channel.PAGE}
    form = ChoiceForm(request.POST or None, initial=start)
    if form.is_valid():
        told = {"address": "", "off": False, **form.cleaned_data}
        if not told["address"] and kept and kept.channel == told["channel"]:
            told["address"] = kept.address
        with refusals_on(form):
            choosing.choose(by=request.user, at=clock.now(), **told)
            shown.success(request, _("已保存。"))
            return redirect("notifications:choices")
    return render(request, "notifications/choices.html", {
        "form": form, "address": gateways.masked(kept.channel, kept.address) if kept else "",
        "quiet": quiet.hours(), "opened": gateways.opened(),
    }, status=422 if form.errors else 200)  # fmt: skip


@requires("notifications.view")
@require_safe
def failures(request: SignedIn) -> HttpResponse:
    """What did not get through in one's area; what it says is the recipient's alone."""
    page = keyset(queries.failures(seen_by=request.user), order=("-id",), after=request.GET.get("after"))
    states = list(Message.State)
    standing = [(channel, [n.get(state, 0) for state in states]) for channel, n in
                queries.standing(seen_by=request.user)]  # fmt: skip
    return render(request, "notifications/failures.html", {
        "page": page, "rows": [(one, texts.name_of(one.template)) for one in page.rows], "standing": standing,
        "states": [state.label for state in states], "opened": [Channel(one).label for one in gateways.opened()],
    })  # fmt: skip


@requires("notifications.view")
@require_POST
def retry(request: SignedIn, pk: int) -> HttpResponse:
    found = access.message_to_retry(request.user, pk)
    try:
        messages.retry(message=found, at=clock.now())
        shown.success(request, _("已排队重发。"))
    except Refusal as refusal:
        shown.error(request, says(refusal))
    return redirect("notifications:failures")
