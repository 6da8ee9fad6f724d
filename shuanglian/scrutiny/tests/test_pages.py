"""Pages of scrutiny: the cadre is heard, somebody else finds, families answer by their card's code (FIELD-3, FIELD-6)."""

import re
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits import card_doors
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import CAME, ON, land, visit
from shuanglian.notifications.models import Message
from shuanglian.organisation.models import Absence, Cadre
from shuanglian.organisation.tests.factories import CadreFactory
from shuanglian.rules.draws import SCRIPT
from shuanglian.scrutiny.actions import call_backs, reviews, scores
from shuanglian.scrutiny.models import CallBack, Draw, Flag

pytestmark = pytest.mark.django_db
YESTERDAY = (clock.today() - ON).days - 1  # days after the county's first visit
LAST_MONTH = (clock.today().replace(day=1) - timedelta(days=5) - ON).days
SAID, FOUND = "提前销假，当天下午就去了", "电话问了村文书，当天来过"


@pytest.fixture
def place():
    cache.clear()
    return land()


@pytest.fixture
def reviewer(place):
    return UserFactory(username="reviewer", role="inspector", area=place.place.area)


@pytest.fixture
def flag(place):
    """A visit of yesterday, dated into a leave."""
    day = ON + timedelta(days=YESTERDAY)
    Absence.objects.create(cadre=place.cadre.cadre, kind="leave", since=day, until=day)
    found = visit(place.homes[0], place.cadre, days=YESTERDAY)
    scores.score(area=place.place.area, since=day, until=day, at=clock.now())
    return Flag.objects.get(visit=found)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def text(answer):
    assert answer.status_code == 200
    return unescape(answer.content.decode())


# --- the cadre ---------------------------------------------------------------------------------------------------------
def test_FIELD_6_the_cadre_sees_what_is_asked_of_him_with_reasons_and_answers(place, flag):
    client = browser(place.cadre)
    assert "有 1 次走访请您说明" in text(client.get("/"))
    told = text(client.get("/notifications/"))
    assert "有 1 次走访请您说明" in told and "/notifications/" in told
    assert place.homes[0].head_name in text(client.get("/scrutiny/mine/"))
    page = text(client.get(f"/scrutiny/doubts/{flag.pk}/"))
    assert "干部当天在请假、病休或离岗期间" in page
    assert "提前销假，或假条登记有误" in page  # what may well explain it
    answer = client.post(f"/scrutiny/doubts/{flag.pk}/answer/", {"text": SAID}, follow=True)
    assert "已记下您的说明" in text(answer)
    flag.refresh_from_db()
    assert (flag.state, flag.answer, flag.answered_by) == (Flag.State.ANSWERED, SAID, place.cadre)


@pytest.mark.parametrize("bad", ["", "   ", "长" * 601, "说\x00明"])
def test_FIELD_6_an_answer_that_says_nothing_or_too_much_is_not_kept(place, flag, bad):
    answer = browser(place.cadre).post(f"/scrutiny/doubts/{flag.pk}/answer/", {"text": bad})
    assert answer.status_code == 422
    assert "field-errors" in answer.content.decode()
    flag.refresh_from_db()
    assert (flag.state, flag.answer) == (Flag.State.OPEN, "")


@pytest.mark.parametrize("who", ["other", "third", "member", "unit", "village"])
def test_FIELD_6_other_cadres_his_unit_and_the_village_do_not_see_the_doubt(place, flag, who):
    client = browser(getattr(place, who))
    for address in (f"/scrutiny/doubts/{flag.pk}/", "/scrutiny/", "/scrutiny/call-backs/"):
        assert client.get(address).status_code in (403, 404), address
    for address in ("answer", "decide"):
        told = {"text": SAID, "verdict": "true", "why": FOUND}
        assert client.post(f"/scrutiny/doubts/{flag.pk}/{address}/", told).status_code in (403, 404)
    flag.refresh_from_db()
    assert (flag.state, flag.answer, flag.verdict) == (Flag.State.OPEN, "", "")
    shown = client.get("/scrutiny/mine/")
    assert shown.status_code == 403 or place.homes[0].head_name not in shown.content.decode()


