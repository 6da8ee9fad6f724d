"""The demo's living example of notices goes up through the verbs, once."""

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core.clock import now
from shuanglian.demo.notices import show
from shuanglian.notices.models import Notice, Objection


@pytest.mark.django_db
def test_the_demo_puts_up_an_example_once():
    place = gansu()
    office, at = UserFactory(area=place.county), now()
    made = show(place.county, office, at)
    assert [one.pk for one in show(place.county, office, at)] == [one.pk for one in made]
    assert Notice.objects.count() == 2
    assert [one.state for one in Objection.objects.order_by("id")] == ["open", "answered"]
