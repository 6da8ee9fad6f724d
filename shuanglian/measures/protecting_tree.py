"""Small groups in tables of places within places: what is hidden, so that nothing of it can be found by subtraction.

A table tells of every place how many there are in each row, and of all together the same; the places below a place add
up to it. A cell of 1 to `least` - 1 households is hidden, and as many others as it takes that no hidden small cell can
be worked out from what is shown in this table, at any level. Decided from the top down, so that whoever looks at
whatever place sees the same cells hidden:

- what is hidden of a place is hidden of all places below it;
- in a row or place with anything hidden there are two such cells or more, `least` households together or none;
- for every hidden small cell there is another table that shows the same: one more here, one less there, along a closed
  path of hidden cells none of which goes below nought (`_free`). Sums stay, so nothing above or beside is touched.

In a table whose rows make up the whole (`linked`) the path keeps the sums of places too; in one whose rows overlap the
sums of rows only. A place whose total is small is hidden with everything in it, and then at least one place more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

WHOLE = ""


class Cell(NamedTuple):
    """How many there are, and in how many households they live."""

    n: int
    homes: int


NOBODY = Cell(0, 0)
Rows = Mapping[str, Cell]  # row → cell; under WHOLE the total
Spot = tuple[str, str]  # place, row


@dataclass(frozen=True)
class Rule:
    """`least` households; whether a sum ties the rows together; whether no household stands in two rows."""

    least: int
    linked: bool
    apart: bool


def small(cell: Cell, least: int) -> bool:
    return 0 < cell.homes < least


def hidden_of(rows: Rows, rule: Rule) -> frozenset[str]:
    """What is hidden of the topmost place; WHOLE is in it when there is nothing to show at all."""
    whole = rows.get(WHOLE, NOBODY)
    if small(whole, rule.least):
        return frozenset({*rows, WHOLE})
    names = [row for row in rows if row != WHOLE]
    hidden = {row for row in names if small(rows[row], rule.least)}
    if not rule.linked:
        rest = {row for row in names if 0 < whole.homes - rows[row].homes < rule.least}
        return frozenset(hidden | rest)
    for row in _smallest((row for row in names if rows[row].n and row not in hidden), rows):
        if _together([rows[one] for one in hidden], rule):
            break
        hidden.add(row)
    return frozenset(hidden)


def hidden_below(places: Mapping[str, Rows], above: frozenset[str], rule: Rule) -> dict[str, frozenset[str]]:
    """What is hidden of each place below one of which `above` is hidden: place → rows, WHOLE for everything."""
    if WHOLE in above:
        return {place: frozenset({*rows, WHOLE}) for place, rows in places.items()}
    return _Board(places, above, rule).settled()


def _smallest(names: Iterable[str], rows: Rows) -> list[str]:
    return sorted(names, key=lambda name: (rows[name].n, name))


def _together(cells: list[Cell], rule: Rule) -> bool:
    """Whether cells may be known in sum: none of them holds anybody, or there are enough and not one in each."""
    filled = [cell for cell in cells if cell.n]
    if not filled:
        return True
    homes = sum(cell.homes for cell in filled) if rule.apart else max(cell.homes for cell in filled)
    return len(filled) > 1 and homes >= rule.least and sum(cell.n for cell in filled) > len(filled)


class _Board:
    """Places by rows with what is hidden so far."""

    def __init__(self, places: Mapping[str, Rows], above: frozenset[str], rule: Rule) -> None:
        self.rule, self.places = rule, places
        self.rows = sorted({row for rows in places.values() for row in rows if row != WHOLE})
        self.filled = [place for place in sorted(places) if self.cell(place, WHOLE).n]
        self.gone = self._gone()
        self.hidden: set[Spot] = {(place, row) for place in self.gone for row in self.rows}
        self.hidden |= {(place, row) for place in self.filled for row in above}
        self.hidden |= {(place, row) for place in self.filled for row in self.rows if self._names(place, row)}

    def cell(self, place: str, row: str) -> Cell:
        return self.places[place].get(row, NOBODY)

    def _names(self, place: str, row: str) -> bool:
        cell, whole = self.cell(place, row), self.cell(place, WHOLE)
        rest = 0 < whole.homes - cell.homes < self.rule.least
        return small(cell, self.rule.least) or (not self.rule.linked and cell.homes > 0 and rest)

    def _gone(self) -> list[str]:
        """Places whose total is small, and as many of the next larger as it takes that no total can be found."""
        totals = {place: self.cell(place, WHOLE) for place in self.filled}
        gone = [place for place in self.filled if small(totals[place], self.rule.least)]
        apart = Rule(self.rule.least, True, True)
        for place in _smallest((place for place in self.filled if place not in gone), totals):
            if _together([totals[one] for one in gone], apart):
                break
            gone.append(place)
        return gone

    def settled(self) -> dict[str, frozenset[str]]:
        while more := self._needed():
            self.hidden.add(more)
        told = {place: {row for at, row in self.hidden if at == place} for place in self.places}
        for place in self.gone:
            told[place].add(WHOLE)
        return {place: frozenset(rows) for place, rows in told.items()}

    def _needed(self) -> Spot | None:
        """One more cell to hide; None when all is safe or nothing is left to hide."""
        lines = [[(place, row) for place in self.filled] for row in self.rows]
        if self.rule.linked:
            lines += [[(place, row) for row in self.rows] for place in self.filled if place not in self.gone]
        for line in lines:
            if not _together([self.cell(*spot) for spot in line if spot in self.hidden], self.rule) and (
                spot := self._next(line)
            ):
                return spot
        for spot in sorted(self.hidden):
            if small(self.cell(*spot), self.rule.least) and not self._free(spot):
                place, row = spot
                beside = [one for line in lines for one in line if one[0] == place or one[1] == row]
                everywhere = [one for line in lines for one in line]
                for line, empty in ((beside, False), (everywhere, False), (beside, True), (everywhere, True)):
                    if more := self._next(line, empty=empty):
                        return more
        return None

    def _next(self, line: list[Spot], *, empty: bool = False) -> Spot | None:
        """The smallest cell of a line still shown; an empty one only when asked for: it can take what others lose."""
        waiting = [spot for spot in line if spot not in self.hidden and bool(self.cell(*spot).n) != empty]
        return min(waiting, key=lambda spot: (self.cell(*spot).n, spot), default=None)

    def _free(self, spot: Spot) -> bool:
        """Whether the cell may have another value while everything shown stays: a closed path of changes through it."""
        place, row = f"p{spot[0]}", f"r{spot[1]}"
        return self._path(row, place, but=spot) or (self.cell(*spot).n > 0 and self._path(place, row, but=spot))

    def _path(self, start: str, end: str, *, but: Spot) -> bool:
        """From a place to a row: one more in the cell; from a row to a place: one less. "any" joins free places."""
        steps: dict[str, set[str]] = {}
        for place, row in self.hidden - {but}:
            if self.cell(place, WHOLE).n:
                steps.setdefault(f"p{place}", set()).add(f"r{row}")
                if self.cell(place, row).n:
                    steps.setdefault(f"r{row}", set()).add(f"p{place}")
        for place in self.gone if self.rule.linked else self.filled:
            steps.setdefault(f"p{place}", set()).add("any")
            steps.setdefault("any", set()).add(f"p{place}")
        seen, waiting = {start}, [start]
        while waiting:
            for node in steps.get(waiting.pop(), ()):
                if node == end:
                    return True
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return False
