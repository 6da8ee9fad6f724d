"""Letters by e-mail that wait for somebody to say where they belong: the county's list 来信待登记 (VOICE-1)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.attachments.answers import POLICY, TYPES
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on
from shuanglian.core.paging import keyset
from shuanglian.grievances import access, wording
from shuanglian.grievances import queries_taking as reads
from shuanglian.grievances.access import TAKE
from shuanglian.grievances.actions import mail as verbs
from shuanglian.grievances.actions import writing_back
from shuanglian.grievances.forms_taking import URGENT, SortMailForm
from shuanglian.grievances.models import Mail


@require_safe
@requires(TAKE)
def mails(request: SignedIn) -> HttpResponse:
    """What waits, the oldest first."""
    page = keyset(access.mails_to_sort(request.user), order=("at", "id"), after=request.GET.get("after"))
    return render(request, "grievances/taking_mails.html", {
        "page": page, "rows": [(one, verbs.words_of(one)) for one in page.rows],
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKE)
def mail(request: SignedIn, mail_id: UUID) -> HttpResponse:
    """One letter: village or household and category in one form, or why it is no demand."""
    row = access.mails_to_sort(request.user).filter(pk=mail_id).first()
    if row is None and request.method == "POST":
        messages.info(request, _("这封来信已经登记过了。"))
        return redirect("grievances:mails")
    if row is None:
        raise Http404
    form = SortMailForm(request.POST or None, actor=request.user)
    if form.is_valid():
        with refusals_on(form):
            number = _sorted(request, row, form)
            return render(request, "grievances/taking_mailed.html", {"number": number, "sender": bool(row.told)})
    words = verbs.words_of(row)
    about = reads.proposal(words)
    response = render(request, "grievances/taking_mail.html", {
        "mail": row, "words": words, "form": form, "files": list(enumerate(verbs.files_of(row))), "safe": about.safe,
        "category": about.category, "never": wording.never(about.never),
    }, status=422 if form.errors else 200)  # fmt: skip
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _sorted(request: SignedIn, row: Mail, form: SortMailForm) -> str:
    """Its number; empty for one that was set aside."""
    clean, at = form.cleaned_data, clock.now()
    if clean["why"]:
        verbs.drop(mail=row, why=clean["why"], by=request.user, at=at)
        return ""
    urgent = clean["urgent"]
    received = verbs.sort(
        mail=row, area=clean["who"].area, household=clean["who"].household, category=clean["category"],
        never="" if urgent == URGENT else urgent, urgent=urgent == URGENT, by=request.user, at=at,
    )  # fmt: skip
    writing_back.later(received)
    return received.number


@require_safe
@requires(TAKE)
def file(request: SignedIn, mail_id: UUID, place: int) -> HttpResponse:
    """A photo or scan of a letter that waits."""
    row = get_object_or_404(access.mails_to_sort(request.user), pk=mail_id)
    files = verbs.files_of(row)
    if place >= len(files):
        raise Http404
    stored, kind, _name = files[place]
    try:
        data = verbs.FOLDER.fetch(stored)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'inline; filename="{place + 1}.{"jpg" if kind == "image" else "pdf"}"'
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if kind in POLICY:
        response.headers["Content-Security-Policy"] = POLICY[kind]
    return response
