"""What the checks find, kept with its days: swept, asked again on save; exceptions that end by themselves (REG-7, REP-2)."""

import threading
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import scoping
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import flag_queries, quality, tasks
from shuanglian.registry.actions import counts, flags, households, people, statements, years
from shuanglian.registry.actions import quality as verbs
from shuanglian.registry.actions import villages as village_verbs
from shuanglian.registry.models import AreaCount, Flag, FlagException, Household, Person
from shuanglian.trail.models import Entry

from .factories import PersonFactory, relation
from .test_quality import AT, GOOD_HEAD, clean

pytestmark = pytest.mark.django_db
TODAY = date(2015, 6, 20)
WHY = "户主常年在外，电话由村上代转"


def standing(**more):
    return set(Flag.objects.filter(**more).exclude(state="gone").values_list("rule", "household_id", "person_id"))


@pytest.fixture
def unsafe(place):
    """A household without a telephone, swept."""
    household = clean(place.village, phone="")
    flags.sweep(place.county, at=AT)
    return household


# --- swept and asked again --------------------------------------------------------------------------------------------
def test_one_by_one_and_all_at_once_write_the_same(place, monkeypatch):
    for number in range(6):
        clean(
            place.villages[number % 3], phone="" if number % 2 else "13912345678", main_cause="0" + str(1 + number % 3)
        )
    lone = clean(place.villages[3], head={"labour": "05", "health": ["01"]})
    PersonFactory(household=lone, relation="", **GOOD_HEAD)
    flags.sweep(place.county, at=AT)
    one_by_one = standing()
    Flag.objects.all().delete()
    monkeypatch.setattr(quality, "FEW", -1)
    flags.sweep(place.county, at=AT)
    assert standing() == one_by_one and len({rule for rule, *_ in one_by_one}) > 4


def test_a_flag_keeps_the_day_it_was_found_and_the_day_it_was_gone(place, clerk, unsafe):
    later = AT + timedelta(days=3)
    flags.sweep(place.county, at=later)
    flag = Flag.objects.get(rule="phone")
    assert (flag.since, flag.state, flag.gone_on) == (TODAY, "open", None)
    households.change(household=unsafe, values={"phone": "13912345678"}, why="补录", by=clerk, at=later)
    flag.refresh_from_db()
    assert (flag.state, flag.gone_on) == ("gone", TODAY + timedelta(days=3))
    households.change(household=unsafe, values={"phone": ""}, why="停机", by=clerk, at=later + timedelta(days=1))
    again = Flag.objects.exclude(pk=flag.pk).get(rule="phone")
    assert (again.since, again.state) == (TODAY + timedelta(days=4), "open")


def test_every_save_asks_the_household_again(place, clerk):
    household = clean(place.village)
    head = household.people.get()
    people.change(person=head, values={"labour": "05"}, why="核实", by=clerk, at=AT)
    assert ("no_labour_no_aid", household.pk, None) in standing()
    years.record_year(household=household, year=2015, values={"road_km": 9}, why="核实", by=clerk, at=AT)
    assert ("far_from_road", household.pk, None) in standing()
    child = people.add(household=household, values={"name": "李小", "relation": relation("之子"), "labour": "01",
                                                    "born_on": date(2006, 1, 1)}, on=TODAY, by=clerk, at=AT)  # fmt: skip
    assert ("child_labour", household.pk, child.pk) in standing()
    statements.state(about=child, fact="special_care", value=True, on=TODAY, source="visit", by=clerk, at=AT)
    assert ("no_labour_no_aid", household.pk, None) not in standing()
    people.leave(person=child, on=TODAY, why="迁出", by=clerk, at=AT)
    assert not standing(person=child)


def test_a_household_that_leaves_is_complained_about_no_longer(place, clerk, unsafe):
    households.leave(household=unsafe, on=date(2015, 6, 1), why="达标", by=clerk, at=AT)
    assert not standing() and AreaCount.objects.get(area=place.county).findings == {}
    households.reinstate(household=unsafe, why="返贫", by=clerk, at=AT)
    assert ("phone", unsafe.pk, None) in standing()