def test_FIELD_6_the_cadre_reads_what_was_found_and_can_say_no_more(place, flag, reviewer):
    reviews.answer(flag=flag, text=SAID, by=place.cadre, at=clock.now())
    reviews.decide(flag=flag, verdict="true", why=FOUND, by=reviewer, at=clock.now())
    client = browser(place.cadre)
    assert "情况属实" in text(client.get("/scrutiny/mine/"))
    message = Message.objects.get(to=place.cadre, template="scrutiny.decided")
    assert FOUND in text(client.get(f"/notifications/messages/{message.pk}/", follow=True))
    assert FOUND in text(client.get(f"/scrutiny/doubts/{flag.pk}/"))
    late = client.post(f"/scrutiny/doubts/{flag.pk}/answer/", {"text": "再说一句"}, follow=True)
    assert "这次走访已经核实，没有改动" in text(late)
    flag.refresh_from_db()
    assert flag.answer == SAID


def test_FIELD_6_weighing_every_night_tells_the_cadre_once(place, flag):
    for _night in range(2):
        scores.score_all(area=place.place.area, at=clock.now())
    assert Message.objects.filter(to=place.cadre, template="scrutiny.asked").count() == 1
    assert not Message.objects.filter(template="scrutiny.asked").exclude(to=place.cadre).exists()


# --- the reviewer ------------------------------------------------------------------------------------------------------
def test_FIELD_6_the_reviewer_sees_both_sides_waits_for_the_answer_and_decides_once(place, flag, reviewer):
    client, address = browser(reviewer), f"/scrutiny/doubts/{flag.pk}/"
    assert place.homes[0].head_name in text(client.get("/scrutiny/?state=open&sign=on_leave"))
    assert "没有这样的走访" in text(client.get("/scrutiny/?state=open&sign=at_night"))
    page = text(client.get(address))
    assert "干部当天在请假" in page and "在户 40 分钟" in page and "先等本人说明" in page
    early = client.post(f"{address}decide/", {"verdict": "untrue", "why": FOUND})
    assert early.status_code == 422 and "之前不能下结论" in early.content.decode()
    reviews.answer(flag=flag, text=SAID, by=place.cadre, at=clock.now())
    assert SAID in text(client.get(address))
    assert "已记下核实结论" in text(client.post(f"{address}decide/", {"verdict": "true", "why": FOUND}, follow=True))
    again = client.post(f"{address}decide/", {"verdict": "untrue", "why": "第二次提交"}, follow=True)
    assert "没有改动" in text(again)
    flag.refresh_from_db()
    assert (flag.state, flag.verdict, flag.why, flag.decided_by) == ("decided", "true", FOUND, reviewer)


@pytest.mark.parametrize("bad", [{"verdict": "", "why": FOUND}, {"verdict": "guilty", "why": FOUND},
                                 {"verdict": "true", "why": ""}, {"verdict": "true", "why": "长" * 601}])  # fmt: skip
def test_FIELD_6_a_finding_without_verdict_or_reason_is_not_kept(place, flag, reviewer, bad):
    reviews.answer(flag=flag, text=SAID, by=place.cadre, at=clock.now())
    assert browser(reviewer).post(f"/scrutiny/doubts/{flag.pk}/decide/", bad).status_code == 422
    flag.refresh_from_db()
    assert (flag.state, flag.verdict) == (Flag.State.ANSWERED, "")


@pytest.mark.parametrize("how", ["himself", "colleague"])
def test_FIELD_6_who_is_flagged_and_who_sits_beside_him_never_review_it(place, flag, reviewer, how):
    reviews.answer(flag=flag, text=SAID, by=place.cadre, at=clock.now())
    if how == "himself":  # a cadre whom the office made an inspector later
        Cadre.objects.filter(pk=flag.cadre_id).update(user=reviewer)
    else:
        beside = CadreFactory(unit=flag.cadre.unit)
        Cadre.objects.filter(pk=beside.pk).update(user=reviewer)
    client = browser(reviewer)
    assert f"/scrutiny/doubts/{flag.pk}/decide/" not in text(client.get(f"/scrutiny/doubts/{flag.pk}/"))
    tried = client.post(f"/scrutiny/doubts/{flag.pk}/decide/", {"verdict": "true", "why": FOUND})
    assert tried.status_code == 422
    assert "不能核实本人或本单位的走访" in tried.content.decode()
    flag.refresh_from_db()
    assert flag.verdict == ""


