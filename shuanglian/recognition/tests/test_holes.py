"""Holes in opening, deciding and showing cases about households, each closed (REG-1, REG-4, REG-9)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions import notices, objections
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.procedures import hooks
from shuanglian.procedures.actions import cases, postings
from shuanglian.procedures.actions.cases import Wanted
from shuanglian.procedures.models import Case
from shuanglian.recognition import effects, subjects
from shuanglian.recognition.actions import opening
from shuanglian.recognition.relatives import relatives
from shuanglian.recognition.story import near
from shuanglian.registry.models import Household
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.rules.procedures import Step

AT = datetime(2026, 8, 3, 2, tzinfo=UTC)


def newcomer(committee, name="赵大有", **asked):
    told = {"head": {"name": name}, "values": {}, "members": [], "relatives": []} | asked
    return opening.about_newcomer(
        procedure="entry", village=committee.area, why="遭灾", asked=told, by=committee, at=AT
    )


def test_REG_1_newcomers_of_one_list_get_numbers_as_wide_as_the_villages_own(committee, clerk, place):
    HouseholdFactory(village=place.village, area_code=place.village.code, number=f"{place.village.code}000025")
    several = [newcomer(committee, name) for name in ("赵大有", "钱二田", "孙三宝")]
    effects.entries(several, by=clerk, at=AT)
    numbers = Household.objects.filter(head_name__in=["赵大有", "钱二田", "孙三宝"]).order_by("pk")
    assert list(numbers.values_list("number", flat=True)) == [f"{place.village.code}0000{n}" for n in (26, 27, 28)]


def test_a_list_of_newcomers_is_counted_and_checked_once(committee, clerk, place, monkeypatch):
    from shuanglian.registry.actions import flags
    from shuanglian.registry.models import AreaCount, Flag

    asked, plainly = [], flags.ask_again

    def listening(households, villages, *, at):
        asked.append(len(households))
        return plainly(households, villages, at=at)

    monkeypatch.setattr(flags, "ask_again", listening)
    effects.entries([newcomer(committee, f"赵家{n}") for n in range(5)], by=clerk, at=AT)
    assert asked == [5]
    assert (
        AreaCount.objects.get(area=place.county).households == 5 == AreaCount.objects.get(area=place.village).households
    )
    one_by_one = Flag.objects.filter(state="open").values_list("rule", flat=True)
    assert len(set(one_by_one)) * 5 == len(one_by_one), "every new file got its checks"


def test_REG_4_a_number_that_cannot_be_one_is_refused_at_the_application(committee):
    with pytest.raises(Refusal) as refused:
        newcomer(committee, members=[{"name": "赵小", "relation": "03", "id_number": "621121199001011"}])
    assert refused.value.code == "id_number" and not Case.objects.exists()


def test_what_the_register_refuses_names_the_case(committee, clerk):
    good, bad = newcomer(committee), newcomer(committee, "钱二田", values={"main_cause": "没有这个原因"})
    with pytest.raises(hooks.EffectRefused) as refused:
        effects.entries([good, bad], by=clerk, at=AT)
    assert refused.value.case == bad.pk and "钱二田" in str(refused.value.said)


def test_REG_9_who_has_the_name_or_the_telephone_of_a_newcomer_decides_nothing_about_him(committee, clerk, place):
    case = newcomer(committee, values={"phone": "139 1234 5678"}, members=[{"name": "赵小", "relation": "03"}])
    same_name = UserFactory(username="xiao", full_name="赵小", role="programme_office", area=place.county)
    phone = UserFactory(username="phone", full_name="李四", role="programme_office", area=place.county)
    CadreFactory(user=phone, phone="13912345678")
    assert "同名" in relatives([case], same_name)[case.pk] and "电话" in relatives([case], phone)[case.pk]
    assert relatives([case], clerk) == {}


def test_REG_9_kinship_of_many_newcomers_costs_no_more_questions_than_of_one(committee, clerk):
    some = [newcomer(committee, f"赵家{n}") for n in range(12)]
    asked = []
    for cases_of in (some[:1], some):
        with CaptureQueriesContext(connection) as asking:
            relatives(cases_of, clerk)
        asked.append(len(asking))
    assert asked[0] == asked[1] <= 6


def test_opening_many_cases_reads_their_files_once(committee, place, django_assert_max_num_queries):
    homes = [HouseholdFactory(village=place.village, area_code=place.village.code) for _ in range(15)]
    wanted = [Wanted(subjects.subject_of(home), str(home), place.village, "过线") for home in homes]
    with django_assert_max_num_queries(25):
        assert len(cases.open_many(procedure="exit", wanted=wanted, on=day_of(AT), by=committee, at=AT)) == 15
    gone = Wanted("registry.household:999999", "没有", place.village, "过线")
    with pytest.raises(Refusal, match="找不到这一户"):
        cases.open_many(procedure="exit", wanted=[gone], on=day_of(AT), by=committee, at=AT)


def test_REG_9_who_worked_on_any_row_does_not_answer_an_objection_to_the_whole_notice(committee, clerk, place):
    case = newcomer(committee)
    up = notices.publish(kind="first_notice", area=place.village, title={"zh": "公示"}, opens_on=day_of(AT), by=None,
                         at=AT, about=f"procedures.case:{case.pk}", rows=[{"key": str(case.pk), "name": "赵大有"}])  # fmt: skip
    said = objections.make(notice=up, text="名单上少了最穷的一户", form_key=uuid4(), at=AT)[0]
    assert near(said, committee) and near(said, clerk) == ""


def test_REG_4_a_public_row_is_in_both_languages_whoever_posts_it(committee):
    case = newcomer(committee, values={"main_cause": "01"})
    row = hooks.rows([case])[case.pk]
    assert set(row["reason"]) == set(row["outcome"]) == {"zh", "en"} and row["reason"]["zh"] != row["reason"]["en"]


def test_REG_4_what_may_not_stand_on_a_wall_is_named_with_its_cure(committee):
    case = opening.about_household(procedure="exit", household=HouseholdFactory(measures="治糖尿病"), asked={}, at=AT,
                                   why="户主电话13912345678", by=committee)  # fmt: skip
    row = hooks.rows([case])[case.pk]
    assert row["reason"] == row["measure"] == ""
    assert {name: why.code for name, why in row["left_out"].items()} == {
        "reason": "public_phone",
        "measure": "public_words",
    }
    step: Step = next(one for one in _exit().steps if one.code == "first_notice")
    assert list(postings.unfit([case], step, date(2026, 8, 3))[case.pk]) == ["reason"], "this notice shows no measure"


def _exit():
    from shuanglian.core.profile import active

    return active().on(date(2026, 8, 3)).procedures["exit"]


def test_an_application_is_reached_from_the_page_of_cases_by_those_whose_step_it_is(committee, clerk):
    for user, there in ((committee, True), (clerk, False)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get(reverse("procedures:cases")).content.decode()
        assert (reverse("recognition:apply", args=["entry"]) in page) is there