def test_flags_and_exceptions_stand_where_their_household_stands(place, clerk, unsafe):
    verbs.accept(flag=Flag.objects.get(), why=WHY, by=clerk, at=AT)
    Household.objects.filter(pk=unsafe.pk).update(village=place.villages[4], area_code=place.villages[4].code)
    assert Flag.objects.get().area_code == place.villages[4].code == FlagException.objects.get().area_code


def test_one_number_in_two_households_is_told_on_both_and_mended_on_both(place, clerk):
    one, other = clean(place.village), clean(place.neighbour_village)
    households.change(household=other, values={"phone": one.phone}, why="补录", by=clerk, at=AT)
    told = {flag.household_id: flag.others for flag in Flag.objects.filter(rule="phone_shared")}
    assert told == {one.pk: [other.pk], other.pk: [one.pk]}
    households.change(household=other, values={"phone": "13912345678"}, why="更正", by=clerk, at=AT)
    assert not standing(rule="phone_shared")


def test_one_identity_number_in_two_households_is_an_error_of_both_people(place):
    one, other = clean(place.village), clean(place.villages[1])
    twin = one.people.get()
    Person.objects.filter(household=other).update(id_number=twin.id_number, id_digest=twin.id_digest)
    flags.sweep(place.county, at=AT)
    assert {row[1:] for row in standing(rule="id_shared")} == {(one.pk, twin.pk), (other.pk, other.people.get().pk)}


def test_a_village_is_asked_again_when_its_form_is_saved(place, clerk):
    told = {"households": 100, "water_unsafe_households": 90, "unsafe_house_households": 5}
    village_verbs.record(village=place.village, year=2015, values=told, by=clerk, at=AT)
    assert not standing()
    form = place.village
    Flag.objects.create(rule="village_sums", area_code=form.code, since=TODAY)
    village_verbs.record(village=form, year=2015, values={"people": 400}, why="复核", by=clerk, at=AT)
    assert not standing()


def test_rules_that_the_profile_no_longer_has_go_with_the_next_sweep(place, unsafe):
    Flag.objects.filter(rule="phone").update(rule="of_old")
    flags.sweep(place.county, at=AT)
    assert {rule for rule, *_ in standing()} == {"phone"} and Flag.objects.get(rule="of_old").state == "gone"


def test_a_sweep_of_one_county_leaves_the_others_alone(place):
    clean(place.neighbour_village, phone="")
    flags.sweep(place.neighbour, at=AT)
    before = standing()
    flags.sweep(place.county, at=AT)
    assert standing() == before != set()


def test_while_a_county_is_swept_a_save_does_not_wait_and_is_asked_by_a_job(place, clerk):
    household, held, go = clean(place.village), threading.Event(), threading.Event()

    def sweeping():
        with transaction.atomic():
            flags._lock(place.county.code)
            held.set()
            go.wait(20)
        connection.close()

    other = threading.Thread(target=sweeping)
    other.start()
    held.wait(20)
    try:
        households.change(household=household, values={"phone": ""}, why="停机", by=clerk, at=AT)
        assert not standing() and Job.objects.get().kind == "registry.ask_again"
    finally:
        go.set()
        other.join()
    tasks.ask_again(Job.objects.get(), lambda *_: None)
    assert standing() == {("phone", household.pk, None)}


# --- exceptions ---------------------------------------------------------------------------------------------------------
def test_an_accepted_exception_leaves_the_list_and_says_who_why_and_until(place, clerk, unsafe):
    made = verbs.accept(flag=Flag.objects.get(), why=WHY, by=clerk, at=AT)
    assert Flag.objects.get().state == "excepted" and made.until == TODAY + timedelta(days=365)
    assert AreaCount.objects.get(area=place.county).findings == {}
    assert Entry.objects.get(verb="quality.accept").details["why"] == WHY
    flags.sweep(place.county, at=AT + timedelta(days=30))
    assert Flag.objects.get().state == "excepted"


