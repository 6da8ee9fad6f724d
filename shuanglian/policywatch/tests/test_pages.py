"""Pages of the watch over policies: prefilled, decided, all alike, proposals, the public page (VOICE-4)."""

import io
from html import unescape
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from openpyxl import load_workbook

from shuanglian.benefits import catalogue
from shuanglian.benefits.models import Due
from shuanglian.grievances.tests.factories import raised
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.policywatch import access, facts, queries
from shuanglian.policywatch.actions import proposals, reports
from shuanglian.policywatch.models import Alike, Proposal, Report

from .factories import ANSWER, AT, DID, GRANT, ON, SHOULD, clerk, owed, proposal, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def sent(**more):
    return {"key": str(uuid4()), "kind": "not_reached", "benefit": facts.shown(GRANT), "should": SHOULD, "did": DID,
            "cause": "not_told", **more}  # fmt: skip


# --- telling ----------------------------------------------------------------------------------------------------------
def test_VOICE_4_a_demand_becomes_a_report_in_one_go_with_everything_filled_in(land):
    due, bureau = owed(land.homes[0]), clerk(land)
    demand = raised(land, category="policy", text=f"{catalogue.title(GRANT)}没给我家孩子", by=land.cadre)
    client = browser(land.cadre)
    page = text(client.get(f"/policywatch/new/?demand={demand.pk}"))
    assert facts.shown(GRANT) in page and "1500" in page and land.homes[0].head_name in page
    form = client.get(f"/policywatch/new/?demand={demand.pk}").context["form"]
    told = {name: value for name in form.fields if (value := form.get_initial_for_field(form.fields[name], name))}
    answer = client.post(f"/policywatch/new/?demand={demand.pk}", {**told, "village": ""}, follow=True)
    assert "已记下" in text(answer)
    made = Report.objects.get()
    assert (made.demand, made.due, made.household, made.cause) == (demand, due, land.homes[0], "not_told")
    assert "有 1 件政策反映等您处理" in text(browser(bureau).get("/"))


def test_VOICE_4_a_village_tells_by_number_and_the_button_brings_what_is_owed(land):
    owed(land.homes[0])
    client, home = browser(land.village), land.homes[0]
    page = text(client.post("/policywatch/new/", sent(home=home.number, should="", did="", cause="", fill="1")))
    assert "应享 1500" in page and "（2015" in page
    assert not Report.objects.exists()
    answer = text(client.post("/policywatch/new/", sent(home="没有这户")), 422)
    assert "找不到这个户编号" in answer
    client.post("/policywatch/new/", sent(home=home.number))
    assert Report.objects.get().door == "village"


@pytest.mark.parametrize(
    ("change", "said"), [({"benefit": "没有的政策"}, "请从清单里选"), ({"did": ""}, "请写明实际怎样")]
)
def test_VOICE_4_what_is_missing_is_said_on_the_form(land, change, said):
    answer = browser(land.village).post("/policywatch/new/", sent(**change))
    assert said in text(answer, 422)


# --- deciding ---------------------------------------------------------------------------------------------------------
def test_VOICE_4_the_clerk_corrects_and_the_families_alike_are_worked_off_to_the_end(land):
    owed(land.homes[0])
    other, bureau = owed(land.homes[1]), clerk(land)
    made = report(land)
    client = browser(bureau)
    told = {"verb": "approved", "cause": "not_told", "answer": ANSWER, "on": ON}
    page = text(client.post(f"/policywatch/reports/{made.pk}/correct/", told, follow=True))
    assert "已核完 0 / 1 项" in page and land.homes[1].head_name in page
    assert "还有 1 项没有核完" in text(client.post(f"/policywatch/reports/{made.pk}/close/", follow=True))
    row = Alike.objects.get()
    village = browser(land.office)
    answer = village.post("/policywatch/alike/mark/", {"row": row.pk, "deed": "applied", "back": "/policywatch/alike/"},
                          follow=True)  # fmt: skip
    assert "已登记 1 项" in text(answer)
    assert Due.objects.get(pk=other.pk).state == Due.State.APPLIED
    assert "已办结" in text(client.post(f"/policywatch/reports/{made.pk}/close/", follow=True))


def test_VOICE_4_a_village_looks_at_its_own_families_whatever_village_told_of_it_first(land):
    bureau = clerk(land)
    away = next(home for home in land.homes if home.village_id != land.first_village.pk)
    owed(land.homes[0])
    made = report(land, household=away)
    reports.explain(report=made, answer=ANSWER, rule="第三条第二款", appeal="县教育局", by=bureau, at=AT)
    client = browser(land.village)
    assert land.homes[0].head_name in text(client.get("/policywatch/alike/"))
    assert client.get(f"/policywatch/reports/{made.pk}/").status_code == 404
    row = Alike.objects.get()
    answer = client.post(
        "/policywatch/alike/mark/", {"row": row.pk, "deed": "aside", "why": "孩子已经毕业"}, follow=True
    )
    assert "已登记 1 项" in text(answer)
    row.refresh_from_db()
    assert (row.state, row.by) == (Alike.State.NOT_CONCERNED, land.village)


