"""What a visit brought and what it was told: goods, asks, changes of income, practical matters (FIELD-5, VOICE-1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from shuanglian.core import profile
from shuanglian.fieldwork import hooks
from shuanglian.fieldwork.models import Ask, Given, IncomeNote, Matter, Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import once, reading

MOST = 20  # lines of one kind at one visit
Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Brought:
    """Lines that are fit to be kept, each as the fields of its row."""

    given: list[dict[str, Any]]
    asks: list[dict[str, Any]]
    incomes: list[dict[str, Any]]
    matters: list[dict[str, Any]]

    def told(self) -> list[Any]:
        return [self.given, self.asks, self.incomes, self.matters]


def read(*, given: Lines, asks: Lines, incomes: Lines, matters: Lines) -> Brought:
    """Every line as it will be kept; a Refusal names the field that is wrong."""
    return Brought(_each(given, _given), _each(asks, _ask), _each(incomes, _income), _each(matters, _matter))


def _each(lines: Lines, one: Callable[[Mapping[str, Any]], dict[str, Any]]) -> list[dict[str, Any]]:
    if len(lines) > MOST or not all(isinstance(line, Mapping) for line in lines):
        raise Refusal("too_many_lines", N_("一次最多登记 {most} 行"), most=MOST)
    return [one(line) for line in lines]


def _given(line: Mapping[str, Any]) -> dict[str, Any]:
    kinds = profile.active().fieldwork.goods
    kind = reading.code(line.get("kind"), kinds, N_("物资"))
    quantity = reading.number(line.get("quantity"), N_("数量"), most=Decimal(1_000_000))
    if quantity <= 0:
        raise reading.wrong(N_("数量"))
    return {
        "kind": kind, "quantity": quantity, "unit": kinds[kind].unit.zh,
        "yuan": reading.yuan(line.get("yuan"), N_("折价")), "note": reading.text(line.get("note"), 100, N_("说明")),
    }  # fmt: skip


def _ask(line: Mapping[str, Any]) -> dict[str, Any]:
    text = reading.text(line.get("text"), 400, N_("诉求"))
    if not text:
        raise Refusal("no_ask", N_("请写明诉求"))
    category = reading.code(line.get("category"), profile.active().fieldwork.asks, N_("诉求类别"))
    return {"text": text, "category": category, "urgent": bool(line.get("urgent"))}


def _income(line: Mapping[str, Any]) -> dict[str, Any]:
    yuan = reading.yuan(line.get("yuan"), N_("收入变化"), signed=True)
    if not yuan:
        raise reading.wrong(N_("收入变化"))
    channel = reading.code(line.get("channel"), profile.active().fieldwork.channels, N_("收入类别"))
    return {"channel": channel, "yuan": yuan, "note": reading.text(line.get("note"), 100, N_("说明"))}


def _matter(line: Mapping[str, Any]) -> dict[str, Any]:
    what = reading.text(line.get("what"), 300, N_("内容"))
    if not what:
        raise Refusal("no_matter", N_("请写明办了什么事"))
    kind = line.get("kind") or Matter.Kind.MATTER
    if kind not in Matter.Kind.values:
        raise reading.unknown(N_("类别"))
    return {
        "kind": kind, "what": what, "yuan": reading.yuan(line.get("yuan"), N_("金额")),
        "beneficiaries": reading.whole(line.get("beneficiaries"), N_("受益人数"), most=1_000_000),
    }  # fmt: skip


def keep(visit: Visit, brought: Brought) -> None:
    """Write the lines beside their visit; asks and matters get keys that follow from the visit's."""
    area = {"visit": visit, "area_code": visit.area_code}
    Given.objects.bulk_create([Given(**area, **line) for line in brought.given])
    IncomeNote.objects.bulk_create([
        IncomeNote(**area, household_id=visit.household_id, **line) for line in brought.incomes
    ])  # fmt: skip
    by = {"by_id": visit.by_id, "at": visit.at, "on": visit.on}
    asks = Ask.objects.bulk_create([
        Ask(**area, **by, household_id=visit.household_id, key=key, digest=once.digest_of(**line), **line)
        for key, line in _here(visit, brought)
    ])  # fmt: skip
    hooks.tell_asks(asks)
    Matter.objects.bulk_create([
        Matter(**area, **by, cadre_id=visit.cadre_id, village_id=visit.household.village_id,
               key=uuid5(visit.key, f"matter {number}"), digest=once.digest_of(**line), **line)
        for number, line in enumerate(brought.matters)
    ])  # fmt: skip


def _here(visit: Visit, brought: Brought) -> list[tuple[UUID, dict[str, Any]]]:
    """The asks with their keys, without those that go on the road of safe letters (VOICE-6)."""
    lines = [(uuid5(visit.key, f"ask {number}"), line) for number, line in enumerate(brought.asks)]
    return [
        (key, line) for key, line in lines
        if hooks.diverted(hooks.Heard(line["text"], visit.household, None, key, visit.by, visit.at)) is None
    ]  # fmt: skip