def test_a_changed_fact_opens_an_exception_again_and_another_fact_does_not(place, clerk):
    household = clean(place.village, head={"health": ["01"], "labour": "05"}, main_cause="05")
    head = household.people.get()
    flags.sweep(place.county, at=AT)
    flag = Flag.objects.get(rule="able_but_unable")
    verbs.accept(flag=flag, why="智力低下，尚未评残", by=clerk, at=AT)
    people.change(person=head, values={"work_months": 0}, why="核实", by=clerk, at=AT)
    assert Flag.objects.get(pk=flag.pk).state == "excepted"
    people.change(person=head, values={"labour": "03"}, why="核实", by=clerk, at=AT)
    assert Flag.objects.get(pk=flag.pk).state == "open" and FlagException.objects.get().ended == "changed"


def test_an_exception_ends_with_its_time(place, clerk, unsafe):
    made = verbs.accept(flag=Flag.objects.get(), why=WHY, by=clerk, at=AT)
    flags.sweep(place.county, at=AT + timedelta(days=365))
    assert Flag.objects.get().state == "excepted"
    flags.sweep(place.county, at=AT + timedelta(days=366))
    made.refresh_from_db()
    assert Flag.objects.get().state == "open" and (made.ended, made.ended_by) == ("expired", None)


def test_an_exception_is_taken_back_with_a_reason(place, clerk, unsafe):
    made = verbs.accept(flag=Flag.objects.get(), why=WHY, by=clerk, at=AT)
    with pytest.raises(Refusal, match="原因"):
        verbs.withdraw(exception=made, why=" ", by=clerk, at=AT)
    verbs.withdraw(exception=made, why="已办手机", by=clerk, at=AT)
    assert Flag.objects.get().state == "open" and AreaCount.objects.get(area=place.county).findings == {"phone": 1}
    with pytest.raises(Refusal, match="已经终止"):
        verbs.withdraw(exception=made, why="再收回", by=clerk, at=AT)


def test_what_may_not_be_accepted(place, clerk, unsafe):
    flag = Flag.objects.get()
    with pytest.raises(Refusal, match="至少"):
        verbs.accept(flag=flag, why="短", by=clerk, at=AT)
    verbs.accept(flag=flag, why=WHY, by=clerk, at=AT)
    with pytest.raises(Refusal, match="已经认可"):
        verbs.accept(flag=flag, why=WHY, by=clerk, at=AT)
    wrong = clean(place.villages[1], head={"relation": ""})
    flags.sweep(place.county, at=AT)
    with pytest.raises(Refusal, match="错误不能"):
        verbs.accept(flag=Flag.objects.get(rule="one_head", household=wrong), why=WHY, by=clerk, at=AT)
    Flag.objects.filter(pk=flag.pk).update(state="gone")
    with pytest.raises(Refusal, match="已经消除"):
        verbs.accept(flag=flag, why=WHY, by=clerk, at=AT)


# --- pages --------------------------------------------------------------------------------------------------------------
def test_the_household_page_says_what_complains_and_why_with_the_way_to_mend_it(client, place, clerk):
    household = clean(place.village, head={"labour": "05", "work_months": 4})
    flags.sweep(place.county, at=AT)
    client.force_login(clerk)
    text = client.get(reverse("registry:household", args=[household.pk])).content.decode()
    assert "无劳动力或丧失劳动力却登记外出务工" in text and "登记外出务工 <strong>是</strong>" in text
    assert reverse("registry:change_person", args=[household.people.get().pk]) in text
    calm = clean(place.village)
    assert "flags-panel" not in client.get(reverse("registry:household", args=[calm.pk])).content.decode()


