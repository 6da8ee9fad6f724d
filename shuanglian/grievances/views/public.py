"""Doors without a log-in: a village's page, what became of a demand, photos of its answer, the poster (VOICE-1, 3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.accounts.rights import SignedIn, requires
from shuanglian.areas.models import Area
from shuanglian.attachments.answers import answer as answer_with
from shuanglian.core import clock, errors
from shuanglian.core.forms import refusals_on
from shuanglian.core.scoping import unscoped
from shuanglian.grievances import access, printing, showing
from shuanglian.grievances import queries_public as queries
from shuanglian.grievances.actions import answers, doors
from shuanglian.grievances.forms_public import AddForm, AskForm, FollowForm, SayForm
from shuanglian.grievances.models import Demand, Reply
from shuanglian.notices.actions.numbers import tidied
from shuanglian.notices.views.common import public

from .asking import ANY, page, sized, take


def _area(code: str) -> Area | None:
    if not (code.isascii() and code.isdigit()):
        return None
    rows = Area.objects.current().select_related("parent__parent")
    return rows.filter(code=code, level__gte=Area.Level.COUNTY).first()


# --- a village's page -------------------------------------------------------------------------------------------------
@public(forms=True)
@require_http_methods(ANY)
@sized
def village(request: HttpRequest, area_code: str) -> HttpResponse:
    """Whom to ask, a form, and in numbers what was asked and answered here."""
    area, status = _area(area_code), 200
    if area is None:
        return errors.not_found(request)
    form = AskForm(request.POST or None, request.FILES or None, at=clock.now())
    if form.is_valid():
        taken, status = take(request, form, door=Demand.Door.PAGE, village=area)
        if taken is not None:
            return page(request, "public_sent", taken=taken, area=area)
    elif form.is_bound:
        status = 422
    with unscoped():
        told = {
            "units": queries.units_of(area, clock.today()), "offices": showing.offices(area),
            "figures": _figures(area), "fewest": queries.fewest(), "stretch": queries.stretch(clock.today()),
        }  # fmt: skip
    return page(request, "public_village", status=status, form=form, area=area, **told)


def _figures(area: Area) -> list[tuple[str, int, int | None]]:
    return [(showing.plain(one.category), one.came, one.answered) for one in queries.figures(area, clock.today())]


@requires(access.VIEW)
@require_safe
def poster(request: SignedIn, area_code: str) -> HttpResponse:
    """A4 for the village's board: how to ask, with the codes of this page and of the safe letters."""
    area = _area(area_code)
    if area is None or request.user.area is None or not request.user.area.contains(area):
        return errors.not_found(request)
    pdf = printing.poster(
        area, address=request.build_absolute_uri(reverse("doors:village", args=[area.code])),
        letters=request.build_absolute_uri(reverse("letters:village", args=[area.code])),
        follow=request.build_absolute_uri(reverse("doors:follow")),
    )  # fmt: skip
    response = HttpResponse(pdf, content_type="application/pdf")
    name = _("有事您说话-{place}.pdf").format(place=area.name)
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


# --- following --------------------------------------------------------------------------------------------------------
@public(forms=True)
@require_http_methods(ANY)
@sized
def follow(request: HttpRequest) -> HttpResponse:
    """What became of a demand, by its number; the number travels in the form, never in an address."""
    form = FollowForm(request.POST or None)
    if not form.is_valid():
        return page(request, "public_follow", form=form, status=422 if form.is_bound else 200)
    number = form.cleaned_data["number"]
    with unscoped():
        found = queries.followed(number, clock.today())
        if found is not None:
            return _followed(request, found, number)
    form.add_error("number", _("没有这个查询号，或者已经过了查询期。请对照您记下的号再输一次。"))
    return page(request, "public_follow", form=form, unknown=True, status=404)


def _followed(request: HttpRequest, found: Demand, number: str) -> HttpResponse:
    sent, letter = _said(request, found)
    found = queries.followed(number, clock.today()) or found  # as it stands after that
    if not request.user.is_authenticated:  # the page has reached the person; staff look without that
        _reached(found)
    told, wrong = showing.told(found), _faults(sent)
    say = sent if wrong and isinstance(sent, SayForm) else SayForm(
        initial={"reply": told.asks.pk if told.asks else None}, auto_id="say_%s"
    )  # fmt: skip
    add = sent if wrong and isinstance(sent, AddForm) else AddForm(auto_id="add_%s")
    return page(
        request, "public_followed", told=told, number=number, say=say, add=add, wrong=wrong, letter=letter,
        card=tidied(str(request.POST.get("card", ""))), done=sent is not None and not wrong,
        staff=request.user.is_authenticated, status=422 if wrong else 200,
    )  # fmt: skip


def _said(request: HttpRequest, found: Demand) -> tuple[SayForm | AddForm | None, doors.Taken | None]:
    """(the form that came with a deed, the safe letter that its words became); its errors say what was wrong."""
    deed = request.POST.get("deed", "")
    if deed not in ("yes", "no", "add"):
        return None, None
    form = AddForm(request.POST, auto_id="add_%s") if deed == "add" else SayForm(request.POST, auto_id="say_%s")
    if form.is_valid() and request.user.is_authenticated:
        form.add_error(None, _("您登录着。替群众回话，请在诉求的页面登记，写明是怎样告知的。"))
    if form.is_valid():
        with refusals_on(form):
            return form, _do(found, deed, form.cleaned_data)
    return form, None


def _do(found: Demand, deed: str, given: dict[str, Any]) -> doors.Taken | None:
    at = clock.now()
    if deed == "add":
        return doors.add(demand=found, text=given["text"], key=given["key"], at=at)
    return doors.word(
        demand=found, reply=given["reply"] or 0, yes=deed == "yes", said=given["text"], score=given["score"],
        key=given["key"], at=at,
    )  # fmt: skip


def _faults(sent: SayForm | AddForm | None) -> list[str]:
    return [str(error) for errors_ in sent.errors.values() for error in errors_] if sent is not None else []


def _reached(found: Demand) -> None:
    """The person has read the answer: the days for a word run from here (VOICE-3)."""
    latest = answers.latest(found)
    if latest is not None and latest.told_at is None and found.state == Demand.State.ANSWERED:
        answers.tell(demand=found, how=Reply.How.PAGE, by=None, at=clock.now())


@public()
@require_safe
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """One photo of an answer, for an hour after the page that shows it."""
    with unscoped():
        found = showing.photo(token)
        return answer_with(found) if found is not None else errors.not_found(request)
