"""The pages of the look-back: who sees what, the form at the door, how often the database is asked."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shuanglian.core import clock, profile
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.lookback.actions import draws, visits
from shuanglian.lookback.models import Assignment, Campaign, Draw, Visit
from shuanglian.lookback.tests.factories import DAY_3, DAY_5, land, photo, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: DAY_5)  # pages read the clock: it stands at the fifth day
    monkeypatch.setattr(clock, "today", lambda: timezone.localdate(DAY_5))
    return land()


def at(name, *args, **query):
    address = reverse(f"lookback:{name}", args=args)
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else address


def text(page):
    return page.content.decode()


def answered(**given):
    plain = {
        "key": uuid4(), "method": "visit", "finding": "confirmed", "met": "户主", "visited_at": "2015-07-10T09:30", "lon": "105.25", "lat": "35.2",
        "photo": SimpleUploadedFile("x.jpg", photo(DAY_5 - timedelta(minutes=30)), "image/jpeg"),
    }  # fmt: skip
    return {**plain, **given}


def test_a_cadre_finds_his_list_and_records_a_visit_from_his_phone(client, here):
    client.force_login(here.cadre)
    assert client.get(at("campaigns")).headers["Location"] == at("mine")
    page = text(client.get(at("mine")))
    own = Assignment.objects.filter(cadre__user=here.cadre)
    assert page.count("待核查") == own.count() > 0
    row = own.first()
    form = text(client.get(at("visit", row.pk)))
    assert "现场照片" in form
    assert "认识帮扶责任人" in form
    sent = answered(**{"q-knows_helper": "no", "q-water_safe": "yes"})
    assert client.post(at("visit", row.pk), sent).headers["Location"] == at("mine")
    kept = Visit.objects.get()
    assert (kept.answers, kept.verdicts["not_satisfied"], kept.doubts) == (
        {"knows_helper": False, "water_safe": True},
        True,
        [],
    )
    sent["photo"] = SimpleUploadedFile("x.jpg", photo(DAY_5), "image/jpeg")
    client.post(at("visit", row.pk), sent)  # the phone sends it again
    assert Visit.objects.count() == 1
    assert client.get(at("photo", kept.pk)).headers["Content-Type"] == "image/jpeg"
    other = Assignment.objects.exclude(cadre__user=here.cadre).first()
    assert client.get(at("visit", other.pk)).status_code == 404
    assert client.get(at("campaign", here.campaign.pk)).status_code == 403


def test_REG_5_the_form_says_why_a_phone_call_does_not_count(client, here):
    client.force_login(here.cadre)
    row = Assignment.objects.filter(cadre__user=here.cadre).first()
    assert "电话不算" in text(client.post(at("visit", row.pk), answered(method="phone")))
    assert not Visit.objects.exists()


def test_corrections_are_only_what_was_written_over(client, here):
    client.force_login(here.cadre)
    row = Assignment.objects.filter(cadre__user=here.cadre).select_related("household").first()
    sent = answered(
        finding="corrected",
        **{"h-main_cause": "02" if row.household.main_cause != "02" else "03", "h-group": row.household.group},
    )
    client.post(at("visit", row.pk), sent)
    assert [one["field"] for one in Visit.objects.get().corrections] == ["main_cause"]


def test_the_overview_drills_down_to_households_and_its_figures_agree(client, here):
    for home in here.homes[:5]:
        visit(here.on_list(home), here.township)
    client.force_login(here.office)
    page = text(client.get(at("campaign", here.campaign.pk)))
    assert "5 / 12" in page
    assert "lb-chart" in page
    township, village = here.homes[0].village.parent, here.homes[0].village
    assert village.short in text(client.get(at("campaign", here.campaign.pk, area=township.code)))
    assert here.homes[0].head_name in text(client.get(at("campaign", here.campaign.pk, area=village.code)))
    assert client.get(at("campaign", here.campaign.pk, area=here.place.tree.neighbour_village.code)).status_code == 404


@pytest.mark.parametrize("name", ["campaign", "lists", "waiting", "follow", "draws", "results", "doubts"])
@pytest.mark.parametrize("who", ["office", "township", "inspector", "village"])
def test_every_page_opens_for_whom_it_is_and_for_nobody_else(client, here, name, who):
    visit(here.on_list(here.homes[0]), here.cadre, finding="to_remove", note="不符合", photo=photo(None))
    client.force_login(getattr(here, who))
    runs = who in ("office", "township")
    expected = 200 if runs or name not in ("lists", "waiting") else 403
    assert client.get(at(name, here.campaign.pk)).status_code == expected


def test_a_draw_by_page_from_announcement_to_the_recheck(client, here, monkeypatch):
    for home in here.homes:
        visit(here.on_list(home), here.township)
    client.force_login(here.office)
    page = client.post(
        at("draws", here.campaign.pk), {"level": "county", "source": "双色球", "source_on": "2015-07-12"}
    )
    made = Draw.objects.get()
    assert page.headers["Location"] == at("draw", made.pk)
    assert "才产生" in text(client.post(at("draw", made.pk), {"public": "101"}))
    later = DAY_5 + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", lambda: timezone.localdate(later))
    client.force_login(here.office)  # three days later nobody is logged in any more
    client.post(at("draw", made.pk), {"public": "04 11 23"})
    shown = text(client.get(at("draw", made.pk)))
    assert "逐户一致" in shown
    assert "hashlib" in shown
    assert client.get(at("frame", made.pk)).content.decode() == Draw.objects.get().frame
    handed = client.post(at("hand_out", made.pk), {"checkers": [here.inspector.pk]}, follow=True)
    assert "已全部分配" in text(handed)
    client.force_login(here.inspector)
    assert "待抽查" in text(client.get(at("mine")))
    row = Assignment.objects.filter(drawn__checker=here.inspector).first()
    form = text(client.get(at("recheck", row.pk)))
    assert "抽查" in form
    sent = answered(finding="to_remove", note="有轿车", visited_at="2015-07-13T10:00")
    sent["photo"] = SimpleUploadedFile("x.jpg", photo(later), "image/jpeg")
    client.post(at("recheck", row.pk), sent)
    assert "应剔除" in text(client.get(at("results", here.campaign.pk)))


def test_a_rate_leads_to_the_households_it_counts(client, here):
    """REG-6, how do you know: 1 of 3 leads to the one, and on to the three."""
    wrong, *right = here.homes[:3]
    visit(here.on_list(wrong), here.township, finding="to_remove", note="有轿车")
    for home in right:
        visit(here.on_list(home), here.township)
    rate = next(one for one in profile.active().lookback.rates.values() if one.counted == "to_remove")
    client.force_login(here.office)
    page = text(client.get(at("results", here.campaign.pk)))
    assert f"{at('behind', here.campaign.pk, rate.code)}?area={here.campaign.area_code}" in page
    shown = text(client.get(at("behind", here.campaign.pk, rate.code)))
    assert wrong.head_name in shown and not any(home.head_name in shown for home in right)
    told = text(client.get(at("behind", here.campaign.pk, rate.code, which="told")))
    assert all(home.head_name in told for home in here.homes[:3])
    assert client.get(at("behind", here.campaign.pk, "no_such_rate")).status_code == 404
    assert client.get(at("behind", here.campaign.pk, rate.code, level="province")).status_code == 404


def test_a_village_does_not_see_who_will_be_checked_again(client, here):
    draws.announce(
        campaign=here.campaign,
        area=here.homes[0].village.parent,
        level="township",
        source="x",
        source_on=(DAY_3 + timedelta(days=1)).date(),
        by=here.office,
        at=DAY_3,
    )
    made = draws.draw(draw=Draw.objects.get(), public="101", by=here.office, at=DAY_5)
    client.force_login(here.village)
    assert client.get(at("draw", made.pk)).status_code == 404
    Campaign.objects.update(state="closed")
    assert client.get(at("draw", made.pk)).status_code in (200, 404)  # 404: drawn for the township, above the village
    client.force_login(here.office)
    assert client.get(at("draw", made.pk)).status_code == 200


def test_the_township_confirms_many_and_the_village_proposes(client, here):
    kept = [
        visit(here.on_list(home), here.cadre, finding="to_remove", note="有轿车")
        for home in here.homes
        if home.area_code == here.village.area.code
    ]
    client.force_login(here.office)
    assert text(client.get(at("waiting", here.campaign.pk))).count('name="rows"') == len(kept)
    client.post(at("waiting", here.campaign.pk), {"rows": [one.pk for one in kept]})
    assert set(Visit.objects.values_list("state", flat=True)) == {"done"}
    client.force_login(here.village)
    assert "提出办理" in text(client.get(at("follow", here.campaign.pk)))
    client.post(at("open_case", kept[0].pk))
    assert Visit.objects.get(pk=kept[0].pk).case.startswith("procedures.case:")


def test_rejecting_needs_a_reason(client, here):
    kept = visit(here.on_list(here.homes[0]), here.cadre, finding="to_remove", note="有轿车")
    client.force_login(here.office)
    assert client.post(at("reject", kept.pk), {"why": ""}).status_code == 200
    client.post(at("reject", kept.pk), {"why": "查无实据"})
    assert Visit.objects.get().handled_note == "查无实据"


def test_lists_are_put_on_other_people_by_page(client, here):
    row = here.on_list(here.homes[0])
    client.force_login(here.office)
    other = here.place.cadres[0]
    client.post(at("reassign", here.campaign.pk), {"rows": [row.pk], "cadre": other.number, "why": "分给领导"})
    row.refresh_from_db()
    assert row.cadre == other
    page = client.post(
        at("claim", here.campaign.pk, area=here.homes[0].village.code),
        {"name": "张漏评", "why": "群众反映"},
        follow=True,
    )
    assert "张漏评" in text(page)


def test_a_village_puts_somebody_who_was_missed_on_the_list(client, here):
    """The village sees neither the county's campaign rows for writing nor the other villages' numbers (row security)."""
    client.force_login(here.village)
    page = client.post(at("claim", here.campaign.pk), {"name": "张漏评", "why": "本人申请"}, follow=True)
    assert "张漏评" in text(page)
    row = Assignment.objects.get(subject="claimant")
    assert (row.area_code, row.number) == (here.village.area.code, "W00001")
    client.post(at("visit", row.pk), answered(finding="to_add", note="三口人，收入低"))
    assert Visit.objects.get().state == "waiting"


def test_the_households_story_tells_of_the_visit(client, here):
    kept = visit(here.on_list(here.homes[0]), here.township, finding="to_remove", note="有轿车")
    visits.confirm(visit=kept, by=here.office, at=DAY_5, note="核实")
    client.force_login(here.office)
    page = text(client.get(reverse("registry:story", args=[here.homes[0].pk])))
    assert "应剔除" in page
    assert "有轿车" in page


def test_the_city_sees_how_many_run(client, here):
    from shuanglian.accounts.tests.factories import UserFactory

    Campaign.objects.create(code="LBx", kind="lookback", name="陇西回头看", area=here.place.tree.neighbour, area_code=here.place.tree.neighbour.code,
                            since=here.campaign.since, until=here.campaign.until, ordered_by="y", profile="tongwei_2015", by=here.office, at=DAY_3)  # fmt: skip
    client.force_login(UserFactory(username="city", role="programme_office", area=here.place.tree.city))
    assert "2 个回头看" in text(client.get("/"))


def test_the_workbook_has_a_line_a_household(client, here):
    visit(here.on_list(here.homes[0]), here.cadre)
    client.force_login(here.office)
    page = client.post(at("export", here.campaign.pk))
    job = Job.objects.get(kind="lookback.export")
    assert page.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    done = jobs.run_now(job)
    assert (done.state, done.result["rows"]) == ("done", 12), done.message
    file = client.get(reverse("jobs:file", args=[job.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file) if file.streaming else file.content)).active
    lines = [row for row in sheet.iter_rows(values_only=True) if row[0] and str(row[0]).startswith("H")]
    assert len(lines) == 12
    assert sum(row[6] == "属实" for row in lines) == 1


def test_home_and_household_pages_tell_of_it(client, here):
    visit(here.on_list(here.homes[0]), here.township, finding="to_remove", note="有轿车")
    client.force_login(here.office)
    home = text(client.get("/"))
    assert "2015年回头看" in home
    assert "1 / 12" in home
    assert "应剔除" in text(client.get(reverse("registry:household", args=[here.homes[0].pk])))


@pytest.mark.parametrize("name", ["mine", "waiting", "doubts", "behind"])
def test_a_list_asks_the_database_the_same_number_of_times(client, here, name):
    client.force_login(here.office)
    Assignment.objects.update(cadre=None, user=here.office)
    counts = []
    for n in (1, 6):
        for home in here.homes[:n]:
            row = here.on_list(home)
            if not row.visited_on:
                visit(row, here.township, finding="to_remove", note="x", photo=photo(None, shade=home.pk))
        with CaptureQueriesContext(connection) as asked:
            of = {"mine": [], "behind": [here.campaign.pk, "wrong_entry"]}.get(name, [here.campaign.pk])
            assert client.get(at(name, *of)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
