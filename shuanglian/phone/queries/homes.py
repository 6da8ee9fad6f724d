"""A person's own households as the phone holds them: one fixed number of questions, whatever their number (FIELD-1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q

from shuanglian.accounts.rights import may
from shuanglian.core.profile import active
from shuanglian.fieldwork import queries as fieldwork
from shuanglian.fieldwork.models import Photo, Visit
from shuanglian.grievances import queries as grievances
from shuanglian.kernel.ids import mask_phone
from shuanglian.pairing.models import Pairing
from shuanglian.phone import values
from shuanglian.plans import queries as plans
from shuanglian.registry.models import Household, Person

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


def own(*, user: User, on: date) -> list[Household]:
    """For whom the person answers today; nobody else's data is put on a phone."""
    return list(fieldwork.households_of(user, on))


def told(*, user: User, on: date) -> dict[int, dict[str, Any]]:
    """Household → what the phone is told of it. Nothing in it changes by itself with the day, but ages."""
    homes = own(user=user, on=on)
    keys = [home.pk for home in homes]
    people, pairs, due = _people(keys), _paired_since(keys, on), _due(keys, user, on)
    visits, photos = _visits(keys, user)
    asks = _asked(keys, user)
    planned = _plans(keys)
    clear = may(user, "registry.reveal")
    return {
        home.pk: {
            **_file(home, clear),
            "paired_since": pairs.get(home.pk),
            "members": [_member(one, on, clear) for one in people[home.pk]],
            "plan": planned.get(home.pk),
            "visits": [_visit(one, user, photos) for one in visits.get(home.pk, [])],
            "asks": asks.get(home.pk, []),
            "due": due.get(home.pk, {"last": None, "count": 0}),
        }
        for home in homes
    }  # fmt: skip


BRIEF = ("id", "head", "village", "village_name", "group", "size", "due")


def brief(home: dict[str, Any]) -> dict[str, Any]:
    """As much of a household as its line in the list shows."""
    return {name: home[name] for name in BRIEF}


def _file(home: Household, clear: bool) -> dict[str, Any]:
    return {
        "id": home.pk, "number": home.number, "head": home.head_name, "village": home.area_code,
        "village_name": home.village.name, "group": home.group, "address": home.address,
        "phone": home.phone if clear else mask_phone(home.phone), "size": home.size, "status": home.status,
        "since": home.since.isoformat(), "cause": home.main_cause, "causes": home.other_causes,
        "need": home.need_band, "lon": home.lon, "lat": home.lat, "wish": home.wish, "loan_need": home.loan_need,
        "income": None if home.income_per_head is None else str(home.income_per_head),
        "versions": {field: values.token(field, values.current(home, field)) for field in values.fields()},
    }  # fmt: skip


def _people(keys: Sequence[int]) -> dict[int, list[Person]]:
    found = defaultdict(list)
    for person in Person.objects.filter(household__in=keys, left_on__isnull=True).order_by("household_id", "id"):
        found[person.household_id].append(person)
    return found


def _member(person: Person, on: date, clear: bool) -> dict[str, Any]:
    return {
        "id": person.pk, "name": person.name, "relation": person.relation, "age": _age(person.born_on, on),
        "labour": person.labour, "health": person.health, "phone": person.phone if clear else mask_phone(person.phone),
    }  # fmt: skip


def _age(born: date | None, on: date) -> int | None:
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _paired_since(keys: Sequence[int], on: date) -> dict[int, str]:
    rows = Pairing.objects.standing_on(on).filter(household__in=keys).values_list("household", "since")
    return {home: since.isoformat() for home, since in rows}


def _visits(keys: Sequence[int], user: User) -> tuple[dict[int, list[Visit]], dict[int, int]]:
    visits = fieldwork.last_visits(keys, seen_by=user, most=active().phone.limit("visits_shown"))
    shown = [visit.pk for rows in visits.values() for visit in rows]
    counted = Photo.objects.filter(visit__in=shown).values("visit").annotate(n=Count("pk"))
    return visits, {row["visit"]: row["n"] for row in counted.order_by()}


def _visit(visit: Visit, user: User, photos: dict[int, int]) -> dict[str, Any]:
    return {
        "key": str(visit.key), "on": visit.on.isoformat(), "who": visit.cadre.name, "mine": visit.by_id == user.pk,
        "tasks": visit.tasks, "done": visit.done, "entered": visit.entered, "photos": photos.get(visit.pk, 0),
    }  # fmt: skip


def _due(keys: Sequence[int], user: User, on: date) -> dict[int, dict[str, Any]]:
    """The last visit of anybody to each, and how many the person made this year."""
    rows = fieldwork.visits_seen_by(user).filter(household__in=keys).values("household").order_by()
    counted = rows.annotate(last=Max("on"), n=Count("pk", filter=Q(on__year=on.year)))
    return {row["household"]: {"last": row["last"].isoformat(), "count": row["n"]} for row in counted}


def _asked(keys: Sequence[int], user: User) -> dict[int, list[dict[str, Any]]]:
    """What each household asks and nobody has answered, whatever door it came by, the oldest first (VOICE-1).

    The category is one that the phone knows: the ask's own, or one that belongs to the demand's category.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    asks = [one for rows in fieldwork.open_asks(keys, seen_by=user).values() for one in rows]
    came = [(one.household_id, one.key, one.on, one.text, one.category, one.urgent) for one in asks]
    kinds = {category: ask for ask, category in list(active().grievances.of_asks.items())[::-1]}
    came += [
        (one.household_id, one.key, one.on, one.text, kinds.get(one.category, "other"), bool(one.urgent))
        for one in grievances.open_of(keys, seen_by=user)
    ]
    for home, key, on, text, category, urgent in sorted(came, key=lambda one: (one[2], str(one[1]))):
        found.setdefault(home or 0, []).append(
            {"key": str(key), "on": on.isoformat(), "text": text, "category": category, "urgent": urgent}
        )
    return found


def _plans(keys: Collection[int]) -> dict[int, dict[str, Any]]:
    """The newest version of each plan: what it aims at this year, what its measures do not bring, how far they are."""
    return {
        home: {
            "id": card["plan"], "year": card["year"], "version": card["version"],
            "state": "approved" if card["approved_on"] else "agreed" if card["agreed_on"] else "draft",
            "now": card["income"], "target": card["step_target"], "horizon": card["horizon"],
            "horizon_target": card["target"], "gap": card["short"], "measures": card["measures"],
        }
        for home, card in plans.card_of(keys).items()
    }  # fmt: skip
