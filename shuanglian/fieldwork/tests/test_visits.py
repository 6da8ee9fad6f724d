"""Visits: kept once, corrected, withdrawn, whose, when; hostile input (FIELD-1, FIELD-5, FIELD-6)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.fieldwork import hooks, queries
from shuanglian.fieldwork.actions import visits
from shuanglian.fieldwork.models import Ask, Given, IncomeNote, Matter, Photo, Visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.models import Absence
from shuanglian.pairing.models import Pairing
from shuanglian.pairing.tests.factories import RelativeFactory, VillageLinkFactory
from shuanglian.trail.models import Entry

from .factories import AT, CAME, ON, head_of, land, photo, visit

pytestmark = pytest.mark.django_db
NUL = chr(0)
HALF = "\ud83d"  # half of a pair, as a broken keyboard sends it


@pytest.fixture
def here():
    return land()


def refused(code, home, by, **given):
    before = Visit.objects.count()
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        visit(home, by, **given)
    assert refusal.value.code == code
    assert Visit.objects.count() == before


def test_FIELD_1_a_visit_is_kept_with_all_that_it_brought(here):
    home = here.homes[0]
    kept = visit(
        home, here.cadre, met=[head_of(home), "neighbour"], tasks=["develop", "publicise"],
        given=[{"kind": "fertiliser", "quantity": "2", "yuan": "240"}],
        asks=[{"text": "想贷款养羊", "category": "loan", "urgent": True}],
        incomes=[{"channel": "wage", "yuan": "-1200.50", "note": "厂子停工"}],
        matters=[{"kind": "matter", "what": "修好水窖", "yuan": "800", "beneficiaries": 5}], photos=[photo(1), photo(2)],
    )  # fmt: skip
    kept.refresh_from_db()
    assert (kept.tasks, kept.pairing.household_id) == (["publicise", "develop"], home.pk)
    assert list(Given.objects.values_list("visit", "kind", "quantity", "unit", "yuan")) == [
        (kept.pk, "fertiliser", Decimal(2), "袋", Decimal(240))
    ]
    assert list(Ask.objects.values_list("household", "category", "urgent", "state")) == [
        (home.pk, "loan", True, "open")
    ]
    assert list(IncomeNote.objects.values_list("channel", "yuan")) == [("wage", Decimal("-1200.50"))]
    assert list(Matter.objects.values_list("what", "beneficiaries", "village")) == [("修好水窖", 5, home.village_id)]
    assert Photo.objects.filter(visit=kept).count() == 2
    assert Entry.objects.filter(verb="fieldwork.visits.record").count() == 1


def test_FIELD_6_the_same_key_again_keeps_one_visit_and_one_of_everything(here):
    key, brought = uuid4(), [{"text": "修路", "category": "road"}]
    first = visit(here.homes[0], here.cadre, key=key, asks=brought, photos=[photo(3)])
    again = visit(
        here.homes[0], here.cadre, key=key, asks=brought, photos=[photo(3)], clock_off=9, at=AT + timedelta(days=2)
    )
    assert first.pk == again.pk
    assert (Visit.objects.count(), Ask.objects.count(), Photo.objects.count()) == (1, 1, 1)


def test_FIELD_6_the_same_key_with_other_content_or_by_another_is_refused(here):
    key = uuid4()
    visit(here.homes[0], here.cadre, key=key)
    refused("key_taken", here.homes[0], here.cadre, key=key, done="别的")
    refused("key_taken", here.homes[1], here.other, key=key)
    VillageLinkFactory(unit=here.other.cadre.unit, village=here.homes[0].village, since=date(2015, 1, 1))
    refused("key_taken", here.homes[0], here.other, key=key)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"tasks": []}, "no_task"), ({"tasks": ["?"]}, "unknown_code"), ({"met": []}, "met_nobody"),
        ({"met": [10**30]}, "met_unknown"), ({"met": ["?"]}, "met_unknown"), ({"met": [True]}, "met_unknown"),
        ({"met": ["nobody"]}, "nobody_at_home"), ({"met": ["nobody", "neighbour"], "entered": False}, "nobody_at_home"),
        ({"on": ON + timedelta(days=1)}, "wrong_day"),
        ({"on": ON + timedelta(days=1), "started_at": CAME + timedelta(days=1), "ended_at": None}, "ahead_of_time"),
        ({"on": ON - timedelta(days=400), "started_at": CAME - timedelta(days=400), "ended_at": None}, "too_long_ago"),
        ({"ended_at": CAME - timedelta(minutes=1)}, "wrong_times"), ({"ended_at": CAME + timedelta(hours=17), "at": AT + timedelta(days=2)}, "wrong_times"),
        ({"started_at": CAME.replace(tzinfo=None)}, "no_such_time"), ({"started_at": CAME.replace(year=9999)}, "no_such_time"),
        ({"position": (float("nan"), 35.0, 1)}, "no_such_place"), ({"position": (200.0, 35.0, 1)}, "no_such_place"),
        ({"position": ("x", 35.0)}, "no_such_place"), ({"done": "好" * 601}, "too_long"), ({"photos": [b"no photo"]}, "not_a_photo"),
        ({"given": [{"kind": "film", "quantity": "-1"}]}, "no_such_amount"), ({"given": [{"kind": "film", "quantity": "NaN"}]}, "no_such_amount"),
        ({"given": [{"kind": "gold", "quantity": 1}]}, "unknown_code"), ({"given": [{"kind": "film", "quantity": 1, "yuan": "1e30"}]}, "no_such_amount"),
        ({"given": [{"kind": "film", "quantity": 1}] * 21}, "too_many_lines"), ({"given": ["film"]}, "too_many_lines"),
        ({"asks": [{"text": NUL, "category": "loan"}]}, "no_ask"), ({"asks": [{"text": "路", "category": ["loan"]}]}, "unknown_code"),
        ({"incomes": [{"channel": "wage", "yuan": "0"}]}, "no_such_amount"), ({"matters": [{"what": "", "kind": "matter"}]}, "no_matter"),
        ({"matters": [{"what": "路", "beneficiaries": "1.5"}]}, "no_such_amount"),
    ],
)  # fmt: skip
def test_FIELD_6_what_cannot_be_is_refused_with_a_reason_and_leaves_nothing(here, given, code):
    refused(code, here.homes[0], here.cadre, **given)
    assert (Ask.objects.count(), Given.objects.count(), Photo.objects.count()) == (0, 0, 0)


def test_FIELD_6_text_with_nul_and_half_characters_is_kept_without_them(here):
    kept = visit(here.homes[0], here.cadre, done=f"讲{NUL}政策{HALF}", met_note=f"{NUL}李四", device="a" + NUL)
    kept.refresh_from_db()
    assert (kept.done, kept.met_note, kept.device) == ("讲政策?", "李四", "a")


def test_PAIR_1_another_persons_household_is_refused(here):
    refused("not_your_household", here.homes[1], here.cadre)


def test_PAIR_8_the_team_visits_every_home_of_its_village_and_none_elsewhere(here):
    kept = visit(here.homes[0], here.member)
    assert kept.pairing is None
    elsewhere = next(home for home in here.homes if home.village_id != here.first_village.pk)
    refused("not_your_household", elsewhere, here.member)


def test_PAIR_6_a_pair_that_ended_days_ago_may_still_be_entered_a_month_ago_not(here):
    pairing = Pairing.objects.get(household=here.homes[0])
    Pairing.objects.filter(pk=pairing.pk).update(until=ON - timedelta(days=10))
    assert visit(here.homes[0], here.cadre).pairing is None
    Pairing.objects.filter(pk=pairing.pk).update(until=ON - timedelta(days=40))
    refused("not_your_household", here.homes[0], here.cadre)


def test_REG_9_relatives_do_not_visit_for_the_programme(here):
    RelativeFactory(cadre=here.cadre.cadre, household=here.homes[0])
    refused("relative", here.homes[0], here.cadre)


def test_FIELD_6_a_visit_on_leave_or_long_after_is_kept(here):
    Absence.objects.create(cadre=here.cadre.cadre, kind="leave", since=ON - timedelta(days=2), until=ON)
    assert visit(here.homes[0], here.cadre, at=AT + timedelta(days=200)).pk


def test_FIELD_1_a_phone_with_a_wrong_clock_gets_the_right_day(here):
    fast = timedelta(days=3)
    kept = visit(
        here.homes[0], here.cadre, on=ON + fast, started_at=CAME + fast, ended_at=None, clock_off=fast.total_seconds()
    )
    assert (kept.on, kept.started_at) == (ON, CAME + fast)
    refused("ahead_of_time", here.homes[0], here.cadre, on=ON + fast, started_at=CAME + fast, ended_at=None)


def test_REG_10_a_correction_is_a_new_row_and_only_it_counts(here):
    first = visit(here.homes[0], here.cadre)
    second = visit(here.homes[0], here.cadre, replaces=first, done="更正")
    assert list(Visit.objects.standing()) == [second]
    assert Visit.objects.count() == 2
    refused("corrected_since", here.homes[0], here.cadre, replaces=first, done="又一次")
    refused("not_to_correct", here.homes[1], here.other, replaces=second)
    with pytest.raises(Refusal, match="corrected_since"):
        visits.withdraw(visit=first, why="错了", by=here.cadre, at=AT)


def test_REG_10_a_withdrawn_visit_stays_with_its_reason_and_does_not_count(here):
    kept = visit(here.homes[0], here.cadre)
    with pytest.raises(Refusal, match="no_reason"):
        visits.withdraw(visit=kept, why=" ", by=here.cadre, at=AT)
    visits.withdraw(visit=kept, why="登记错户", by=here.cadre, at=AT)
    visits.withdraw(visit=kept, why="再一次", by=here.cadre, at=AT)
    kept.refresh_from_db()
    assert (kept.withdrawn_why, Visit.objects.standing().count()) == ("登记错户", 0)
    assert Entry.objects.filter(verb="fieldwork.visits.withdraw").count() == 1


@pytest.mark.parametrize("change", [{"done": "改"}, {"on": ON - timedelta(days=1)}, {"lon": 1.0}])
def test_REG_10_the_database_lets_nobody_change_a_visit(here, change):
    kept = visit(here.homes[0], here.cadre)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Visit.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.filter(pk=kept.pk).delete()


def test_FIELD_1_photos_may_come_later_once_each_and_only_from_who_made_the_visit(here):
    kept, key = visit(here.homes[0], here.cadre), uuid4()
    for _time in range(2):
        visits.add_photo(visit=kept, data=photo(5), part_key=key, by=here.cadre, at=AT)
    assert Photo.objects.count() == 1
    with pytest.raises(Refusal, match="key_taken"):
        visits.add_photo(visit=kept, data=photo(6), part_key=key, by=here.cadre, at=AT)
    with pytest.raises(Refusal, match="not_yours"):
        visits.add_photo(visit=kept, data=photo(7), part_key=uuid4(), by=here.other, at=AT)
    for shade in range(20, 28):
        visits.add_photo(visit=kept, data=photo(shade), part_key=uuid4(), by=here.cadre, at=AT)
    with pytest.raises(Refusal, match="too_many_photos"):
        visits.add_photo(visit=kept, data=photo(99), part_key=uuid4(), by=here.cadre, at=AT)


def test_upper_rooms_hear_of_each_visit_once(here):
    heard = []
    hooks.on_visit(heard.append)
    try:
        key = uuid4()
        visit(here.homes[0], here.cadre, key=key)
        visit(here.homes[0], here.cadre, key=key)
    finally:
        hooks._visits.remove(heard.append)
    assert len(heard) == 1


def test_a_cadre_sees_own_visits_and_those_to_own_households(here):
    mine, teams = visit(here.homes[0], here.cadre), visit(here.homes[0], here.member)
    others = visit(here.homes[1], here.other)
    assert set(queries.visits_seen_by(here.cadre)) == {mine, teams}
    assert set(queries.visits_seen_by(here.unit)) == {mine}
    assert set(queries.visits_seen_by(here.office)) == {mine, teams, others}
    assert set(queries.last_visits([here.homes[0].pk], seen_by=here.cadre)[here.homes[0].pk]) == {mine, teams}


def test_PAIR_1_households_of_a_cadre_are_those_of_the_day(here):
    assert list(queries.households_of(here.cadre, ON)) == sorted(
        here.homes[::3], key=lambda one: (one.area_code, one.number)
    )
    assert not queries.households_of(here.cadre, date(2014, 1, 1)).exists()
    assert not queries.households_of(here.office, ON).exists()
