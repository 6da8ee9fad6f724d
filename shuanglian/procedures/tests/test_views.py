"""The pages: a list goes from the village to the county by forms alone; strangers see nothing (REG-4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shuanglian.core import clock
from shuanglian.procedures.models import Act, Case, CaseList

from .conftest import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def go(monkeypatch, client, world):
    """Post or get as somebody, on the world's day."""
    monkeypatch.setattr(clock, "now", lambda: world.at)
    monkeypatch.setattr(clock, "today", lambda: world.at.date())

    def ask(who, name, *args, data=None, **query):
        client.force_login(world.people[who])
        address = reverse(f"procedures:{name}", args=args)
        return client.get(address, query) if data is None else client.post(address, data, follow=True)

    return ask


def photo(name="a.jpg"):
    return SimpleUploadedFile(name, picture(), "image/jpeg")


def text(page):
    assert page.status_code == 200, page.content.decode()[:2000]
    return page.content.decode()


def test_REG_4_a_list_goes_from_the_village_to_the_county_by_forms_alone(go, world, effects):
    made = world.opened(5)
    pks = list(made.cases.order_by("pk").values_list("pk", flat=True))
    day = lambda: {"on": world.today.isoformat()}  # noqa: E731
    ticked = lambda: {"case": pks, **day()}  # noqa: E731
    page = go("committee", "bring_list", made.pk, "application", data={"paper-code": "application",
                                                                      "paper-upload": photo()})  # fmt: skip
    assert "材料已保存" in text(page)
    assert "已办 5 户" in text(go("committee", "together", made.pk, "application", data=ticked()))
    assert "登记一次评议会" in text(go("committee", "list", made.pk))
    assert "逐户表决" in text(go("committee", "meeting_list", made.pk, "evaluation"))
    meeting = {"chair": "马书记", "representatives": 30, "present": 24, "others": 2, "paper_minutes": photo("m.jpg"),
               "paper_photo": photo("p.jpg"), **day()}  # fmt: skip
    votes = {f"for_{pk}": 20 if pk != pks[0] else 3 for pk in pks}
    page = go("committee", "meeting_list", made.pk, "evaluation", data={**meeting, **votes})
    assert "4 户通过，1 户未通过" in text(page)
    assert "已办 4 户" in text(go("committee", "together", made.pk, "first_notice", data={**ticked(), "deed": "post"}))
    page = go("committee", "together", made.pk, "first_notice", data={**ticked(), "deed": "close"})
    assert "公示要满 7 个整天" in text(page)
    world.later(8)
    assert "已办 4 户" in text(go("committee", "together", made.pk, "first_notice", data={**ticked(), "deed": "close"}))
    found = {f"outcome_{pk}": "pass" for pk in pks[1:]} | {f"why_{pk}": "入户看过" for pk in pks[1:]}
    assert "逐户" in text(go("township", "list", made.pk))
    page = go("township", "together", made.pk, "verification", data={**found, **day(), "method": "visit"})
    assert "已办 4 户" in text(page)
    for step, who in (("township_recheck", "secretary"), ("county_recheck", "county")):
        if step == "county_recheck":
            go("township", "together", made.pk, "second_notice", data={**ticked(), "deed": "post"})
            world.later(8)
            go("township", "together", made.pk, "second_notice", data={**ticked(), "deed": "close"})
        assert "已抽取 1 户，共 4 户" in text(go(who, "draw", made.pk, step, data={}))
        drawn = made.draws.first().drawn.get().case_id
        checked = {f"outcome_{drawn}": "check_confirmed", "method": "visit", "deed": "check", **day()}
        assert "已办 1 户" in text(go(who, "together", made.pk, step, data=checked))
        assert "已办 4 户" in text(go(who, "together", made.pk, step, data={"deed": "finish", **day()}))
    exceptions = {f"outcome_{pks[1]}": "hold", f"why_{pks[1]}": "再查", f"outcome_{pks[2]}": "back:verification",
                  f"why_{pks[2]}": "收入不清"}  # fmt: skip
    page = go("county", "list", made.pk)
    assert "批准本批" in text(page)
    unseen = go("county", "together", made.pk, "approval", data={**exceptions, **day()})
    assert unseen.status_code == 400 and "名单有变化" in unseen.content.decode() and not effects.taken
    exceptions["seen"] = page.context["seen"]
    assert "已办 4 户" in text(go("county", "together", made.pk, "approval", data={**exceptions, **day()}))
    assert len(effects.taken) == 2
    assert "已办 2 户" in text(go("county", "together", made.pk, "announcement", data={**ticked(), "deed": "post"}))
    assert Case.objects.filter(stand="announced").count() == 2
    story = text(go("county", "case", pks[3]))
    assert "马书记" not in story
    assert "办理记录首尾相接" in story
    assert "赞成 20" in story
    assert "扣下" in text(go("county", "case", pks[1]))
    held = Act.objects.filter(case=pks[3], step="evaluation", deed="pass").get().content["evaluation"]
    assert "马书记" in text(go("county", "meeting", held))


