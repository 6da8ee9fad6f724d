"""What households ask by any door is on their cadre's phone until it is answered (VOICE-1, FIELD-1)."""

import pytest

from shuanglian.fieldwork.tests.factories import land
from shuanglian.grievances.tests.factories import AT, answered, raised
from shuanglian.phone.queries import homes


@pytest.mark.django_db
def test_what_a_household_asked_by_telephone_is_on_its_cadres_phone_until_it_is_answered() -> None:
    place = land(households=3)
    demand = raised(place, never="doctor", category="health_care", text="老人看不起病了")
    home = place.homes[0].pk
    (one,) = homes.told(user=place.cadre, on=AT.date())[home]["asks"]
    assert (one["text"], one["category"], one["urgent"]) == ("老人看不起病了", "illness", True)
    answered(demand, place.cadre)
    assert homes.told(user=place.cadre, on=AT.date())[home]["asks"] == []
