"""From an opened round to a proposal: what is worked out, corrected, worked out again (PAIR-1 … PAIR-6)."""

from datetime import date

import pytest

from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.actions import cadres
from shuanglian.pairing.actions import rounds, solving
from shuanglian.pairing.models import ProposedLink, ProposedPair, Round
from shuanglian.pairing.tests.factories import (
    AT,
    ON,
    PairingFactory,
    RelativeFactory,
    UserFactory,
    VillageLinkFactory,
    county,
    opened,
    solved,
)

pytestmark = pytest.mark.django_db


def hands(round):
    return dict(round.pairs.values_list("household__number", "cadre__number"))


def test_PAIR_1_every_household_gets_exactly_one_person_and_every_poor_village_a_unit():
    place = county()
    found = solved(opened(place))
    pairs = list(found.pairs.all())
    assert found.state == Round.State.PROPOSED
    assert sorted(pair.household_id for pair in pairs) == sorted(family.pk for family in place.households)
    assert all(pair.cadre_id for pair in pairs)
    linked = set(ProposedLink.objects.filter(round=found).values_list("village__code", flat=True))
    assert {village.code for village in place.tree.villages[1:3] + place.tree.villages[4:6]} <= linked
    assert (found.totals["paired"], found.totals["none"], found.totals["households"]) == (12, 0, 12)
    assert found.totals["villages"]["linked"] == found.totals["villages"]["poor"] == 4


def test_PAIR_2_nobody_has_more_than_the_quota_but_the_stationed_who_take_the_rest():
    place = county(households=44)  # 3 × 13 by quota, 1 + 1 by the quota of the stationed, so 3 are left over
    found = solved(opened(place))
    load = {}
    for cadre in found.pairs.values_list("cadre__number", flat=True):
        load[cadre] = load.get(cadre, 0) + 1
    quota = {"county_deputy": 7, "section": 4, "ordinary": 1}
    stationed = {cadre.number for cadre in place.stationed}
    for cadre in place.cadres:
        assert load.get(cadre.number, 0) <= quota[cadre.rank]
    extra = found.pairs.filter(slot="fallback")
    assert set(extra.values_list("cadre__number", flat=True)) <= stationed
    assert extra.count() == found.totals["fallback"] >= 3  # more where the way would be dearer than a fallback slot
    assert found.totals["none"] == 0


def test_PAIR_2_fallback_slots_are_raised_evenly_so_that_nobody_is_left_alone():
    place = county(households=60)
    found = solved(opened(place))
    loads = [found.pairs.filter(cadre=cadre, slot="fallback").count() for cadre in place.stationed]
    assert found.totals["none"] == 0
    assert sum(loads) == 60 - 3 * 13 - 2
    assert max(loads) - min(loads) <= 1
    assert any("放宽" in note["sentence"] for note in found.totals["notes"])


def test_PAIR_3_exempt_and_absent_cadres_take_no_households():
    place = county()
    teacher, away = place.cadres[0], place.cadres[4]
    teacher.occupation = "teacher"
    teacher.save()
    cadres.set_away(cadre=away, kind="illness", since=date(2015, 2, 1), by=None, at=AT)
    found = solved(opened(place))
    assert not found.pairs.filter(cadre__in=[teacher, away]).exists()
    assert found.totals["none"] == 0


def test_REG_9_declared_relatives_are_never_paired_and_last_years_pair_is_moved_with_the_reason():
    place = county()
    cadre, family = place.cadres[0], place.households[0]
    PairingFactory(cadre=cadre, household=family)
    RelativeFactory(cadre=cadre, household=family)
    found = solved(opened(place))
    pair = found.pairs.get(household=family)
    assert (pair.change, pair.why, pair.last_cadre_id) == ("moved", "relative", cadre.pk)
    assert pair.cadre_id != cadre.pk