def test_VOICE_4_only_who_owns_the_policy_decides(land):
    bureau = clerk(land)
    made = report(land)
    told = {"answer": ANSWER, "rule": "第三条第二款", "appeal": "县教育局"}
    for user, status in ((land.cadre, 403), (land.office, 403), (land.village, 403), (land.other, 403), (bureau, 302)):
        assert browser(user).post(f"/policywatch/reports/{made.pk}/explain/", told).status_code == status
    assert browser(land.other).get(f"/policywatch/reports/{made.pk}/").status_code == 404  # another's household


def test_VOICE_4_a_clerk_sees_the_reports_of_his_departments_only(land):
    bureau, made = clerk(land), report(land)
    other = report(land, benefit="safe_water", household=land.homes[1])
    seen = set(access.reports_seen_by(bureau).values_list("pk", flat=True))
    assert seen == {made.pk} and other.department != "education"


def test_VOICE_4_the_list_of_families_alike_comes_whole_as_a_workbook(land):
    for home in land.homes[:5]:
        owed(home)
    bureau = clerk(land)
    made = reports.correct(report=report(land), verb="applied", answer=ANSWER, by=bureau, at=AT)
    browser(land.office).post(f"/policywatch/reports/{made.pk}/alike/export/")
    done = jobs.run_now(Job.objects.get(kind="policywatch.alike"))
    sheet = load_workbook(io.BytesIO(jobs.content(done))).active
    told = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert done.result["rows"] == 4 and all(home.head_name in told for home in land.homes[1:5])


# --- figures ----------------------------------------------------------------------------------------------------------
def test_VOICE_4_a_leader_sees_policy_by_policy_what_was_told_and_how_soon_it_was_put_right(land):
    bureau = clerk(land)
    first = report(land)
    report(land, household=land.homes[1], kind="distorted")
    reports.explain(
        report=first, answer=ANSWER, rule="第三条第二款", appeal="县教育局", by=bureau, at=AT.replace(day=11)
    )
    (one,) = queries.overview(seen_by=land.leader, area=land.place.area, on=ON)
    assert (one.benefit, one.whole, one.kinds["distorted"], one.open, one.days) == (GRANT, 2, 1, 1, 3.0)
    assert catalogue.title(GRANT) in text(browser(land.leader).get("/policywatch/overview/"))


def test_the_list_asks_the_database_the_same_number_of_times(land, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, asked = browser(land.office), []
    for n in range(3):
        report(land, household=land.homes[n])
        with CaptureQueriesContext(
            connection,
        ) as told:
            text(client.get("/policywatch/"))
        asked.append(len(told))
    assert asked[1] == asked[2]


# --- proposals --------------------------------------------------------------------------------------------------------
def test_VOICE_4_who_says_the_same_is_offered_to_join_before_another_is_made(land):
    first = proposal(land).proposal
    client = browser(land.village)
    told = sent(
        kind="unfit", should="建议把申请材料由五样减为两样，由学校统一代办", did="跑三个部门盖章太麻烦", cause=""
    )
    page = text(client.post("/policywatch/new/", told))
    assert "已经有人提过差不多的建议" in page and Proposal.objects.count() == 1
    client.post("/policywatch/new/", {**told, "join": first.pk})
    first.refresh_from_db()
    assert (first.people, Proposal.objects.count(), Report.objects.count()) == (2, 1, 2)
    client.post("/policywatch/new/", {**told, "key": str(uuid4()), "join": ""})
    assert Proposal.objects.count() == 2


def test_VOICE_4_a_village_follows_the_fate_of_its_proposal_and_everybody_reads_it_without_names(land):
    bureau, made = clerk(land), proposal(land, household=land.homes[0])
    told = {"fate": "adopted", "reasons": "材料减为两样，九月起执行", "shown": "减少助学金申请材料",
            "reasons_shown": "采纳：材料减为两样"}  # fmt: skip
    address = f"/policywatch/proposals/{made.proposal_id}/"
    assert browser(land.village).post(f"{address}weigh/", told).status_code == 403
    answer = browser(bureau).post(f"{address}weigh/", told, follow=True)
    assert "已记下结果" in text(answer)
    village = text(browser(land.village).get(address))
    assert "材料减为两样，九月起执行" in village
    public = Client().get("/p/")
    page = text(public)
    assert "减少助学金申请材料" in page and land.homes[0].head_name not in page
    assert land.village.full_name not in page and len(public.content) < 50_000


def test_VOICE_4_an_open_proposal_is_not_published(land):
    proposal(land)
    assert "申请材料" not in text(Client().get("/p/"))
    assert proposals.owner_of(GRANT, land.place.area.code) == "county"


def test_VOICE_4_a_household_page_opens_a_report_filled_in(land):
    page = text(browser(land.cadre).get(f"/registry/{land.homes[0].pk}/"))
    assert f"/policywatch/new/?household={land.homes[0].pk}" in page
    assert land.homes[0].number in text(browser(land.office).get(f"/policywatch/new/?household={land.homes[0].pk}"))
