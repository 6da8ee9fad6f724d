"""What hangs on regions follows them, in sets, and never doubles (REG-10)."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from shuanglian.areas import rehang
from shuanglian.areas.models import AreaTag

from .factories import AreaTagFactory, gansu

pytestmark = pytest.mark.django_db
DAY = date(2016, 8, 1)


def moved(old, new):
    return rehang.Moved(old.pk, new.pk, old.code, new.code)


@pytest.fixture
def tags_hang():
    """Tags look after themselves; here they stand in for a table of a room above with a rule against doubles."""
    rehang.register("areas.AreaTag", "area")
    yield
    rehang._registered.pop(("areas.areatag", "area", None))


def test_tables_with_a_key_or_a_code_are_found_without_being_registered():
    found = {(one.label, one.field or one.code) for one in rehang.hangings()}
    assert {("accounts.User", "area"), ("sheets.Batch", "area"), ("sheets.Batch", "area_code")} <= found


def test_histories_and_the_trail_are_left_as_they_were():
    labels = {one.label for one in rehang.hangings()}
    assert "trail.Entry" not in labels
    assert not [label for label in labels if label.endswith("Event")]
    assert not [label for label in labels if label.startswith("areas.")]


def test_key_and_code_column_follow_together():
    place = gansu()
    old, new = place.villages[0], place.neighbour_village
    batch = apps.get_model("sheets", "Batch").objects.create(
        kind="households", file_name="a.csv", file="a", file_sha256="0", area=old, area_code=old.code, year=2015,
        created_at=datetime(2015, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    result = rehang.move_all([moved(old, new)], before=DAY)
    batch.refresh_from_db()
    assert (batch.area, batch.area_code) == (new, new.code)
    assert result.went["sheets.Batch"] == 1


def test_an_exchange_of_two_regions_does_not_mix_what_hangs_on_them():
    place = gansu()
    one, other = place.villages[:2]
    users = [get_user_model().objects.create(username=area.code, area=area) for area in (one, other)]
    rehang.move_all([moved(one, other), moved(other, one)], before=DAY)
    for user in users:
        user.refresh_from_db()
    assert [user.area for user in users] == [other, one]


def test_rows_that_would_double_end_the_day_before_and_the_rest_follows(tags_hang):
    place = gansu()
    old, new = place.villages[:2]
    AreaTagFactory(area=new)
    double, single = AreaTagFactory(area=old), AreaTagFactory(area=old, tag="exit_village")
    result = rehang.move_all([moved(old, new)], before=DAY)
    double.refresh_from_db()
    single.refresh_from_db()
    assert (double.area, double.until) == (old, date(2016, 7, 31))
    assert (single.area, single.until) == (new, None)
    assert (result.went, result.ended, result.stayed) == ({"areas.AreaTag": 1}, {"areas.AreaTag": 1}, {})
    assert AreaTag.objects.count() == 3


def test_registering_as_history_keeps_the_region_a_decision_was_made_for():
    place = gansu()
    old, new = place.villages[:2]
    rehang.register("sheets.Batch", "area", "area_code", history=True)
    try:
        batch = apps.get_model("sheets", "Batch").objects.create(
            kind="households", file_name="a.csv", file="a", file_sha256="0", area=old, area_code=old.code, year=2015,
            created_at=datetime(2015, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        result = rehang.move_all([moved(old, new)], before=DAY)
    finally:
        rehang._registered.pop(("sheets.batch", "area", "area_code"))
    batch.refresh_from_db()
    assert (batch.area, batch.area_code) == (old, new.code) and result.went == {"sheets.Batch": 1}


def test_what_hangs_is_counted_by_region():
    place = gansu()
    get_user_model().objects.create(username="a", area=place.village)
    assert rehang.count_hanging([place.village.pk, place.county.pk], []) == {place.village.pk: 1}
