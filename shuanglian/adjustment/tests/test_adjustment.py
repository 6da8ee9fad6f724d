"""The yearly round: who should leave, who is missing, who fell back; decisions open cases; figures agree (REG-3)."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import openpyxl
import pytest

from shuanglian.adjustment import results
from shuanglian.adjustment.actions import items, rounds
from shuanglian.adjustment.models import Item, Round
from shuanglian.areas.models import Area
from shuanglian.benefits.models import Payment
from shuanglian.core import clock
from shuanglian.exits.tests.factories import ON, fit, say
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures.models import Case
from shuanglian.registry.actions import merges, splits, undo
from shuanglian.registry.models import Household, Statement
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation

pytestmark = pytest.mark.django_db
M = Payment.Match


def quiet(*_told):
    """Where nobody waits for progress."""


def run(area, year=2015, on=ON, by=None):
    made = rounds.start(area=area, year=year, on=on, by=by, at=clock.now())
    rounds.propose(made=made, progress=quiet, at=clock.now())
    made.refresh_from_db()
    return made


_lines = iter(range(1, 10_000))


def paid(
    village, name="赵无册", *, benefit="dibao_class_1", yuan=3300, match=M.NONE, household=None, on=None, digest=""
):
    n = next(_lines)
    return Payment.objects.create(
        area_code=village.code, benefit=benefit, year=2015, name=name, yuan=Decimal(yuan), match=match,
        household=household, paid_on=on or date(2015, 11, 1), id_digest=digest, place=village.name, line=f"名册 {n}",
        fingerprint=f"f{n}",
    )  # fmt: skip


def listed(made):
    return {(one.kind, one.name): [ground["code"] for ground in one.grounds] for one in Item.objects.filter(round=made)}


# --- the list ---------------------------------------------------------------------------------------------------------
def test_REG_3_who_meets_every_standard_is_proposed_to_leave_and_nobody_else(place):
    ready = fit()
    fit(account={"water_safe": False})
    HouseholdFactory(with_people=1)
    made = run(place.county)
    assert listed(made) == {("leave", ready.head_name): ["ready"]}
    assert made.figures["states"] == {"ready": 1, "not_ready": 1, "undecided": 1}
    assert made.check_of.standings.count() == 3


def test_REG_3_who_is_paid_by_a_department_and_not_on_the_register_may_be_missing(place):
    paid(place.village, "赵无册")
    paid(place.village, "赵无册", benefit="serious_illness", yuan=9000)
    paid(place.village, "钱小病", benefit="serious_illness", yuan=2999)
    paid(place.village, "孙待核", match=M.OPEN)
    paid(place.neighbour_village, "李邻县")
    made = run(place.county)
    assert listed(made) == {("missing", "赵无册"): ["dibao", "illness"]}
    item = Item.objects.get(round=made)
    assert (item.grounds[1]["yuan"], item.cause, item.area_code) == ("9000.00", "99", place.village.code)
    assert made.figures["unmatched"] == 1


def test_who_has_come_onto_the_register_since_is_not_missing(place):
    person = PersonFactory()
    paid(place.village, person.name, digest=person.id_digest)
    assert listed(run(place.county)) == {}


def test_REG_3_who_left_and_is_struck_again_may_have_fallen_back(place):
    poor = HouseholdFactory(left_on=date(2014, 12, 1), head_name="甲")
    HouseholdYearFactory(household=poor, income_per_head=Decimal(2000))
    flooded = HouseholdFactory(left_on=date(2014, 12, 1), head_name="乙")
    say(flooded, disaster_on=date(2015, 7, 1))
    helped = HouseholdFactory(left_on=date(2014, 12, 1), head_name="丙")
    paid(place.village, "丙", benefit="disaster_relief", yuan=500, match=M.EXACT, household=helped)
    before = HouseholdFactory(left_on=date(2015, 12, 1), head_name="丁")
    paid(place.village, "丁", benefit="disaster_relief", yuan=500, match=M.EXACT, household=before)
    HouseholdFactory(removed_on=date(2014, 12, 1), head_name="戊")
    made = run(place.county)
    assert listed(made) == {("return", "甲"): ["line"], ("return", "乙"): ["disaster"], ("return", "丙"): ["disaster"]}
    assert (made.figures["left"], made.figures["left_unknown"]) == (4, 2)
    assert Item.objects.get(name="丙").cause == "04"


def test_one_round_a_year_of_an_area_and_none_ahead(place):
    run(place.county)
    for area in (place.county, place.township, place.city):
        with pytest.raises(Refusal, match="已经有了"):
            rounds.start(area=area, year=2015, on=ON, by=None, at=clock.now())
    with pytest.raises(Refusal, match="今天"):
        rounds.start(area=place.neighbour, year=2100, on=date(2100, 1, 1), by=None, at=clock.now())
    with pytest.raises(Refusal, match="年内"):
        rounds.start(area=place.neighbour, year=2014, on=ON, by=None, at=clock.now())


# --- decisions --------------------------------------------------------------------------------------------------------
def decide(made, committee, *wanted):
    told = {item.pk: (decision, why) for item, decision, why in wanted}
    return items.decide(made=made, wanted=told, by=committee, at=clock.now())


def test_REG_4_each_decision_opens_a_case_or_is_kept_as_a_refusal_and_the_register_does_not_move(place, committee):
    home, back = fit(), HouseholdFactory(left_on=date(2014, 12, 1))
    say(back, disaster_on=date(2015, 7, 1))
    paid(place.village, "赵无册")
    paid(place.village, "钱有车")
    made = run(place.county)
    item = {one.name: one for one in Item.objects.filter(round=made)}
    done = decide(
        made, committee, (item[home.head_name], "agreed", "条件都达到"), (item[back.head_name], "agreed", "房屋冲毁"),
        (item["赵无册"], "agreed", "低保户漏评"), (item["钱有车"], "refused", "家有小轿车"),
    )  # fmt: skip
    assert (len(done.decided), done.refused) == (4, {})
    cases = {case.procedure: case for case in Case.objects.all()}
    assert sorted(cases) == ["entry", "exit", "return"]
    assert cases["exit"].list is not None and cases["entry"].label == "赵无册"
    assert {one.name: (one.decision, one.case_id) for one in Item.objects.filter(round=made)}["钱有车"] == (
        "refused", None,
    )  # fmt: skip
    assert Household.objects.get(pk=home.pk).left_on is None and Household.objects.get(pk=back.pk).left_on is not None


def test_a_decision_needs_its_reason_and_is_made_once(place, committee):
    fit()
    made = run(place.county)
    item = Item.objects.get()
    with pytest.raises(Refusal, match="原因"):
        decide(made, committee, (item, "agreed", " "))
    decide(made, committee, (item, "refused", "还要巩固一年"))
    assert decide(made, committee, (item, "agreed", "改主意")).decided == []
    item.refresh_from_db()
    assert (item.decision, item.why) == ("refused", "还要巩固一年")
    assert list(item.events.order_by("pgh_id").values_list("decision", flat=True)) == ["pending", "refused"]


def test_BEN_7_who_no_longer_meets_the_standard_stays_pending_with_the_reason(place, committee):
    home = fit()
    made = run(place.county)
    say(home, on=clock.today(), food_secure=False)
    done = decide(made, committee, (Item.objects.get(), "agreed", "达标"))
    assert "不愁吃" in next(iter(done.refused.values()))
    assert (Item.objects.get().decision, Case.objects.count()) == ("pending", 0)


def test_a_round_is_closed_only_when_everybody_was_decided(place, committee, clerk):
    fit()
    made = run(place.county)
    with pytest.raises(Refusal, match="1 个对象"):
        rounds.close(made=made, by=clerk, at=clock.now())
    decide(made, committee, (Item.objects.get(), "refused", "巩固一年"))
    assert rounds.close(made=made, by=clerk, at=clock.now()).state == Round.State.CLOSED
    with pytest.raises(Refusal, match="不在办理中"):
        decide(made, committee, (Item.objects.get(), "agreed", "再想想"))


def test_somebody_known_from_elsewhere_is_put_on_the_list_by_hand_once(place, committee):
    made = run(place.county)
    add = {"made": made, "village": place.village, "name": "周残疾", "cause": "02", "source": "残联名册第12页",
           "by": committee, "at": clock.now()}  # fmt: skip
    items.add(**add)
    with pytest.raises(Refusal, match="已经在名单上"):
        items.add(**add)
    assert listed(made) == {("missing", "周残疾"): ["by_hand"]}


def test_WATCH_1_an_approved_return_is_a_fact_with_its_day(place, committee):
    home = HouseholdFactory(left_on=date(2014, 12, 1))
    say(home, disaster_on=date(2015, 7, 1))
    made = run(place.county)
    decide(made, committee, (Item.objects.get(), "agreed", "房屋冲毁"))
    case = Case.objects.get()
    case.stand = Case.Stand.APPROVED
    items.note_returns([case], "pass")
    said = Statement.objects.get(fact="relapsed_on")
    assert (said.household_id, said.value) == (home.pk, f'"{case.last_on.isoformat()}"')


# --- the year's movement ----------------------------------------------------------------------------------------------
def told(area, prefix=None, year=2015):
    return results.movement(area, year, clock.today()).of(area.prefix if prefix is None else prefix)


def test_REG_3_ins_and_outs_of_a_year(place):
    HouseholdFactory(size=2)
    HouseholdFactory(size=3, since=date(2015, 3, 1))
    HouseholdFactory(size=4, left_on=date(2015, 12, 31))
    HouseholdFactory(size=5, removed_on=date(2015, 6, 1))
    HouseholdFactory(size=6, since=date(2015, 2, 1), removed_on=date(2015, 6, 1))
    HouseholdFactory(size=7, left_on=date(2014, 12, 31))
    HouseholdFactory(size=8, left_on=date(2016, 1, 1))
    back = HouseholdFactory(size=9)
    say(back, on=date(2015, 5, 1), relapsed_on=date(2015, 5, 1))
    flow = told(place.county)
    assert (flow.start, flow.entered, flow.returned) == ((4, 19), (2, 9), (1, 9))
    assert (flow.left, flow.removed, flow.end) == ((1, 4), (2, 11), (4, 22))
    assert flow.balanced


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_figures_agree_at_every_level_whatever_happened(place, seed):
    random = Random(seed)

    def day():
        return date(2014, 6, 1) + timedelta(days=random.randint(0, 900))

    villages = list(Area.objects.filter(level=5))
    for _one in range(60):
        since = day()
        gone = max(day(), since)
        left, removed = random.choice([(None, None), (gone, None), (None, gone), (gone, gone)])
        home = HouseholdFactory(village=random.choice(villages), size=random.randint(1, 6), since=since, left_on=left,
                                removed_on=removed, main_cause=random.choice(["01", "02", ""]))  # fmt: skip
        if random.random() < 0.3:
            say(home, on=date(2015, 1, 1), relapsed_on=day())
    province = Area.objects.get(level=1)
    for year in (2014, 2015, 2016):
        whole = results.movement(province, year, clock.today())
        levels = {
            level: results._sum(whole.of(one.prefix) for one in Area.objects.filter(level=level))
            for level in (1, 2, 3, 4, 5)
        }
        assert len({str(flow) for flow in levels.values()}) == 1
        assert all(flow.balanced for flow in whole.cells.values())
        assert str(results._sum(whole.by_cause().values())) == str(levels[1])
        county = results.movement(place.county, year, clock.today())
        assert str(county.of(place.county.prefix)) == str(whole.of(place.county.prefix))
        day_ = date(year, 12, 31)
        standing = [one for one in Household.objects.all() if one.since <= day_ and all(
            gone is None or gone > day_ for gone in (one.left_on, one.removed_on))]  # fmt: skip
        assert levels[1].end == (len(standing), sum(one.size for one in standing))


# --- pages ------------------------------------------------------------------------------------------------------------
def test_the_committee_works_its_list_off_on_the_page(client, committee, clerk, place):
    home = fit()
    paid(place.village, "赵无册")
    made = run(place.county, by=clerk)
    client.force_login(committee)
    assert "2015" in client.get("/adjustment/").content.decode()
    page = client.get(f"/adjustment/{made.pk}/items/?decision=pending").content.decode()
    assert home.head_name in page and "赵无册" in page and "民政低保" in page
    item = {one.name: one.pk for one in Item.objects.filter(round=made)}
    answer = client.post(f"/adjustment/{made.pk}/items/", {
        f"decision-{item[home.head_name]}": "agreed", f"decision-{item['赵无册']}": "refused",
        f"why-{item['赵无册']}": "有固定工资", "why": "民主评议通过",
    })  # fmt: skip
    assert answer.status_code == 302
    assert dict(Item.objects.values_list("name", "why")) == {home.head_name: "民主评议通过", "赵无册": "有固定工资"}
    assert client.post(f"/adjustment/{made.pk}/close/").status_code == 403
    for reader in (committee, clerk):
        client.force_login(reader)
        for part in ("", "items/", "movement/"):
            assert client.get(f"/adjustment/{made.pk}/{part}").status_code == 200
    page = client.get(f"/adjustment/{made.pk}/").content.decode()
    assert place.township.name in page and home.head_name not in page


def test_another_village_cannot_decide_and_the_neighbour_finds_nothing(client, neighbour, place, clerk):
    fit()
    made = run(place.county, by=clerk)
    client.force_login(neighbour)
    assert client.get(f"/adjustment/{made.pk}/").status_code == 404
    pk = Item.objects.get().pk
    assert client.post(f"/adjustment/{made.pk}/items/", {f"decision-{pk}": "agreed", "why": "x"}).status_code == 404
    assert Item.objects.get().decision == "pending"


def test_the_result_is_a_workbook_whose_sums_are_those_of_the_page(client, clerk, place, settings, tmp_path):
    from shuanglian.adjustment.export import write_table

    HouseholdFactory(size=4, left_on=date(2015, 12, 1))
    fit()
    made = run(place.county, by=clerk)
    client.force_login(clerk)
    assert client.post(f"/adjustment/{made.pk}/export/", {"area": place.county.code}).status_code == 302
    job = Job.objects.get(kind="adjustment.table")
    kept = {}

    class Keeper:
        def keep(self, data, name):
            kept[name] = data

    assert write_table(job, Keeper()) == {"rows": 1}
    book = openpyxl.load_workbook(io.BytesIO(next(iter(kept.values()))))
    areas, causes, names = book.worksheets
    last = next(row for row in areas.iter_rows(values_only=True) if row[0] == "合计")
    assert last[1:17] == (2, 5, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 1, 1)
    assert next(row for row in causes.iter_rows(values_only=True) if row[0] == "合计")[1:17] == last[1:17]
    assert any("达到退出标准" in str(row[5]) for row in names.iter_rows(values_only=True))


def test_REG_3_a_split_is_not_newly_recognised_and_a_merge_not_removed_for_being_wrong(client, place, clerk):
    source, kept, closed = (HouseholdFactory(with_people=3, since=date(2014, 1, 1)) for _n in range(3))
    at = datetime(2015, 6, 2, 4, tzinfo=UTC)
    people = list(source.people.order_by("pk"))
    new = splits.split(household=source, people=[people[1]], head=people[1], relations={}, on=date(2015, 6, 1),
                       why="成家", by=clerk, at=at).target  # fmt: skip
    link = merges.merge(kept=kept, closed=closed, relations={one.pk: relation("其他") for one in closed.people.all()},
                        on=date(2015, 6, 1), why="合户", by=clerk, at=at)  # fmt: skip
    flow = results.movement(place.county, 2015, ON).of(place.county.prefix)
    told = {name: getattr(flow, name)[0] for name in ("start", "entered", "split", "removed", "merged", "end")}
    assert told == {"start": 3, "entered": 0, "split": 1, "removed": 0, "merged": 1, "end": 3}
    assert flow.balanced
    assert results.households(place.county, 2015, ON, "split") == [new.pk]
    assert results.households(place.county, 2015, ON, "merged") == [closed.pk]
    assert set(results.households(place.county, 2015, ON, "end")) == {source.pk, kept.pk, new.pk}
    made = run(place.county)
    client.force_login(clerk)
    page = client.get(f"/adjustment/{made.pk}/movement/households/?flow=split").content.decode()
    assert new.number in page and source.number not in page
    assert client.get(f"/adjustment/{made.pk}/movement/households/?flow=nonsense").status_code == 404
    undo.undo(link=link, why="认错了", by=clerk, at=at + timedelta(days=1))
    flow = results.movement(place.county, 2015, ON).of(place.county.prefix)
    assert (flow.merged[0], flow.end[0]) == (0, 4)
