"""Doors without a log-in: everybody asks, follows, says yes or no (VOICE-1, VOICE-3, BEN-7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.attachments.actions.attachments import of
from shuanglian.attachments.models import Attachment
from shuanglian.benefits.actions import cards
from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import Land, land, photo
from shuanglian.grievances import numbers, printing, queries_public
from shuanglian.grievances.actions import demands, doors
from shuanglian.grievances.models import Demand, Step
from shuanglian.registry.tests.test_ledger import pages_of

from .factories import TEXT, answered, raised
from .public_land import (
    WORDS,
    ask,
    card_of,
    filled,
    follow,
    forget,
    newest,
    number_in,
    say,
    village_page,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def here(settings: Any, tmp_path: Any) -> Land:
    settings.MEDIA_ROOT = tmp_path
    forget()
    return land(households=3)


def shown(page: Any) -> str:
    return str(page.content.decode())


# --- asking -----------------------------------------------------------------------------------------------------------
def test_VOICE_1_anybody_asks_on_the_villages_page_without_a_name_and_follows_by_number(client: Client, here: Land):
    sent = ask(client, village_page(here))
    demand = newest()
    assert sent.status_code == 200 and number_in(sent) == numbers.number_of(demand.key)
    assert (demand.door, demand.state, demand.anonymous, demand.village) == ("page", "open", True, here.first_village)
    page = follow(client, number_in(sent).lower().replace("-", " "))
    assert page.status_code == 200 and "最迟" in shown(page) and WORDS not in shown(page)


def test_VOICE_1_name_telephone_and_place_are_kept_sealed_when_they_are_given(client: Client, here: Land):
    ask(client, village_page(here), name="王进财", phone="139 0000 1111", place="三社")
    assert (newest().name, newest().phone, newest().place) == ("王进财", "13900001111", "三社")


def test_VOICE_1_behind_its_card_a_family_asks_without_saying_who_it_is(client: Client, here: Land):
    address = card_of(here)
    assert 'name="phone"' not in shown(client.get(address))
    number = number_in(ask(client, address))
    demand = newest()
    assert (demand.door, demand.household, demand.rung) == ("card", here.homes[0], "cadre")
    page = shown(client.get(address))
    assert number in page and "吃水、浇地" in page and WORDS not in page


def test_VOICE_1_a_family_reads_all_that_it_asked_by_any_door_and_nothing_of_others(client: Client, here: Land):
    raised(here, category="road"), raised(here, household=here.homes[1], category="housing")
    page = shown(client.get(card_of(here)))
    assert "修路、桥" in page and "房子</h3>" not in page


@pytest.mark.parametrize("never", ["living", "school", "doctor"])
def test_BEN_7_one_of_the_three_nevers_is_urgent_by_a_tick(client: Client, here: Land, never: str):
    ask(client, village_page(here), never=never)
    assert (newest().never, newest().urgent) == (never, "never")


def test_BEN_7_one_of_the_three_nevers_is_heard_from_the_words_alone(client: Client, here: Land):
    ask(client, village_page(here), text="家里断粮三天了，锅都揭不开", category="other")
    assert (newest().never, newest().urgent) == ("living", "never")


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client, here: Land):
    page = ask(client, village_page(here), category="")
    assert page.status_code == 422 and WORDS in shown(page) and not Demand.objects.exists()
    page = ask(client, village_page(here), text="长" * 1001)
    assert page.status_code == 422 and "文字太长" in shown(page)


# --- once -------------------------------------------------------------------------------------------------------------
def test_VOICE_1_back_and_sent_again_it_is_one_demand_and_one_number(client: Client, here: Land):
    form = filled(client.get(village_page(here)))
    first, second = client.post(village_page(here), form), client.post(village_page(here), form)
    assert number_in(first) == number_in(second) and Demand.objects.count() == 1
    other = client.post(village_page(here), {**form, "text": "另外一件事：路也断了"})
    assert other.status_code == 422 and "已经交过一次" in shown(other) and Demand.objects.count() == 1


@pytest.mark.parametrize("key", ["", "1", "not-a-key", "00000000-0000-0000-0000-00000000000g", "' or 1=1 --"])
def test_a_spoofed_key_that_is_none_is_told_and_keeps_nothing(client: Client, here: Land, key: str):
    page = ask(client, village_page(here), form_key=key)
    assert page.status_code == 422 and "重新打开" in shown(page) and not Demand.objects.exists()


# --- kept aside -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("given", "why"), [
    ({"seconds": 0}, doors.FAST), ({"website": "http://x"}, doors.TRAP), ({"stamp": "forged"}, doors.FOREIGN),
    ({"stamp": ""}, doors.FOREIGN), ({"form_key": "9e9a31bb-2ea1-4d5e-8a2e-0ce3b06ac4d5"}, doors.FOREIGN),
])  # fmt: skip
def test_what_a_machine_seems_to_send_is_kept_aside_with_a_number_and_never_lost(
    client: Client, here: Land, given: dict[str, Any], why: str
):
    sent = ask(client, village_page(here), **given)
    demand = newest()
    assert (demand.state, demand.rung, demand.steps.get().text) == ("held", "", why)
    assert "收到了" in shown(follow(client, number_in(sent)))


def test_a_flood_from_one_address_is_kept_aside_then_told_to_wait_and_loses_no_words(
    client: Client, here: Land, monkeypatch: pytest.MonkeyPatch
):
    terms = queries_public.active().grievances.terms
    monkeypatch.setattr("shuanglian.grievances.views.asking.knocked", lambda _request, what: terms.held_from)
    ask(client, village_page(here))
    assert (newest().state, newest().steps.get().text) == ("held", doors.MANY)
    ask(client, village_page(here), never="living")
    assert newest().state == "open", "a family without food does not wait because of its neighbours"
    monkeypatch.setattr("shuanglian.grievances.views.asking.knocked", lambda _request, what: terms.per_hour)
    page = ask(client, village_page(here))
    assert page.status_code == 429 and WORDS in shown(page) and Demand.objects.count() == 2
    form = filled(client.get(village_page(here))) | {"form_key": str(newest().key), "never": "living"}
    assert number_in(client.post(village_page(here), form)) == numbers.number_of(newest().key), "kept already"


def test_a_village_behind_one_address_is_counted_and_another_address_is_free(client: Client, here: Land):
    for _time in range(queries_public.active().grievances.terms.held_from):
        ask(client, village_page(here))
    assert set(Demand.objects.values_list("state", flat=True)) == {"open"}
    ask(client, village_page(here))
    assert newest().state == "held"
    address = village_page(here)
    client.post(address, filled(client.get(address)), REMOTE_ADDR="203.0.113.9")
    assert newest().state == "open"


def test_a_clerk_releases_what_was_kept_aside_and_its_story_goes_on(client: Client, here: Land):
    number = number_in(ask(client, village_page(here), seconds=0))
    demands.release(demands=[newest()], by=here.office, at=clock.now())
    page = shown(follow(client, number))
    assert "看过了，转去办" in page and "最迟" in page


def test_what_was_not_taken_up_says_why(client: Client, here: Land):
    number = number_in(ask(client, village_page(here), seconds=0))
    demands.refuse(demands=[newest()], why="卖种子的广告", by=here.office, at=clock.now())
    assert "卖种子的广告" in shown(follow(client, number))


# --- following --------------------------------------------------------------------------------------------------------
def test_VOICE_3_an_answer_that_was_opened_has_reached_the_person_and_the_card_alone_tells_nobody(
    client: Client, here: Land
):
    address = card_of(here)
    number = number_in(ask(client, address))
    answered(newest(), here.office, at=clock.now())
    assert "有答复了" in shown(client.get(address))
    assert newest().replies.get().told_at is None
    page = shown(follow(client, number))
    reply = newest().replies.get()
    assert "已经通水" in page and "更换阀门" in page
    assert (reply.told_how, reply.told_by, reply.silent_on is not None) == ("page", None, True)


def test_VOICE_3_somebody_logged_in_looks_without_its_having_reached_the_person(client: Client, here: Land):
    number = number_in(ask(client, village_page(here)))
    answered(newest(), here.office, at=clock.now())
    client.force_login(here.cadre, backend=BACKEND)
    assert "已经通水" in shown(follow(client, number))
    assert newest().replies.get().told_at is None
    page = follow(
        client, number, deed="yes", key="9e9a31bb-2ea1-4d5e-8a2e-0ce3b06ac4d5", reply=newest().replies.get().pk
    )
    assert page.status_code == 422 and newest().state == "answered"


def test_VOICE_3_yes_closes_it_and_said_twice_it_is_one(client: Client, here: Land):
    number = number_in(ask(client, village_page(here)))
    answered(newest(), here.office, at=clock.now())
    given = {"score": "5", "text": "水来了，谢谢"}
    page = say(client, number, "yes", **given)
    reply = newest().replies.get()
    assert (newest().state, reply.word, reply.score, reply.said) == ("closed", "yes", 5, "水来了，谢谢")
    assert "您说行" in shown(page) and "水来了" not in shown(page)
    again = follow(client, number, deed="yes", reply=reply.pk, key="9e9a31bb-2ea1-4d5e-8a2e-0ce3b06ac4d5", **given)
    assert again.status_code == 200 and newest().steps.filter(kind="confirmed").count() == 1


def test_VOICE_3_no_opens_it_one_rung_higher(client: Client, here: Land):
    number = number_in(ask(client, card_of(here)))
    answered(newest(), here.cadre, at=clock.now())
    page = say(client, number, "no", text="只来了一天又停了")
    assert (newest().state, newest().rung, newest().reopened) == ("open", "unit", 1)
    assert "您说不行，转到联村单位" in shown(page)


def test_VOICE_3_nobody_agrees_to_an_answer_that_came_meanwhile(client: Client, here: Land):
    number = number_in(ask(client, village_page(here)))
    answered(newest(), here.office, at=clock.now())
    old = newest().replies.get().pk
    say(client, number, "no")
    answered(newest(), here.office, text="第二次答复：管子换新的了", at=clock.now())
    page = follow(client, number, deed="yes", reply=old, key="9e9a31bb-2ea1-4d5e-8a2e-0ce3b06ac4d5")
    assert page.status_code == 422 and newest().state == "answered" and "第二次答复" in shown(page)


@pytest.mark.parametrize("score", ["0", "6", "-1", "5.5", "五", "99999999999999999999"])
def test_a_score_is_one_of_those_offered_or_nothing_is_said(client: Client, here: Land, score: str):
    number = number_in(ask(client, village_page(here)))
    answered(newest(), here.office, at=clock.now())
    assert say(client, number, "yes", score=score).status_code == 422
    assert newest().state == "answered" and newest().replies.get().word == ""


def test_more_words_are_added_once_and_not_repeated_on_the_page(client: Client, here: Land):
    number = number_in(ask(client, village_page(here)))
    for _time in range(2):
        page = say(client, number, "add", text="昨天又有两户没水了")
    assert list(newest().steps.filter(kind="added").values_list("text", flat=True)) == ["昨天又有两户没水了"]
    assert "您补充了几句" in shown(page) and "两户没水" not in shown(page)


def test_VOICE_2_the_story_says_who_has_it_until_when_and_why_it_climbed(client: Client, here: Land):
    from shuanglian.grievances.actions import climbing

    demand = raised(here, at=clock.now())
    climbing.night(on=demand.due_on + timedelta(days=1), at=clock.now())
    page = shown(follow(client, numbers.number_of(demand.key)))
    demand.refresh_from_db()
    assert demand.rung == "unit" and f"{demand.due_on:%Y-%m-%d}" in page
    assert "联户干部到期没有办完，自动转到联村单位" in page
    assert TEXT not in page and here.homes[0].head_name not in page and demand.unit.name in page


def test_VOICE_3_a_joined_one_reads_who_has_it_and_nothing_of_the_other(client: Client, here: Land):
    leader = raised(here, text="王家湾的水管坏了，王二家也没有水", household=here.homes[1], village=here.first_village)
    mine = raised(here, text="没有水吃已经半个月了", household=None, village=leader.village)
    demands.join(demands=[mine], to=leader, by=here.office, at=clock.now())
    page = shown(follow(client, numbers.number_of(mine.key)))
    assert "和别人提的同一件事一起办" in page and "王二" not in page and f"#{leader.pk}" not in page
    answered(leader, here.office, at=clock.now())
    assert "已经通水" in shown(follow(client, numbers.number_of(mine.key)))


def test_a_number_lives_so_many_days_after_the_end(here: Land):
    demand = raised(here)
    number, on = numbers.number_of(demand.key), date(2015, 8, 1)
    Demand.objects.filter(pk=demand.pk).update(state="closed", closed_at=clock.now().replace(2015, 8, 1))
    lives = queries_public.active().grievances.terms.follow_days
    assert queries_public.followed(number, on + timedelta(days=lives)) == demand
    assert queries_public.followed(number, on + timedelta(days=lives + 1)) is None


@pytest.mark.parametrize("number", ["AAAAA-AAAAA", "", "0", "K7QM2", "%00", "\u202eK7QM23T9XP", "😀" * 10, "x" * 5000])
def test_a_wrong_number_opens_nothing_and_offers_the_letters_page(client: Client, here: Land, number: str):
    page = follow(client, number)
    assert page.status_code in {404, 422} and reverse("letters:follow") in shown(page)


def test_wrong_numbers_are_counted_and_a_guesser_waits(client: Client, here: Land):
    most = queries_public.active().notices.terms.misses_per_hour
    guesses = [f"AAAAA-{n:05d}".replace("0", "B").replace("1", "C") for n in range(most)]
    assert {follow(client, one).status_code for one in guesses} == {404}
    assert client.get(reverse("doors:follow")).status_code == 429


def test_a_number_never_stands_in_an_address(client: Client, here: Land):
    number = number_in(ask(client, village_page(here)))
    page = client.get(reverse("doors:follow"), {"number": number})
    assert page.status_code == 200 and "办到哪里了" not in shown(page)
    assert f"={number}" not in shown(follow(client, number)) and f"/{number}" not in shown(follow(client, number))


# --- cards ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["NOSUCHCARD", "%00", "..", "😀", "x" * 400, "' or 1=1"])
def test_a_wrong_card_opens_nothing(client: Client, here: Land, code: str):
    card_of(here)
    for answer in (client.get(f"/k/{code}/ask/"), client.post(f"/k/{code}/ask/", {"text": WORDS, "category": "water"})):
        assert answer.status_code in {404, 429}
    assert not Demand.objects.exists()


def test_a_closed_card_opens_nothing_any_more_and_takes_nothing(client: Client, here: Land):
    address = card_of(here)
    form = filled(client.get(address))
    cards.renew(household=here.homes[0], why="卡丢了", by=here.office, at=clock.now())
    assert client.get(address).status_code == 404 and client.post(address, form).status_code == 404
    assert not Demand.objects.exists()


def test_another_familys_demand_cannot_be_opened_from_a_card(client: Client, here: Land):
    other = raised(here, household=here.homes[1])
    page = follow(client, str(other.pk), card=card_of(here).split("/")[2])
    assert page.status_code == 404


# --- photos -----------------------------------------------------------------------------------------------------------
def upload(data: bytes, name: str = "a.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def test_photos_stand_beside_the_demand_and_too_many_are_refused(client: Client, here: Land):
    ask(client, village_page(here), photos=[upload(photo()), upload(photo(3))])
    assert [one.kind for one in of(newest())] == ["image", "image"]
    page = ask(client, village_page(here), photos=[upload(photo(n)) for n in range(5)])
    assert page.status_code == 422 and "最多 4 个" in shown(page)
    assert (Demand.objects.count(), Attachment.objects.count()) == (1, 2)


@pytest.mark.parametrize("data", [b"", b"no photo", b"%PDF-1.7\n%%EOF", b"<svg onload=alert(1)>", photo()[:200]])
def test_what_is_no_photo_is_refused_by_its_name_and_the_words_stay(client: Client, here: Land, data: bytes):
    page = ask(client, card_of(here), photos=upload(data, "坏.jpg"))
    assert page.status_code == 422 and WORDS in shown(page)
    assert not Demand.objects.exists() and not Attachment.objects.exists()


def test_a_body_beyond_all_limits_is_not_read(client: Client, here: Land):
    answer = client.post(village_page(here), data=b"x", content_type="multipart/form-data; boundary=a",
                         CONTENT_LENGTH=str(60 * 1024 * 1024))  # fmt: skip
    assert answer.status_code == 413 and not Demand.objects.exists()


def test_photos_of_an_answer_open_from_its_page_and_only_those(client: Client, here: Land):
    from django.core import signing

    sent = ask(client, village_page(here), photos=upload(photo(5)))
    answered(newest(), here.office, files=[photo(7)], at=clock.now())
    page = shown(follow(client, number_in(sent)))
    token = page.split('href="/d/p/')[1].split("/")[0]
    shot = client.get(f"/d/p/{token}/")
    assert shot.status_code == 200 and shot["Content-Type"] == "image/jpeg" and page.count("/d/p/") == 1
    own = of(newest()).get().pk
    for wrong in (token[:-1], "x", str(own), signing.dumps(own, salt="grievances.photo"), signing.dumps(own, salt="a")):
        assert client.get(f"/d/p/{wrong}/").status_code == 404


# --- the page in numbers ----------------------------------------------------------------------------------------------
def on_days(here: Land, *days: date, **given: Any) -> None:
    for day in days:
        raised(here, **{"household": None, "on": day, "at": clock.now(), **given})


def test_few_are_not_told_and_those_told_are_counted_down_in_steps(client: Client, here: Land):
    before = date(clock.today().year - 1, clock.today().month, 15)
    last = clock.today().replace(day=1) - timedelta(days=1)
    on_days(here, *[last] * 4, category="road")
    on_days(here, *[last] * 7, category="water")
    on_days(here, *[last] * 9, category="housing", household=here.homes[0])
    on_days(here, before - timedelta(days=60), *[clock.today()] * 5, category="school")
    told = queries_public.figures(here.first_village, clock.today())
    assert [(one.category, one.came, one.answered) for one in told] == [("water", 5, None)]
    page = shown(client.get(village_page(here)))
    assert "至少 5 件" in page and "不到 5 户，一件没有的也一样" in page


@pytest.mark.parametrize(("on", "since", "until"), [
    (date(2016, 3, 31), date(2015, 3, 1), date(2016, 2, 29)), (date(2016, 1, 1), date(2015, 1, 1), date(2015, 12, 31)),
    (date(2015, 12, 31), date(2014, 12, 1), date(2015, 11, 30)), (date(2017, 3, 1), date(2016, 3, 1), date(2017, 2, 28)),
])  # fmt: skip
def test_a_year_is_told_when_its_months_are_over(on: date, since: date, until: date):
    assert queries_public.stretch(on) == (since, until)


# --- the pages --------------------------------------------------------------------------------------------------------
def test_other_pages_lead_to_the_doors(client: Client, here: Land):
    code = card_of(here).split("/")[2]
    demand = raised(here)
    answered(demand, here.office)
    page = shown(client.get(reverse("family", args=[code])))
    assert reverse("family_ask", args=[code]) in page and "有 1 条答复等您看" in page
    assert village_page(here) in shown(client.get(reverse("board:board", args=[here.first_village.code])))


def test_the_sheet_for_the_board_is_printed_by_the_villages_own_staff(client: Client, here: Land):
    address = reverse("doors:poster", args=[here.first_village.code])
    assert client.get(address).status_code == 302
    client.force_login(here.village, backend=BACKEND)
    answer = client.get(address)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert address in shown(client.get(reverse("areas:detail", args=[here.first_village.code])))
    other = UserFactory(username="elsewhere", role="village_committee", area=here.homes[2].village)
    client.force_login(other, backend=BACKEND)
    wrong = here.homes[2].village.code != here.first_village.code
    assert client.get(address).status_code == (404 if wrong else 200)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_sheet_is_one_page_also_with_a_long_name_and_a_telephone(
    here: Land, language: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(printing, "supervision", lambda: ("县（区）委双联办", "0932-5550000"))
    area = here.first_village
    area.name = "张家湾大沟村村民委员会（原李家沟村）"
    address = f"https://shuanglian.tongwei.example.gov.cn/d/v/{area.code}/"
    with translation.override(language):
        assert pages_of(printing.poster(area, address=address, letters=address, follow=address[:40])) == 1


def test_no_page_has_a_script_a_stranger_or_more_than_50_kB(client: Client, here: Land):
    from django.contrib.staticfiles import finders

    def weight(page: Any) -> int:
        text, found = shown(page), len(page.content)
        assert "<script" not in text and " style=" not in text and "//" not in text
        for part in text.split('rel="stylesheet" href="')[1:]:
            path = finders.find(part.split('"')[0].removeprefix("/static/"))
            assert isinstance(path, str)
            with open(path, "rb") as file:
                found += len(file.read())
        assert page["Cache-Control"] == "no-store, private" and "noindex" in page["X-Robots-Tag"]
        assert page["Referrer-Policy"] == "same-origin"
        return found

    for language in ("zh-hans", "en"):
        client.cookies["language"] = language
        address = card_of(here)
        for _time in range(30):
            raised(here)
        answered(newest(), here.office, text="答" * 2000, evidence="证" * 1000)
        number = numbers.number_of(newest().key)
        pages = [client.get(one) for one in (address, village_page(here), reverse("doors:follow"))]
        pages += [follow(client, number), follow(client, "AAAAA-BBBBB"), ask(client, village_page(here), category="")]
        assert max(weight(one) for one in pages) < 50_000, [weight(one) for one in pages]


def test_a_profile_without_a_ladder_has_a_shut_door(client: Client, here: Land, monkeypatch: pytest.MonkeyPatch):
    from shuanglian.rules.grievances import Grievances

    monkeypatch.setattr(Grievances, "runs", property(lambda _self: False))
    assert client.get(village_page(here)).status_code == 404
    assert client.get(card_of(here)).status_code == 404


@pytest.mark.parametrize("code", ["620000000000", "621100000000", "999999999999", "%00", "abc"])
def test_there_is_no_door_of_a_province_or_of_nowhere(client: Client, here: Land, code: str):
    assert client.get(f"/d/v/{code}/").status_code == 404


def test_the_form_of_a_stranger_site_is_refused(here: Land):
    strict = Client(enforce_csrf_checks=True)
    form = filled(strict.get(village_page(here)))
    assert strict.post(village_page(here), form).status_code == 403
    assert not Step.objects.exists()
