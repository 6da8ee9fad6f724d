"""A demand that waits for a change of the household's file is answered by that file's procedure (VOICE-3, REG-10)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.fieldwork.tests.factories import Land, land
from shuanglian.grievances.actions import filing
from shuanglian.grievances.models import Answer, Demand
from shuanglian.kernel.refusal import Refusal
from shuanglian.procedures.actions import cases, papers
from shuanglian.procedures.models import Case
from shuanglian.recognition.actions import opening
from shuanglian.registry.tests.factories import PersonFactory, relation

from .factories import AT, raised

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def place() -> Land:
    return land(households=3)


def birth(place: Land) -> Case:
    """A case of the first home, ready to be approved by the township."""
    home = place.homes[0]
    PersonFactory(household=home)
    asked = {"values": {"name": "李小满", "relation": relation("之女"), "sex": "2", "born_on": "2015-07-01"},
             "on": "2015-07-01"}  # fmt: skip
    case = opening.about_household(
        procedure="birth", household=home, why="入户核实", asked=asked, by=place.village, at=AT
    )
    papers.add(of=case, step=case.step, code="proof", upload=PDF, by=place.village, at=AT)
    return cases.pass_step(case=case, step="application", on=AT.date(), by=place.village, at=AT)


def test_VOICE_3_approved_it_is_the_answer_with_the_cases_number_and_waits_for_the_persons_word(place: Land) -> None:
    demand, case = raised(place, text="娃娃没有上到档案里"), birth(place)
    filing.wait_for(demand=demand, case=case, by=place.cadre, at=AT)
    at = AT + timedelta(days=1)
    cases.pass_step(case=case, step="approval", on=at.date(), by=place.township, at=at)
    demand.refresh_from_db()
    answer = Answer.objects.get()
    assert (demand.state, answer.outcome, answer.matter) == ("answered", "solved", f"procedures.case:{case.pk}")
    assert case.number in answer.evidence and answer.by == place.township


def test_VOICE_3_refused_it_is_explained_with_the_reason_and_where_to_appeal(place: Land) -> None:
    demand, case = raised(place, text="娃娃没有上到档案里"), birth(place)
    filing.wait_for(demand=demand, case=case, by=place.cadre, at=AT)
    cases.refuse(case=case, step="approval", why="出生证明上的户主不是这一户", on=AT.date(), by=place.township, at=AT)
    demand.refresh_from_db()
    answer = Answer.objects.get()
    assert (demand.state, answer.outcome) == ("answered", "explained")
    assert "出生证明上的户主不是这一户" in answer.text and answer.rule and answer.appeal


def test_a_case_of_another_household_cannot_be_waited_for_and_one_only_once(place: Land) -> None:
    case, demand, other = birth(place), raised(place), raised(place, household=place.homes[1])
    with pytest.raises(Refusal):
        filing.wait_for(demand=other, case=case, by=place.office, at=AT)
    filing.wait_for(demand=demand, case=case, by=place.cadre, at=AT)
    with pytest.raises(Refusal):
        filing.wait_for(demand=demand, case=case, by=place.cadre, at=AT)


def test_a_demand_that_was_answered_meanwhile_stays_as_it_was_answered(place: Land) -> None:
    from .factories import answered

    demand, case = raised(place, text="娃娃没有上到档案里"), birth(place)
    filing.wait_for(demand=demand, case=case, by=place.cadre, at=AT)
    answered(demand, place.cadre)
    cases.pass_step(case=case, step="approval", on=AT.date(), by=place.township, at=AT)
    assert Answer.objects.count() == 1
    assert Demand.objects.get(pk=demand.pk).state == "answered"


def test_the_page_offers_the_households_cases_and_the_way_to_open_one(place: Land, client: Client) -> None:
    demand, case = raised(place, key=uuid4()), birth(place)
    client.force_login(place.cadre)
    shown = client.get(f"/grievances/{demand.pk}/").content.decode()
    assert case.number in shown and "/recognition/households/" in shown
    assert client.post(f"/grievances/{demand.pk}/wait/", {"case": str(case.pk)}).status_code == 302
    assert filing.waits_for(demand) == [f"procedures.case:{case.pk}"]
    stranger = UserFactory(username="stranger", role="cadre", area=place.office.area)
    client.force_login(stranger)
    assert client.post(f"/grievances/{demand.pk}/wait/", {"case": str(case.pk)}).status_code == 404
