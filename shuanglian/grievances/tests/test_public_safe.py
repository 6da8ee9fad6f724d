"""What belongs to the safe road takes it from its first second, at every door, and leaves nothing behind (VOICE-6)."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.complaints.actions.complaints import FOLDER
from shuanglian.complaints.models import Complaint, Photo
from shuanglian.complaints.models import Step as LetterStep
from shuanglian.complaints.words import is_safe
from shuanglian.core import clock
from shuanglian.core.profile import active
from shuanglian.fieldwork.tests.factories import Land, land, photo
from shuanglian.grievances import numbers
from shuanglian.grievances.actions import doors
from shuanglian.grievances.models import Demand, Reply, Step
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices.actions.objections import plain

from .factories import answered, raised
from .public_land import SAFE_WORDS, WORDS, ask, card_of, filled, follow, forget, newest, number_in, say, village_page
from .test_public import upload

pytestmark = pytest.mark.django_db
LETTERS = {"complaints_complaint", "complaints_step", "complaints_photo"}
COUNTING = {"notices_knock", "notices_knock_id_seq"}  # a form is counted, whichever road it takes


@pytest.fixture
def here(settings: Any, tmp_path: Any) -> Land:
    settings.MEDIA_ROOT = tmp_path
    forget()
    return land(households=3)


def tables() -> dict[str, int]:
    """Every table with the number of its rows, and of sequences where they stand."""
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public' "
                       "and table_type = 'BASE TABLE' order by 1")  # fmt: skip
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute(" union all ".join(f"select '{name}', count(*) from {name}" for name in names))
        counted = dict(cursor.fetchall())
        cursor.execute("select sequencename, coalesce(last_value, 0) from pg_sequences where schemaname = 'public'")
        return {**counted, **dict(cursor.fetchall())}


def changed(before: dict[str, int]) -> set[str]:
    after = tables()
    return {name for name in before if after[name] != before[name]} - COUNTING


def doors_of(here: Land) -> list[str]:
    return [village_page(here), card_of(here)]


@pytest.mark.parametrize("given", [
    {"category": "fund"}, {"category": "conduct"}, {"category": "falsification"}, {"text": SAFE_WORDS},
    {"text": "水管没修，有人收 了 钱", "category": "water"}, {"text": "没饭吃，低保被截留", "never": "living"},
    {"text": SAFE_WORDS, "website": "http://machine"}, {"text": SAFE_WORDS, "stamp": "forged"},
])  # fmt: skip
@pytest.mark.parametrize("door", [0, 1])
def test_VOICE_6_a_sealed_category_or_a_safe_word_touches_only_the_letters(
    client: Client, here: Land, given: dict[str, Any], door: int
):
    address = doors_of(here)[door]
    client.get(address)
    before = tables()
    sent = ask(client, address, photos=upload(photo()), **given)
    assert changed(before) == LETTERS
    assert Complaint.objects.count() == Photo.objects.count() == 1
    assert reverse("letters:follow") in sent.content.decode() and reverse("doors:follow") not in sent.content.decode()
    assert client.post(reverse("letters:follow"), {"number": number_in(sent)}).status_code == 200
    FOLDER.remove(*Photo.objects.values_list("file", flat=True))


def test_VOICE_6_a_word_in_the_place_or_the_name_counts_too(client: Client, here: Land):
    ask(client, village_page(here), place="贪污犯家门口")
    ask(client, village_page(here), name="怕报复的人")
    assert Complaint.objects.count() == 2 and not Demand.objects.exists()


def test_VOICE_6_from_a_card_it_is_not_kept_whose_card_it_was(client: Client, here: Land):
    ask(client, card_of(here), text=SAFE_WORDS)
    assert Complaint.objects.get().identity == ""


def test_VOICE_6_money_is_a_letter_about_money_and_conduct_one_about_conduct(client: Client, here: Land):
    from shuanglian.complaints.access import content_of

    for category, kind in (("fund", "money"), ("conduct", "conduct"), ("falsification", "falsification")):
        ask(client, village_page(here), category=category)
        assert content_of(Complaint.objects.latest("at"))["kind"] == kind


def bare(page: Any, number: str) -> str:
    """A page without what differs each time: its form's mark and what was typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", page.content.decode())
    return text.replace(number, "NUMBER")


def test_VOICE_6_a_letters_number_and_one_that_never_was_have_the_same_page_here(client: Client, here: Land):
    letter = number_in(ask(client, village_page(here), text=SAFE_WORDS))
    told, never = follow(client, letter), follow(client, "AAAAA-BBBBB")
    assert told.status_code == never.status_code == 404
    assert bare(told, letter) == bare(never, "AAAAA-BBBBB")
    assert reverse("letters:follow") in told.content.decode()


def test_VOICE_6_no_public_page_is_another_one_after_a_letter_came(client: Client, here: Land):
    card = card_of(here)
    code = card.split("/")[2]
    pages = [village_page(here), card, reverse("family", args=[code]), reverse("doors:follow"),
             reverse("board:board", args=[here.first_village.code])]  # fmt: skip

    def seen() -> list[str]:
        plain_ = [client.get(one).content.decode() for one in pages]
        return [re.sub(r'name="(form_key|stamp|csrfmiddlewaretoken)" value="[^"]*"', r"\1", one) for one in plain_]

    client.cookies["csrftoken"] = "k" * 32
    before = seen()
    for _time in range(7):
        ask(client, card, text=SAFE_WORDS)
    assert seen() == before and Complaint.objects.count() == 7