def test_a_case_shows_why_something_is_not_offered(go, world):
    made = world.opened(1)
    case = made.cases.get()
    page = text(go("committee", "case", case.pk))
    assert "还缺：农户申请书" in page
    assert "材料齐全" in page
    elsewhere = text(go("county", "case", case.pk))
    assert "不由您的角色办理" in elsewhere
    assert "procedures:do" not in elsewhere
    page = go("committee", "bring", case.pk, "application", data={"paper-code": "application", "paper-upload": photo()})
    assert "材料已保存" in text(page)
    paper = made.cases.get().pk and page.content.decode().split("/procedures/papers/")[1].split("/")[0]
    assert go("county", "paper", int(paper)).status_code == 200
    assert go("neighbours", "paper", int(paper)).status_code == 404
    page = go("committee", "do", case.pk, "application", "pass", data={"pass-on": world.today.isoformat()})
    assert "登记评议会" in text(page)


def test_a_deed_of_a_page_that_is_old_does_nothing(go, world):
    made = world.opened(1)
    world.applied(made)
    case = made.cases.get()
    page = go("committee", "do", case.pk, "application", "withdraw", data={"withdraw-on": "2016-03-01"})
    assert "已经往前走了" in text(page)
    case.refresh_from_db()
    assert case.step == "evaluation"


def test_a_deed_with_an_earlier_day_is_refused_on_its_form(go, world):
    made = world.opened(1)
    case = made.cases.get()
    day = (world.today - timedelta(3)).isoformat()
    page = go(
        "committee", "do", case.pk, "application", "withdraw", data={"withdraw-on": day, "withdraw-why": "不要了"}
    )
    assert page.status_code == 400
    assert "早于上一步的日期" in page.content.decode()


def test_a_meeting_of_too_few_says_so_and_keeps_what_was_written(go, world):
    made = world.opened(2)
    world.applied(made)
    pks = list(made.cases.values_list("pk", flat=True))
    data = {"on": world.today.isoformat(), "chair": "马书记", "representatives": 30, "present": 10,
            "paper_minutes": photo(), "paper_photo": photo(), **{f"for_{pk}": 9 for pk in pks}}  # fmt: skip
    page = go("committee", "meeting_list", made.pk, "evaluation", data=data)
    assert page.status_code == 400
    assert "不足 2/3" in page.content.decode()
    assert 'value="9"' in page.content.decode()


@pytest.mark.parametrize("who", ["neighbours", "elsewhere"])
def test_cases_and_lists_of_other_places_do_not_exist(go, world, who):
    made = world.opened(1)
    case = made.cases.get()
    for name, args in (("case", [case.pk]), ("list", [made.pk])):
        assert go(who, name, *args).status_code == 404
    assert go(who, "do", case.pk, "application", "withdraw", data={}).status_code == 404
    for name in ("cases", "lists"):
        assert case.label not in text(go(who, name, which="open"))


def test_what_waits_for_whom(go, world, client):
    made = world.opened(3)
    world.applied(made)
    assert "待我办理" in text(go("committee", "cases"))
    assert made.cases.first().label in text(go("committee", "cases"))
    assert made.cases.first().label not in text(go("county", "cases"))
    world.met(made)
    world.posted(made, "first_notice", world.committee)
    assert made.cases.first().label not in text(go("committee", "cases")), "a notice that runs waits for nobody"
    world.later(8)
    assert made.cases.first().label in text(go("committee", "cases"))
    home = client.get("/").content.decode()
    assert "待我办理" in home
    assert "第一次公示" in home


def test_a_new_list_takes_what_is_free_and_a_township_takes_lists_in(go, world):
    made = world.opened(2)
    Case.objects.update(list=None)
    page = go("committee", "list_new", data={"procedure": "entry", "name": "三月这批"})
    assert "三月这批" in text(page)
    mine = CaseList.objects.exclude(pk=made.pk).get()
    assert mine.cases.count() == 2
    go("township", "list_new", data={"procedure": "entry", "name": "全镇"})
    whole = CaseList.objects.get(name="全镇")
    page = go("township", "join", whole.pk, data={"parts": [mine.pk]})
    assert mine.number in text(page)
    mine.refresh_from_db()
    assert mine.part_of_id == whole.pk
