"""Doors without a log-in: a letter, from a village's board, from a family's card; what became of it; public figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from shuanglian.areas.models import PREFIX_LENGTHS, Area, AreaQuerySet, below
from shuanglian.benefits.card_doors import bare, card_behind
from shuanglian.benefits.models import Card
from shuanglian.complaints import queries, showing
from shuanglian.complaints.actions import attempts, handling
from shuanglian.complaints.actions import complaints as verbs
from shuanglian.complaints.actions.log import terms
from shuanglian.complaints.forms import FollowForm, LetterForm, WordForm
from shuanglian.complaints.models import Attempt, Complaint
from shuanglian.core import clock, errors
from shuanglian.core.forms import refusals_on
from shuanglian.core.profile import active, language
from shuanglian.core.scoping import unscoped
from shuanglian.notices.showing import supervision
from shuanglian.notices.views.common import public

from .common import too_many

ANY = ["GET", "HEAD", "POST"]
SLACK = 256 * 1024  # what a form has besides its photos


def counties_of(area: Area | None) -> AreaQuerySet:
    """The counties that a form offers: of somebody's own branch, else of the profile's area."""
    code = area.code if area is not None else str(active().area_code).ljust(12, "0")
    found = area or Area.objects.current().filter(code=code).first()
    if found is None:
        return Area.objects.none()
    prefix = found.prefix[: PREFIX_LENGTHS[Area.Level.COUNTY]]
    rows = Area.objects.current().filter(below(prefix, "code"), level=Area.Level.COUNTY, kind=Area.Kind.REAL)
    return rows.order_by("code")


def _sized(view: Any) -> Any:
    """The size is looked at before the body is read; the form itself is protected behind it."""

    def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if active().complaints.terms is None:
            return render(request, "complaints/shut.html", {"supervision": supervision()}, status=404)
        allowed = terms()
        most = allowed.photos * allowed.photo_mb * 1024 * 1024 + SLACK
        if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > most:
            return render(request, "complaints/too_large.html", {"terms": allowed}, status=413)
        answered: HttpResponse = csrf_protect(view)(request, *args, **kwargs)
        return answered

    return csrf_exempt(looked_at)


# --- writing ----------------------------------------------------------------------------------------------------------
@public(forms=True)
@require_http_methods(ANY)
@_sized
def write(request: HttpRequest) -> HttpResponse:
    """A letter from anywhere: where the profile is a county's the place is known, else the county is chosen."""
    form = LetterForm(request.POST or None, request.FILES or None, counties=counties_of(None))
    return _letter(request, form, {}, door="page")


@public(forms=True)
@require_http_methods(ANY)
@_sized
def from_village(request: HttpRequest, area_code: str) -> HttpResponse:
    """A letter from a village's or township's board: the place is known."""
    rows = Area.objects.current().select_related("parent__parent")
    coded = area_code.isascii() and area_code.isdigit()  # the database does not even take some other characters
    area = rows.filter(code=area_code, level__gte=Area.Level.COUNTY).first() if coded else None
    if area is None:
        return errors.not_found(request)
    form = LetterForm(request.POST or None, request.FILES or None)
    return _letter(request, form, {"village": area}, door="board")


@public(forms=True)
@require_http_methods(ANY)
@_sized
def from_card(request: HttpRequest, code: str) -> HttpResponse:
    """A letter behind the code of a family's card (FIELD-6). Whose card it is, is kept only if the family says so."""
    card = card_behind(request, code)
    if isinstance(card, HttpResponse):
        return card
    form = LetterForm(request.POST or None, request.FILES or None, card=True)
    assert isinstance(card, Card)
    return bare(_letter(request, form, {"household": card.household}, door="card", code=code))


def _letter(
    request: HttpRequest, form: LetterForm, where: dict[str, Any], *, door: str, code: str = ""
) -> HttpResponse:
    told = {"form": form, "code": code, "place": where.get("village"), "supervision": supervision()}
    if form.is_valid():
        if too_many(request):
            return render(request, "complaints/wait.html", told, status=429)
        given = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        with refusals_on(form):
            number = verbs.send(**given, **where, door=door, language=language(), at=clock.now())
            return render(request, "complaints/sent.html", {**told, "number": number})
    return render(request, "complaints/letter.html", told, status=422 if form.is_bound else 200)


# --- following --------------------------------------------------------------------------------------------------------
@public(forms=True)
@require_http_methods(ANY)
def follow(request: HttpRequest) -> HttpResponse:
    """What became of a letter, by its number; the number travels in the form, never in an address."""
    if "deed" in request.POST:
        return _word(request)
    form = FollowForm(request.POST or None)
    if not form.is_valid():
        return render(request, "complaints/follow.html", {"form": form}, status=422 if form.is_bound else 200)
    return _followed(request, form, form.cleaned_data["number"])


def _word(request: HttpRequest) -> HttpResponse:
    """More words, a "yes" or a "no" from whoever holds the number."""
    form = WordForm(request.POST)
    number = str(request.POST.get("number", ""))
    with unscoped():
        found = queries.followed(number, clock.today())
    if found is not None and form.is_valid():
        with refusals_on(form):
            _do(found, form.cleaned_data["deed"], form.cleaned_data["text"])
    return _followed(request, FollowForm({"number": number}), number, said=form)


def _do(found: Complaint, deed: str, text: str) -> None:
    match deed:
        case "add":
            handling.add(complaint=found, text=text, at=clock.now())
        case "yes":
            handling.confirm(complaint=found, at=clock.now())
        case "no":
            handling.deny(complaint=found, why=text, at=clock.now())


def _followed(request: HttpRequest, form: FollowForm, number: str, said: WordForm | None = None) -> HttpResponse:
    with unscoped():
        found = queries.followed(number, clock.today())
        told = showing.followed(found) if found is not None else None
    if found is None:
        form.is_valid()
        form.add_error("number", _("没有这个查询号，或者已经过了查询期。请对照您记下的号再输一次。"))
        if request.user.is_authenticated:  # who is logged in and tries numbers is written down
            attempts.note(user=request.user, what=Attempt.What.NUMBER, path=request.path, at=clock.now())
        return render(request, "complaints/follow.html", {"form": form}, status=404)
    wrong = [error for errors_ in said.errors.values() for error in errors_] if said is not None else []
    word = WordForm(initial={"number": number}, auto_id="word_%s")
    return render(request, "complaints/followed.html", {
        "found": found, "told": told, "word": word, "wrong": wrong, "number": number,
    }, status=422 if wrong else 200)  # fmt: skip


# --- figures ----------------------------------------------------------------------------------------------------------
@public()
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How many letters offices were the first to read, by year: years that are over, small numbers left out."""
    own = str(active().area_code)
    code = str(request.GET.get("area", "") or own).ljust(12, "0")
    rows = Area.objects.current().filter(below(own, "code"), level__lte=Area.Level.COUNTY)
    area = rows.filter(code=code).first()
    if area is None or active().complaints.terms is None:
        return errors.not_found(request)
    years = sorted(queries.figures(area, clock.today()).items(), reverse=True)
    return render(request, "complaints/figures.html", {"area": area, "years": years, "fewest": terms().fewest})
