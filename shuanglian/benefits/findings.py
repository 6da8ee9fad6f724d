"""What the rules say of families: every benefit decided for every member, with each fact's source and day (BEN-8).

Pure over the register's columns: nothing here is written down. `actions.rounds` keeps what is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shuanglian.core.profile import active
from shuanglian.rules.benefits import Benefit, Decision
from shuanglian.rules.fact_values import to_plain
from shuanglian.rules.facts.build import Families, Raw, build
from shuanglian.rules.facts.catalogue import entries
from shuanglian.rules.sittings import Sitting

Key = tuple[int, int | None, str]  # household, member (None: the household itself), benefit


@dataclass(frozen=True)
class Found:
    """One benefit decided for one member or household; `inputs`: path, value, source and day of every fact used."""

    household: int
    person: int | None
    benefit: Benefit
    decision: Decision
    inputs: tuple[dict[str, Any], ...]

    @property
    def key(self) -> Key:
        return self.household, self.person, self.benefit.code


class Sources:
    """Where each fact of some families stands and since which day."""

    def __init__(self, raw: Raw) -> None:
        self._rows = {
            "people": dict(raw.people.select("id", "as_of").iter_rows()),
            "households": dict(raw.households.select("id", "as_of").iter_rows()),
            "years": dict(raw.years.sort("year").select("household", "as_of").iter_rows()),
        }
        self._said = {
            (row["record"], row["subject"], row["fact"]): (row["source"], row["on"])
            for row in raw.statements.sort("on", "id").iter_rows(named=True)
        }

    def of(self, record: str, subject: Any, fact: str) -> dict[str, Any]:
        """source: a code of Statement.Source, or the label of the register's part in both languages; on: ISO day."""
        if told := self._said.get((record, str(subject), fact)):
            return {"source": told[0], "on": told[1].isoformat()}
        entry = entries().get(f"{record}.{fact}")
        if entry is None:
            return {"source": None, "on": None}
        day: date | None = self._rows.get(entry.reads, {}).get(subject)
        return {"source": entry.word.source.model_dump(), "on": day.isoformat() if day else None}


def of_raw(
    raw: Raw, on: date, benefits: Mapping[str, Benefit], *, wanted: Collection[Key] | None = None
) -> Iterator[Found]:
    """Every benefit of every family in `raw` on a day; only `wanted` keys when given."""
    return of_families(build(raw, on, active()), Sources(raw), Sitting(on), benefits, wanted=wanted)


def parts(families: Families, size: int) -> Iterator[Families]:
    """The same families, so many households at a time."""
    if families.households.height <= size:
        yield families
        return
    for some in families.households.iter_slices(size):
        people = families.people.join(some.select(household="id"), on="household", how="semi", maintain_order="left")
        yield replace(families, households=some, people=people)


def of_families(
    families: Families, sources: Sources, sitting: Sitting, benefits: Mapping[str, Benefit], *,
    wanted: Collection[Key] | None = None,
) -> Iterator[Found]:  # fmt: skip
    personal = [one for one in benefits.values() if one.subject == "person"]
    common = [one for one in benefits.values() if one.subject == "household"]
    villages = dict(families.households.select("id", "village").iter_rows())
    for household, members, facts in families.each():
        order = list(members)
        place = _Place(household, villages[household], order, sources)
        for one in common:
            if wanted is None or (household, None, one.code) in wanted:
                yield place.found(None, one, sitting.decide(one, facts))
        for person, own in members.items():
            mine = {**facts, "person": own}
            for one in personal:
                if wanted is None or (household, person, one.code) in wanted:
                    yield place.found(person, one, sitting.decide(one, mine))


@dataclass(frozen=True)
class _Place:
    """A household while its benefits are decided: whose facts a path means."""

    household: int
    village: str
    members: list[int]
    sources: Sources

    def found(self, person: int | None, benefit: Benefit, decision: Decision) -> Found:
        """`inputs` name of a member's fact whose it is (`member`) and his place in the family as reasons count it."""
        used = {(one.path, one.member): one.value for outcome in decision.conditions for one in outcome.used}
        used |= {(one.path, one.member): one.value for one in decision.used}
        inputs = tuple({"path": path, "value": to_plain(value), **self._source(path, person, place)}
                       for (path, place), value in sorted(used.items(), key=_by_path))  # fmt: skip
        return Found(self.household, person, benefit, decision, inputs)

    def _source(self, path: str, person: int | None, place: int | None) -> dict[str, Any]:
        root, _, fact = path.partition(".")
        if root == "person" and place is not None:
            member = self.members[place]
            return {**self.sources.of("person", member, fact), "member": member, "place": place}
        subjects = {"person": person, "household": self.household, "village": self.village, "year": None}
        return self.sources.of(root, subjects[root], fact) if root in subjects else {"source": None, "on": None}


def _by_path(used: tuple[tuple[str, int | None], Any]) -> tuple[str, int]:
    (path, place), _value = used
    return path, -1 if place is None else place
