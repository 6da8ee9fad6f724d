"""PAIR-1 whatever the county looks like: exactly one responsible person for every household that can have one."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shuanglian.pairing.actions import rounds
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.pairing.tests.factories import (
    AT,
    ON,
    PairingFactory,
    UserFactory,
    confirmed,
    county,
    opened,
    solved,
)

pytestmark = pytest.mark.django_db


class Undo(Exception):
    pass


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_PAIR_1_exactly_one_person_for_every_household(data, db):
    """Any size, any last year, any relatives, pins, bans and absences: at most one, none only with a reason, no
    exempt person, no relative, nobody above quota and slots; and a second round on top of it holds as well."""
    try:
        with transaction.atomic():
            _one_county(data)
            raise Undo
    except Undo:
        pass


def _one_county(data):
    place = county(households=data.draw(st.integers(1, 25)), units=data.draw(st.integers(0, 3)))
    people = place.cadres + place.stationed
    some = st.integers(0, 6)
    related = set()
    for _ in range(data.draw(some)):
        related.add((data.draw(st.sampled_from(people)).pk, data.draw(st.sampled_from(place.households)).pk))
    for family in place.households:
        if data.draw(st.booleans()):
            PairingFactory(household=family, cadre=data.draw(st.sampled_from(people)))
    for cadre, household in related:
        Relative.objects.create(cadre_id=cadre, household_id=household, since=ON)
    exempt = [cadre for cadre in people if data.draw(st.integers(0, 5)) == 0]
    for cadre in exempt:
        cadre.occupation = "medical"
        cadre.save()
    found = opened(place)
    for _ in range(data.draw(some)):
        cadre, family = data.draw(st.sampled_from(people)), data.draw(st.sampled_from(place.households))
        verb = data.draw(st.sampled_from([rounds.pin, rounds.forbid]))
        verb(round=found, cadre=cadre, household=family, why="试", by=found.by, at=AT)
    found = confirmed(solved(found), UserFactory())
    _holds(place, found, related, exempt)
    assert not {(pair.cadre_id, pair.household_id) for pair in found.pairs.all()} & _wished(found, "forbid")
    again = confirmed(solved(opened(place, on=date(2016, 3, 1))), UserFactory())
    _holds(place, again, related, exempt)


def _wished(round, kind):
    return set(round.wishes.filter(kind=kind).values_list("cadre_id", "household_id"))


def _holds(place, round, related, exempt):
    families = {family.pk for family in place.households}
    standing = list(Pairing.objects.standing_on(round.on).values_list("household_id", "cadre_id"))
    nobody = set(round.pairs.filter(change="none").values_list("household_id", flat=True))
    assert sorted(household for household, _cadre in standing) == sorted(families - nobody)
    assert not {cadre for _household, cadre in standing} & {cadre.pk for cadre in exempt}
    assert not {(cadre, household) for household, cadre in standing} & related
    assert round.pairs.filter(change="none", why="").count() == 0
    assert round.totals["paired"] + round.totals["none"] == len(families)
    for household in families:
        stretches = sorted(Pairing.objects.filter(household=household).values_list("since", "until"))
        for (_since, until), (later, _until) in pairwise(stretches):
            assert until is not None
            assert until < later
    assert round.on >= ON
