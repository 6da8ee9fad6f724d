"""Old regions against a new table: what stays, what lives on under another code or name, what is new, what is lost.

Pure: rows in, a plan out. The order of trust: the successors that people named; the same code with the same name; the
same name under the same parent; a new name under the same code; the same name in the same county; the same number
under a parent that moved as a whole; the place where most of its children went. What no step finds is reported and
stays as it is: nothing is closed silently.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from . import names
from .findings import Finding
from .table import DIGITS, Region, Successor

How = Literal["named", "renamed", "recoded", "moved", "renumbered", "merged"]
MAJORITY = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Known:
    """A region that stands now."""

    id: int
    code: str
    name: str
    level: int
    parent_id: int | None
    parent_code: str

    @property
    def prefix(self) -> str:
        return self.code[: DIGITS[self.level]]


@dataclass(frozen=True, slots=True)
class Move:
    """An old region and one region that it lives on in; `carries` when what hangs on the old one goes there."""

    old: Known
    new: str
    how: How
    share: Decimal | None = None
    carries: bool = True


@dataclass
class Plan:
    """What a load would do. `fresh`: codes that get a new row; `stays`: code → the row that goes on."""

    stays: dict[str, Known] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    closed: list[Known] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    unmatched: list[Known] = field(default_factory=list)
    split: list[Known] = field(default_factory=list)
    abolished: list[Known] = field(default_factory=list)
    displaced: list[Known] = field(default_factory=list)  # without an heir, and the code means another region now
    findings: list[Finding] = field(default_factory=list)

    @property
    def added(self) -> set[str]:
        """Codes that continue nothing that was known before."""
        return self.fresh - {move.new for move in self.moves}


def compare(
    known: Mapping[str, Known], table: Mapping[str, Region], *, scope: Sequence[str], named: Iterable[Successor] = (),
    ever: frozenset[str] = frozenset(),
) -> Plan:  # fmt: skip
    """The plan that turns the regions standing now into those of the table.

    `scope`: code prefixes for which the table is complete (what stands there and is not in the table is gone);
    `named`: successors that people gave; `ever`: every code that was in force at any time.
    """
    work = _Comparison(known, table, tuple(scope))
    work.take_named(named, ever)
    work.keep_same()
    for level in sorted({old.level for old in work.left.values()}):
        work.match_level(level)
    for level in (4, 3, 2):
        work.follow_children(level)
    return work.finish()


class _Comparison:
    """The state of one comparison; `left` are old regions without an answer yet, `free` new ones without a past."""

    def __init__(self, known: Mapping[str, Known], table: Mapping[str, Region], scope: tuple[str, ...]) -> None:
        self.known, self.table, self.plan = known, table, Plan()
        levels = {region.level for region in table.values()}
        self.left = {
            code: old for code, old in known.items()
            if code in table or (old.level in levels and code.startswith(scope))
        }  # fmt: skip
        self.free = dict(table)
        self.went: dict[str, list[str]] = {}  # old code → new codes
        self._split_off: list[Move] = []

    # --- steps, in the order of trust ---

    def take_named(self, named: Iterable[Successor], ever: frozenset[str]) -> None:
        """What people said: also merges (many to one), splits (one to many) and abolitions (to nothing)."""
        groups: dict[str, list[Successor]] = defaultdict(list)
        for successor in named:
            if self._sound(successor, ever):
                groups[successor.old].append(successor)
        for code, successors in groups.items():
            old, region = self.known[code], self.table.get(code)
            targets = [one for one in successors if one.new]
            goes_on = region is not None and names.same_place(old.name, region.name, old.level)
            if goes_on or any(one.new == code for one in targets):  # only a part went: the region itself stays
                self._split_off += [Move(old, one.new, "named", one.share, False) for one in targets if one.new != code]
                continue
            self._named_moves(old, targets)

    def _named_moves(self, old: Known, targets: list[Successor]) -> None:
        heir = _heir(targets)
        for one in targets:
            self._go(old, one.new, "named", one.share, carries=one is heir)
        if not targets:
            self.plan.abolished.append(old)
        elif heir is None:
            self.plan.split.append(old)
        self.left.pop(old.code, None)
        self.plan.closed.append(old)

    def _sound(self, one: Successor, ever: frozenset[str]) -> bool:
        old, new = self.known.get(one.old), one.new
        if old is None:
            code = "successor_old_closed" if one.old in ever else "successor_old_unknown"
            self.plan.findings.append(Finding(code, one.row, value=one.old))
            return False
        if new and new not in self.table and new not in self.known:
            self.plan.findings.append(Finding("successor_new_unknown", one.row, value=new))
            return False
        target = self.table.get(new) or self.known.get(new)
        if target is not None and target.level != old.level:
            self.plan.findings.append(Finding("successor_level", one.row, value=new, params={"old": one.old}))
            return False
        return True

    def keep_same(self) -> None:
        """The same code and the same name, in whatever spelling: the row goes on."""
        for code, old in list(self.left.items()):
            region = self.table.get(code)
            if region is not None and names.same_place(old.name, region.name, old.level):
                self.plan.stays[code] = old
                self.went[code] = [code]
                del self.left[code]
                self.free.pop(code, None)

    def match_level(self, level: int) -> None:
        """Find the heirs of one level's old regions; the levels above are settled by now."""
        same_parent, wider = self._under_heirs_of_parent, self._in_heirs_of(level)
        self._match(level, "recoded", same_parent, _exact_name)
        self._match(level, "recoded", same_parent, _bare_name)
        self._same_code(level)
        self._match(level, "moved", wider, _exact_name)
        self._match(level, "moved", wider, _bare_name)
        self._same_number(level)

    def _match(self, level: int, how: How, place: "_Place", called: Callable[[str, int], Hashable]) -> None:
        """Pair old and new that agree in place and name where each is the only one of that place and name."""
        olds: dict[Hashable, list[Known]] = defaultdict(list)
        news: dict[Hashable, list[Region]] = defaultdict(list)
        for old in self.left.values():
            if old.level == level:
                for spot in place.spots(old):
                    olds[(spot, called(old.name, level))].append(old)
        for region in self.free.values():
            if region.level == level:
                news[(place.spot_of(region), called(region.name, level))].append(region)
        for key, group in olds.items():
            found = [region for region in news.get(key, []) if region.code in self.free]
            if len(group) == len(found) == 1 and group[0].code in self.left:
                renamed = group[0].code == found[0].code
                self._settle(group[0], found[0].code, "renamed" if renamed else how)

    @property
    def _under_heirs_of_parent(self) -> "_Place":
        return _Place(lambda old: self.went.get(old.parent_code, [old.parent_code]), lambda region: region.parent)

    def _in_heirs_of(self, level: int) -> "_Place":
        """For villages the county, for townships and counties the city (for cities the province)."""
        digits = {5: 6, 4: 4, 3: 4, 2: 2, 1: 1}[level]

        def spots(old: Known) -> list[str]:
            above = old.code[:digits].ljust(12, "0")
            return [code[:digits] for code in self.went.get(above, [above])]

        return _Place(spots, lambda region: region.code[:digits])

    def _same_code(self, level: int) -> None:
        """The same code under another name: renamed (new row, old papers keep the old name)."""
        for code, old in list(self.left.items()):
            if old.level == level and code in self.free:
                self._settle(old, code, "renamed")

    def _same_number(self, level: int) -> None:
        """A parent that moved as a whole took its children's numbers along: 620824 101 → 620881 101."""
        for old in [one for one in self.left.values() if one.level == level and one.parent_code]:
            heirs = self.went.get(old.parent_code, [])
            if len(heirs) != 1 or heirs[0] == old.parent_code:
                continue
            digits = DIGITS[level - 1]
            code = heirs[0][:digits] + old.code[digits:]
            if code in self.free:
                self._settle(old, code, "renumbered")

    def follow_children(self, level: int) -> None:
        """A township (county, city) that vanished lives on where more than half of its children went."""
        below: dict[str, list[str]] = defaultdict(list)
        for code, old in self.known.items():
            if old.level == level + 1:
                below[old.parent_code].append(code)
        for old in [one for one in self.left.values() if one.level == level]:
            heirs = Counter(
                self.table[new].parent
                for child in below[old.code]
                for new in self.went.get(child, [])
                if new in self.table
            )
            heir, count = heirs.most_common(1)[0] if heirs else ("", 0)
            region = self.table.get(heir)
            if region and region.level == level and heir != old.code and count > MAJORITY * len(below[old.code]):
                self._settle(old, heir, "merged")

    # --- settling ---

    def _go(self, old: Known, new: str, how: How, share: Decimal | None = None, *, carries: bool = True) -> None:
        self.plan.moves.append(Move(old, new, how, share, carries))
        self.went.setdefault(old.code, []).append(new)
        self.free.pop(new, None)

    def _settle(self, old: Known, new: str, how: How) -> None:
        self._go(old, new, how)
        del self.left[old.code]
        self.plan.closed.append(old)

    def finish(self) -> Plan:
        """The plan: every move ends at a region that stands afterwards, what is left over is named."""
        plan = self.plan
        gone = {old.code for old in plan.closed}
        plan.fresh = {code for code in self.table if code not in plan.stays}
        following = {move.old.code: move.new for move in plan.moves if move.carries}
        plan.moves = [self._to_the_end(move, gone, following) for move in [*plan.moves, *self._split_off]]
        for move in plan.moves:
            if move.new not in plan.fresh and move.new not in plan.stays:
                plan.stays[move.new] = self.known[move.new]
        left = sorted(self.left.values(), key=lambda old: old.code)
        plan.displaced = [old for old in left if old.code in plan.fresh]
        plan.unmatched = [old for old in left if old.code not in plan.fresh]
        plan.closed += plan.displaced
        self._name_uncovered()
        return plan

    def _to_the_end(self, move: Move, gone: set[str], following: Mapping[str, str]) -> Move:
        """甲 → 乙 and 乙 → 丙 in one list mean 甲 → 丙."""
        new, seen = move.new, set()
        while new in gone and new not in self.plan.fresh:
            if new in seen or new not in following:
                self.plan.findings.append(Finding("successor_new_unknown", 0, value=new))
                return replace(move, new=next(iter(self.plan.fresh), move.new))
            seen.add(new)
            new = following[new]
        return replace(move, new=new)

    def _name_uncovered(self) -> None:
        """Regions that got another code while the table says nothing about what lies below them."""
        levels = {region.level for region in self.table.values()}
        count = Counter(old.parent_code for old in self.known.values() if old.level not in levels)
        for old in self.plan.closed:
            if count[old.code] and old.code not in self.plan.fresh:
                params = {"name": old.name, "count": count[old.code]}
                self.plan.findings.append(Finding("below_missing", 0, value=old.code, params=params))


@dataclass(frozen=True)
class _Place:
    """Where an old region's heir may stand, and where a new region stands."""

    spots: Callable[[Known], list[str]]
    spot_of: Callable[[Region], str]


def _exact_name(name: str, level: int) -> Hashable:
    return names.split_name(name, level)


def _bare_name(name: str, level: int) -> Hashable:
    return names.short_name(name, level)


def _heir(targets: list[Successor]) -> Successor | None:
    """The successor that inherits what hangs on the old region: the only one, or the one with more than half."""
    if len(targets) == 1:
        return targets[0]
    return next((one for one in targets if one.share is not None and one.share > MAJORITY), None)
