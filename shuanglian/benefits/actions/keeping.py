"""Keeping what was found: decisions that differ from the last one, dues with their state, a step for every change."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue
from shuanglian.benefits.findings import Found, Key
from shuanglian.benefits.models import Decision, Due, Round
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry.models import Household
from shuanglian.rules.benefits import Benefit

from . import writing
from .writing import Row

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Due.State
FULL = 10_000  # decisions held back before they are written: bounds the memory of a county's round
CENT = Decimal("0.01")
STANDING = (S.UNDECIDED, S.OWED, S.ENDED)  # states that a decision alone may change; the others somebody set


class Said(NamedTuple):
    """What of a decision tells it from another: result, terms, facts, what is asked."""

    granted: bool | None
    yuan: Decimal | None
    version: str
    content: str
    asks: list[str]


class Keeper:
    """Takes what was found, household by household, and writes it in bulk: when much has come together, and at the end.

    One round (or one family) at a time; the caller holds the transaction, so that all of it stands or nothing.
    """

    def __init__(
        self, made: Round | None, benefits: Mapping[str, Benefit], *, by: User | None, at: datetime,
        on: date | None = None,
    ) -> None:  # fmt: skip
        self.round, self.benefits, self.by, self.at = made, benefits, by, at
        self.on = made.on if made else on or clock.day_of(at)
        self.profile = active().name
        self.periods = {code: catalogue.period_of(one, self.on) for code, one in benefits.items()}
        self.dues: dict[Key, Due] = {}
        self.codes: dict[int, str] = {}
        self.latest: dict[int, Said] = {}
        self.new: list[Row] = []
        self.changed: list[Due] = []
        self.decisions: list[tuple[Row, Row]] = []  # of which due, the decision
        self.steps: list[tuple[Row, Row]] = []
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.sums: dict[str, Decimal] = defaultdict(Decimal)
        self.written: Counter[str] = Counter(new=0, changed=0)

    # --- what stands already ----------------------------------------------------------------------------------------
    def lock(self, area: Area) -> set[Key]:
        """Lock the dues of an area for the periods that this day falls into; their keys. They are loaded in parts."""
        self.codes = dict(Household.objects.within(area).values_list("pk", "area_code"))
        names = ("household_id", "person__household_id", "person_id", "benefit", "period")
        rows = self._of_periods(Due.objects.within(area)).select_for_update(of=("self",)).values_list(*names)
        return {(now_in or household, person, benefit) for household, now_in, person, benefit, period in rows.iterator()
                if self.periods.get(benefit) == period}  # fmt: skip

    def load(self, households: Collection[int]) -> None:
        """The dues of some households, and what was last decided about them, instead of those loaded before."""
        dues: dict[int, Any] = {}  # with `now_in`: the household that the person is in today
        for rows in (
            Due.objects.filter(household__in=households),
            Due.objects.filter(person__household__in=households),
        ):
            asked = self._of_periods(rows).annotate(now_in=F("person__household")).order_by("pk")
            dues |= {due.pk: due for due in asked.select_for_update(of=("self",))}
        self.dues = {}
        for due in dues.values():
            key = (due.now_in or due.household_id, due.person_id, due.benefit)
            if self.periods.get(due.benefit) == due.period and (key not in self.dues or due.household_id == key[0]):
                self.dues[key] = due  # what somebody received in another household is not owed again in this one
        self._load_latest()

    def load_household(self, household: Household) -> None:
        self.codes = {household.pk: household.area_code}
        self.load([household.pk])

    def load_dues(self, dues: Collection[Due]) -> None:
        """Some dues of the period that this day falls into, read and locked by the caller."""
        self.codes = {due.household_id: due.area_code for due in dues}
        self.dues = {(due.household_id, due.person_id, due.benefit): due for due in dues}
        self._load_latest()

    def _of_periods(self, rows: Any) -> Any:
        return rows.filter(period__in=set(self.periods.values()))

    def _load_latest(self) -> None:
        ids = [due.pk for due in self.dues.values()]
        names = ("due_id", "granted", "yuan", "version", "inputs", "reasons__asks")
        latest = Decision.objects.filter(due__in=ids).order_by("due_id", "-id").distinct("due_id").values_list(*names)
        self.latest = {due: Said(granted, yuan, version, _content(inputs), asks)
                       for due, granted, yuan, version, inputs, asks in latest.iterator()}  # fmt: skip

    # --- one finding ------------------------------------------------------------------------------------------------
    def take(self, found: Found) -> None:
        """Keep one finding: a grant, a question, or the end of what stood; a refusal of what never stood is no row."""
        code, decided = found.benefit.code, found.decision
        self.counts[code][decided.state] += 1
        due = self.dues.get(found.key)
        if due is None and decided.granted is not True and not decided.asks:
            return
        if decided.granted and decided.yuan is not None and found.benefit.pays == "money":
            self.sums[code] += decided.yuan
        yuan, asks = _cents(decided.yuan), sorted(decided.asks)
        if due is None:
            self._begin(found, yuan, asks)
        elif self.latest.get(due.pk) != Said(
            decided.granted, yuan, decided.version or "", _content(found.inputs), asks
        ):  # nothing is written twice: same result, same terms, same facts
            self._go_on(found, due, yuan, asks)
        if len(self.decisions) >= FULL:
            self.finish()

    def _begin(self, found: Found, yuan: Decimal | None, asks: list[str]) -> None:
        granted = found.decision.granted
        due: Row = {
            "household_id": found.household, "person_id": found.person, "area_code": self.codes[found.household],
            "benefit": found.benefit.code, "department": found.benefit.department,
            "period": self.periods[found.benefit.code], "state": _state(granted).value, "yuan": yuan, "received": 0,
            "asks": asks, "entitled": granted, "reason": "", "since": self.on, "on": self.on, "changed_at": self.at,
        }  # fmt: skip
        self.new.append(due)
        self._decide(due, found, yuan)
        self._step(due, "found", found, yuan)

    def _go_on(self, found: Found, due: Due, yuan: Decimal | None, asks: list[str]) -> None:
        row: Row = {"id": due.pk}
        due.entitled, due.yuan, due.asks, due.on = found.decision.granted, yuan, asks, self.on
        due.department = found.benefit.department
        wanted = _state(due.entitled)
        if due.state in STANDING and due.state != wanted:
            due.state, due.changed_at = wanted, self.at
            self._step(row, "found" if wanted != S.ENDED else "ended", found, yuan)
        self.changed.append(due)
        self._decide(row, found, yuan)

    def _decide(self, due: Row, found: Found, yuan: Decimal | None) -> None:
        told = found.decision
        self.decisions.append((due, {
            "area_code": self.codes[found.household], "on": self.on, "granted": told.granted, "yuan": yuan,
            "term_since": told.since, "version": told.version or "", "profile": self.profile,
            "inputs": json.dumps(found.inputs, ensure_ascii=False), "reasons": told.text,
            "round_id": self.round.pk if self.round else None, "by_id": self.by.pk if self.by else None, "at": self.at,
        }))  # fmt: skip

    def _step(self, due: Row, verb: str, found: Found, yuan: Decimal | None) -> None:
        self.steps.append((due, {
            "area_code": self.codes[found.household], "verb": verb, "on": self.on, "yuan": yuan, "note": "",
            "papers": "[]", "by_id": self.by.pk if self.by else None, "at": self.at,
        }))  # fmt: skip

    # --- in bulk ----------------------------------------------------------------------------------------------------
    def finish(self) -> None:
        """Write what has come together since the last time."""
        writing.new_dues(self.new)
        writing.changed_dues(self.changed)
        writing.decisions(self.decisions)
        writing.steps(self.steps)
        self.written.update(new=len(self.new), changed=len(self.changed))
        self.new, self.changed, self.decisions, self.steps = [], [], [], []

    def figures(self) -> dict[str, Any]:
        """total: new, changed, granted, open; benefits: code → counts by state and the yuan granted."""
        granted = sum(told["granted"] for told in self.counts.values())
        asked = sum(told["ask"] for told in self.counts.values())
        return {
            "total": {**self.written, "granted": granted, "open": asked},
            "benefits": {code: {**told, "yuan": str(self.sums[code])} for code, told in sorted(self.counts.items())},
        }


def _state(granted: bool | None) -> Due.State:
    return S.OWED if granted else S.ENDED if granted is False else S.UNDECIDED


def _cents(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan.quantize(CENT, ROUND_HALF_UP)


def _content(inputs: Any) -> str:
    """The facts and their values; the day somebody touched the file again is no new fact."""
    return json.dumps([[one["path"], one["value"]] for one in inputs], sort_keys=True, ensure_ascii=False)
