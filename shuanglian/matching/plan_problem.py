"""Which measures close a family's gap at the least cost: the problem as whole numbers (PLAN-3).

Maximise what of the gap is closed; then the least cost, whoever pays; then the least of the family's own money; then
the fewest different measures. Subject to:

    units      0, or from `least` to `most` of each measure
    rooms      sum of uses × units ≤ room, row by row: days of each season, land, money (own and borrowed)
    people     each unit of a measure with `people` takes one of them, and nobody is taken twice
    kinds      at most so many different measures
    excludes, needs between measures

Amounts are whole: yuan for gains and costs, anything for rows as long as uses and room are of one scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

MOST_YUAN = 1 << 21  # of one measure, all its units
KINDS = 24  # open measures of one family at most


@dataclass(frozen=True)
class Option:
    """A measure that is open to the family. gain: yuan a unit brings in the year of the target; uses: by row."""

    code: str
    gain: int
    cost: int
    own: int
    most: int
    uses: tuple[int, ...]
    least: int = 1
    people: frozenset[int] | None = None


@dataclass(frozen=True)
class PlanProblem:
    """One family. gap: yuan to close; rows: what each row is called, for those who explain; needs: (one, needed)."""

    gap: int
    options: tuple[Option, ...]
    rows: tuple[str, ...]
    room: tuple[int, ...]
    kinds: int
    excludes: tuple[tuple[int, int], ...] = ()
    needs: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if len(self.options) > KINDS or self.kinds < 0:
            raise ValueError("too many measures")
        if len(self.rows) != len(self.room) or any(len(one.uses) != len(self.room) for one in self.options):
            raise ValueError("rows and uses differ")
        for one in self.options:
            if min(one.gain, one.cost, one.own, one.most, *one.uses, *self.room, 0) < 0 or one.least < 1:
                raise ValueError("negative")
            if one.own > one.cost or max(one.cost, one.gain) * max(one.most, 1) > MOST_YUAN:
                raise ValueError("out of range")


@dataclass(frozen=True)
class Choice:
    """What came out: units by option, their yearly gain, cost, own part; short: yuan of the gap that stay open."""

    units: tuple[int, ...]
    gain: int
    cost: int
    own: int
    short: int

    @property
    def closes(self) -> bool:
        return self.short == 0

    @property
    def kinds(self) -> int:
        return sum(unit > 0 for unit in self.units)

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Smaller is better; what makes two choices equally good."""
        return self.short, self.cost, self.own, self.kinds


def choice(problem: PlanProblem, units: tuple[int, ...]) -> Choice:
    """Units of every option summed up."""
    told = list(zip(problem.options, units, strict=True))
    gain = sum(one.gain * unit for one, unit in told)
    cost, own = sum(one.cost * unit for one, unit in told), sum(one.own * unit for one, unit in told)
    return Choice(units, gain, cost, own, max(0, problem.gap - gain))


def people_rows(options: tuple[Option, ...]) -> list[tuple[frozenset[int], tuple[int, ...]]]:
    """Rows that say that nobody is taken twice: (people, options whose people are all among them), as Hall has it.

    Units can be handed to people if and only if, for every set of measures, all that take only from some people take no
    more than those people are. It is enough to ask it of unions of the measures' sets.
    """
    sets = {one.people for one in options if one.people is not None}
    unions = {frozenset().union(*some) for count in range(1, len(sets) + 1) for some in combinations(sets, count)}
    found = []
    for union in sorted(unions, key=lambda one: (len(one), sorted(one))):
        within = tuple(n for n, one in enumerate(options) if one.people is not None and one.people <= union)
        found.append((union, within))
    return found


def hand_out(problem: PlanProblem, units: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Which person each unit of a measure takes, option by option; along augmenting ways, lowest numbers first."""
    slots = [n for n, one in enumerate(problem.options) if one.people is not None for _unit in range(units[n])]
    taken: dict[int, int] = {}  # person → slot

    def place(slot: int, seen: set[int]) -> bool:
        for person in sorted(problem.options[slots[slot]].people or ()):
            if person in seen:
                continue
            seen.add(person)
            if person not in taken or place(taken[person], seen):
                taken[person] = slot
                return True
        return False

    for slot in range(len(slots)):
        if not place(slot, set()):
            raise ValueError("more units than people")
    return tuple(
        tuple(sorted(person for person, slot in taken.items() if slots[slot] == n)) for n in range(len(problem.options))
    )