def test_PAIR_6_last_years_pairs_are_kept_and_links_too():
    place = county()
    VillageLinkFactory(unit=place.units[0], village=place.tree.villages[5])
    before = solved(opened(place))
    for pair in before.pairs.all():
        PairingFactory(cadre=pair.cadre, household=pair.household)
    rounds.discard(round=before, by=before.by, at=AT)
    after = solved(opened(place))
    assert after.totals["kept"] == 12
    assert set(after.pairs.values_list("change", "why")) == {("kept", "")}
    assert ProposedLink.objects.get(round=after, unit=place.units[0], village=place.tree.villages[5]).change == "kept"


@pytest.mark.parametrize("reason", ["cadre_left", "cadre_away", "household_left"])
def test_PAIR_6_a_pair_that_cannot_stay_says_why(reason):
    place = county()
    cadre, family = place.cadres[0], place.households[0]
    PairingFactory(cadre=cadre, household=family)
    if reason == "cadre_left":
        cadre.until = date(2014, 12, 31)
        cadre.save()
    elif reason == "cadre_away":
        cadres.set_away(cadre=cadre, kind="leave", since=date(2015, 1, 1), by=None, at=AT)
    else:
        family.left_on = date(2014, 12, 31)
        family.save()
    found = solved(opened(place))
    pair = found.pairs.get(household=family)
    assert (pair.change, pair.why) == ("ended" if reason == "household_left" else "moved", reason)
    assert found.totals["why"][pair.change][reason] == 1


def test_the_office_pins_forbids_and_takes_back_and_the_next_solving_heeds_it():
    place = county()
    found = solved(opened(place))
    family = place.households[3]
    first = found.pairs.get(household=family).cadre
    other = next(cadre for cadre in place.cadres if cadre != first)
    wish = rounds.forbid(round=found, cadre=first, household=family, why="试行回避", by=found.by, at=AT)
    again = solved(found)
    assert again.pairs.get(household=family).cadre != first
    rounds.unwish(wish=wish, by=found.by, at=AT)
    rounds.pin(round=again, cadre=other, household=family, why="老联系户", by=found.by, at=AT)
    pinned = solved(again)
    pair = pinned.pairs.get(household=family)
    assert (pair.cadre, pair.why, pinned.version) == (other, "pinned", 3)


def test_a_unit_can_be_pinned_to_a_village_and_forbidden():
    place = county()
    unit, village = place.units[2], place.tree.villages[4]
    found = opened(place)
    rounds.pin(round=found, unit=unit, village=village, why="省里指定", by=found.by, at=AT)
    found = solved(found)
    link = ProposedLink.objects.get(round=found, unit=unit, village=village)
    assert (link.change, link.why) == ("new", "pinned")
    rounds.forbid(round=found, unit=unit, village=village, why="路太远", by=found.by, at=AT)
    found = solved(found)
    assert not ProposedLink.objects.filter(round=found, unit=unit, village=village).exclude(change="ended").exists()


def test_a_wish_needs_a_reason_and_stays_within_the_county():
    place = county()
    found = opened(place)
    with pytest.raises(Refusal) as refused:
        rounds.pin(round=found, cadre=place.cadres[0], household=place.households[0], why=" ", by=found.by, at=AT)
    assert refused.value.code == "no_reason"
    stranger = place.tree.neighbour_village
    with pytest.raises(Refusal) as refused:
        rounds.pin(round=found, unit=place.units[0], village=stranger, why="试", by=found.by, at=AT)
    assert refused.value.code == "not_of_this_county"


def test_PAIR_5_a_weight_of_the_round_changes_the_result_and_is_bounded_by_the_profile():
    place = county()
    found = opened(place)
    assert found.weights["distance"] == 10
    with pytest.raises(Refusal) as refused:
        rounds.set_weights(round=found, weights={"distance": 100_000}, by=found.by, at=AT)
    assert refused.value.code == "weight_out_of_range"
    plain = solved(found)
    rounds.set_weights(round=plain, weights={"distance": 0, "outside": 0, "need": 400}, by=found.by, at=AT)
    needy = solved(plain)
    assert needy.weights["need"] == 400
    assert needy.totals["objective"] != plain.totals["objective"]
    strong = {cadre.pk for cadre in place.cadres if cadre.rank != "ordinary"}
    assert {pair.cadre_id for pair in needy.pairs.filter(household__need_band=4)} <= strong


