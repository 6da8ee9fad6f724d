"""The officers' pages: their letters, one letter and what is done to it, who it is (VOICE-6, ASSESS-12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from shuanglian.accounts.rights import SignedIn
from shuanglian.complaints import access, queries, showing
from shuanglian.complaints.actions import handling, openings
from shuanglian.complaints.actions.complaints import FOLDER
from shuanglian.complaints.forms import AnswerForm, AskForm, OpeningForm, WhyForm
from shuanglian.complaints.models import Attempt, Complaint, Opening
from shuanglian.core import clock
from shuanglian.core.forms import refusals_on, tell_errors
from shuanglian.core.profile import active
from shuanglian.core.scoping import unscoped
from shuanglian.trail import trail
from shuanglian.trail.models import Entry

from .common import denied, holds, quiet

LOOK = "complaints.look"
State = Complaint.State


@require_safe
@holds(access.READS, Attempt.What.LIST)
def letters(request: SignedIn) -> HttpResponse:
    """An officer's letters. Each day's first look is told in the trail, the same whether there is any letter or not."""
    on = clock.today()
    if not access.is_officer(request.user, on):
        named = queries.officers(seen_by=request.user).on(on)
        return render(request, "complaints/not_named.html", {"officers": named})
    rows = access.letters_read_by(request.user, on)
    _look(request)
    open_ones = [one for one in rows if one[0].state != State.CLOSED]
    over = [one for one in rows if one[0].state == State.CLOSED][-100:]
    places = showing.places(rows)

    def told(some: list[Any]) -> list[tuple[Complaint, str, str, bool]]:
        return [(row, showing.subject(what), places.get(what["village"], what["place"]), row.due_on < on)
                for row, what in some]  # fmt: skip

    return render(request, "complaints/letters.html", {
        "open": told(open_ones), "over": told(over), "today": on, "terms": active().complaints.terms,
    })  # fmt: skip


def _look(request: SignedIn) -> None:
    """Once a day and officer: how often somebody looks would tell something."""
    assert request.user.area is not None  # an officer has an office
    at = clock.now()
    last = Entry.objects.filter(verb=LOOK, by_id=request.user.pk).order_by("-number").values_list("at", flat=True)
    if (before := last.first()) is None or clock.day_of(before) != clock.day_of(at):
        trail.write(LOOK, by=request.user, at=at, area_code=request.user.area.code)


@require_safe
@holds(access.READS)
def letter(request: SignedIn, pk: UUID) -> HttpResponse:
    found = access.letter_to_read(request.user, pk, clock.today())
    if found is None:
        return denied(request)
    row, told = found
    handling.open_(complaint=row, by=request.user, at=clock.now())
    return _page(request, row, told)


def _page(request: SignedIn, row: Complaint, told: dict[str, Any], **forms: Any) -> HttpResponse:
    at = clock.now()
    with unscoped():
        lines = queries.lines(row)
        photos = list(row.photos.values_list("pk", flat=True))
        asked = list(row.openings.select_related("asked_by", "answered_by"))
    return render(request, "complaints/detail.html", {
        "row": row, "told": told, "subject": showing.subject(told), "lines": lines, "photos": photos,
        "place": showing.places([(row, told)]).get(told["village"], ""), "offices": showing.offices(told["offices"]),
        "waiting": [one for one in asked if openings.waits(one, at)], "user": request.user,
        "opened": [one for one in asked if openings.is_open_to(one, request.user, at)], "today": clock.today(),
        "ending": next((showing.ending(one.told) for one in reversed(lines) if one.told), ""),
        "answering": AnswerForm(), "asking": AskForm(auto_id="ask_%s"), "passing": WhyForm(auto_id="pass_%s"),
        "opening": OpeningForm(auto_id="opening_%s"), **forms,
    }, status=422 if forms else 200)  # fmt: skip


@require_safe
@holds(access.READS)
def photo(request: SignedIn, pk: UUID, photo_pk: UUID) -> HttpResponse:
    found = access.letter_to_read(request.user, pk, clock.today())
    with unscoped():
        one = found[0].photos.filter(pk=photo_pk).first() if found is not None else None
    if one is None:
        return denied(request)
    response = HttpResponse(FOLDER.fetch(one.file), content_type="image/jpeg")
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return quiet(response)


# --- what is done -----------------------------------------------------------------------------------------------------
def deed(form_class: Any, name: str, done: Callable[..., Any]) -> Any:
    """A view for one verb: the gate, its form, the verb; back to the letter, or to the list when it went away."""

    @require_POST
    @holds(access.READS)
    def view(request: SignedIn, pk: UUID) -> HttpResponse:
        found = access.letter_to_read(request.user, pk, clock.today())
        if found is None:
            return denied(request)
        row, told = found
        form = form_class(request.POST)
        if form.is_valid():
            with refusals_on(form):
                done(complaint=row, **form.cleaned_data, by=request.user, at=clock.now())
                stays = access.letter_to_read(request.user, pk, clock.today()) is not None
                return redirect("complaints:letter", pk) if stays else redirect("complaints:letters")
        return _page(request, row, told, **{name: form})

    return view


take_up = deed(Form, "refused", handling.take_up)
ask = deed(AskForm, "asking", handling.ask)
answer = deed(AnswerForm, "answering", handling.answer)
pass_up = deed(WhyForm, "passing", handling.pass_up)
open_identity = deed(OpeningForm, "opening", openings.ask)


@require_POST
@holds(access.READS)
def answer_opening(request: SignedIn, pk: UUID, opening_pk: UUID) -> HttpResponse:
    """The second officer agrees, or not."""
    found = access.letter_to_read(request.user, pk, clock.today())
    with unscoped():
        one = Opening.objects.filter(pk=opening_pk, complaint=pk).first() if found is not None else None
    if one is None:
        return denied(request)
    form = Form({})
    with refusals_on(form):
        openings.answer(opening=one, agree=request.POST.get("agree") == "yes", by=request.user, at=clock.now())
    tell_errors(request, form)
    return redirect("complaints:letter", pk)


@require_POST
@holds(access.READS)
def identity(request: SignedIn, pk: UUID, opening_pk: UUID) -> HttpResponse:
    """Who it is, to the two officers: asked for by a button, since each look is written down."""
    found = access.letter_to_read(request.user, pk, clock.today())
    with unscoped():
        one = Opening.objects.filter(pk=opening_pk, complaint=pk).first() if found is not None else None
    if one is None:
        return denied(request)
    form = Form({})
    with refusals_on(form):
        who = openings.look(opening=one, by=request.user, at=clock.now())
        return render(request, "complaints/identity.html", {"row": one.complaint, "who": who, "until": one.until})
    tell_errors(request, form)
    return redirect("complaints:letter", pk)
