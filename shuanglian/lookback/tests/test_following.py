"""Lists when households merge and split; draws that nobody repeats until they suit; the missed of all farmers (REG-6)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback import queries, results
from shuanglian.lookback.actions import assignments, draws
from shuanglian.lookback.models import Assignment, Drawn
from shuanglian.lookback.tests.factories import DAY_3, DAY_5, land, visit
from shuanglian.lookback.tests.test_draws import announced
from shuanglian.registry.actions import merges, splits, undo
from shuanglian.registry.models import Household, Person, VillageYear
from shuanglian.registry.tests.factories import PersonFactory, relation

pytestmark = pytest.mark.django_db
LATER = datetime(2015, 7, 9, 2, tzinfo=UTC)
ON = LATER.date()


@pytest.fixture
def here():
    made = land()
    for home in made.homes[:3]:
        if not home.people.exists():
            PersonFactory(household=home, relation=relation("户主"), name=home.head_name)
        PersonFactory(household=home, relation=relation("之子"), name=f"{home.head_name}子")
    return made


def people(home):
    return list(Person.objects.filter(household=home, left_on__isnull=True).order_by("pk"))


def merge(here, kept, closed):
    return merges.merge(kept=kept, closed=closed, relations={one.pk: relation("其他") for one in people(closed)}, on=ON,
                        why="合户", by=here.office, at=LATER)  # fmt: skip


def total(here):
    return queries.whole(here.campaign, here.place.area).total


def test_REG_6_a_file_merged_before_it_was_visited_is_struck_off_and_comes_back_with_the_undo(here):
    kept, closed = here.homes[:2]
    before, row = total(here), here.on_list(closed)
    said = merges.foresee(kept=kept, closed=closed, same={}, on=ON, by=here.office, at=LATER)
    assert any("不再单独核查" in one for one in said)
    link = merge(here, kept, closed)
    assert total(here) == before - 1
    assert closed.number not in {one.number for one in queries.mine(seen_by=here.village, campaign=here.campaign)}
    with pytest.raises(Refusal, match="不再单独核查"):
        visit(row, here.township)
    assert announced(here).frame_size == before - 1
    undo.undo(link=link, why="认错了", by=here.office, at=LATER + timedelta(hours=1))
    assert total(here) == before
    visit(here.on_list(closed), here.township)


def test_REG_6_the_place_passes_to_a_file_that_stands_on_no_list(here):
    kept, closed = here.homes[:2]
    here.on_list(kept).delete()
    before = total(here)
    link = merge(here, kept, closed)
    row = here.on_list(kept)
    assert (row.number, row.name, total(here)) == (closed.number, kept.head_name, before)
    visit(row, here.township, at=LATER)
    with pytest.raises(Refusal, match="已经核查过"):
        undo.undo(link=link, why="认错了", by=here.office, at=LATER + timedelta(hours=1))
    assert here.on_list(kept).pk == row.pk


def test_REG_6_what_was_visited_before_the_merge_stays_on_the_list(here):
    kept, closed = here.homes[:2]
    visit(here.on_list(closed), here.township)
    before = total(here)
    merge(here, kept, closed)
    assert total(here) == before
    assert here.on_list(closed).finding == "confirmed"


def test_REG_6_a_file_that_is_split_off_is_put_on_the_same_persons_list(here):
    source = here.homes[0]
    one = people(source)[1]
    link = splits.split(household=source, people=[one], head=one, relations={}, on=ON, why="成家", by=here.office,
                        at=LATER)  # fmt: skip
    old, new = here.on_list(source), here.on_list(link.target)
    assert (new.subject, new.number, new.cadre_id, new.user_id) == (
        "registered", link.target.number, old.cadre_id, old.user_id,
    )  # fmt: skip


def test_REG_6_a_household_drawn_after_its_file_was_merged_stands_in_the_draw_and_is_asked_of_nobody(here):
    made = announced(here, share=Decimal(1))
    merge(here, *here.homes[:2])
    done = draws.draw(draw=made, public="123", by=here.office, at=DAY_5)
    assert draws.verified(done) == (True, [], [])
    draws.hand_out(draw=done, checkers=[here.inspector], by=here.office, at=DAY_5)
    asked = {one.assignment.number for one in queries.to_recheck(seen_by=here.inspector, campaign=here.campaign)}
    assert len(asked) == 11 and here.homes[1].number not in asked


# --- a draw is not repeated until it suits ----------------------------------------------------------------------------
def test_REG_4_nobody_announces_another_draw_while_one_is_open(here):
    made = announced(here)
    with pytest.raises(Refusal, match="announced_already"):
        announced(here)
    inside = here.place.tree.townships[0]
    with pytest.raises(Refusal, match="announced_already"):
        announced(here, area=inside)
    announced(here, area=inside, level="township")  # another level draws for itself
    done = draws.draw(draw=made, public="123", by=here.office, at=DAY_5)
    later = {"at": DAY_5, "source_on": DAY_5.date() + timedelta(days=1)}
    with pytest.raises(Refusal, match="drawn_and_open"):
        announced(here, **later)
    for n, one in enumerate(Drawn.objects.filter(draw=done).select_related("assignment")):
        visit(one.assignment, here.township, at=DAY_3 + timedelta(minutes=9 * n))
        visit(one.assignment, here.inspector, role="recheck", at=DAY_5 + timedelta(minutes=9 * n))
    assert announced(here, **later).number == 3


@pytest.mark.parametrize("written", ["04 11 23", "04,11,23", "０４-１１-２３", "号码：041123"])
def test_REG_6_the_number_is_its_figures_however_it_is_written(here, written):
    done = draws.draw(draw=announced(here), public=written, by=here.office, at=DAY_5)
    assert done.seed.endswith(":041123")


@pytest.mark.parametrize("written", ["", "12", "一二三", "--"])
def test_REG_6_what_holds_too_few_figures_is_no_public_number(here, written):
    with pytest.raises(Refusal, match="no_number"):
        draws.draw(draw=announced(here), public=written, by=here.office, at=DAY_5)


def test_REG_6_a_form_sent_for_another_household_is_not_taken_for_done(here):
    first, second = here.on_list(here.homes[0]), here.on_list(here.homes[1])
    key = uuid4()
    kept = visit(first, here.township, key=key)
    assert visit(first, here.township, key=key) == kept
    with pytest.raises(Refusal, match="key_taken"):
        visit(second, here.township, key=key)


# --- the missed, of all farmers ---------------------------------------------------------------------------------------
def claim(here, village, found="to_add"):
    row = assignments.claim(campaign=here.campaign, village=village, name="王漏", group="", why="群众反映",
                            by=here.office, at=DAY_3)  # fmt: skip
    visit(row, here.township, finding=found, note="应纳入")
    return row


def missed(here, area=None, level=""):
    whole, below = results.rates(here.campaign, area or here.place.area, level)
    return next(one for one in whole if one.limit.code == "missed"), below


def test_REG_6_the_missed_are_told_of_all_farmers_where_the_village_form_knows_how_many(here):
    village = here.homes[0].village
    claim(here, village)
    alone, _below = missed(here)
    assert (alone.share, alone.wide.farmers, alone.wide.share, alone.wide.over) == (1, 0, None, False)
    registered = Household.objects.filter(village=village, removed_on=None).count()
    VillageYear.objects.create(village=village, area_code=village.code, year=2014, households=registered + 200)
    told, below = missed(here)
    assert (told.wide.hits, told.wide.farmers, told.wide.known, told.wide.year) == (1, 200, 1, 2014)
    assert told.wide.villages > 1 and not told.wide.over
    assert [one.wide.farmers for found in below.values() for one in found if one.limit.code == "missed"].count(200) == 1
    VillageYear.objects.update(households=registered + 40)
    assert missed(here)[0].wide.over  # 1 of 40 is more than 2 %, whoever else may be missing


def test_REG_6_a_form_of_a_later_year_and_one_without_households_count_for_nothing(here):
    village = here.homes[0].village
    claim(here, village)
    VillageYear.objects.create(village=village, area_code=village.code, year=2016, households=300)
    VillageYear.objects.create(village=village, area_code=village.code, year=2014)
    assert missed(here)[0].wide.known == 0


def test_REG_6_the_interval_of_the_draw_is_carried_over_to_all_farmers(here):
    village = here.homes[0].village
    claim(here, village)
    registered = Household.objects.filter(village=village, removed_on=None).count()
    VillageYear.objects.create(village=village, area_code=village.code, year=2014, households=registered + 100)
    done = draws.draw(draw=announced(here, share=Decimal(1)), public="123", by=here.office, at=DAY_5)
    row = Drawn.objects.get(draw=done, assignment__subject=Assignment.Subject.CLAIMANT).assignment
    visit(row, here.inspector, role="recheck", at=DAY_5, finding="to_add", note="应纳入")
    told, _below = missed(here, level="county")
    assert told.interval.share == 1
    assert told.wide.interval.share == pytest.approx(0.01)
    assert told.wide.interval.low <= 0.01 <= told.wide.interval.high
