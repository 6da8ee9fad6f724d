"""Duties through real rows: whose, how much, what counts; fair to whoever came, left or was away (FIELD-2)."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shuanglian.accounts.middleware import as_person
from shuanglian.accounts.models import User
from shuanglian.duties import queries
from shuanglian.duties.actions import settling, tallies
from shuanglian.duties.book import Asked
from shuanglian.duties.models import Settled, Tally
from shuanglian.duties.reckoning import reckon
from shuanglian.fieldwork.actions import posts, visits
from shuanglian.fieldwork.models import Post
from shuanglian.fieldwork.tests.factories import AT, CAME, ON, inspection, land, mark, service, visit
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.pairing.models import Pairing
from shuanglian.pairing.tests.factories import LeaderLinkFactory, PairingFactory, VillageLinkFactory
from shuanglian.rules.profile import BUILT_IN
from shuanglian.scrutiny.models import Flag

pytestmark = pytest.mark.django_db
LONG_AGO = date(2014, 1, 1)


@pytest.fixture
def here():
    return land()


@pytest.fixture
def county(here):
    """Everybody there since long ago, so that whole periods are owed."""
    Pairing.objects.update(since=LONG_AGO)
    Post.objects.update(since=LONG_AGO)
    User.objects.update(date_joined=datetime(2014, 1, 1, tzinfo=UTC))
    Cadre.objects.update(since=LONG_AGO)
    return here


def due(user, on=ON):
    """code → (done, need) of one account."""
    return {one.code: (one.done, one.need) for one in queries.own(user, on)}


def cadre(user):
    return Cadre.objects.get(user=user)


def test_FIELD_2_everybody_owes_what_the_profile_says_of_their_post(county):
    assert due(county.member) == {"team_days": (0, 20)}
    assert due(county.tech) == {"technician_services": (0, 60), "technician_days": (0, 90)}
    assert due(county.leader) == {"leader_inspections": (0, 1), "leader_studies": (0, 1)}
    assert due(county.cadre) == {"cadre_visits": (0, 4), "cadre_days": (0, 12), "cadre_homes": (0, 4)}
    assert due(county.office) == {} and due(county.village) == {}


def test_FIELD_2_what_was_done_is_counted_each_by_its_kind(county):
    for days in (0, 0, 1):
        visit(county.homes[0], county.cadre, days=days)
    visit(county.homes[3], county.cadre, days=2, entered=False)
    for days in (0, 1):
        mark(county.first_village, county.member, days=days)
    service(county.first_village, county.tech, days="0.5")
    service(county.first_village, county.tech, days="1.0", on=ON - timedelta(days=1))
    inspection(county.first_village, county.leader)
    told = due(county.cadre, ON + timedelta(days=5))
    assert told == {"cadre_visits": (3, 4), "cadre_days": (3, 12), "cadre_homes": (1, 4)}
    assert due(county.member)["team_days"] == (2, 20)
    assert due(county.tech) == {"technician_services": (2, 60), "technician_days": (Decimal("1.5"), 90)}
    assert due(county.leader) == {"leader_inspections": (1, 1), "leader_studies": (0, 1)}


def test_FIELD_2_a_start_in_mid_year_leave_and_transfer_are_reckoned_by_days(county):
    Post.objects.filter(cadre=cadre(county.member)).update(since=date(2015, 7, 17))
    assert due(county.member)["team_days"][1] == 9  # 15 of 31 days: 9⅔
    Absence.objects.create(cadre=cadre(county.cadre), kind="illness", since=date(2015, 1, 1), until=date(2015, 6, 30))
    told = due(county.cadre)
    assert (told["cadre_visits"][1], told["cadre_days"][1], told["cadre_homes"][1]) == (2, 6, 4)
    Pairing.objects.filter(household=county.homes[9]).update(
        until=date(2015, 7, 20)
    )  # transferred early in the quarter
    PairingFactory(household=county.homes[9], cadre=cadre(county.other), since=date(2015, 7, 21))
    assert due(county.cadre)["cadre_homes"][1] == 3 and due(county.other)["cadre_homes"][1] == 5


def test_FIELD_2_a_move_to_another_village_within_the_month_leaves_the_whole(county):
    posts.end(
        post=Post.objects.get(cadre=cadre(county.member)), on=date(2015, 7, 10), why="换村", by=county.office, at=AT
    )
    posts.station(cadre=cadre(county.member), village=county.homes[2].village, kind="team_member", since=date(2015, 7, 11),
                  by=county.office, at=AT)  # fmt: skip
    (line,) = queries.own(county.member, ON)
    assert line.need == 20 and line.place == county.homes[2].village.code


def test_FIELD_2_who_left_the_service_owes_for_the_days_before_only(county):
    Cadre.objects.filter(user=county.cadre).update(until=date(2015, 3, 31))
    assert due(county.cadre)["cadre_visits"][1] == 0  # 90 of 365 days: 0.98
    assert due(county.cadre, date(2015, 2, 1))["cadre_homes"][1] == 4


def test_FIELD_2_behind_follows_the_days_that_somebody_was_there_so_far(county):
    Pairing.objects.filter(cadre=cadre(county.cadre)).update(since=date(2015, 7, 1))
    fresh = {one.code: one.state for one in queries.own(county.cadre, date(2015, 7, 2))}
    assert fresh == {"cadre_visits": "open", "cadre_days": "open", "cadre_homes": "open"}
    late = {one.code: one.state for one in queries.own(county.cadre, date(2015, 12, 20))}
    assert late["cadre_visits"] == late["cadre_days"] == "behind"


def test_FIELD_6_a_visit_found_untrue_withdrawn_or_replaced_does_not_count_and_one_in_doubt_does(county):
    rows = [visit(county.homes[0], county.cadre, days=n) for n in range(4)]
    about = {"cadre": rows[0].cadre, "area_code": rows[0].area_code, "points": 80, "opened_at": AT, "answer_until": ON}
    decided = {"decided_by": county.office, "decided_at": AT, "state": "decided"}
    Flag.objects.create(visit=rows[0], verdict="untrue", **decided, **about)
    Flag.objects.create(visit=rows[1], verdict="unproved", **decided, **about)
    Flag.objects.create(visit=rows[2], **about)
    assert due(county.cadre, ON + timedelta(days=9))["cadre_visits"][0] == 3
    visits.withdraw(visit=rows[3], why="记错了", by=county.cadre, at=AT)
    assert due(county.cadre, ON + timedelta(days=9))["cadre_visits"][0] == 2
    assert due(county.cadre, ON + timedelta(days=9))["cadre_homes"][0] == 1


def test_another_countys_letter_adds_units_and_changes_numbers(county, settings):
    settings.PROFILE = "gansu_province_2012"
    VillageLinkFactory(unit=county.place.units[0], village=county.first_village, since=LONG_AGO)
    for days in (0, 0, 3):
        visit(county.homes[0], county.cadre, days=days)
    assert due(county.cadre, ON + timedelta(days=5))["cadre_days"] == (2, 10)
    told = due(county.unit, ON + timedelta(days=5))
    assert told == {"unit_visits": (2, 6), "unit_days": (2, 40)}  # twice a day in one village is once


def test_a_county_may_ask_for_more_of_an_entry_than_the_register_gives_for_nothing(county, settings, tmp_path):
    """Length, tasks, how late it was entered, homes entered that day: read when a condition speaks of them."""
    folder = tmp_path / "other"
    shutil.copytree(BUILT_IN / "tongwei_2015", folder)
    file = folder / "duties.toml"
    text = file.read_text()
    asked = "when = \"entry.entered && entry.minutes >= 20.0 && entry.days_late <= 3 && 'publicise' in entry.tasks\""
    head, _colon, rest = text.partition('when = "entry.entered && !(entry.refuted)"')
    cases = rest.index('code = "cadre_days"')
    rest = rest[rest.index("least") : rest.index("[[duties.cases]]")] + rest[rest.rindex("[[duties]]", 0, cases) :]
    file.write_text(
        head.replace('counts = "village_days"', 'counts = "village_days"\nwhen = "entry.homes >= 1"')
        + asked
        + "\n"
        + rest
    )
    settings.PROFILE = str(folder)
    visit(county.homes[0], county.cadre)
    visit(county.homes[0], county.cadre, days=1, ended_at=CAME + timedelta(days=1, minutes=5))
    visit(county.homes[0], county.cadre, days=2, tasks=["develop"])
    visit(county.homes[0], county.cadre, days=3, at=AT + timedelta(days=12))
    assert due(county.cadre, ON + timedelta(days=9))["cadre_visits"][0] == 1
    for days in (0, 1):
        mark(county.first_village, county.member, days=days)
    visit(county.homes[0], county.member, days=1)
    assert due(county.member, ON + timedelta(days=9))["team_days"][0] == 1


def test_PAIR_7_a_leader_linked_to_a_township_owes_as_the_cadre_he_is(county):
    top = cadre(county.third)
    LeaderLinkFactory(leader=top, township=county.first_village.parent, since=LONG_AGO)
    assert {"leader_inspections", "leader_studies", "cadre_visits"} <= set(due(county.third))


def test_a_township_reckons_what_its_people_did_elsewhere_too(county):
    """Row-level security hides the other township's visits from the office; the figure of the person is whole."""
    person, town = cadre(county.cadre), county.first_village.parent
    away = next(
        home
        for home in county.homes
        if home.village.parent_id != town.pk and home in [one.household for one in person.pairings.all()]
    )
    visit(away, county.cadre)
    places = {one.area_code[:9] for one in person.pairings.all()}
    assert len(places) == 2
    with as_person(county.township):
        lines = {one.code: one for one in reckon(Asked(cadre=person.pk), ON)}
    assert (lines["cadre_visits"].done, lines["cadre_homes"].need) == (1, 4)


