"""REG-3, REG-4, REG-9, REG-10: what an approved case does to the register, and who may not decide."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core.secrets import digest
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.pairing.models import Relative
from shuanglian.procedures.actions import cases, papers
from shuanglian.procedures.models import Case
from shuanglian.recognition import effects
from shuanglian.recognition.actions import kin, opening
from shuanglian.recognition.models import Kin
from shuanglian.recognition.relatives import relatives
from shuanglian.recognition.subjects import facts, households_of, row
from shuanglian.registry.actions import standing
from shuanglian.registry.models import Household, HouseholdLink, Person
from shuanglian.registry.tests.factories import HouseholdFactory, PersonFactory, relation

AT = datetime(2015, 8, 3, 2, tzinfo=UTC)
ON = date(2015, 8, 3)
PDF = b"%PDF-1.7\n%%EOF\n"


def case_about(household, procedure, by, asked=None, at=AT):
    return opening.about_household(procedure=procedure, household=household, why="入户核实", asked=asked or {}, by=by,
                                   at=at)  # fmt: skip


def bring(case, code, by, at=AT):
    papers.add(of=case, step=case.step, code=code, upload=PDF, by=by, at=at)


def effect(code, some, by):
    effects.EFFECTS[code](some, by=by, at=AT)


# --- one whole procedure through the machine ----------------------------------------------------------------------------
def test_REG_4_a_birth_stands_in_the_file_only_once_another_office_has_approved(committee, township):
    home = HouseholdFactory(with_people=2)
    asked = {"values": {"name": "李小满", "relation": relation("之女"), "sex": "2", "born_on": "2015-07-01"},
             "on": "2015-07-01"}  # fmt: skip
    case = case_about(home, "birth", committee, asked)
    with pytest.raises(Refusal):
        cases.pass_step(case=case, step="application", on=ON, by=committee, at=AT)  # the paper is missing
    bring(case, "proof", committee)
    case = cases.pass_step(case=case, step="application", on=ON, by=committee, at=AT)
    assert case.step == "approval" and home.people.count() == 2
    with pytest.raises(Refusal):
        cases.pass_step(case=case, step="approval", on=ON, by=committee, at=AT)
    case = cases.pass_step(case=case, step="approval", on=ON, by=township, at=AT)
    born = Person.objects.get(household=home, name="李小满")
    home.refresh_from_db()
    assert (case.stand, born.since, born.born_on, home.size) == ("approved", date(2015, 7, 1), date(2015, 7, 1), 3)


def test_REG_9_nobody_approves_for_a_household_that_he_has_declared_kinship_with(committee, township, clerk):
    home = HouseholdFactory(with_people=2)
    case = case_about(home, "birth", committee, {"values": {"name": "李小满", "relation": relation("之女")}})
    bring(case, "proof", committee)
    case = cases.pass_step(case=case, step="application", on=ON, by=committee, at=AT)
    line = kin.declare(user=township, household=home, relation="户主的弟弟", by=township, at=AT)
    with pytest.raises(Refusal):
        cases.pass_step(case=case, step="approval", on=ON, by=township, at=AT)
    with pytest.raises(Refusal, match="本人"):
        kin.end(kin=line, why="不办了", by=township, at=AT)
    kin.end(kin=line, why="经查不是亲属", by=clerk, at=AT)
    assert cases.pass_step(case=case, step="approval", on=ON, by=township, at=AT).stand == "approved"


# --- kinship that the register finds by itself --------------------------------------------------------------------------
def found(case, user):
    return relatives([case], user).get(case.pk, "")


def test_REG_9_the_register_finds_kin_by_number_telephone_declaration_and_name(committee, place, clerk):
    home = HouseholdFactory(with_people=1, phone="13900000001", phone_digest=digest("13900000001"))
    case = case_about(home, "exit", committee)
    stranger = UserFactory(full_name="与此无关", role="programme_office", area=place.county)
    assert found(case, stranger) == ""

    own = UserFactory(full_name="张三", role="programme_office", area=place.county)
    me = home.people.get()
    cadre = CadreFactory(user=own, id_number=me.id_number, id_digest=me.id_digest)
    assert "成员" in found(case, own)

    by_phone = UserFactory(full_name="李四", role="programme_office", area=place.county)
    CadreFactory(user=by_phone, phone="13900000001", phone_digest=digest("13900000001"))
    assert "电话" in found(case, by_phone)

    declared = UserFactory(full_name="王五", role="programme_office", area=place.county)
    Relative.objects.create(cadre=CadreFactory(user=declared), household=home, note="侄子", since=ON)
    assert "侄子" in found(case, declared)
    assert cadre.pk

    namesake = UserFactory(full_name=home.head_name, role="village_committee", area=place.village)
    assert "同名" in found(case, namesake)
    with pytest.raises(Refusal):
        kin.clear(user=namesake, household=home, relation="只是同名", by=namesake, at=AT)
    kin.clear(user=namesake, household=home, relation="同名，查户口不是一家", by=clerk, at=AT)
    assert found(case, namesake) == ""
    kin.declare(user=namesake, household=home, relation="其实是堂兄", by=clerk, at=AT)
    assert "堂兄" in found(case, namesake) and Kin.objects.count() == 2


def test_REG_9_an_application_that_names_a_relative_keeps_him_out(committee, place):
    asked = {"head": {"name": "赵新来"}, "values": {}, "members": [], "relatives": ["村文书"]}
    case = opening.about_newcomer(
        procedure="entry", village=place.village, why="因病", asked=asked, by=committee, at=AT
    )
    assert "申请书" in found(case, committee)


# --- effects ------------------------------------------------------------------------------------------------------------
def test_REG_3_a_list_of_exits_leaves_together_with_the_number_of_the_case_as_reason(committee):
    homes = [HouseholdFactory(with_people=1) for _ in range(5)]
    some = [case_about(home, "exit", committee) for home in homes]
    effect("exit", some, committee)
    for home in homes:
        home.refresh_from_db()
        assert home.left_on == ON and home.status == "1"
    event = Household.objects.get(pk=homes[0].pk).events.order_by("-pgh_id").first()
    assert some[0].number in event.pgh_context.metadata["why"]


def test_REG_3_one_household_that_is_gone_already_stops_the_whole_list(committee):
    homes = [HouseholdFactory(with_people=1) for _ in range(3)]
    some = [case_about(home, "exit", committee) for home in homes]
    standing.remove(households=[homes[1].pk], on=ON, why="另案清退", by=None, at=AT)
    with pytest.raises(Refusal, match=homes[1].number):
        effect("exit", some, committee)
    assert Household.objects.filter(left_on__isnull=False).count() == 0


def test_REG_3_who_fell_back_returns_and_who_was_removed_by_mistake_stands_again(committee):
    left, removed = HouseholdFactory(with_people=1), HouseholdFactory(with_people=1)
    standing.leave(households=[left.pk], on=ON, why="达标", by=None, at=AT)
    standing.remove(households=[removed.pk], on=ON, why="误评", by=None, at=AT)
    effect("return", [case_about(left, "return", committee), case_about(removed, "return", committee)], committee)
    left.refresh_from_db(), removed.refresh_from_db()
    assert (left.left_on, left.status, removed.removed_on, removed.status) == (None, "3", None, "0")


def test_REG_1_nobody_returns_whose_member_stands_elsewhere_meanwhile(committee):
    gone = HouseholdFactory(with_people=1)
    standing.leave(households=[gone.pk], on=ON, why="达标", by=None, at=AT)
    me = gone.people.get()
    PersonFactory(household=HouseholdFactory(), id_number=me.id_number, id_digest=me.id_digest)
    with pytest.raises(Refusal, match="另一户"):
        effect("return", [case_about(gone, "return", committee)], committee)


def test_REG_3_a_newcomer_gets_a_file_with_everybody_in_the_application(committee, place):
    asked = {"head": {"name": "赵新来", "id_number": ""}, "values": {"main_cause": "01", "size": 2, "group": "三社"},
             "members": [{"name": "赵小来", "relation": relation("之子"), "id_number": ""}], "relatives": []}  # fmt: skip
    case = opening.about_newcomer(
        procedure="entry", village=place.village, why="因病", asked=asked, by=committee, at=AT
    )
    assert row_of(case)["name"] == "赵新来" and row_of(case)["people"] == "2"
    effect("enter", [case], committee)
    file = Household.objects.get(head_name="赵新来")
    assert (file.size, file.main_cause, file.village, file.since) == (2, "01", place.village, ON)


def row_of(case):
    from shuanglian.recognition.subjects import newcomer_row

    return newcomer_row([case])[case.pk]


def test_REG_1_who_stands_on_the_register_already_cannot_apply_as_a_newcomer(committee, place):
    me = HouseholdFactory(with_people=1).people.get()
    asked = {"head": {"name": "另报一户", "id_number": me.id_number}, "values": {}, "members": [], "relatives": []}
    with pytest.raises(Refusal, match="一人不能在两户"):
        opening.about_newcomer(procedure="entry", village=place.village, why="因病", asked=asked, by=committee, at=AT)


def test_REG_10_members_leave_move_and_split_off_with_their_history(committee, place):
    home = HouseholdFactory(with_people=4)
    head, *children = home.people.order_by("pk")
    effect(
        "member_out", [case_about(home, "death", committee, {"person": children[0].pk, "on": "2015-08-01"})], committee
    )
    children[0].refresh_from_db()
    assert children[0].left_on == date(2015, 8, 1)
    asked = {"people": [children[1].pk], "head": children[1].pk, "on": "2015-08-02"}
    effect("split", [case_about(home, "split", committee, asked)], committee)
    link = HouseholdLink.objects.get()
    assert link.source == home and link.target.head_name == children[1].name
    home.refresh_from_db()
    assert home.size == 2 and home.head_name == head.name


def test_REG_10_a_member_goes_over_to_another_household_with_both_files_telling_so(committee):
    source, target = HouseholdFactory(with_people=3), HouseholdFactory(with_people=1)
    child = source.people.order_by("pk").last()
    asked = {
        "person": child.pk,
        "target": target.pk,
        "relation": relation("其他"),
        "on": "2015-08-01",
        "successor": None,
    }
    effect("member_move", [case_about(source, "member_move", committee, asked)], committee)
    child.refresh_from_db()
    link = HouseholdLink.objects.get()
    assert (child.household, link.source, link.target) == (target, source, target)
    with pytest.raises(Refusal, match="找不到要迁入的户"):
        other = case_about(HouseholdFactory(with_people=2), "member_move", committee, asked | {"target": 0})
        effect("member_move", [other], committee)


def test_REG_10_what_no_longer_fits_when_it_is_approved_stops_the_approval(committee):
    home = HouseholdFactory(with_people=2)
    child = home.people.order_by("pk").last()
    case = case_about(home, "death", committee, {"person": child.pk, "on": "2015-08-01"})
    Person.objects.filter(pk=child.pk).update(left_on=date(2015, 7, 1))
    with pytest.raises(Refusal, match="不在本户"):
        effect("member_out", [case], committee)


def test_a_case_cannot_be_opened_about_another_village_or_a_file_that_is_gone(committee, place, clerk):
    gone = HouseholdFactory(with_people=1)
    standing.leave(households=[gone.pk], on=ON, why="达标", by=None, at=AT)
    with pytest.raises(Refusal, match="不在册"):
        case_about(gone, "exit", committee)
    with pytest.raises(Refusal, match="仍在册"):
        case_about(HouseholdFactory(with_people=1), "return", committee)


def test_the_same_procedure_is_not_opened_twice_about_one_household(committee):
    home = HouseholdFactory(with_people=1)
    case_about(home, "exit", committee)
    with pytest.raises(Refusal):
        case_about(home, "exit", committee, at=AT + timedelta(days=1))
    assert Case.objects.count() == 1


def test_facts_and_public_rows_of_many_cases_cost_the_same_number_of_queries(committee, django_assert_num_queries):
    some = [case_about(HouseholdFactory(with_people=2), "exit", committee) for _ in range(4)]
    assert len(facts(some, ON)) == 4 and set(households_of(some)) == {case.pk for case in some}
    with django_assert_num_queries(1):
        shown = row(some)
    assert all({"name", "village", "people"} <= set(one) and "phone" not in one for one in shown.values())


def test_FUND_6_every_kind_of_notice_gets_the_fields_it_shows_and_no_illness_hinders_the_village(committee, place):
    from shuanglian.procedures.actions import postings

    plain, ill = (
        opening.about_household(procedure="exit", household=HouseholdFactory(with_people=2, measures="养羊"), why=why,
                                asked={}, by=committee, at=AT)
        for why in ("收入过线", "户主患艾滋病，电话13912345678")
    )  # fmt: skip
    for case in (plain, ill):
        Case.objects.filter(pk=case.pk).update(step="first_notice")
    moved = postings.post(cases=[plain.pk, ill.pk], step="first_notice", by=committee, at=AT)
    assert not moved.refused
    shown = {one["key"]: one for one in moved.done[0].posted.shown_rows}
    assert shown[str(plain.pk)]["reason"] == "收入过线" and not shown[str(ill.pk)].get("reason")
    assert all("measure" not in one for one in shown.values())


def test_REG_10_a_file_with_an_open_case_is_not_merged_away_and_kinship_goes_along(committee, clerk):
    from shuanglian.registry.actions import merges, undo

    kept, closed = HouseholdFactory(with_people=1), HouseholdFactory(with_people=1)
    kin.declare(user=clerk, household=closed, relation="姑父", by=clerk, at=AT)
    case = case_about(closed, "exit", committee)
    told = {"kept": kept, "closed": closed, "relations": {closed.people.get().pk: relation("其他")}, "on": ON,
            "why": "老人并到儿子家", "by": committee, "at": AT}  # fmt: skip
    with pytest.raises(Refusal, match=case.number):
        merges.merge(**told)
    cases.withdraw(case=case, step="application", on=ON, why="先并户", by=committee, at=AT)
    link = merges.merge(**told)
    assert Kin.objects.standing().filter(household=kept, user=clerk).exists()
    undo.undo(link=link, why="并错了", by=committee, at=AT)
    assert not Kin.objects.standing().filter(household=kept).exists()
    assert Kin.objects.standing().filter(household=closed).exists()