def test_FIELD_6_the_list_asks_the_database_the_same_number_of_times(place, reviewer, django_assert_max_num_queries):
    client, counts = browser(reviewer), []
    for homes in ((0,), (3, 6)):
        for number in homes:
            day = ON + timedelta(days=YESTERDAY - number)
            Absence.objects.create(cadre=place.cadre.cadre, kind="leave", since=day, until=day)
            visit(place.homes[number], place.cadre, days=YESTERDAY - number)
        scores.score_all(area=place.place.area, at=clock.now())
        client.get("/scrutiny/")
        with django_assert_max_num_queries(100) as asked:
            text(client.get("/scrutiny/"))
        counts.append(len(asked))
    assert Flag.objects.count() == 3
    assert counts[0] == counts[1]


# --- the draw ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def visited(place):
    for number, who in ((0, place.cadre), (1, place.other), (2, place.third), (3, place.cadre), (4, place.other)):
        visit(place.homes[number], who, days=LAST_MONTH, started_at=CAME + timedelta(days=LAST_MONTH, hours=number),
              ended_at=CAME + timedelta(days=LAST_MONTH, hours=number, minutes=30))  # fmt: skip
    return place


@pytest.fixture
def drawn(visited):
    return call_backs.draw(area=visited.place.area, month=clock.today().replace(day=1) - timedelta(days=1), by=None,
                           at=clock.now())  # fmt: skip


