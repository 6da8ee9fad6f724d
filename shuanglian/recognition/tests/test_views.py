"""REG-4, REG-9: cases opened by page, the register's doors that lead to them, kinship declared."""

import pytest
from django.test import Client
from django.urls import reverse

from shuanglian.procedures.models import Case
from shuanglian.recognition.models import Kin
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory, relation


@pytest.fixture
def at(committee):
    client = Client()
    client.force_login(committee, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def office(clerk):
    client = Client()
    client.force_login(clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(name, *args):
    return reverse(f"recognition:{name}", args=args)


def test_REG_4_the_registers_doors_lead_to_the_procedures(office):
    home = HouseholdFactory(with_people=2)
    child = home.people.order_by("pk").last()
    for name, args in (
        ("close", [home.pk]), ("move", [home.pk]), ("add_person", [home.pk]), ("split", [home.pk]), ("merge", [home.pk]),
        ("person_leaves", [child.pk]), ("person_moves", [child.pk]),
    ):  # fmt: skip
        answer = office.post(
            reverse(f"registry:{name}", args=args), {"kind": "leave", "on": "2015-08-01", "why": "急办"}
        )
        assert answer.status_code == 302 and answer.url == url("choose", home.pk), name
    assert office.get(reverse("registry:enrol")).url == url("apply", "entry")
    home.refresh_from_db()
    assert home.left_on is None


def test_the_page_offers_what_fits_the_file_as_it_stands(at):
    home = HouseholdFactory(with_people=2)
    text = at.get(url("choose", home.pk)).content.decode()
    assert url("open", home.pk, "exit") in text and url("open_merge", home.pk, "merge") in text
    assert url("choose_member", home.pk, "death") in text and url("open", home.pk, "return") not in text
    Household.objects.filter(pk=home.pk).update(left_on="2015-01-01")
    text = at.get(url("choose", home.pk)).content.decode()
    assert url("open", home.pk, "return") in text and url("open", home.pk, "exit") not in text


@pytest.mark.parametrize("code", ["exit", "removal", "correction", "birth", "move", "split"])
def test_every_procedure_of_a_household_has_its_form_and_asks_for_the_reason(at, code):
    home = HouseholdFactory(with_people=2)
    page = at.get(url("open", home.pk, code))
    assert page.status_code == 200 and "why" in page.context["form"].fields
    assert at.post(url("open", home.pk, code), {}).status_code == 200 and not Case.objects.exists()


def test_a_proposal_for_exit_becomes_a_case_that_stands_on_the_households_page(at):
    home = HouseholdFactory(with_people=2)
    answer = at.post(url("open", home.pk, "exit"), {"why": "收入已过线"})
    case = Case.objects.get()
    assert answer.url == reverse("procedures:case", args=[case.pk]) and case.step == "application"
    assert case.number in at.get(reverse("registry:household", args=[home.pk])).content.decode()
    again = at.post(url("open", home.pk, "exit"), {"why": "再办一次"})
    assert again.status_code == 200 and Case.objects.count() == 1


def test_REG_10_a_merge_is_asked_in_two_pages_and_done_when_it_is_approved(at, committee):
    from datetime import UTC, datetime

    from shuanglian.recognition import effects

    kept, closed = HouseholdFactory(with_people=1), HouseholdFactory(with_people=2)
    assert at.get(url("open_merge", kept.pk, "merge")).status_code == 200
    second = f"{url('open_merge', kept.pk, 'merge')}?other={closed.number}&keep=this"
    form = at.get(second).context["form"]
    filled = {name: field.initial for name, field in form.fields.items() if field.initial}
    filled |= {f"place_{one.pk}": relation("其他") for one in closed.people.all()}
    answer = at.post(second, {**filled, "on": "2015-08-01", "why": "老人并到儿子家"})
    assert answer.status_code == 302, answer.context["form"].errors
    case = Case.objects.get()
    effects.unions([case], by=committee, at=datetime(2026, 8, 3, 2, tzinfo=UTC))
    closed.refresh_from_db()
    assert closed.removed_on is not None and kept.people.filter(left_on=None).count() == 3


def test_a_correction_keeps_only_what_differs_and_keeps_it_sealed(at):
    home = HouseholdFactory(with_people=2)
    person = home.people.order_by("pk").last()
    page = at.get(url("open_about", home.pk, "correction", person.pk))
    filled = {name: value for name, value in page.context["form"].initial.items() if value not in (None, "", [])}
    told = {**filled, "name": "李改名", "relation": person.relation, "why": "户口本写错"}
    assert at.post(url("open_about", home.pk, "correction", person.pk), told).status_code == 302
    case = Case.objects.get()
    assert case.asked == {"people": {str(person.pk): {"name": "李改名"}}}
    assert Case.objects.filter(asked_text__contains="李改名").count() == 0


def test_an_application_of_a_newcomer_with_members_and_kin_in_office(at, place):
    told = {"village": place.village.code, "name": "赵新来", "main_cause": "01", "why": "因病致贫",
            "member_0_name": "赵小来", "member_0_relation": relation("之子"), "relatives": "村文书、王主任"}  # fmt: skip
    answer = at.post(url("apply", "entry"), told)
    assert answer.status_code == 302, answer.context["form"].errors
    asked = Case.objects.get().asked
    assert asked["members"][0]["name"] == "赵小来" and asked["relatives"] == ["村文书", "王主任"]
    half = at.post(url("apply", "entry"), {**told, "name": "钱二", "member_1_relation": relation("之女")})
    assert "member_1_name" in half.context["form"].errors


def test_REG_9_kinship_is_declared_and_ended_by_page_and_never_by_oneself(at, office, committee, clerk):
    home = HouseholdFactory(with_people=1)
    told = {"username": committee.username, "related": "yes", "relation": "堂兄"}
    assert at.post(url("kin", home.pk), told).status_code == 302
    line = Kin.objects.get()
    at.post(url("end_kin", line.pk), {"why": "算了"})
    line.refresh_from_db()
    assert line.ended_at is None
    assert office.post(url("end_kin", line.pk), {"why": "查户口不是一家"}).status_code == 302
    line.refresh_from_db()
    assert line.ended_by == clerk
    unknown = at.post(url("kin", home.pk), {"username": clerk.username, "related": "yes", "relation": "叔叔"})
    assert unknown.status_code == 200 and "username" in unknown.context["form"].errors


def test_another_villages_household_is_not_found(at, place):
    from shuanglian.registry.tests.factories import HouseholdFactory as Factory

    other = Factory(village=place.villages[1], area_code=place.villages[1].code)
    for name, args in (("choose", ()), ("open", ("exit",)), ("kin", ()), ("open_merge", ("merge",))):
        assert at.get(url(name, other.pk, *args)).status_code == 404


def test_REG_10_every_act_of_a_case_stands_in_the_households_story(at):
    home = HouseholdFactory(with_people=2)
    at.post(url("open", home.pk, "exit"), {"why": "收入已过线"})
    text = at.get(reverse("registry:story", args=[home.pk])).content.decode()
    case = Case.objects.get()
    assert reverse("procedures:case", args=[case.pk]) in text and "收入已过线" in text


def test_REG_9_who_worked_on_a_case_or_is_related_does_not_answer_objections_to_it(committee, clerk, place):
    from datetime import UTC, datetime

    from shuanglian.accounts.tests.factories import UserFactory
    from shuanglian.core.clock import day_of
    from shuanglian.notices.actions import notices, objections
    from shuanglian.recognition.actions import kin, opening
    from shuanglian.recognition.story import near

    now = datetime(2026, 8, 3, 2, tzinfo=UTC)
    home = HouseholdFactory(with_people=1)
    case = opening.about_household(procedure="exit", household=home, why="过线", asked={}, by=committee, at=now)
    up = notices.publish(kind="exit_notice", area=place.village, title={"zh": "退出公示"}, opens_on=day_of(now), by=None,
                         at=now, about=f"procedures.case:{case.pk}", rows=[{"key": str(case.pk), "name": home.head_name}])  # fmt: skip
    said = objections.make(notice=up, row=str(case.pk), text="他家收入没有过线", form_key=home_key(), at=now)[0]
    other = UserFactory(username="other", full_name="李核查", role="programme_office", area=place.county)
    assert near(said, committee) and near(said, clerk) == "" and near(said, other) == ""
    kin.declare(user=other, household=home, relation="表哥", by=other, at=now)
    assert "表哥" in near(said, other)


def home_key():
    from uuid import uuid4

    return uuid4()


def test_PAIR_1_a_cadre_sees_the_cases_of_his_own_households_and_no_others(at, place):
    from shuanglian.accounts.models import User
    from shuanglian.accounts.tests.factories import UserFactory
    from shuanglian.core.clock import now
    from shuanglian.organisation.tests.factories import CadreFactory
    from shuanglian.pairing.tests.factories import PairingFactory
    from shuanglian.procedures.actions import lists

    own, other = HouseholdFactory(with_people=1), HouseholdFactory(with_people=1)
    for home in (own, other):
        at.post(url("open", home.pk, "exit"), {"why": "收入已过线"})
    mine, foreign = (Case.objects.get(subject=f"registry.household:{home.pk}") for home in (own, other))
    made = lists.make(procedure="exit", name="批次", area=place.village, by=User.objects.get(username="committee"),
                      at=now(), cases=[mine, foreign])  # fmt: skip
    user = UserFactory(username="tied", role="cadre", area=place.county)
    PairingFactory(household=own, cadre=CadreFactory(user=user))
    cadre = Client()
    cadre.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert cadre.get(reverse("procedures:case", args=[mine.pk])).status_code == 200
    assert cadre.get(reverse("procedures:case", args=[foreign.pk])).status_code == 404
    assert cadre.get(reverse("procedures:list", args=[made.pk])).status_code == 404
    assert cadre.post(reverse("procedures:print_case", args=[foreign.pk, "application"])).status_code == 404
    assert other.head_name not in cadre.get(f"{reverse('procedures:cases')}?which=open").content.decode()
