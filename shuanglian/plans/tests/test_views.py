"""The pages: a cadre writes with the assistant, the family signs, the unit approves; lists, export, print, gates."""

import io
from base64 import b64encode
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.jobs.actions import jobs
from shuanglian.jobs.models import Job
from shuanglian.plans import tasks
from shuanglian.plans.models import Agreement, HouseholdPlan, Progress, Review

from .factories import AT, OWN_WORDS, agreed, home, line, signature, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_cadre(client, village):
    client.force_login(village.cadre, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def log_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def posted(page, **more):
    """What the form of a page would send, with changes."""
    form, lines = page.context["form"], page.context["lines"]
    told = {name: form[name].value() for name in form.fields}
    told |= {f"l-{name}": lines.management_form[name].value() for name in lines.management_form.fields}
    for one in lines:
        told |= {one.add_prefix(name): one[name].value() for name in one.fields}
    told["do"] = "save"
    told |= more
    for name, value in told.items():
        told[name] = value.isoformat()[:7] if hasattr(value, "isoformat") else value
    return {name: value for name, value in told.items() if value is not None}


def test_a_cadre_writes_a_plan_from_the_assistants_proposal_and_types_only_his_words(as_cadre, village):
    address = reverse("plans:write", args=[village.one.pk])
    page = as_cadre.get(address)
    assert page.status_code == 200
    advice = page.context["advice"]
    assert advice["choice"].closes and advice["gap"] == 8000
    assert [one["label"] for one in advice["taken"]]
    answer = as_cadre.post(address, posted(page, analysis=OWN_WORDS))
    assert answer.status_code == 302
    plan = HouseholdPlan.objects.get(household=village.one)
    assert plan.by == village.cadre and plan.adds_up and (plan.year, plan.horizon) == (2015, 2017)
    shown = as_cadre.get(reverse("plans:household", args=[village.one.pk])).content.decode()
    assert "算得平" in shown and OWN_WORDS in shown and "农户还没有认可这一版" in shown


def test_a_plan_that_does_not_add_up_is_kept_and_the_page_says_by_how_much(as_cadre, village):
    address = reverse("plans:write", args=[village.one.pk])
    page = as_cadre.get(address)
    told = {name: value for name, value in posted(page, analysis=OWN_WORDS).items() if not name.startswith("l-")}
    told |= {
        "l-TOTAL_FORMS": "1",
        "l-INITIAL_FORMS": "0",
        "l-0-code": "ewes",
        "l-0-units": "1",
        "l-0-starts_on": "2015-03",
    }
    answer = as_cadre.post(address, told, follow=True)
    text = answer.content.decode()
    assert "还差 6,900 元" in text and "算不平" in text


@pytest.mark.parametrize("change", [
    {"l-0-units": "-3"}, {"l-0-units": "0"}, {"l-0-units": "x"}, {"l-0-starts_on": "2015-99"}, {"analysis": ""},
    {"own_money": "-1"}, {"loan": "9999999999"}, {"year": "1"}, {"horizon": "1999"}, {"l-0-code": "no_such"},
    {"l-0-cost": "-9"}, {"base": "7"}, {"l-TOTAL_FORMS": "9999"},
])  # fmt: skip
def test_bad_input_is_told_on_the_form_and_nothing_is_kept(as_cadre, village, change):
    address = reverse("plans:write", args=[village.one.pk])
    answer = as_cadre.post(address, posted(as_cadre.get(address), **{"analysis": OWN_WORDS, **change}))
    assert answer.status_code == 422
    assert not HouseholdPlan.objects.exists()


def test_two_editors_at_once_the_second_sees_who_was_first(as_cadre, client, village):
    address = reverse("plans:write", args=[village.one.pk])
    began = posted(as_cadre.get(address), analysis=OWN_WORDS)
    written(village.one, by=village.cadre)
    answer = as_cadre.post(address, began)
    assert answer.status_code == 422 and "已写了第 1 版" in answer.content.decode()


def test_the_assistant_can_be_asked_again_and_what_was_typed_stays(as_cadre, village):
    address = reverse("plans:write", args=[village.one.pk])
    told = posted(as_cadre.get(address), analysis="写了一半", do="assist", own_money="0")
    page = as_cadre.post(address, told)
    assert page.status_code == 200 and not HouseholdPlan.objects.exists()
    assert page.context["form"]["analysis"].value() == "写了一半"
    assert page.context["advice"]["means"].own == 0


def test_a_household_without_an_account_is_sent_to_fill_it(as_cadre, village):
    village.one.years.all().delete()
    answer = as_cadre.get(reverse("plans:write", args=[village.one.pk]), follow=True)
    assert "还没有填收入账" in answer.content.decode()


def test_PLAN_5_the_family_signs_on_the_page_the_unit_approves_the_writer_does_not(as_cadre, client, village):
    plan = written(village.one, by=village.cadre)
    address = reverse("plans:agree", args=[plan.pk])
    page = as_cadre.get(address)
    told = {name: page.context["form"][name].value() for name in ("key", "shown", "how", "name")} | {"on": ""}
    drawn = "data:image/png;base64," + b64encode(signature()).decode()
    for bad in ({"drawn": ""}, {"drawn": "data:,x!"}, {"drawn": drawn, "on": "2031-01-01"},
                {"drawn": drawn, "how": "scan"}):  # fmt: skip
        assert as_cadre.post(address, {**told, "on": plan.at.date().isoformat(), **bad}).status_code == 422
    assert as_cadre.post(address, {**told, "on": plan.at.date().isoformat(), "drawn": drawn}).status_code == 302
    kept = Agreement.objects.get(plan=plan)
    file = as_cadre.get(reverse("plans:agreement_file", args=[kept.pk]))
    assert file.status_code == 200 and file["Content-Type"] == "image/jpeg"
    approve = reverse("plans:approve", args=[plan.pk])
    assert as_cadre.post(approve, {"shown": plan.digest}).status_code == 403
    log_in(client, village.unit)
    assert client.post(approve, {"shown": plan.digest}).status_code == 302
    plan.refresh_from_db()
    assert plan.approved_on is not None


def test_progress_and_review_by_page(as_cadre, village):
    plan = written(village.one, by=village.cadre)
    measure = plan.measures.get()
    log = reverse("plans:log", args=[measure.pk])
    key = str(uuid4())
    for quantity in ("-1", "x", ""):
        as_cadre.post(log, {"key": key, "quantity": quantity, "on": "2015-10-08", "note": ""})
    assert not Progress.objects.exists()
    for _twice in range(2):
        as_cadre.post(log, {"key": key, "quantity": "2", "on": "2015-10-08", "note": "买了两对"})
    one = Progress.objects.get()
    as_cadre.post(reverse("plans:withdraw", args=[one.pk]), {"why": "数错了"})
    one.refresh_from_db()
    assert one.withdrawn_why == "数错了"
    as_cadre.post(reverse("plans:review", args=[plan.pk]), {"on": "2015-10-09", "word": "keep", "found": "羊已产羔"})
    assert Review.objects.get().word == "keep"
    text = as_cadre.get(reverse("plans:household", args=[village.one.pk])).content.decode()
    assert "羊已产羔" in text and "已撤回" in text


def test_versions_stand_beside_each_other(as_cadre, village):
    first = written(village.one, by=village.cadre)
    second = written(village.one, line("ewes", 5), by=village.cadre, base=1)
    page = as_cadre.get(reverse("plans:compare", args=[second.pk, first.pk]))
    differing = [what for what, _then, _now, differs in page.context["rows"] if differs]
    assert differing == ["年增收（可能）", "投入", "年缺口", "养两只基础母羊"]
    foreign = written(village.other, by=village.cadre)
    assert as_cadre.get(reverse("plans:compare", args=[second.pk, foreign.pk])).status_code == 404
    assert as_cadre.get(reverse("plans:version", args=[first.pk])).status_code == 200


def test_a_household_that_is_not_ones_own_is_not_there(as_cadre, client, village, neighbour):
    stranger = home()
    plan = written(stranger)
    for name, pk in (
        ("household", stranger.pk),
        ("write", stranger.pk),
        ("version", plan.pk),
        ("agree", plan.pk),
        ("pdf", plan.pk),
    ):
        assert as_cadre.get(reverse(f"plans:{name}", args=[pk])).status_code == 404
    assert as_cadre.post(reverse("plans:log", args=[plan.measures.get().pk]), {}).status_code == 404
    log_in(client, neighbour)
    assert client.get(reverse("plans:household", args=[village.one.pk])).status_code == 404


def test_lists_of_an_office_and_the_same_number_of_questions_for_more_rows(
    client, village, clerk, django_assert_max_num_queries
):
    written(village.one, by=village.cadre)
    log_in(client, clerk)
    page = client.get(reverse("plans:overview"))
    assert page.context["due"].counts["missing"] == 1 and page.context["totals"]["told"].planned == 1
    for kind in ("missing", "short", "copied", "not_agreed", "not_approved", "review", "all", "nonsense"):
        with django_assert_max_num_queries(24):
            assert client.get(reverse("plans:list"), {"kind": kind}).status_code == 200
    assert client.get(reverse("plans:catalogue")).status_code == 200


def test_a_list_is_exported_whole(village, clerk):
    written(village.one, by=village.cadre)
    job = jobs.start(kind=tasks.LIST, title="名单", params={"area": clerk.area.code, "kind": "all", "language": "zh"},
                     by=clerk, at=AT)  # fmt: skip
    kept = {}

    class Kept:
        def __call__(self, done, total, message=""):
            assert done <= total

        def keep(self, data, name):
            kept[name] = data

    told = tasks.write_list(job, Kept())
    assert told == {"rows": 2} and Job.objects.get(pk=job.pk)
    (data,) = kept.values()
    cells = [cell.value for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
    assert village.one.head_name in cells and "没有计划" in cells and "养两只基础母羊 3对" in cells


def test_the_form_is_printed_with_its_fingerprint(as_cadre, village):
    plan = agreed(written(village.one, line("ewes", 2), line("export_worker", 1), by=village.cadre), village.cadre)
    answer = as_cadre.get(reverse("plans:pdf", args=[plan.pk]))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_panels_and_story_tell_the_plan(client, village, clerk, language):
    agreed(written(village.one, by=village.cadre), village.cadre)
    office = UserFactory(role="programme_office", area=clerk.area)
    log_in(client, office)
    client.cookies["language"] = language
    word = "帮扶计划" if language == "zh-hans" else "Help plan"
    for address in (
        reverse("registry:household", args=[village.one.pk]),
        reverse("plans:household", args=[village.one.pk]),
    ):
        assert word.lower() in client.get(address).content.decode().lower()


def test_a_province_reads_figures_that_are_kept_for_some_minutes(client, village, place):
    from django.core.cache import cache

    cache.clear()
    log_in(client, UserFactory(role="programme_office", area=place.province))
    written(village.one, by=village.cadre)
    for _twice in range(2):
        page = client.get(reverse("plans:overview"))
        assert [(area.code, told.planned) for area, told in page.context["rows"]] == [("621100000000", 1)]
        written(village.other, by=village.cadre, base=0 if _twice == 0 else 1)
    cache.clear()
    assert client.get(reverse("plans:overview")).context["due"].planned == 2