def test_VOICE_6_what_went_the_safe_road_stays_there_when_its_form_comes_again_with_plain_words(
    client: Client, here: Land
):
    form = filled(client.get(village_page(here)), text=SAFE_WORDS)
    first = client.post(village_page(here), form)
    second = client.post(village_page(here), {**form, "text": WORDS})
    assert number_in(first) == number_in(second) and not Demand.objects.exists()
    assert list(LetterStep.objects.values_list("kind", flat=True)) == ["received", "added"]


def test_VOICE_6_safe_words_under_a_form_that_was_a_demand_are_a_letter_of_their_own(client: Client, here: Land):
    form = filled(client.get(village_page(here)))
    first = client.post(village_page(here), form)
    second = client.post(village_page(here), {**form, "text": SAFE_WORDS})
    again = client.post(village_page(here), form)
    assert number_in(first) == number_in(again) != number_in(second)
    assert (Demand.objects.count(), Complaint.objects.count()) == (1, 1) and newest().text == WORDS


# --- what is said later -----------------------------------------------------------------------------------------------
def test_VOICE_6_safe_words_added_to_a_demand_become_a_letter_and_do_not_stand_with_it(client: Client, here: Land):
    number = number_in(ask(client, card_of(here)))
    before = tables()
    page = say(client, number, "add", text=SAFE_WORDS)
    assert changed(before) == LETTERS - {"complaints_photo"}
    letter = number_in(page)
    assert letter != number and client.post(reverse("letters:follow"), {"number": letter}).status_code == 200


def test_VOICE_6_a_no_with_safe_words_is_a_no_without_them_and_a_letter(client: Client, here: Land):
    number = number_in(ask(client, card_of(here)))
    answered(newest(), here.cadre, at=clock.now())
    page = say(client, number, "no", text=SAFE_WORDS, score="1")
    reply = Reply.objects.get()
    assert (reply.word, reply.said, reply.score, newest().reopened) == ("no", "", 1, 1)
    assert not Step.objects.filter(text__contains="收了钱").exists()
    assert Complaint.objects.count() == 1 and number_in(page)


# --- hostile words ----------------------------------------------------------------------------------------------------
EVIL = [
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>', "a\0b没有水吃了", "没有水\u202e吃了\u2066啊", "水" * 9_999,
    "{{ 7 * 7 }}{% now %}%(n)s{who}", "水\ud800吃".encode("utf-8", "replace").decode(), "Ａ" * 500, "\u200b水\u200b管坏了", "'; drop table x; --",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_hostile_words_are_words(client: Client, here: Land, text: str):
    for address in doors_of(here):
        page = ask(client, address, text=text, **({"name": text[:40], "place": text[:100]} if "/d/" in address else {}))
        assert page.status_code in {200, 422}
        assert "<script>alert" not in page.content.decode() and "<img src=x" not in page.content.decode()
    for demand in Demand.objects.all():
        assert demand.text == plain(text)
        assert follow(client, numbers.number_of(demand.key)).status_code == 200


def test_an_answer_with_markup_is_text_on_the_follow_page(client: Client, here: Land):
    demand = raised(here)
    answered(demand, here.office, text="<script>alert(1)</script>修好了", evidence="<b>照片</b>")
    page = follow(client, numbers.number_of(demand.key)).content.decode()
    assert "<script" not in page and "<b>照片" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("data", [b"\xff\xfe\xfd", b"text=%FF%FE&category=water", b"a" * 4_000_000, b"&" * 3_000, b""])
def test_a_body_that_is_no_form_breaks_nothing(client: Client, here: Land, data: bytes):
    for kind in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain",
    ):
        for address in (village_page(here), reverse("doors:follow")):
            answer = client.post(address, data=data, content_type=kind)
            assert answer.status_code < 500 and b'class="number"' not in answer.content
    assert not Demand.objects.exists() and not Complaint.objects.exists()


@given(text=st.text(max_size=300), category=st.sampled_from(["", "water", "fund", "other", "nosuch", "policy"]),
       never=st.sampled_from(["", "living", "nosuch"]))  # fmt: skip
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_VOICE_1_VOICE_6_every_text_is_kept_once_on_its_road_or_refused_with_a_sentence(
    here: Land, text: str, category: str, never: str
):
    key, before = uuid4(), (Demand.objects.count(), Complaint.objects.count())
    sealed = is_safe(text) or category == "fund"
    told = {"key": key, "door": "page", "text": text, "category": category, "never": never, "at": clock.now(),
            "village": here.first_village}  # fmt: skip
    try:
        first, second = doors.take(**told), doors.take(**told)
    except Refusal as refusal:
        assert refusal.code in {"text_missing", "no_category", "no_never"}
        assert (Demand.objects.count(), Complaint.objects.count()) == before
        return
    assert first == second and first.sealed is sealed
    assert (Demand.objects.count(), Complaint.objects.count()) == (before[0] + (not sealed), before[1] + sealed)
    if not sealed:
        assert Demand.objects.get(key=key).text == plain(text)


@given(word=st.sampled_from(sorted({word for one in active().complaints.words for word in one.words})),
       before=st.text(alphabet="水路电，。 abc1", max_size=30), gap=st.sampled_from(["", " ", "*", "　", "-"]))  # fmt: skip
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_VOICE_6_every_safe_word_however_it_is_parted_keeps_a_text_out_of_the_demands(
    here: Land, word: str, before: str, gap: str
):
    count = Demand.objects.count()
    taken = doors.take(key=uuid4(), door="card", text=f"{before}{gap.join(word)}", category="water", at=clock.now(),
                       village=here.first_village, household=here.homes[0])  # fmt: skip
    assert taken.sealed and Demand.objects.count() == count
