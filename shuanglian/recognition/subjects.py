"""What procedures ask of the register: the facts of a case's household, its public row, its page (REG-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures.hooks import About
from shuanglian.procedures.models import Case
from shuanglian.registry import raw, scope
from shuanglian.registry.models import Household, Person
from shuanglian.rules.facts.build import build
from shuanglian.rules.notice_privacy import check_text

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

HOUSEHOLD, PERSON = "registry.household", "registry.person"
LONGEST_REASON = 40


def subject_of(household: Household) -> str:
    return f"{HOUSEHOLD}:{household.pk}"


def households_of(cases: Sequence[Case]) -> dict[int, int]:
    """case id → the household it is about; newcomers have none."""
    found = {case.pk: int(case.key) for case in cases if case.subject.startswith(f"{HOUSEHOLD}:")}
    people = {case.pk: int(case.key) for case in cases if case.subject.startswith(f"{PERSON}:")}
    if people:
        homes = dict(Person.objects.filter(pk__in=people.values()).values_list("pk", "household"))
        found |= {case: homes[pk] for case, pk in people.items() if pk in homes}
    return found


# --- households and their members -------------------------------------------------------------------------------------
def facts(cases: Sequence[Case], on: date) -> dict[int, Mapping[str, Any]]:
    """The facts of each household on a day, as the conditions of a step speak of them; one reading for all cases."""
    homes = households_of(cases)
    families = build(raw.of_households(sorted(set(homes.values())), on), on, active())
    known = {pk: whole for pk, _members, whole in families.each()}
    return {case: known[pk] for case, pk in homes.items() if pk in known}


def row(cases: Sequence[Case]) -> dict[int, dict[str, Any]]:
    """What a notice may show of each case: name, village, group, how many people, why in plain words."""
    homes = households_of(cases)
    rows = Household.objects.select_related("village").in_bulk(set(homes.values()))
    by_case = {case.pk: case for case in cases}
    return {case: _row(by_case[case], rows[pk]) for case, pk in homes.items() if pk in rows}


def _row(case: Case, household: Household) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": household.head_name, "village": household.village.name, "group": household.group,
        "people": str(household.size), "reason": reason_of(case, household.main_cause),
        "measure": household.measures[: LONGEST_REASON * 3], "outcome": _title(case),
    }  # fmt: skip
    return fit_for_a_wall(told, case)


def reason_of(case: Case, cause: str) -> str | dict[str, str]:
    """Why, short enough for a wall: of a household that comes or stays its main cause, else what the case says."""
    codes = active().codes.get("cause")
    if cause and case.procedure in ("entry", "return") and codes is not None and cause in codes.by_code:
        return {lang: codes.label(cause, lang) for lang in ("zh", "en")}
    return case.why[:LONGEST_REASON]


def fit_for_a_wall(told: dict[str, Any], case: Case) -> dict[str, Any]:
    """The row without what may not stand on a wall (a number, an illness), which would hinder the whole village's
    notice; `left_out` says of each such field why, so that whoever posts it can say it in other words."""
    left_out = {name: why for name in ("reason", "measure") if (why := _not_public(told[name], case)) is not None}
    return told | dict.fromkeys(left_out, "") | ({"left_out": left_out} if left_out else {})


def _not_public(text: str | dict[str, str], case: Case) -> Refusal | None:
    try:
        for one in text.values() if isinstance(text, dict) else [text]:
            check_text(one, on=case.opened_on, never=active().notices.never, row=True)
    except Refusal as refusal:
        return refusal
    return None


def _title(case: Case) -> str | dict[str, str]:
    known = active().procedures.get(case.procedure)
    return {"zh": known.label.zh, "en": known.label.en} if known else case.procedure


def href(case: Case) -> str:
    pk = households_of([case]).get(case.pk)
    return reverse("registry:household", args=[pk]) if pk else ""


def narrow(rows: Any, user: User) -> Any:
    """Who is tied to a unit or to himself sees the cases of the households that the register shows him (REG-9)."""
    homes = list(scope.visible(seen_by=user).values_list("pk", flat=True))
    people = Person.objects.filter(household__in=homes).values_list("pk", flat=True)
    return rows.filter(subject__in=[*(f"{HOUSEHOLD}:{pk}" for pk in homes), *(f"{PERSON}:{pk}" for pk in people)])


STANDS_OFF = frozenset({"return"})  # effects on households that are not on the register


def check(wanted: Sequence[About], procedure: str) -> None:
    """A case is opened about a file that stands, in its own village; one of return about a file that does not."""
    known = _households([one.subject for one in wanted])
    for one in wanted:
        household = known.get(one.subject)
        if household is None or household.area_code != one.area.code:
            raise Refusal("no_such_household", N_("找不到这一户，或它不在所选的村"))
        stands = household.left_on is None and household.removed_on is None
        if procedure in STANDS_OFF and stands:
            raise Refusal("stands", N_("该户仍在册"))
        if procedure not in STANDS_OFF and not stands:
            raise Refusal("not_standing", N_("{number} 已不在册"), number=household.number)


def _households(subjects: Sequence[str]) -> dict[str, Household]:
    """subject → its household, for files and for members who belong to one now; two queries for all."""
    keys: dict[str, dict[int, str]] = {HOUSEHOLD: {}, PERSON: {}}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind in keys and key.isdecimal():
            keys[kind][int(key)] = subject
    files = Household.objects.only("id", "number", "area_code", "left_on", "removed_on")
    found = {keys[HOUSEHOLD][pk]: one for pk, one in files.in_bulk(keys[HOUSEHOLD]).items()}
    if keys[PERSON]:
        homes = dict(Person.objects.filter(pk__in=keys[PERSON], left_on=None).values_list("pk", "household"))
        known = files.in_bulk(set(homes.values()))
        found |= {keys[PERSON][pk]: known[home] for pk, home in homes.items()}
    return found


# --- newcomers: there is no file yet, only what is applied for --------------------------------------------------------
def newcomer_facts(cases: Sequence[Case], on: date) -> dict[int, Mapping[str, Any]]:
    """Of a household without a file it is known that it has none; everything else is to be asked."""
    return {case.pk: {"household": {"registered": False}} for case in cases}


def newcomer_row(cases: Sequence[Case]) -> dict[int, dict[str, Any]]:
    return {case.pk: _newcomer(case) for case in cases}


def _newcomer(case: Case) -> dict[str, Any]:
    asked = case.asked
    values, head = asked.get("values", {}), asked.get("head", {})
    people = values.get("size") or 1 + len(asked.get("members", []))
    told = {
        "name": head.get("name") or case.label, "village": case.area.name, "group": values.get("group", ""),
        "people": str(people), "reason": reason_of(case, values.get("main_cause", "")), "measure": "",
        "outcome": _title(case),
    }  # fmt: skip
    return fit_for_a_wall(told, case)


def newcomer_check(wanted: Sequence[About], procedure: str) -> None:
    """Nobody is entered who already stands on the register (REG-1); the application names its head, and every number
    on it can be one: three weeks later, at the approval, it would be too late to ask for it again."""
    from shuanglian.registry.actions.numbers import identity, refuse_twice

    for one in wanted:
        head = one.asked.get("head") or {}
        if not str(head.get("name") or "").strip():
            raise Refusal("no_head_name", N_("请填写户主姓名"))
        for person in [head, *one.asked.get("members", [])]:
            if (read := identity(str(person.get("id_number") or ""))) is not None and read.resident:
                refuse_twice(read.resident, but_for=None, seen_from=one.area)


__all__ = ["check", "facts", "households_of", "href", "newcomer_check", "newcomer_facts", "newcomer_row", "row"]
