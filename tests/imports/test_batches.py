"""From an uploaded roster to the register and back, in a real database (issue 2 D, REG-10)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.jobs.actions.jobs import run_now
from shuanglian.jobs.models import Job
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.models import Cadre, Unit
from shuanglian.organisation.tests.factories import CadreFactory, id_number
from shuanglian.pairing.models import Pairing, Relative
from shuanglian.registry.models import AreaCount, Household, HouseholdYear, Person, Suspicion
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory
from shuanglian.sheets import files, queries
from shuanglian.sheets.actions import batches
from shuanglian.sheets.models import Batch, Change
from shuanglian.trail.models import Entry

from . import rosters

AT = datetime(2015, 3, 1, 4, tzinfo=UTC)
S = Batch.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return UserFactory(area=gansu().county)


def upload(clerk, file, kind=None, area=None, second=None):
    batch = batches.receive(
        file=file, kind=kind, area=area or clerk.area, year=2015, by=clerk, at=AT, second_file=second
    )  # fmt: skip
    batches.start_reading(batch=batch, by=clerk, at=AT)
    return work(batch)


def work(batch):
    """Do what was ordered, and the batch as it stands then."""
    batch.refresh_from_db()
    job = run_now(batch.job)
    assert job.state in {Job.State.DONE, Job.State.FAILED}, job.words
    return Batch.objects.select_related("job", "area").get(pk=batch.pk)


def let_in(batch, clerk, **how):
    return work(batches.accept(batch=batch, by=clerk, at=AT, **how))


def snapshot():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Household, Person, HouseholdYear, Pairing, Unit, Cadre)
    ]


def test_a_clean_roster_is_read_checked_and_enters_only_when_a_person_accepts(clerk):
    batch = upload(clerk, rosters.flat())
    assert (batch.standing, batch.kind, batch.counts["errors"], batch.words) == (S.CHECKED, "households", 0, "")
    assert (batch.counts["rows"], batch.counts["households"], batch.counts["persons"]) == (6, 3, 6)
    assert batch.counts["would"]["households"]["new"] == 3
    assert not Household.objects.exists() and not Change.objects.exists()
    batch = let_in(batch, clerk)
    assert (batch.state, batch.accepted_by, batch.staged) == (S.ACCEPTED, clerk, "")
    assert (Household.objects.count(), Person.objects.count(), HouseholdYear.objects.count()) == (3, 6, 3)
    head = Person.objects.get(id_digest=Household.objects.order_by("number").first().people.first().id_digest)
    assert head.household.village == gansu().villages[3]


def test_the_trail_tells_who_handed_in_and_who_accepted(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    verbs = list(Entry.objects.filter(about=f"sheets.batch:{batch.pk}").order_by("number").values_list("verb", "by_id"))
    assert [verb for verb in verbs if verb[0].startswith("imports.")] == [
        ("imports.receive", clerk.pk), ("imports.accept", clerk.pk),
    ]  # fmt: skip
    assert Entry.objects.get(verb="imports.accept").details["did"]["households"]["new"] == 3


def test_the_figures_of_the_area_are_right_after_accepting_and_after_undoing(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    assert AreaCount.objects.get(area=gansu().county).households == 3
    work(batches.undo(batch=batch, by=clerk, at=AT))
    assert AreaCount.objects.get(area=gansu().county).households == 0


def broken():
    rows = rosters.members(3)
    rows[0][4] = rows[0][4][:17] + ("1" if rows[0][4][17] != "1" else "2")
    return rosters.xlsx("名册.xlsx", 贫困户=[list(rosters.FLAT), *rows])


def test_errors_block_and_say_where_what_and_how_to_mend(clerk):
    batch = upload(clerk, broken())
    assert batch.counts["errors"] == 1
    finding = batch.findings.get(severity="error")
    assert (finding.sheet, finding.row, finding.column, finding.code) == ("贫困户", 2, "E", "id_check")
    assert finding.value.startswith("621199")
    with pytest.raises(Refusal, match="errors_stand"):
        batches.accept(batch=batch, by=clerk, at=AT)
    assert not Household.objects.exists()


def test_rows_without_errors_may_be_let_in_a_household_whole_or_not_at_all(clerk):
    batch = let_in(upload(clerk, broken()), clerk, skip_errors=True)
    assert batch.state == S.ACCEPTED
    assert (Household.objects.count(), Person.objects.count()) == (2, 4)
    assert batch.counts["blocked"] == 3


def test_the_same_file_again_is_known_and_changes_nothing(clerk):
    data = rosters.flat().read()
    first = let_in(upload(clerk, SimpleUploadedFile("名册.xlsx", data)), clerk)
    before = snapshot()
    again = upload(clerk, SimpleUploadedFile("名册.xlsx", data))
    assert queries.same_file(again) == first
    assert again.counts["would"]["households"] | {} == {
        "new": 0, "changed": 0, "unchanged": 3, "absent": 0, "moved": 0, "repeated": 0,
    }  # fmt: skip
    again = let_in(again, clerk)
    assert again.state == S.ACCEPTED and not again.changes.exists()
    assert snapshot() == before


def test_undo_puts_everything_back_exactly(clerk):
    let_in(upload(clerk, rosters.flat(2)), clerk)
    before = snapshot()
    rows = rosters.members(4)
    rows[0][9], rows[0][10], rows[1][9], rows[1][10] = 1999, "13911112222", 1999, "13911112222"
    rows[1][6] = "残疾"
    batch = upload(clerk, rosters.xlsx("改.xlsx", 贫困户=[list(rosters.FLAT), *rows]))
    batch = let_in(batch, clerk)
    assert snapshot() != before
    assert batch.counts["did"]["households"]["new"] == 2
    batch = work(batches.undo(batch=batch, by=clerk, at=AT))
    assert (batch.state, batch.undone_by) == (S.UNDONE, clerk)
    assert snapshot() == before


def test_undo_is_refused_while_a_pair_depends_and_says_so(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    household = Household.objects.first()
    Pairing.objects.create(household=household, cadre=CadreFactory(), area_code=household.area_code, since=AT.date())
    before = snapshot()
    batch = work(batches.undo(batch=batch, by=clerk, at=AT))
    assert batch.state == S.ACCEPTED and "结对" in batch.words
    assert [(one["model"], one["count"], one["why"]) for one in batch.counts["depends"]] == [
        ("pairing.Pairing", 1, "refers")
    ]
    assert snapshot() == before


def test_undo_sees_relations_that_have_no_name_and_names_the_household(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    household = Household.objects.first()
    Relative.objects.create(household=household, cadre=CadreFactory(), since=AT.date())
    batch = work(batches.undo(batch=batch, by=clerk, at=AT))
    assert batch.state == S.ACCEPTED and household.head_name in batch.words
    assert [one["model"] for one in batch.counts["depends"]] == ["pairing.Relative"]


def test_undo_takes_possible_duplicates_along_but_not_those_a_person_decided(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    one, other = Person.objects.order_by("pk")[:2]
    found = Suspicion.objects.create(one=one, other=other, area_code=one.area_code, why="id", score=0.9)
    Suspicion.objects.filter(pk=found.pk).update(state=Suspicion.State.DIFFERENT)
    batch = work(batches.undo(batch=batch, by=clerk, at=AT))
    assert {one["model"] for one in batch.counts["depends"]} == {"registry.Suspicion"}
    Suspicion.objects.filter(pk=found.pk).update(state=Suspicion.State.OPEN)
    assert work(batches.undo(batch=batch, by=clerk, at=AT)).state == S.UNDONE
    assert not Suspicion.objects.exists() and not Person.objects.exists()


def test_possible_duplicates_are_looked_for_after_a_roster_is_in_by_work_of_its_own(clerk):
    rows = rosters.members(2)
    rows[3][3:5] = [rows[1][3], ""]  # the second family's child: the first one's name, born on the same day, no number
    head, births = [*rosters.FLAT, "出生日期"], ["", "2005-05-05", "", "2005-05-05"]
    rows = [[*row, born] for row, born in zip(rows, births, strict=True)]
    rows[1][4] = ""
    let_in(upload(clerk, rosters.xlsx("a.xlsx", 贫困户=[head, *rows])), clerk)
    let_in(upload(clerk, rosters.flat(3)), clerk)
    ordered = Job.objects.get(kind="registry.suspicions")
    assert (ordered.state, ordered.by, ordered.params) == (Job.State.WAITING, clerk, {"area": clerk.area.code})
    assert not Suspicion.objects.exists()
    assert run_now(ordered).result["found"] == Suspicion.objects.count() > 0
    batch = let_in(upload(clerk, rosters.flat(4)), clerk)
    work(batches.undo(batch=batch, by=clerk, at=AT))
    assert Job.objects.filter(kind="registry.suspicions", state=Job.State.WAITING).count() == 1


def test_undo_is_refused_when_a_row_was_changed_later_until_that_is_put_back(clerk):
    batch = let_in(upload(clerk, rosters.flat()), clerk)
    household = Household.objects.order_by("pk").first()
    old = household.address
    Household.objects.filter(pk=household.pk).update(address="新村 1 号")
    batch = work(batches.undo(batch=batch, by=clerk, at=AT))
    assert [(one["model"], one["why"]) for one in batch.counts["depends"]] == [("registry.Household", "changed")]
    Household.objects.filter(pk=household.pk).update(address=old)
    assert work(batches.undo(batch=batch, by=clerk, at=AT)).state == S.UNDONE
    assert not Household.objects.exists()


def test_a_later_batch_is_undone_before_the_earlier_one(clerk):
    first = let_in(upload(clerk, rosters.flat(2)), clerk)
    rows = rosters.members(2)
    rows[0][8] = rows[1][8] = "因病"
    second = let_in(upload(clerk, rosters.xlsx("二.xlsx", 贫困户=[list(rosters.FLAT), *rows])), clerk)
    assert work(batches.undo(batch=first, by=clerk, at=AT)).state == S.ACCEPTED
    assert work(batches.undo(batch=second, by=clerk, at=AT)).state == S.UNDONE
    assert work(batches.undo(batch=first, by=clerk, at=AT)).state == S.UNDONE
    assert not Household.objects.exists()


def test_a_break_in_the_middle_of_accepting_leaves_nothing(clerk, monkeypatch):
    from shuanglian.sheets import acceptors

    batch = upload(clerk, rosters.flat())

    def broken_pipe(**_about):
        raise OSError("the disk is full")

    monkeypatch.setattr(acceptors, "_after", [broken_pipe])
    batches.accept(batch=batch, by=clerk, at=AT)
    batch = work(batch)
    assert (batch.standing, batch.job.state) == (S.CHECKED, Job.State.FAILED)
    assert not Household.objects.exists() and not Change.objects.exists()
    monkeypatch.undo()
    assert let_in(batch, clerk).state == S.ACCEPTED


def test_a_worker_killed_while_accepting_leaves_a_batch_that_can_begin_again(clerk):
    batch = upload(clerk, rosters.flat())
    batch = batches.accept(batch=batch, by=clerk, at=AT)
    assert batch.is_busy
    Job.objects.filter(pk=batch.job_id).update(state=Job.State.FAILED)  # given up after the worker died
    batch = Batch.objects.select_related("job").get(pk=batch.pk)
    assert batch.standing == S.CHECKED
    assert let_in(batch, clerk).state == S.ACCEPTED
    assert Household.objects.count() == 3


def test_rows_of_another_township_are_errors_for_a_clerk_of_one_township(clerk):
    township = UserFactory(area=gansu().townships[0])
    batch = upload(township, rosters.flat())
    codes = {finding.code for finding in batch.findings.filter(severity="error")}
    assert codes == {"outside_area"}
    assert batch.counts["clean"] == 0
    with pytest.raises(Refusal):
        batches.accept(batch=batch, by=township, at=AT, skip_errors=True)


def test_a_roster_for_somebody_elses_area_is_refused(clerk):
    with pytest.raises(Refusal, match="area_not_yours"):
        upload(clerk, rosters.flat(), area=gansu().neighbour)


def test_somebody_known_in_another_household_is_an_error_that_names_it(clerk):
    PersonFactory(household=HouseholdFactory(number="H9"), id_number=id_number(9001))
    batch = upload(clerk, rosters.flat())
    assert "id_known_elsewhere" in set(batch.findings.filter(severity="error").values_list("code", flat=True))


def test_somebody_registered_in_another_county_keeps_the_household_out_and_the_place_unnamed(clerk):
    far = HouseholdFactory(number="H9", village=gansu().neighbour_village)
    PersonFactory(household=far, id_number=id_number(9002))
    batch = upload(clerk, rosters.flat())
    finding = batch.findings.get(severity="error")
    assert (finding.code, finding.row, finding.column) == ("id_known_outside", 6, "E")
    assert (batch.counts["errors"], batch.counts["blocked"]) == (1, 3)
    let_in(batch, clerk, skip_errors=True)
    assert Household.objects.within(gansu().county).count() == 2


def test_a_household_number_of_another_county_is_an_error(clerk):
    HouseholdFactory(number="6211211012000002", village=gansu().neighbour_village)
    batch = upload(clerk, rosters.flat())
    assert set(batch.findings.filter(severity="error").values_list("code", "row")) == {("number_known_outside", 5)}


def test_work_that_is_cancelled_leaves_the_batch_where_it_was(clerk):
    batch = upload(clerk, rosters.flat())
    batch = batches.accept(batch=batch, by=clerk, at=AT)
    Job.objects.filter(pk=batch.job_id).update(cancel_asked=True)
    assert run_now(batch.job).state == Job.State.CANCELLED
    batch = Batch.objects.select_related("job").get(pk=batch.pk)
    assert batch.standing == S.CHECKED and not Household.objects.exists()


def test_undo_of_cadres_and_pairs_puts_absences_and_ended_pairs_back(clerk):
    for file in (rosters.flat(), rosters.units()):
        let_in(upload(clerk, file), clerk)
    before = snapshot()
    cadres = let_in(upload(clerk, rosters.cadres()), clerk)
    one, old = Household.objects.order_by("number").first(), CadreFactory()
    Pairing.objects.create(household=one, cadre=old, area_code=one.area_code, since=AT.date().replace(year=2012))
    with_pair = snapshot()
    rows = [["户编号", "户主姓名", "帮扶责任人", "派出单位"], [one.number, one.head_name, "王干事", "通渭县水务局"]]
    pairs = let_in(upload(clerk, rosters.csv("结对.csv", rows), kind="pairs"), clerk)
    assert pairs.counts["did"]["pairs"]["ended"] == 1
    assert work(batches.undo(batch=cadres, by=clerk, at=AT)).state == S.ACCEPTED
    assert work(batches.undo(batch=pairs, by=clerk, at=AT)).state == S.UNDONE
    assert snapshot() == with_pair
    assert work(batches.undo(batch=cadres, by=clerk, at=AT)).state == S.UNDONE
    Pairing.objects.all().delete()
    old.delete()
    old.unit.delete()
    assert snapshot() == before


def test_units_then_cadres_enter_from_their_rosters(clerk):
    let_in(upload(clerk, rosters.units()), clerk)
    batch = upload(clerk, rosters.cadres())
    assert batch.kind == "cadres"
    let_in(batch, clerk)
    assert set(Unit.objects.values_list("name", flat=True)) == {"通渭县水务局", "通渭县教育局"}
    assert Cadre.objects.get(name="单主任").rank == "county_deputy"
    assert Cadre.objects.get(name="李科长").absences.count() == 1


def test_links_and_last_years_pairs_enter_from_their_rosters(clerk):
    for file in (rosters.flat(), rosters.units(), rosters.cadres()):
        let_in(upload(clerk, file), clerk)
    links = rosters.csv("联村.csv", [["乡镇", "行政村", "联村单位"], ["马营镇", "东关村", "通渭县水务局"]])
    batch = upload(clerk, links, kind="links")
    assert batch.counts["errors"] == 0
    assert let_in(batch, clerk).counts["did"]["links"]["new"] == 1
    head = ["乡镇", "行政村", "户主姓名", "证件号码", "单位", "帮扶责任人", "帮扶人手机号"]
    one = Household.objects.order_by("number").first()
    rows = [["马营镇", "东关村", one.head_name, None, "通渭县水务局", "王干事", None]]
    batch = upload(clerk, rosters.xlsx("结对.xlsx", 结对帮扶=[head, *rows]))
    assert (batch.kind, batch.counts["errors"]) == ("pairs", 0)
    let_in(batch, clerk)
    assert Pairing.objects.get().household == one


def test_households_and_members_in_two_files(clerk):
    households = rosters.csv(
        "户.csv", [["乡镇", "行政村", "户编号", "户主姓名", "户主证件号码", "主要致贫原因"],
                   ["马营镇", "东关村", "A1", "张三", id_number(1), "因病"]], encoding="utf-8",
    )  # fmt: skip
    members = rosters.xlsx("成员.xlsx", Sheet1=[["户编号", "姓名", "证件号码", "与户主关系", "健康状况"],
                                               ["A1", "张三", id_number(1), "户主", "患有大病"],
                                               ["A1", "李四", id_number(2, sex="female"), "配偶", "健康"]])  # fmt: skip
    batch = upload(clerk, households, second=members)
    assert (batch.counts["households"], batch.counts["persons"], batch.counts["errors"]) == (1, 2, 0)
    let_in(batch, clerk)
    assert set(Household.objects.get(number="A1").people.values_list("name", flat=True)) == {"张三", "李四"}


def test_members_alone_enter_households_that_are_registered(clerk):
    let_in(upload(clerk, rosters.flat(1)), clerk)
    number = Household.objects.get().number
    rows = [
        ["户编号", "姓名", "证件号码", "与户主关系", "劳动技能"],
        [number, "张大乙", id_number(1), "户主", "普通劳动力"],
        [number, "张新", id_number(777, sex="female"), "之女", "无劳动力"],
    ]
    members = rosters.xlsx("成员.xlsx", 成员=rows)
    batch = upload(clerk, members)
    assert (batch.kind, batch.counts["errors"]) == ("households", 0)
    batch = let_in(batch, clerk)
    assert batch.counts["did"]["persons"] | {} == {
        "new": 1, "changed": 0, "unchanged": 1, "moved": 0, "absent": 1, "homeless": 0, "repeated": 0,
    }  # fmt: skip
    assert (Household.objects.get().size, Household.objects.get().head_name) == (3, "张大乙")


def test_columns_are_corrected_by_hand_checked_again_and_remembered(clerk):
    head = ["乡镇", "行政村", "甲栏", "户主身份证", "致贫原因"]
    rows = [["马营镇", "东关村", "张三", id_number(1), "因病"]]
    batch = upload(clerk, rosters.xlsx("怪.xlsx", 名册=[head, *rows]), kind="households")
    assert batch.standing == S.MAPPING
    batch = work(batches.set_mapping(batch=batch, mapping={"名册": {"C": "head_name"}}, by=clerk, at=AT))
    assert (batch.standing, batch.counts["errors"]) == (S.CHECKED, 0)
    rows[0][2] = "张三丰"
    again = upload(clerk, rosters.xlsx("怪2.xlsx", 名册=[head, *rows]), kind="households")
    assert again.standing == S.CHECKED and again.layout["sheets"][0]["remembered"]


def test_a_needed_column_that_is_not_named_is_refused(clerk):
    rows = [["乡镇", "行政村", "甲栏", "户主身份证"], ["马营镇", "东关村", "张三", "1"]]
    batch = upload(clerk, rosters.xlsx("怪.xlsx", 名册=rows), kind="households")
    with pytest.raises(Refusal, match="户主姓名"):
        batches.set_mapping(batch=batch, mapping={}, by=clerk, at=AT)


def test_a_file_that_is_no_roster_fails_in_words(clerk):
    batch = upload(clerk, rosters.csv("随便.csv", [["甲", "乙"], ["1", "2"]]))
    assert batch.standing == S.FAILED and batch.words


def test_a_file_above_the_limit_or_empty_is_refused(clerk, settings):
    settings.IMPORT_MAX_MB = 0
    with pytest.raises(Refusal, match="file_too_large"):
        upload(clerk, rosters.flat())
    with pytest.raises(Refusal, match="file_empty"):
        upload(clerk, rosters.csv("空.csv", []))


def test_uploaded_files_are_encrypted_and_cleared_when_their_days_are_over(
    clerk, tmp_path, django_capture_on_commit_callbacks
):
    batch = upload(clerk, rosters.flat())
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 2 and not any(path.read_bytes()[:4] == b"PK\x03\x04" for path in kept)
    assert files.fetch(batch.file)[:2] == b"PK"
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.clear_old(older_than=timedelta(days=30), at=AT + timedelta(days=29)) == 0
        assert batches.clear_old(older_than=timedelta(days=30), at=AT + timedelta(days=31)) == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    batch.refresh_from_db()
    assert batch.state == S.DISCARDED and not batch.findings.exists()


def test_personal_numbers_of_findings_stand_sealed(clerk):
    from django.db import connection

    upload(clerk, broken())
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, params FROM sheets_finding WHERE severity = 'error'")
        value, params = cursor.fetchone()
    assert value.startswith("v1:") and (params == "" or params.startswith("v1:"))


def test_a_batch_given_up_cannot_be_accepted(clerk):
    batch = upload(clerk, rosters.flat())
    batches.discard(batch=batch, by=clerk, at=AT)
    with pytest.raises(Refusal, match="wrong_state"):
        batches.accept(batch=batch, by=clerk, at=AT)
