"""What is told of policies: to the department that owns them, decided with proof, seen to when late (VOICE-4)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from shuanglian.benefits.actions import dues
from shuanglian.benefits.models import Due
from shuanglian.grievances.models import Answer, Demand
from shuanglian.grievances.tests.factories import raised
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.policywatch import facts
from shuanglian.policywatch.actions import alike, reports
from shuanglian.policywatch.models import Alike, Report, Step

from .factories import ANSWER, AT, GRANT, ON, clerk, owed, report


def refused(code, call, /, **given):
    with pytest.raises(Refusal) as told, transaction.atomic():
        call(**given)
    assert told.value.code == code


# --- raised -----------------------------------------------------------------------------------------------------------
def test_VOICE_4_a_report_goes_to_the_clerks_of_the_department_that_owns_the_policy(land):
    bureau = clerk(land)
    made = report(land)
    assert (made.department, made.state, made.at_office) == ("education", "open", False)
    assert made.due_on == date(2015, 7, 22)  # ten working days
    assert list(Message.objects.filter(template="policywatch.raised").values_list("to", flat=True)) == [bureau.pk]


def test_VOICE_4_without_a_desk_the_programme_office_sees_to_it(land):
    made = report(land)
    assert made.at_office
    assert Message.objects.get(template="policywatch.raised").to == land.office


def test_VOICE_4_the_same_form_twice_is_one_report_and_other_words_are_refused(land):
    key = uuid4()
    assert report(land, key=key) == report(land, key=key)
    refused("form_sent", report, land=land, key=key, did="别的话，别的事")
    assert Report.objects.count() == 1


def test_VOICE_4_what_was_said_is_never_changed_and_never_removed(land):
    made = report(land)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.update(did="改了")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.filter(pk=made.pk)._raw_delete("default")


def test_BEN_8_what_is_owed_and_received_comes_filled_in_with_its_cause(land):
    due = owed(land.homes[0], state="approved")
    told = facts.told_of(GRANT, land.homes[0])
    assert told.due == due and told.cause == "unpaid"
    assert "1500" in told.should and "已批准" in told.did


def test_VOICE_4_a_policy_named_in_a_demand_is_found_by_its_longest_title(land):
    from shuanglian.benefits import catalogue

    title = catalogue.title(GRANT)
    assert facts.benefit_in(f"我家的{title}一直没有") == GRANT
    assert facts.code_of(facts.shown(GRANT)) == GRANT and facts.code_of("没有这项") == ""


# --- decided ----------------------------------------------------------------------------------------------------------
def test_VOICE_4_corrected_moves_the_benefit_through_its_own_verb_and_keeps_that_as_proof(land):
    due, bureau = owed(land.homes[0]), clerk(land)
    made = reports.correct(report=report(land), verb="applied", answer=ANSWER, by=bureau, at=AT)
    due.refresh_from_db()
    assert due.state == Due.State.APPLIED and due.steps.get(verb="applied").note == f"#{made.pk}"
    assert (made.state, made.outcome) == ("checking", "corrected") and "2015-07-08" in made.evidence


def test_VOICE_4_nothing_is_corrected_while_the_benefit_still_stands_where_it_stood(land):
    owed(land.homes[0])
    made, bureau = report(land), clerk(land)
    refused("still_so", reports.correct, report=made, answer=ANSWER, by=bureau, at=AT)
    made.refresh_from_db()
    assert made.state == "open" and made.outcome == ""


def test_VOICE_4_where_no_benefit_is_known_a_correction_needs_its_proof_in_words_or_paper(land):
    made, bureau = report(land), clerk(land)
    refused("no_evidence", reports.correct, report=made, answer=ANSWER, by=bureau, at=AT)
    done = reports.correct(report=made, answer=ANSWER, evidence="七月发放表第三行", by=bureau, at=AT)
    assert done.evidence == "七月发放表第三行"


def test_VOICE_4_explained_needs_the_rule_and_where_to_appeal(land):
    made, bureau = report(land), clerk(land)
    words = {"report": made, "answer": "孩子上的是职高，按职高政策补助", "by": bureau, "at": AT}
    refused("text_missing", reports.explain, rule="", appeal="县教育局", **words)
    refused("text_missing", reports.explain, rule="甘肃省普通高中助学金办法第三条", appeal="", **words)
    done = reports.explain(rule="甘肃省普通高中助学金办法第三条", appeal="县教育局 12345", **words)
    assert (done.state, done.outcome) == ("checking", "explained")
    refused("not_open", reports.explain, rule="同上同上", appeal="同上同上", **words)


def test_VOICE_3_the_answer_of_the_demand_follows_from_what_was_decided(land):
    demand, bureau = raised(land, category="policy", text="高中助学金没给我家"), clerk(land)
    owed(land.homes[0])
    made = report(land, demand=demand)
    assert made.door == "demand" and demand.steps.filter(kind="opened").exists()
    reports.correct(report=made, verb="applied", answer=ANSWER, by=bureau, at=AT)
    demand.refresh_from_db()
    answer = Answer.objects.get()
    assert demand.state == Demand.State.ANSWERED
    assert (answer.outcome, answer.text, answer.matter) == ("solved", ANSWER, f"policywatch.report:{made.pk}")


def test_VOICE_4_a_demand_opens_one_report(land):
    demand = raised(land, category="policy")
    report(land, demand=demand)
    refused("opened_already", report, land=land, demand=demand)


def test_VOICE_4_what_was_decided_stands(land):
    bureau = clerk(land)
    reports.explain(report=report(land), answer=ANSWER, rule="第三条第二款", appeal="县教育局", by=bureau, at=AT)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Report.objects.update(answer="改了")


# --- late -------------------------------------------------------------------------------------------------------------
def test_VOICE_4_a_late_department_loses_it_to_the_programme_office_once(land):
    clerk(land)
    made = report(land)
    night = made.due_on + timedelta(days=1)
    assert reports.night(on=made.due_on, at=AT) == 0
    assert reports.night(on=night, at=AT) == 1
    assert reports.night(on=night, at=AT) == 0
    made.refresh_from_db()
    assert made.at_office and made.due_on > night
    assert made.steps.filter(kind=Step.Kind.AT_OFFICE).count() == 1
    assert Message.objects.get(template="policywatch.late").to == land.office


def test_VOICE_4_a_reminder_comes_before_the_limit_and_only_once(land):
    bureau = clerk(land)
    made = report(land)
    reports.night(on=made.remind_on - timedelta(days=1), at=AT)
    assert not Message.objects.filter(template="policywatch.due").exists()
    for _again in range(2):
        reports.night(on=made.remind_on, at=AT)
    assert Message.objects.get(template="policywatch.due").to == bureau


# --- all like it ------------------------------------------------------------------------------------------------------
@pytest.fixture
def listed(land):
    """The first home is helped; five others are in the same case, four are not."""
    for home in land.homes[:6]:
        owed(home)
    owed(land.homes[6], state="received", received=1500)
    owed(land.homes[7], entitled=False)
    owed(land.homes[8], benefit="preschool_fee")
    owed(land.homes[9], state="approved")
    bureau = clerk(land)
    made = reports.correct(report=report(land), verb="applied", answer=ANSWER, by=bureau, at=AT)
    return made, bureau


def test_VOICE_4_every_family_owed_and_without_it_for_the_same_cause_is_listed_and_no_other(land, listed):
    made, _bureau = listed
    assert set(made.alike.values_list("household", flat=True)) == {home.pk for home in land.homes[1:6]}
    assert alike.look(report=made, by=None, at=AT) == 0


def test_VOICE_4_a_report_is_not_closed_before_every_family_alike_is_done(land, listed):
    made, bureau = listed
    rows = list(made.alike.order_by("pk"))
    refused("alike_open", alike.close, report=made, by=bureau, at=AT)
    assert alike.check(rows=rows[:2], by=bureau, at=AT) == 2  # looked at, not yet put right
    assert alike.set_aside(rows=rows[2:4], why="孩子今年已经毕业", by=bureau, at=AT) == 2
    refused("alike_open", alike.close, report=made, by=bureau, at=AT)
    assert alike.correct(rows=[*rows[:2], rows[4]], verb="applied", by=land.office, at=AT) == 3
    done = alike.close(report=made, by=bureau, at=AT)
    assert (done.state, alike.progress(done).over) == ("closed", True)


def test_VOICE_4_who_came_into_the_case_meanwhile_is_found_before_closing(land, listed):
    made, bureau = listed
    alike.set_aside(rows=made.alike.all(), why="都核对过，不涉及", by=bureau, at=AT)
    late = owed(land.homes[10])
    with pytest.raises(Refusal):
        alike.close(report=made, by=bureau, at=AT)
    assert made.alike.get(due=late).state == Alike.State.OPEN  # it stays listed


def test_VOICE_4_set_aside_needs_a_reason_and_corrected_a_benefit_that_moved(land, listed):
    made, bureau = listed
    row = made.alike.first()
    refused("reason_missing", alike.set_aside, rows=[row], why="", by=bureau, at=AT)
    refused("still_so", alike.correct, rows=[row], verb="", by=bureau, at=AT)
    assert made.alike.filter(state=Alike.State.OPEN).count() == 5


def test_VOICE_4_benefits_that_moved_on_elsewhere_are_corrected_by_the_night_and_those_not_entitled_set_aside(
    land, listed
):
    made, _bureau = listed
    first, second = made.alike.select_related("due").order_by("pk")[:2]
    dues.apply(due=first.due, on=ON, by=land.office, at=AT)
    Due.objects.filter(pk=second.due_id).update(entitled=False)
    reports.night(on=ON, at=AT)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Alike.State.CORRECTED, Alike.State.NOT_CONCERNED)
    assert second.why


def test_VOICE_4_where_nobody_is_alike_it_is_said_how_that_was_made_sure(land):
    bureau = clerk(land)
    made = reports.explain(report=report(land), answer=ANSWER, rule="第三条第二款", appeal="县教育局", by=bureau, at=AT)
    refused("how_looked", alike.close, report=made, by=bureau, at=AT)
    assert alike.close(report=made, looked="核对了全县高中学籍和发放表", by=bureau, at=AT).state == "closed"


def test_VOICE_4_nothing_of_a_closed_report_is_marked_any_more(land, listed):
    made, bureau = listed
    alike.set_aside(rows=made.alike.all(), why="都核对过，不涉及", by=bureau, at=AT)
    alike.close(report=made, by=bureau, at=AT)
    refused("not_checking", alike.check, rows=list(made.alike.all()), by=bureau, at=AT)