def test_every_person_is_counted_once_at_every_level(county):
    whole = queries.lines(seen_by=county.office, area=county.place.area, on=ON)
    towns = [one for one in county.place.tree.townships if one.parent_id == county.place.area.pk]
    parts = [line for town in towns for line in queries.lines(seen_by=county.office, area=town, on=ON)]
    level = [one for one in whole if one.place.endswith("000000")]
    assert sorted((one.key, one.code) for one in [*parts, *level]) == sorted((one.key, one.code) for one in whole)
    rows = queries.by_place(whole, towns)
    assert sum(one.lines for one in rows) == len([one for one in whole if one.state != "none"])


def test_a_need_that_was_settled_holds_is_explained_and_never_rewritten(county):
    (line,) = queries.own(county.member, ON)
    settling.settle(line=line, need=Decimal(12), why="抽调防汛九天", by=county.office, at=AT)
    (line,) = queries.own(county.member, ON)
    assert (line.need, line.reckoned) == (12, 20) and line.settled.why == "抽调防汛九天"
    settling.settle(line=line, need=Decimal(15), why="实际六天", by=county.office, at=AT)
    (line,) = queries.own(county.member, ON)
    assert line.need == 15 and [one.need for one in queries.settlings(line)] == [15, 12]
    assert due(county.member, date(2015, 8, 3))["team_days"][1] == 20  # another month
    with pytest.raises(DatabaseError), transaction.atomic():
        Settled.objects.filter(pk=line.settled.pk).update(need=0)