def test_solving_twice_gives_the_same_and_the_order_of_rows_does_not_matter():
    place = county()
    found = solved(opened(place))
    first = hands(found)
    for family in reversed(place.households):  # new row order in the table
        family.save()
    again = solved(found)
    assert hands(again) == first
    assert again.totals["objective"] == found.totals["objective"]
    assert ProposedPair.objects.filter(round=found).count() == 12


def test_a_job_that_begins_again_after_it_was_done_changes_nothing():
    found = solved(opened())
    solving.propose(round=found, by=found.by, at=AT, progress=lambda *_: None)
    assert Round.objects.get(pk=found.pk).version == 1


def test_a_calculation_that_broke_off_leaves_the_round_to_be_taken_up_again():
    found = solving.order(round=opened(), by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        rounds.set_weights(round=found, weights={"distance": 3}, by=None, at=AT)
    assert refused.value.code == "solving"
    found.job.state = "failed"
    found.job.save()
    rounds.set_weights(round=found, weights={"distance": 3}, by=None, at=AT)
    assert solved(Round.objects.get(pk=found.pk), by=UserFactory()).state == Round.State.PROPOSED


def test_one_round_of_a_kind_is_in_work_at_a_time_and_only_for_a_county():
    place = county()
    found = opened(place)
    with pytest.raises(Refusal) as refused:
        opened(place)
    assert refused.value.code == "round_in_work"
    with pytest.raises(Refusal) as refused:
        rounds.open(area=place.tree.township, year=2015, on=ON, name="", by=None, at=AT)
    assert refused.value.code == "not_a_county"
    rounds.discard(round=found, by=found.by, at=AT)
    assert opened(place).pk != found.pk


def test_too_few_people_is_reported_with_the_reason_never_a_crash():
    place = county(households=20, units=1)
    for cadre in place.stationed:
        cadre.delete()
    found = solved(opened(place))
    assert found.totals["none"] == 20 - 13
    assert found.totals["why"]["none"] == {"no_room": 7}
    assert found.totals["uncovered"][0]["code"] == "too_few_slots"


def test_a_county_without_anybody_still_gives_a_proposal():
    place = county(units=0, households=3)
    for cadre in place.stationed:
        cadre.delete()
    found = solved(opened(place))
    assert (found.totals["paired"], found.totals["none"]) == (0, 3)


def test_another_profile_gives_other_quotas(settings):
    place = county(households=30)
    for cadre in place.cadres:
        cadre.rank = {"county_deputy": "county", "section": "other", "ordinary": "other"}[cadre.rank]
        cadre.save()
    for cadre in place.stationed:
        cadre.rank = "other"
        cadre.save()
    settings.PROFILE = "gansu_province_2012"
    found = solved(opened(place))
    assert found.profile == "gansu_province_2012"
    assert found.totals["none"] == 0
    for cadre in place.cadres:
        regular = found.pairs.filter(cadre=cadre, slot="regular").count()
        assert regular <= {"county": 5, "other": 3}[cadre.rank]


def test_PAIR_4_a_townships_own_office_is_linked_in_that_township_only():
    place = county()
    for office in place.units[3:]:  # entered as helping in the county, told by where their people are stationed
        office.area, office.area_code = place.area, place.area.code
        office.save()
    found = solved(opened(place))
    for link in found.links.filter(unit__tier="township").select_related("unit", "village"):
        at = next(cadre.stationed_at for cadre in place.stationed if cadre.unit_id == link.unit_id)
        assert link.village.code.startswith(at.prefix)
