"""Who is named in a letter, who must not read it, and which levels its road goes around (VOICE-6, REG-9).

Named is whoever the text or the field "who" calls by name, every office ticked or called by its words, and everybody
who answers for the household or works in the village: a family mostly complains of its own helper. Kept away beside
them are relatives of the household. It is worked out once, when the letter comes; who the household is is not kept with
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Length, StrIndex

from shuanglian.accounts.models import User
from shuanglian.areas.models import PREFIX_LENGTHS, Area, below, prefix_of
from shuanglian.core.profile import active
from shuanglian.fieldwork.models import Post
from shuanglian.organisation.models import Cadre, Unit, UnitAccount
from shuanglian.pairing.models import LeaderLink, Pairing, VillageLink
from shuanglian.recognition.relatives import kept_from
from shuanglian.rules.complaints import bare, offices_in

if TYPE_CHECKING:
    from shuanglian.registry.models import Household

SHORTEST_NAME = 2
READS = "complaints.read"


@dataclass
class Away:
    """Who must not read a letter, by number; `levels` are those that its road goes around."""

    cadres: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    levels: set[int] = field(default_factory=set)

    def kept(self) -> dict[str, list[int]]:
        return {"cadres": sorted(self.cadres), "units": sorted(self.units), "users": sorted(self.users)}


def away(*, county: Area, village: Area | None, household: Household | None, told: str, offices: Iterable[str]) -> Away:
    """Everybody kept away from a letter about `county`; `told` is all that was written."""
    found = Away()
    _answering(found, village, household)
    _called_by_name(found, county, told)
    found.levels |= _levels_of_offices({*offices, *offices_in(told, active().complaints.offices.values())})
    found.levels |= _levels_of_people(found)
    _beside(found, village, household)
    return found


def _answering(found: Away, village: Area | None, household: Household | None) -> None:
    """Everybody who ever answered for the household or worked in its village, with their units."""
    if household is not None:
        found.cadres |= set(Pairing.objects.filter(household=household).values_list("cadre", flat=True))
    if village is not None and village.level == Area.Level.VILLAGE:
        found.cadres |= set(Post.objects.filter(village=village).values_list("cadre", flat=True))
        found.units |= set(VillageLink.objects.filter(village=village).values_list("unit", flat=True))
    found.units |= set(Cadre.objects.filter(pk__in=found.cadres).values_list("unit", flat=True))


def _beside(found: Away, village: Area | None, household: Household | None) -> None:
    """Relatives of the household, leaders who answer for the township: kept away, though nobody complains of them."""
    if household is not None:
        users, cadres = kept_from(household)
        found.users |= users
        found.cadres |= cadres
    if village is not None and village.level >= Area.Level.TOWNSHIP:
        township = prefix_of(village.code, Area.Level.TOWNSHIP).ljust(12, "0")
        found.cadres |= set(LeaderLink.objects.filter(township__code=township).values_list("leader", flat=True))


def _called_by_name(found: Away, county: Area, told: str) -> None:
    """Cadres, units and people with an account whose names stand in the text, in the county or above it."""
    text = Value(f"{told}\n{bare(told)}", output_field=CharField())
    within = below(county.prefix) | Q(area_code__in=_above(county))

    def named(rows: Any, name: str) -> Any:
        rows = rows.annotate(long=Length(name), stands=StrIndex(text, F(name)))
        return rows.filter(long__gte=SHORTEST_NAME, stands__gt=0)

    cadres = named(Cadre.objects.filter(within), "name")
    for number, unit in cadres.values_list("pk", "unit"):
        found.cadres.add(number)
        found.units.add(unit)
    found.units |= set(named(Unit.objects.filter(within), "name").values_list("pk", flat=True))
    accounts = User.objects.filter(below(county.prefix, "area__code") | Q(area__code__in=_above(county)))
    found.users |= set(named(accounts, "full_name").values_list("pk", flat=True))


def _above(area: Area) -> list[str]:
    lengths = [length for level, length in PREFIX_LENGTHS.items() if level < area.level]
    return [area.code[:length].ljust(12, "0") for length in lengths]


def _levels_of_offices(codes: Iterable[str]) -> set[int]:
    offices, levels = active().complaints.offices, active().levels
    named = [offices[code].level for code in codes if code in offices]
    return {levels[code].order for code in named if code in levels}


def _levels_of_people(found: Away) -> set[int]:
    """The level of a leader by his rank; of whoever works in an office that reads letters by his account's area."""
    ranks, levels = active().ranks, active().levels
    cadres = list(Cadre.objects.filter(pk__in=found.cadres).values_list("rank", "user"))
    leads = {ranks[rank].leads for rank, _user in cadres if rank in ranks}
    orders = {levels[code].order for code in leads if code is not None and code in levels}
    accounts = {user for _rank, user in cadres if user} | found.users
    accounts |= set(UnitAccount.objects.filter(unit__in=found.units).values_list("user", flat=True))
    roles = [code for code, role in active().roles.items() if READS in role.may or code == "leader"]
    people = User.objects.filter(pk__in=accounts, role__in=roles, area__isnull=False)
    return orders | set(people.values_list("area__level", flat=True))
