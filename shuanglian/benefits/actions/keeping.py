"""Keeping what was found: decisions that differ from the last one, dues with their state, a step for every change."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db.models import F, Q

from shuanglian.areas.models import Area
from shuanglian.benefits import catalogue
from shuanglian.benefits.findings import Found, Key
from shuanglian.benefits.models import Decision, Due, Round, Step
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.registry.models import Household
from shuanglian.rules.benefits import Benefit
from shuanglian.sheets import merging

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

S = Due.State
PIECE = 2000
CENT = Decimal("0.01")
STANDING = (S.UNDECIDED, S.OWED, S.ENDED)  # states that a decision alone may change; the others somebody set
CHANGED = ("state", "yuan", "asks", "entitled", "on", "changed_at", "department")
KEPT = (pl.Int64, pl.String, pl.Decimal(12, 2), pl.List(pl.String), pl.Boolean, pl.Date, pl.Datetime(time_zone="UTC"),
        pl.String)  # fmt: skip
STAGE = "dues_changed"
MANY = 500  # decisions from which on they go by COPY


class Keeper:
    """Takes what was found, household by household, and writes it in bulk at the end.

    One round (or one family) at a time; the caller holds the transaction.
    """

    def __init__(
        self, made: Round | None, benefits: Mapping[str, Benefit], *, by: User | None, at: datetime,
        on: date | None = None,
    ) -> None:  # fmt: skip
        self.round, self.benefits, self.by, self.at = made, benefits, by, at
        self.on = made.on if made else on or clock.day_of(at)
        self.dues: dict[Key, Due] = {}
        self.codes: dict[int, str] = {}
        self.latest: dict[int, Decision] = {}
        self.new: list[Due] = []
        self.changed: list[Due] = []
        self.decisions: list[tuple[Key, Decision]] = []
        self.steps: list[tuple[Key, Step]] = []
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.sums: dict[str, Decimal] = defaultdict(Decimal)

    # --- what stands already ----------------------------------------------------------------------------------------
    def load(self, area: Area) -> list[Key]:
        """The dues of an area for the periods that this day falls into; their keys."""
        self.codes = dict(Household.objects.within(area).values_list("pk", "area_code"))
        return self._load(Due.objects.within(area))

    def load_household(self, household: Household) -> list[Key]:
        self.codes = {household.pk: household.area_code}
        return self._load(Due.objects.filter(Q(household=household) | Q(person__household=household)))

    def load_dues(self, dues: Collection[Due]) -> None:
        """Some dues of the period that this day falls into, read and locked by the caller."""
        self.codes = {due.household_id: due.area_code for due in dues}
        self.dues = {(due.household_id, due.person_id, due.benefit): due for due in dues}
        self._load_latest()

    def _load(self, rows: Any) -> list[Key]:
        periods = {code: catalogue.period_of(one, self.on) for code, one in self.benefits.items()}
        asked = rows.filter(period__in=set(periods.values())).annotate(now_in=F("person__household"))
        for due in asked.select_for_update(of=("self",)):
            if periods.get(due.benefit) != due.period:
                continue
            key = (due.now_in or due.household_id, due.person_id, due.benefit)
            if key not in self.dues or due.household_id == key[0]:
                self.dues[key] = due  # what somebody received in another household is not owed again in this one
        self._load_latest()
        return list(self.dues)

    def _load_latest(self) -> None:
        ids = [due.pk for due in self.dues.values()]
        latest = Decision.objects.filter(due__in=ids).order_by("due_id", "-id").distinct("due_id")
        self.latest = {one.due_id: one for one in latest.iterator(chunk_size=PIECE)}

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
        kept = self._decision(found)
        if due is None:
            self._begin(found, kept)
        elif not self._same(self.latest.get(due.pk), kept):
            self._go_on(found, due, kept)

    def _decision(self, found: Found) -> Decision:
        told = found.decision
        return Decision(
            area_code=self.codes[found.household], on=self.on, granted=told.granted, yuan=_cents(told.yuan),
            term_since=told.since, version=told.version or "", profile=active().name, inputs=list(found.inputs),
            reasons=told.to_json(), round=self.round, by=self.by, at=self.at,
        )  # fmt: skip

    @staticmethod
    def _same(former: Decision | None, new: Decision) -> bool:
        """Nothing is written twice: same result, same terms, same facts."""
        if former is None:
            return False
        before = (former.granted, former.yuan, former.version, _content(former.inputs), former.reasons["asks"])
        return before == (new.granted, new.yuan, new.version, _content(new.inputs), new.reasons["asks"])

    def _begin(self, found: Found, kept: Decision) -> None:
        due = Due(
            household_id=found.household, person_id=found.person, area_code=kept.area_code,
            benefit=found.benefit.code, department=found.benefit.department,
            period=catalogue.period_of(found.benefit, self.on), state=_state(kept.granted), yuan=kept.yuan,
            asks=_asks(found), entitled=kept.granted, since=self.on, on=self.on, changed_at=self.at,
        )  # fmt: skip
        self.dues[found.key] = due
        self.new.append(due)
        self.decisions.append((found.key, kept))
        self._step(found.key, "found", kept)

    def _go_on(self, found: Found, due: Due, kept: Decision) -> None:
        due.entitled, due.yuan, due.asks, due.on = kept.granted, kept.yuan, _asks(found), self.on
        due.department = found.benefit.department
        wanted = _state(kept.granted)
        if due.state in STANDING and due.state != wanted:
            due.state, due.changed_at = wanted, self.at
            self._step(found.key, "found" if wanted != S.ENDED else "ended", kept)
        self.changed.append(due)
        self.decisions.append((found.key, kept))

    def _step(self, key: Key, verb: str, kept: Decision) -> None:
        step = Step(area_code=kept.area_code, verb=verb, on=self.on, yuan=kept.yuan, by=self.by, at=self.at)
        self.steps.append((key, step))

    # --- in bulk ----------------------------------------------------------------------------------------------------
    def finish(self) -> None:
        Due.objects.bulk_create(self.new, batch_size=PIECE)
        _write_changed(self.changed)
        for key, decision in self.decisions:
            decision.due = self.dues[key]
        for key, step in self.steps:
            step.due = self.dues[key]
        _write_decisions([decision for _, decision in self.decisions])
        Step.objects.bulk_create([step for _, step in self.steps], batch_size=PIECE)

    def figures(self) -> dict[str, Any]:
        """total: new, changed, granted, open; benefits: code → counts by state and the yuan granted."""
        granted = sum(told["granted"] for told in self.counts.values())
        asked = sum(told["ask"] for told in self.counts.values())
        return {
            "total": {"new": len(self.new), "changed": len(self.changed), "granted": granted, "open": asked},
            "benefits": {code: {**told, "yuan": str(self.sums[code])} for code, told in sorted(self.counts.items())},
        }


def _write_decisions(decisions: Sequence[Decision]) -> None:
    """Many decisions by COPY, in their order; a few as they are."""
    if len(decisions) < MANY:
        Decision.objects.bulk_create(decisions, batch_size=PIECE)
        return
    names = [str(field.column) for field in Decision._meta.concrete_fields if not field.primary_key]
    columns = {name: [_text(getattr(one, name)) for one in decisions] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    merging.stage(STAGE, frame, Decision)
    listed = ", ".join(f'"{name}"' for name in names)
    merging.run(f"INSERT INTO benefits_decision ({listed}) SELECT {listed} FROM {{s}} ORDER BY n", s=STAGE)  # noqa: S608


def _text(value: Any) -> str | None:
    """A column's value as COPY reads it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _write_changed(dues: Sequence[Due]) -> None:
    """The changed columns of many dues: by COPY into a temporary table and from there in one statement."""
    if not dues:
        return
    columns = [str(Due._meta.get_field(name).column) for name in CHANGED]  # type: ignore[union-attr]
    told = [(due.pk, str(due.state), due.yuan, due.asks, due.entitled, due.on, due.changed_at, due.department)
            for due in dues]  # fmt: skip
    frame = pl.DataFrame(told, schema=dict(zip(("id", *columns), KEPT, strict=True)), orient="row")
    merging.stage(STAGE, frame, Due)
    sets = ", ".join(f'"{column}" = s."{column}"' for column in columns)
    merging.plan_anew()
    merging.run(f"UPDATE benefits_due d SET {sets} FROM {{s}} s WHERE s.id = d.id", s=STAGE)  # noqa: S608 - our columns


def _state(granted: bool | None) -> Due.State:
    return S.OWED if granted else S.ENDED if granted is False else S.UNDECIDED


def _asks(found: Found) -> list[str]:
    return sorted(found.decision.asks)


def _cents(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan.quantize(CENT, ROUND_HALF_UP)


def _content(inputs: Any) -> str:
    """The facts and their values; the day somebody touched the file again is no new fact."""
    return json.dumps([[one["path"], one["value"]] for one in inputs], sort_keys=True, ensure_ascii=False)