def test_nobody_settles_his_own_duty_or_one_of_another_area(county):
    (line,) = queries.own(county.member, ON)
    User.objects.filter(pk=county.member.pk).update(role="programme_office")
    member = User.objects.get(pk=county.member.pk)
    other = queries.own(county.cadre, ON)[0]
    for whose, by, code in (
        (line, member, "own_duty"), (other, county.township, "not_your_area"), (other, county.cadre, "own_duty"),
        (other, county.other, "not_your_area"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            settling.settle(line=whose, need=Decimal(0), why="不想干", by=by, at=AT)
        assert refused.value.code == code


def test_the_tallies_of_a_county_agree_with_its_page_and_take_in_entries_that_come_late(county):
    mark(county.first_village, county.member)
    on = date(2015, 8, 3)
    tallies.keep(area=county.place.area, on=on, at=AT)
    july = Tally.objects.get(duty="team_days", first=date(2015, 7, 1))
    assert (july.people, july.met, july.behind, july.need, july.done) == (1, 0, 1, 20, 1)
    mark(county.first_village, county.member, days=1)
    tallies.keep(area=county.place.area, on=on, at=AT)
    july.refresh_from_db()
    assert july.done == 2
    whole = queries.summed(queries.lines(seen_by=county.office, area=county.place.area, on=on))
    kept = queries.kept(area=county.place.area, on=on)
    assert [(one.code, one.people, one.met, one.need, one.done) for one in kept] == [
        (one.code, one.people, one.met, one.need, one.done) for one in whole
    ]


def test_reminders_come_once_for_each_person_duty_and_period(county):
    area, early, near = county.place.area, date(2015, 7, 10), date(2015, 7, 27)
    assert tallies.remind(area=area, on=early, at=AT) == 0
    assert tallies.remind(area=area, on=near, at=AT) == 3  # the team's days, the leader's inspection and study
    assert tallies.remind(area=area, on=near + timedelta(days=1), at=AT + timedelta(days=1)) == 0
    made = Message.objects.get(to=county.member)
    assert made.params["left"] == "20" and made.params["until"] == "2015-07-31"
    assert tallies.remind(area=area, on=date(2015, 8, 28), at=AT + timedelta(days=50)) == 3


def test_who_has_done_what_he_owes_is_not_reminded(county):
    inspection(county.first_village, county.leader)
    inspection(county.first_village, county.leader, kind="study")
    tallies.remind(area=county.place.area, on=date(2015, 7, 27), at=AT)
    assert not Message.objects.filter(to=county.leader).exists()


def test_the_phone_is_told_plain_values(county):
    (one,) = queries.of_user(county.member, ON)
    assert one == {
        "code": "team_days", "label": {"zh": "驻村工作队每月驻村天数", "en": "Village team: days in the village a month"},
        "unit": {"zh": "天", "en": "days"}, "done": "0", "need": "20", "left": "20", "first": "2015-07-01",
        "until": "2015-07-31", "state": "behind",
    }  # fmt: skip


@pytest.mark.parametrize("more", [0, 6])
def test_a_county_is_reckoned_in_the_same_few_queries_however_many_people(here, more, django_assert_max_num_queries):
    from shuanglian.organisation.tests.factories import CadreFactory
    from shuanglian.registry.tests.factories import HouseholdFactory

    for _number in range(more):
        home = HouseholdFactory(village=here.first_village)
        PairingFactory(household=home, cadre=CadreFactory(unit=here.place.units[1]), since=LONG_AGO)
    with django_assert_max_num_queries(28):
        assert len(reckon(Asked(area=here.place.area), ON)) == 12 + 3 * more
