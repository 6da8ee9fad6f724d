"""A complaint in words: what is wrong, which facts say so, where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shuanglian.core.profile import active, label, language
from shuanglian.rules.cel.accounts import Used
from shuanglian.rules.cel.vocabulary import Word
from shuanglian.rules.facts.catalogue import entries
from shuanglian.rules.quality import Complaint, Rule

from . import quality
from .models import Flag, Household, HouseholdYear, Person

GUARDS = {"household.account_year"}  # that there is an account at all is no reason to be read


@dataclass(frozen=True)
class Told:
    """One complaint for a page. facts: (whose, what, value); mend: where it is put right, "" where nobody can here."""

    rule: Rule
    label: str
    person: Person | None
    facts: list[tuple[str, str, str]]
    mend: str

    @property
    def key(self) -> tuple[str, int | None]:
        """Rule and member, as flags and exceptions of a household are found by."""
        return self.rule.code, self.person.pk if self.person else None


def told_of(household: Household, today: date) -> list[Told]:
    """Every complaint about a household with its reasons, worked out now."""
    order, found = quality.reasons(household.pk, today)
    people = {one.pk: one for one in household.people.all()} if found else {}
    return [told(one, household, people, order) for one in found]


def told(complaint: Complaint, household: Household, people: Mapping[int, Person], order: list[int]) -> Told:
    """order: the members as conditions counted them."""
    used = {(one.path, one.member): one for one in complaint.reason.all_used() if one.path not in GUARDS}
    names = [people[pk].name if pk in people else "" for pk in order]
    facts = [_fact(one, complaint.rule, names) for one in used.values()]
    person = people.get(complaint.person)
    return Told(complaint.rule, rule_label(complaint.rule), person, [one for one in facts if one], mend_of(
        complaint.rule, household, person))  # fmt: skip


def rule_label(rule: Rule) -> str:
    return rule.label.in_(language())


def label_of(code: str) -> str:
    """What a rule says; its code for one that the profile no longer has."""
    return rule_label(quality.rules()[code]) if code in quality.rules() else code


def mend_of(rule: Rule, household: Household | None, person: Person | None, area_code: str = "") -> str:
    """The form on which what a rule complains about is put right."""
    if household is None:
        return reverse("registry:village", args=[area_code])
    if person is not None:
        return reverse("registry:change_person", args=[person.pk])
    if any((entry := entries().get(path)) is not None and entry.reads == "years" for path in rule.facts):
        return _year_of(household)
    return reverse("registry:change", args=[household.pk])


def _year_of(household: Household) -> str:
    latest = HouseholdYear.objects.filter(household=household).order_by("-year").values_list("year", flat=True).first()
    if latest is None:
        return reverse("registry:new_year", args=[household.pk])
    return reverse("registry:year", args=[household.pk, latest])


def mend_of_flag(flag: Flag, rule: Rule) -> str:
    """The same for a list: without looking for the household's latest account."""
    if flag.person is None and flag.household is not None and rule.of_members is False and _of_years(rule):
        return reverse("registry:household", args=[flag.household_id]) + "#years-heading"
    return mend_of(rule, flag.household, flag.person, flag.area_code)


def _of_years(rule: Rule) -> bool:
    return any((entry := entries().get(path)) is not None and entry.reads == "years" for path in rule.facts)


def _fact(one: Used, rule: Rule, names: list[str]) -> tuple[str, str, str] | None:
    assert rule.condition is not None
    record, _dot, name = one.path.partition(".")
    word = rule.condition.expression.vocabulary.word(record, name)
    if word is None:
        return None
    whose = names[one.member] if one.member is not None and one.member < len(names) else ""
    return whose, word.label.in_(language()), _value(word, one.value)


def _value(word: Word, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if word.codes and word.codes in active().codes:
        return "、".join(label(word.codes, code) or code for code in ([value] if isinstance(value, str) else value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else _listed(value)
    return f"{text} {word.unit.in_(language())}" if word.unit else text


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