def test_FIELD_6_anybody_draws_the_same_households_with_what_the_page_shows(visited, drawn, tmp_path):
    client = browser(visited.office)
    page = text(client.get(f"/scrutiny/call-backs/{drawn.pk}/"))
    command = re.search(r'python3 draw\.py frame\.csv "([^"]+)" ([\d.]+) (\d+)', page)
    (tmp_path / "draw.py").write_text(SCRIPT)
    (tmp_path / "frame.csv").write_bytes(client.get(f"/scrutiny/call-backs/{drawn.pk}/frame/").content)
    assert SCRIPT.strip() in page
    again = subprocess.run(
        [sys.executable, "draw.py", "frame.csv", *command.groups()], cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert {int(one) for one in again.stdout.split()} == set(drawn.call_backs.values_list("visit", flat=True))


def test_FIELD_6_drawing_again_does_not_change_who_is_asked(visited):
    client = browser(visited.office)
    assert "抽取" in text(client.get("/scrutiny/call-backs/"))
    first = text(client.post("/scrutiny/call-backs/draw/", follow=True))
    before = list(CallBack.objects.order_by("pk").values())
    assert f"已抽取 {len(before)} 户" in first
    again = text(client.post("/scrutiny/call-backs/draw/", follow=True))
    assert "已经抽取过，不能重抽" in again
    assert list(CallBack.objects.order_by("pk").values()) == before
    assert Draw.objects.count() == 1
    assert "/scrutiny/call-backs/draw/" not in text(client.get("/scrutiny/call-backs/"))


@pytest.mark.parametrize(("who", "status"), [("township", 302), ("cadre", 403), ("unit", 403), ("village", 403)])
def test_FIELD_6_nobody_but_the_county_draws_or_sees_who_was_drawn(visited, who, status):
    client = browser(getattr(visited, who))
    assert client.post("/scrutiny/call-backs/draw/").status_code == status
    assert not Draw.objects.exists()
    made = call_backs.draw(area=visited.place.area, month=clock.today().replace(day=1) - timedelta(days=1), by=None,
                           at=clock.now())  # fmt: skip
    one = made.call_backs.first()
    for address in (f"{made.pk}/", f"{made.pk}/frame/", f"ask/{one.pk}/"):
        assert client.get(f"/scrutiny/call-backs/{address}").status_code in (403, 404)
    if who == "township":
        assert "由县里抽取" in text(client.get("/scrutiny/call-backs/"))


def test_FIELD_6_an_office_writes_down_once_what_a_household_said(visited, drawn):
    client, one = browser(visited.office), drawn.call_backs.first()
    address = f"/scrutiny/call-backs/ask/{one.pk}/"
    for bad in ({"said": ""}, {"said": "maybe"}, {"said": "yes", "note": "长" * 201}):
        assert client.post(address, bad).status_code == 422
    assert "已登记这一户的答复" in text(client.post(address, {"said": "no", "note": "没有见过人"}, follow=True))
    assert "已经回复过" in text(client.post(address, {"said": "yes"}, follow=True))
    one.refresh_from_db()
    assert (one.answer, one.note, one.channel, one.by) == ("no", "没有见过人", "office", visited.office)
    assert "没有见过人" in text(client.get(f"/scrutiny/call-backs/{drawn.pk}/?answer=no"))
    assert "没有这样答复的户" in text(client.get(f"/scrutiny/call-backs/{drawn.pk}/?answer=unsure"))


# --- the family --------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(drawn):
    one = drawn.call_backs.select_related("household", "visit__cadre").first()
    cards.issue(households=[one.household], by=None, at=clock.now())
    return one, Card.objects.get(household=one.household).code


@pytest.mark.parametrize("said", ["yes", "no", "unsure"])
def test_FIELD_6_a_family_says_by_its_card_whether_somebody_came_once(asked, said):
    one, code = asked
    client = Client()
    assert f"/k/{code}/visit/" in text(client.get(f"/k/{code}/"))
    assert f"{one.visit.on:%Y-%m-%d}" in text(client.get(f"/k/{code}/visit/"))
    assert "谢谢，记下了" in text(client.post(f"/k/{code}/visit/", {"said": said, "note": "说一句"}))
    assert "您已经回答过了" in text(client.post(f"/k/{code}/visit/", {"said": "yes"}))
    one.refresh_from_db()
    assert (one.answer, one.note, one.channel, one.by) == (said, "说一句", "card", None)
    assert f"/k/{code}/visit/" not in text(client.get(f"/k/{code}/"))


def test_FIELD_6_the_familys_page_names_nobody_and_is_kept_by_nobody(asked):
    one, code = asked
    answer = Client().get(f"/k/{code}/visit/")
    page = text(answer)
    for personal in (one.household.head_name, one.household.number, one.visit.cadre.name, one.visit.cadre.number,
                     one.visit.done):  # fmt: skip
        assert personal not in page
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("bad", [{"said": ""}, {"said": "maybe"}, {"said": "yes", "note": "长" * 201}])
def test_FIELD_6_an_answer_that_is_none_is_asked_for_again(asked, bad):
    one, code = asked
    assert Client().post(f"/k/{code}/visit/", bad).status_code == 422
    one.refresh_from_db()
    assert one.answer == ""


def test_FIELD_6_codes_are_not_to_be_guessed(asked):
    one, code = asked
    client = Client()
    for _time in range(card_doors.MISSES):
        assert client.get("/k/WRONGWRONG22/visit/").status_code == 404
    assert client.get("/k/WRONGWRONG22/visit/").status_code == 429
    assert client.post(f"/k/{code}/visit/", {"said": "no"}).status_code == 429  # even the right one, for an hour
    one.refresh_from_db()
    assert one.answer == ""


def test_FIELD_6_the_helper_his_unit_and_the_village_do_not_learn_what_a_family_said(place, asked):
    one, code = asked
    client = Client()
    client.post(f"/k/{code}/visit/", {"said": "no", "note": "从来没有见过他"})
    helper = one.visit.cadre.user
    for user in (helper, place.unit, place.village, place.township):
        seen = browser(user)
        for address in ("/", "/scrutiny/mine/", "/scrutiny/", "/scrutiny/call-backs/", f"/fieldwork/visits/{one.visit_id}/",
                        f"/fieldwork/households/{one.household_id}/", f"/registry/{one.household_id}/", "/trail/"):  # fmt: skip
            page = seen.get(address, follow=True).content.decode()
            assert "从来没有见过他" not in page, (user.username, address)


def test_every_page_speaks_both_languages(place, flag, drawn, reviewer):
    for user, name, *args in (
        (place.cadre, "mine"), (place.cadre, "flag", flag.pk), (reviewer, "flags"), (reviewer, "flag", flag.pk),
        (reviewer, "draws"), (reviewer, "draw", drawn.pk), (place.office, "ask", drawn.call_backs.first().pk),
    ):  # fmt: skip
        client = browser(user)
        client.cookies["language"] = "en"
        page = text(client.get(reverse(f"scrutiny:{name}", args=args)))
        told = re.sub(r"<(script|style|select|pre|header|nav|aside)\b.*?</\1>", "", page, flags=re.S)
        assert 'lang="en"' in page
        assert "存疑" not in told and "回访" not in told and "走访" not in told
