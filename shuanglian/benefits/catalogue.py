"""The benefits of the programme this installation runs: those of its profile, and those written on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.core.cache import cache

from shuanglian.areas.models import PREFIX_LENGTHS
from shuanglian.core.profile import active, language
from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules.benefit_text import ReadText, read_text
from shuanglian.rules.benefits import Benefit, Terms
from shuanglian.rules.profile import Profile
from shuanglian.rules.profile_shapes import Label

from .models import Provision

SCHOOL_YEAR_BEGINS = 9  # September, in all of the country's schools
CODE_LENGTH = 12
WRITTEN = "benefits:written"
REMEMBERED = 60  # seconds


def benefits(area_code: str | None = None) -> Mapping[str, Benefit]:
    """code → benefit, in the order of their kinds: of the profile, and those written on the page that are in force.

    area_code: only what is written for areas that contain it, as whoever decides about a family must ask; without it
    whatever the reader sees, for lists and titles.
    """
    rows = Provision.objects.filter(state=Provision.State.IN_FORCE)
    if area_code is not None:
        rows = rows.filter(area_code__in=_around(area_code))
    written_here = tuple(rows.order_by("area__level", "code").values_list("pk", "code", "text", "replaces"))
    return _together(active(), written_here) if written_here else active().benefits


def _around(area_code: str) -> list[str]:
    """The codes of an area and of those it lies in."""
    return [area_code[:length].ljust(CODE_LENGTH, "0") for length in PREFIX_LENGTHS.values()]


@lru_cache(maxsize=64)
def _together(profile: Profile, rows: tuple[tuple[int, str, str, bool], ...]) -> Mapping[str, Benefit]:
    """The profile's benefits with the written ones of the wider areas, then of the narrower, laid over them."""
    found = dict(profile.benefits)
    for _pk, code, text, replaces in rows:
        own = _read(profile, code, text).benefit
        if own is None or (code in found and not replaces):
            continue
        found[code] = laid_over(found[code], own) if code in found else own
    order = {kind: place for place, kind in enumerate(profile.benefit_kinds)}
    return dict(sorted(found.items(), key=lambda pair: order.get(pair[1].kind, len(order))))


def laid_over(theirs: Benefit, own: Benefit) -> Benefit:
    """A written benefit in the place of another of the same code, from the day its first terms begin."""
    begins = min(one.since for one in own.terms)
    kept = [_until(one, begins - timedelta(days=1)) for one in theirs.terms if one.since < begins]
    terms = (*kept, *own.terms)
    return replace(own, shape=own.shape.model_copy(update={"terms": tuple(one.shape for one in terms)}), terms=terms)


def _until(terms: Terms, last: date) -> Terms:
    """Terms that end on a day at the latest; what they say, and so their version, is the same."""
    if terms.until is not None and terms.until <= last:
        return terms
    return replace(terms, shape=terms.shape.model_copy(update={"until": last}))


@lru_cache(maxsize=512)
def _read(profile: Profile, code: str, text: str) -> ReadText:
    return read_text(code, text, profile)


def reading(provision: Provision) -> ReadText:
    """What a provision's text says and what is wrong with it."""
    return _read(active(), provision.code, provision.text)


def written(provision: Provision) -> Benefit:
    """The benefit that a provision says; a Refusal when its text has faults."""
    told = reading(provision)
    if told.benefit is None or told.faults:
        raise Refusal("faulty_provision", N_("“{benefit}”的条款还有错误，请先改正"), benefit=provision.code)
    return told.benefit


def benefit(code: str) -> Benefit | None:
    """A benefit by its code, the profile's or one that the reader sees."""
    known = active().benefits.get(code)
    return known if known and code not in _written_codes() else benefits().get(code)


def _written_codes() -> list[str]:
    """Codes of provisions in force anywhere: lists ask for every row, so this is remembered for a minute."""
    kept = cache.get(WRITTEN)
    if kept is None:
        with unscoped():
            kept = list(Provision.objects.filter(state=Provision.State.IN_FORCE).values_list("code", flat=True))
        cache.set(WRITTEN, kept, REMEMBERED)
    return list(kept)


def forget() -> None:
    """A provision took force or went out of it: what was remembered is asked anew."""
    cache.delete(WRITTEN)


def title(code: str) -> str:
    """What a benefit is called; one that nobody knows any more shows its code."""
    known = active().benefits.get(code)
    register = registers().get(code)
    label = known.title if known else register or _written_title(code)
    return label.in_(language()) if label else code


def registers() -> dict[str, Label]:
    """Departments' lists of people that pay nothing (marks `register` in the list `payroll`): code → label."""
    return {one.code: one.label for one in active().codes.get("payroll") or () if "register" in one.marks}


def _written_title(code: str) -> Label | None:
    """Of a benefit written on the page; remembered for a minute, because lists ask for every row."""
    key = f"benefits:title:{code}"
    if kept := cache.get(key):
        return Label(zh=kept[0], en=kept[1])
    if (known := benefits().get(code)) is None:
        return None
    cache.set(key, (known.title.zh, known.title.en), REMEMBERED)
    return known.title


def department(code: str) -> str:
    """What a department is called."""
    known = active().departments.get(code)
    return known.label.in_(language()) if known else code


def version(chosen: Mapping[str, Benefit]) -> str:
    """One digest of everything that decides."""
    from shuanglian.rules.benefits import digest

    return digest([[code, one.version] for code, one in sorted(chosen.items())])


def period_of(one: Benefit, on: date) -> int:
    """The year that something is owed for: the school year by its beginning, 0 for what is given once."""
    if one.every == "once":
        return 0
    if one.every == "school_year":
        return on.year if on.month >= SCHOOL_YEAR_BEGINS else on.year - 1
    return on.year


def period_label(one: Benefit | None, period: int) -> str:
    if period == 0:
        return "—"
    return f"{period}–{period + 1}" if one is not None and one.every == "school_year" else str(period)


def choices(kind: str) -> list[tuple[str, Any]]:
    """(code, label) of the profile's departments, kinds or funds."""
    listed = {"department": active().departments, "kind": active().benefit_kinds, "fund": active().funds}[kind]
    return [(code, entry.label.in_(language())) for code, entry in listed.items()]
