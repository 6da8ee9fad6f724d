"""The profile's checks asked of the register (REG-7, REP-2): of a few households one by one, of a county at once.

Rules and their numbers are the profile's; what is found is written by actions.flags. What the register does not hold
cannot be asked: `unanswerable` names those rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.core.profile import active
from shuanglian.rules.facts.build import Families, build, moment
from shuanglian.rules.profile import Profile
from shuanglian.rules.quality import Complaint, Rule, complaints, facts_digest, of_villages
from shuanglian.rules.quality_finding import FOUND, find
from shuanglian.rules.quality_shapes import Check

from . import raw

FEW = 200  # households: up to here one by one is quicker than to set a query up
MOST_ALSO = 50  # households asked again because they share a number; the rest waits for the night
MOST_OTHERS = 5  # other households named beside one that shares a number
Key = tuple[str, int | None, int | None, str]  # rule, household, person, area (of a village's flag only)


def rules(profile: Profile | None = None) -> Mapping[str, Rule]:
    """code → rule that the register can be asked, in the profile's order."""
    return (profile or active()).quality


def unanswerable(profile: Profile) -> list[Check]:
    """Checks of the profile that only rosters can be asked."""
    return [one for code, one in profile.roster.checks.items() if code not in profile.quality]


def working_day(profile: Profile, today: date) -> date:
    """The day on which ages are counted: today, but not after the programme year of the profile."""
    return min(today, date(profile.year, 12, 31))


@dataclass(frozen=True)
class Found:
    """Complaints by key, and of a shared number the other households; marks of facts for exceptions are asked apart."""

    area_of: dict[Key, str]
    others: dict[Key, list[int]]


def of_area(area: Area, today: date) -> Found:
    """Everything that any rule complains about in an area, households one by one or all at once."""
    villages = list(Area.objects.current().within(area).filter(level=Area.Level.VILLAGE).values_list("code", flat=True))
    read = replace(raw.of_area(area, today), villages=raw.of_villages(villages, today))
    families = build(read, working_day(active(), today), active())
    inside = "h.area_code >= %(low)s and h.area_code < %(high)s"
    few = families.households.height <= FEW
    found = _told(_one_by_one(families) if few else find(rules().values(), families).iter_rows(), families)
    return _with_shared(_with_villages(found, families), inside, {"low": area.prefix, "high": f"{area.prefix}:"})


def of_households(pks: Collection[int], today: date) -> Found:
    """The same of some households; those that do not stand are complained about by nobody."""
    families = of_some(pks, today)
    found = _told(_one_by_one(families), families)
    return _with_shared(found, "h.id = any(%(pks)s)", {"pks": list(pks)})


def villages_only(codes: Collection[str], today: date) -> Found:
    """What rules about villages complain about in some villages."""
    none = raw.of_households([], today)
    families = build(replace(none, villages=raw.of_villages(codes, today)), working_day(active(), today), active())
    return _with_villages(Found({}, {}), families)


def of_some(pks: Collection[int], today: date) -> Families:
    """The facts of some standing households."""
    read = raw.of_households(pks, today)
    gone = pl.min_horizontal("left_on", "removed_on")
    standing = read.households.filter(gone.is_null() | (gone > today))
    people = read.people.filter(pl.col("household").is_in(standing["id"].implode()))
    return build(replace(read, households=standing, people=people), working_day(active(), today), active())


def reasons(pk: int, today: date) -> tuple[list[int], list[Complaint]]:
    """What complains about one household and why, for its page; before it the members in the order conditions count."""
    for _, members, facts in of_some([pk], today).each():
        return list(members), list(complaints(rules().values(), members, facts))
    return [], []


# --- the parts ------------------------------------------------------------------------------------------------------
def _one_by_one(families: Families) -> Iterator[tuple[str, int, int | None]]:
    asked = list(rules().values())
    for household, members, facts in families.each():
        for complaint in complaints(asked, members, facts):
            yield complaint.rule.code, household, complaint.person


def _told(rows: Iterable[tuple[Any, ...]], families: Families) -> Found:
    area_of = dict(families.households.select("id", "village").iter_rows())
    return Found({(rule, household, person, ""): area_of[household] for rule, household, person in rows}, {})


def _with_villages(found: Found, families: Families) -> Found:
    for code, rule, _reason in of_villages(rules().values(), families):
        found.area_of[rule.code, None, None, code] = code
    return found


STANDS = "{0}.left_on is null and {0}.removed_on is null"
SHARED = {  # one number in two places: who has it, and which other standing households do
    "phone": ("h.phone_digest", "o.phone_digest = h.phone_digest"),
    "bank": ("h.bank_digest", "o.bank_digest = h.bank_digest"),
}