def test_an_exception_is_accepted_and_taken_back_on_the_pages(client, place, clerk, unsafe):
    client.force_login(clerk)
    flag = Flag.objects.get()
    address = reverse("registry:except", args=[flag.pk])
    listed = client.get(reverse("registry:worklist", args=["phone"])).content.decode()
    assert address in listed and unsafe.head_name in listed
    assert "365" in client.get(address).content.decode()
    assert client.post(address, {"why": WHY}).status_code == 302
    assert unsafe.head_name not in client.get(reverse("registry:worklist", args=["phone"])).content.decode()
    assert WHY in client.get(reverse("registry:household", args=[unsafe.pk])).content.decode()
    shown = client.get(reverse("registry:exceptions")).content.decode()
    assert WHY in shown and clerk.full_name in shown
    made = FlagException.objects.get()
    client.post(reverse("registry:withdraw_exception", args=[made.pk]), {"why": "已办手机"})
    over = client.get(reverse("registry:exceptions"), {"state": "over"}).content.decode()
    assert "已办手机" in over and WHY not in client.get(reverse("registry:exceptions")).content.decode()


def test_who_may_accept_and_where(client, place, clerk, neighbour, committee, unsafe):
    address = reverse("registry:except", args=[Flag.objects.get().pk])
    for user, status in ((neighbour, 404), (committee, 403), (clerk, 200)):
        client.force_login(user)
        assert client.get(address).status_code == status, user
    made = verbs.accept(flag=Flag.objects.get(), why=WHY, by=clerk, at=AT)
    client.force_login(neighbour)
    assert client.post(reverse("registry:withdraw_exception", args=[made.pk]), {"why": "越界"}).status_code == 404
    assert WHY not in client.get(reverse("registry:exceptions")).content.decode()


def test_row_level_security_hides_the_neighbours_flags(place, clerk, neighbour, unsafe):
    with scoping.scoped(neighbour.area.prefix, neighbour.pk):
        assert not Flag.objects.exists()
    with scoping.scoped(clerk.area.prefix, clerk.pk):
        assert Flag.objects.count() == 1


def test_the_table_of_rules_and_places_adds_up(place, clerk):
    clean(place.village, phone="")
    clean(place.villages[4], phone="", head={"relation": ""})
    counts.rebuild(None, AT)
    lines, places = flag_queries.by_rule(place.county)
    told = {line.rule.code: (line.count, sum(line.below)) for line in lines if line.count}
    assert told["phone"] == (2, 2) and all(own == below for own, below in told.values())
    assert lines[0].rule.severity == "error"
    assert sum(one.errors + one.warnings for one in places) == sum(count for count, _ in told.values())
    only, _ = flag_queries.by_rule(place.county, "error")
    assert {line.rule.severity for line in only} == {"error"}


def test_a_worklist_asks_the_database_the_same_number_of_times(client, place, clerk):
    client.force_login(clerk)
    asked = []
    for _ in range(2):
        for _each in range(3):
            clean(place.village, phone="")
        flags.sweep(place.county, at=AT)
        client.get(reverse("registry:worklist", args=["phone"]))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("registry:worklist", args=["phone"]))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 20


def test_REP_2_the_workbook_holds_every_open_complaint_village_by_village(place, clerk):
    first, second = clean(place.village, phone=""), clean(place.villages[4], phone="", head={"education": ""})
    flags.sweep(place.county, at=AT)
    verbs.accept(flag=Flag.objects.get(household=first), why=WHY, by=clerk, at=AT)
    job = Job(kind="registry.flags", by=clerk, params={"area": place.county.code, "language": "zh-hans"})
    kept = {}

    class Progress:
        def __call__(self, *_):
            pass

        def keep(self, content, name):
            kept[name] = content

    assert tasks.export_flags(job, Progress()) == {"rows": 2}
    (content,) = kept.values()
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows()]
    texts = [str(cell) for row in rows for cell in row if cell]
    assert second.number in texts and first.number not in texts and place.villages[4].name in texts
    job.by = UserFactory(username="elsewhere", role="programme_office", area=place.neighbour)
    with pytest.raises(Refusal, match="管辖范围"):
        tasks.export_flags(job, Progress())


def test_every_night_every_county_is_asked(place):
    clean(place.village, phone="")
    clean(place.neighbour_village, phone="")
    tasks.nightly(0)
    assert {rule for rule, *_ in standing()} >= {"phone"}
    assert AreaCount.objects.get(area=place.province).findings["phone"] == 2
