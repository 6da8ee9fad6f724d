"""Visits: methods that count, evidence, once each, doubts, what a finding does (REG-5, REG-6, REG-9, REG-10)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from shuanglian.attachments.actions import attachments
from shuanglian.kernel.refusal import Refusal
from shuanglian.lookback.actions import draws, opening, visits
from shuanglian.lookback.models import Assignment, Visit
from shuanglian.lookback.tests.factories import DAY_3, DAY_5, land, photo, visit
from shuanglian.pairing.tests.factories import RelativeFactory
from shuanglian.procedures.models import Case
from shuanglian.registry.models import Person, Statement
from shuanglian.registry.tests.factories import PersonFactory, relation

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return land()


def refused(code, row, by, **given):
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        visit(row, by, **given)
    assert refusal.value.code == code
    assert not Visit.objects.exists()


@pytest.mark.parametrize("method", ["phone", "hearsay", "gathered"])
def test_REG_5_phone_and_hearsay_are_named_and_refused(here, method):
    refused("method_does_not_count", here.on_list(here.homes[0]), here.cadre, method=method)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"photo": None}, "no_photo"), ({"position": None}, "no_position"), ({"met": "  "}, "met_nobody"),
        ({"visited_at": DAY_3 + timedelta(days=1)}, "ahead_of_time"), ({"visited_at": DAY_3 - timedelta(days=9)}, "outside_campaign"),
        ({"finding": "to_add"}, "unknown_finding"), ({"finding": "to_remove"}, "say_why"), ({"finding": "corrected"}, "nothing_corrected"),
        ({"position": (200.0, 35.0)}, "no_such_place"), ({"photo": b"not a photo"}, "not_a_photo"), ({"method": "?"}, "unknown_method"),
    ],
)  # fmt: skip
def test_REG_6_what_a_visit_lacks_is_refused(here, given, code):
    refused(code, here.on_list(here.homes[0]), here.cadre, **given)


def test_REG_9_nobody_looks_back_at_relatives(here):
    RelativeFactory(cadre=here.place.cadres[1], household=here.homes[0])
    assert here.place.cadres[1].pk == here.cadre.cadre.pk
    refused("relative", here.on_list(here.homes[0]), here.cadre)


def test_REG_6_a_visit_with_its_photo_place_and_time_is_kept_once(here):
    row, key = here.on_list(here.homes[0]), uuid4()
    first = visit(row, here.cadre, key=key)
    again = visit(row, here.cadre, key=key, finding="to_remove", note="另")
    assert again == first
    row.refresh_from_db()
    assert (row.finding, str(row.visited_on), row.doubtful) == ("confirmed", "2015-07-08", False)
    (kept,) = attachments.of(first)
    assert (kept.digest, kept.taken_at, kept.area_code) == (first.photo_digest, DAY_3, row.area_code)
    assert (first.lon, first.lat, first.doubts, first.state) == (105.25, 35.2, [], "none")
    with pytest.raises(Refusal, match="visited_already"):
        visit(row, here.office)


def test_a_photos_own_place_stands_in_and_a_reason_lets_pass_with_a_doubt(here):
    one = visit(here.on_list(here.homes[0]), here.cadre, position=None, photo=photo(place=(105.26, 35.21)))
    assert (one.lon, one.lat) == (pytest.approx(105.26, abs=1e-4), pytest.approx(35.21, abs=1e-4))
    two = visit(here.on_list(here.homes[1]), here.office, position=None, no_position_why="没有信号")
    assert [doubt["code"] for doubt in two.doubts] == ["no_position"]
    assert Assignment.objects.get(pk=two.assignment_id).doubtful


def test_made_up_visits_are_seen_through(here):
    shot = photo(DAY_3 - timedelta(days=4))
    one = visit(here.on_list(here.homes[0]), here.cadre, photo=shot)
    assert [doubt["code"] for doubt in one.doubts] == ["photo_old"]
    two = visit(here.on_list(here.homes[1]), here.office, photo=shot, at=DAY_5)
    assert {"same_photo", "photo_old"} <= {doubt["code"] for doubt in two.doubts}
    assert next(doubt["figures"] for doubt in two.doubts if doubt["code"] == "same_photo") == {"visit": one.pk}
    three = visit(here.on_list(here.homes[2]), here.office, at=DAY_5 + timedelta(minutes=5), position=(105.9, 35.2))
    assert "too_fast" in {doubt["code"] for doubt in three.doubts}
    assert "far_village" in {doubt["code"] for doubt in three.doubts} or here.homes[2].village.lon is None


def test_a_visit_is_never_changed_or_removed(here):
    kept = visit(here.on_list(here.homes[0]), here.cadre)
    for change in (
        lambda: Visit.objects.filter(pk=kept.pk).update(finding="to_remove"),
        lambda: Visit.objects.filter(pk=kept.pk).update(answers={"x": True}),
        kept.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_answers_show_made_to_exit_and_wrong_exit(here):
    home = here.homes[0]
    home.left_on = DAY_3.date()
    home.save()
    Assignment.objects.filter(household=home).update(subject="left")
    kept = visit(
        here.on_list(home),
        here.cadre,
        answers={"knows_exit": False, "water_safe": True, "house_unsafe": False, "knows_helper": None, "no_such": True},
    )
    assert kept.answers == {"knows_exit": False, "water_safe": True, "house_unsafe": False}
    assert kept.verdicts == {"wrong_exit": None, "made_to_exit": True, "not_satisfied": None}


def corrected(here, home, **given):
    return visit(here.on_list(home), here.cadre, finding="corrected", **given)


def test_REG_10_corrections_go_into_the_file_only_when_the_township_stands_by_them(here):
    home = here.homes[0]
    person = PersonFactory(household=home, relation=relation("户主"), labour="01")
    kept = corrected(here, home, answers={"water_safe": False}, corrections=[
        {"record": "household", "id": home.pk, "field": "main_cause", "value": "02"},
        {"record": "household", "id": home.pk, "field": "group", "value": home.group},
        {"record": "person", "id": person.pk, "field": "labour", "value": "03"},
    ])  # fmt: skip
    assert [(one["field"], one["before"], one["after"]) for one in kept.corrections] == [
        ("main_cause", home.main_cause, "02"),
        ("labour", "01", "03"),
    ]
    home.refresh_from_db()
    assert (home.main_cause, kept.state) == ("01", "waiting")
    with pytest.raises(Refusal, match="own_visit"):
        visits.confirm(visit=kept, by=here.cadre, at=DAY_5)
    done = visits.confirm(visit=kept, by=here.township, at=DAY_5)
    home.refresh_from_db()
    assert (done.state, home.main_cause, Person.objects.get(pk=person.pk).labour) == ("done", "02", "03")
    said = Statement.objects.get(household=home, fact="water_safe")
    assert (said.value, said.source, str(said.on)) == ("false", "visit", "2015-07-08")
    with pytest.raises(Refusal, match="not_waiting"):
        visits.confirm(visit=kept, by=here.office, at=DAY_5)


def test_REG_10_a_file_that_changed_after_the_visit_is_not_written_over(here):
    home = here.homes[0]
    kept = corrected(
        here, home, corrections=[{"record": "household", "id": home.pk, "field": "main_cause", "value": "02"}]
    )
    home.main_cause = "03"
    home.save()
    with pytest.raises(Refusal, match="changed_meanwhile"):
        visits.confirm(visit=kept, by=here.township, at=DAY_5)
    rejected = visits.reject(visit=kept, why="已另行更正", by=here.township, at=DAY_5)
    assert (rejected.state, rejected.handled_note, rejected.finding) == ("rejected", "已另行更正", "corrected")


def test_only_this_households_fields_can_be_corrected(here):
    other = PersonFactory(household=here.homes[1])
    row = here.on_list(here.homes[0])
    for one in (
        {"record": "person", "id": other.pk, "field": "labour", "value": "03"},
        {"record": "household", "id": here.homes[0].pk, "field": "left_on", "value": "2015-01-01"},
    ):
        with pytest.raises(Refusal, match=r"not_of_this_household|not_correctable"), transaction.atomic():
            visit(row, here.cadre, finding="corrected", corrections=[one])


def test_REG_4_to_be_removed_is_confirmed_by_the_township_and_proposed_by_the_village(here):
    home = here.homes[0]
    kept = visit(here.on_list(home), here.cadre, finding="to_remove", note="有商品房和轿车")
    with pytest.raises(Refusal, match="nothing_to_open"):
        opening.open_case(visit=kept, by=here.village, at=DAY_5)
    kept = visits.confirm(visit=kept, by=here.township, at=DAY_5)
    with pytest.raises(Refusal, match="not_your_role"):
        opening.open_case(visit=kept, by=here.township, at=DAY_5)
    opened = opening.open_case(visit=kept, by=here.village, at=DAY_5)
    case = Case.objects.get()
    assert (opened.case, case.procedure, case.subject) == (
        f"procedures.case:{case.pk}",
        "removal",
        f"registry.household:{home.pk}",
    )
    assert "商品房" in case.why
    home.refresh_from_db()
    assert home.removed_on is None  # the procedure decides, not the visit
    with pytest.raises(Refusal, match="opened_already"):
        opening.open_case(visit=opened, by=here.village, at=DAY_5)


# --- the level above ---------------------------------------------------------------------------------------------------
def drawn(here, share="0.5"):
    made = draws.announce(campaign=here.campaign, area=here.place.area, level="county", source="双色球", source_on=DAY_3.date() + timedelta(days=1),
                          share=Decimal(share), by=here.office, at=DAY_3)  # fmt: skip
    return draws.draw(draw=made, public="04 11 23", by=here.office, at=DAY_5)


def test_REG_6_the_recheck_is_somebody_elses(here):
    made = drawn(here)
    row = next(one.assignment for one in made.drawn.all() if one.assignment.cadre_id == here.cadre.cadre.pk)
    visit(row, here.office)
    for person, code in ((here.office, "same_person"), (here.cadre, "same_person")):
        with pytest.raises(Refusal, match=code), transaction.atomic():
            visit(row, person, role="recheck", at=DAY_5)
    kept = visit(row, here.inspector, role="recheck", at=DAY_5, finding="to_remove", note="不符合")
    row.refresh_from_db()
    assert (row.finding, row.rechecked, kept.state) == ("confirmed", "to_remove", "waiting")
    undrawn = Assignment.objects.exclude(drawn__draw=made).first()
    with pytest.raises(Refusal, match="not_drawn"), transaction.atomic():
        visit(undrawn, here.inspector, role="recheck", at=DAY_5)
