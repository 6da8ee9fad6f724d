"""The poverty ledger 扶贫台账 (REG-8): cause, helper, measures, exit date and more, as the profile lists its columns.

Who helps is known on a higher floor: pairing registers a look-up (`register_helper`); without one the column is empty.
A column of the profile that the register does not know is left blank, to be filled in by hand (a signature).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.export import Heading
from shuanglian.core.profile import active, label, language
from shuanglian.kernel.ids import mask_id, mask_phone
from shuanglian.rules.profile_weights import Column

from .models import Household, Person


class Helper(NamedTuple):
    """The responsible person of a household: name, unit, phone (masked), what kind of pair (regular, fallback)."""

    name: str
    unit: str
    phone: str
    slot: str


HelperLookup = Callable[[Sequence[int]], Mapping[int, tuple[str, str, str, str]]]
_lookups: dict[str, HelperLookup] = {}


def register_helper(lookup: HelperLookup) -> None:
    """Called by the room that knows the pairs: lookup(household ids) → id → (cadre, unit, masked phone, slot)."""
    _lookups["helper"] = lookup


def knows_helpers() -> bool:
    """Whether any room knows who helps whom."""
    return "helper" in _lookups


def helpers(ids: Sequence[int]) -> dict[int, Helper]:
    """The responsible persons of some households; households without one are not in it."""
    if not knows_helpers() or not ids:
        return {}
    return {key: Helper(*told) for key, told in _lookups["helper"](ids).items()}


@dataclass(frozen=True)
class Line:
    """One household as the ledger sees it, with what its columns need."""

    place: int
    household: Household
    helper: Helper | None = None
    head: Person | None = None
    full: bool = False


def _village(line: Line) -> str:
    return line.household.village.name


def _township(line: Line) -> str:
    parent = line.household.village.parent
    return parent.name if parent else ""


def _cause(line: Line) -> str:
    """The main cause, the others after it."""
    household = line.household
    main = label("cause", household.main_cause)
    others = "、".join(label("cause", code) for code in household.other_causes)
    return _("{main}（{others}）").format(main=main, others=others) if main and others else main or others


def _exit(line: Line) -> Any:
    """The day a household left, else the year in which it is due."""
    household = line.household
    if household.left_on is not None:
        return household.left_on
    return _("{year}年").format(year=household.exit_year) if household.exit_year else ""


def _helper(line: Line) -> str:
    if line.helper is None:
        return ""
    return f"{line.helper.name} {line.helper.phone}".strip()


def _head_id(line: Line) -> str:
    number = line.head.id_number if line.head else ""
    return number if line.full else mask_id(number)


def _phone(line: Line) -> str:
    number = line.household.phone
    return number if line.full else mask_phone(number)


VALUES: dict[str, Callable[[Line], Any]] = {
    "number": lambda line: line.place,
    "township": _township,
    "village": _village,
    "group": lambda line: line.household.group,
    "address": lambda line: line.household.address,
    "household_number": lambda line: line.household.number,
    "head": lambda line: line.household.head_name,
    "members": lambda line: line.household.size,
    "household_class": lambda line: label("household_class", line.household.kind),
    "exit_mark": lambda line: label("exit_mark", line.household.status),
    "income": lambda line: line.household.income_per_head,
    "cause": _cause,
    "need": lambda line: need_label(line.household.need_band),
    "helper": _helper,
    "helper_unit": lambda line: line.helper.unit if line.helper else "",
    "measures": lambda line: line.household.measures,
    "wish": lambda line: line.household.wish,
    "loan_need": lambda line: line.household.loan_need,
    "exit_date": _exit,
    "head_id": _head_id,
    "phone": _phone,
}
KINDS = {"number": "whole", "members": "whole", "income": "yuan"}


def level_of(area: Area) -> str:
    """Which ledger a region keeps: village, township, or county for everything above."""
    return {int(Area.Level.VILLAGE): "village", int(Area.Level.TOWNSHIP): "township"}.get(area.level, "county")


def columns_for(area: Area) -> list[Column]:
    """The profile's columns for a region's ledger, in order (REG-8)."""
    return [column for column in active().ledger if level_of(area) in column.levels]


def headings(columns: Iterable[Column], *, contacts: bool = False) -> list[Heading]:
    """The headings of the printed ledger; `contacts` adds the head's identity number and the phone."""
    lang = language()
    made = [Heading(column.label.in_(lang), column.width, KINDS.get(column.code, "text")) for column in columns]
    if contacts:
        made += [Heading(_("户主证件号码"), 20), Heading(_("联系电话"), 13)]
    return made


def codes(columns: Iterable[Column], *, contacts: bool = False) -> list[str]:
    return [column.code for column in columns] + (["head_id", "phone"] if contacts else [])


def values(line: Line, wanted: Iterable[str]) -> list[Any]:
    """The cells of one household; what the register does not know stays blank."""
    return [VALUES[code](line) if code in VALUES else "" for code in wanted]


def need_label(band: int) -> str:
    """What a band of need is called in the profile."""
    names = active().pairing.bands["household"].labels
    return names[band].in_(language()) if 0 <= band < len(names) else str(band)


def need_choices() -> list[tuple[int, str]]:
    return [(band, name.in_(language())) for band, name in enumerate(active().pairing.bands["household"].labels)]


def title(area: Area) -> str:
    return _("{area}扶贫台账").format(area=area.name)


def below_title(area: Area, on: date) -> str:
    """Where and when: 甘肃省 定西市 通渭县　2015年　制表日期 2015-06-20."""
    chain, node = [], area
    while node is not None:
        chain.append(node.name)
        node = node.parent  # type: ignore[assignment]
    place = " ".join(reversed(chain))
    return _("{place}　{year} 年度　制表日期 {on}").format(place=place, year=active().year, on=on.isoformat())


def sign_off() -> list[str]:
    """Who signs under a ledger."""
    return [_("填表人"), _("审核人"), _("负责人")]