def _with_shared(found: Found, inside: str, given: Mapping[str, Any]) -> Found:
    """Numbers that stand twice in the whole register, whoever looks: run as the owner of the tables."""
    for rule in rules().values():
        if not rule.same:
            continue
        query = _same_id(inside) if rule.same == "id" else _same_number(rule.same, inside)
        with connection.cursor() as cursor:
            cursor.execute(query, {**given, "most": MOST_OTHERS})
            for household, person, area_code, others in cursor.fetchall():
                found.area_of[rule.code, household, person, ""] = area_code
                found.others[rule.code, household, person, ""] = others
    return found


def _same_number(kind: str, inside: str) -> str:
    number, same = SHARED[kind]
    others = f"from registry_household o where {same} and o.id <> h.id and {STANDS.format('o')}"
    return f"""
        select h.id, null::bigint, h.area_code, array(select o.id {others} order by o.id limit %(most)s)
        from registry_household h
        where {inside} and {STANDS.format("h")} and {number} <> '' and exists (select {others})
    """  # noqa: S608 - names of ours


def _same_id(inside: str) -> str:
    others = f"""from registry_person q join registry_household o on o.id = q.household_id
        where q.id_digest = p.id_digest and q.household_id <> h.id and q.left_on is null and {STANDS.format("o")}"""
    return f"""
        select h.id, p.id, h.area_code, array(select distinct o.id {others} order by o.id limit %(most)s)
        from registry_household h join registry_person p on p.household_id = h.id
        where {inside} and {STANDS.format("h")} and p.left_on is null and p.id_digest <> '' and exists (select {others})
    """  # noqa: S608 - names of ours


def also(pks: Collection[int]) -> set[int]:
    """The households that share a number with some households now: when a number changes they are asked again too."""
    same = " union ".join(
        f"""select o.id from registry_household h join registry_household o on {same} and o.id <> h.id
            where h.id = any(%(pks)s) and {number} <> ''"""  # noqa: S608 - names of ours
        for number, same in SHARED.values()
    )
    query = f"""
        {same} union select q.household_id from registry_person p join registry_person q on q.id_digest = p.id_digest
            and q.household_id <> p.household_id and q.left_on is null
        where p.household_id = any(%(pks)s) and p.id_digest <> '' limit {MOST_ALSO}
    """  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(query, {"pks": list(pks)})
        return {row[0] for row in cursor.fetchall()}


# --- marks of facts ---------------------------------------------------------------------------------------------------
def digests(keys: Collection[Key], today: date) -> dict[Key, str]:
    """Key → the mark of the facts that the rule goes by there now; "" where the rule or the row is gone."""
    marks = dict.fromkeys(keys, "")
    known = rules()
    by_household: dict[int, list[Key]] = {}
    for key in keys:
        if key[0] in known and key[1] is not None:
            by_household.setdefault(key[1], []).append(key)
    for household, members, facts in of_some(list(by_household), today).each() if by_household else ():
        for key in by_household[household]:
            rule = known[key[0]]
            if rule.same:
                marks[key] = _number_of(rule.same, household, key[2])
            elif key[2] is None:
                marks[key] = facts_digest(rule, facts)
            elif key[2] in members:
                marks[key] = facts_digest(rule, {**facts, "person": members[key[2]]})
    return marks | _village_digests([key for key in keys if key[1] is None and key[0] in known], today)


def _village_digests(keys: list[Key], today: date) -> dict[Key, str]:
    if not keys:
        return {}
    none = raw.of_households([], today)
    codes = {key[3] for key in keys}
    families = build(replace(none, villages=raw.of_villages(codes, today)), working_day(active(), today), active())
    told = {row["id"]: {name: value for name, value in row.items() if value is not None}
            for row in families.villages.iter_rows(named=True)}  # fmt: skip
    common = {"year": dict(families.year), "day": moment(families.day)}
    return {key: facts_digest(rules()[key[0]], {"village": told.get(key[3], {}), **common}) for key in keys}


def _number_of(kind: str, household: int, person: int | None) -> str:
    table, column, key = (
        ("registry_person", "id_digest", person)
        if kind == "id"
        else ("registry_household", f"{kind}_digest", household)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {column} from {table} where id = %s", [key])  # noqa: S608 - names of ours
        row = cursor.fetchone()
    return row[0] if row else ""


__all__ = ["FOUND", "Found", "Key", "also", "digests", "of_area", "of_households", "reasons", "rules", "unanswerable",
           "villages_only", "working_day"]  # fmt: skip
