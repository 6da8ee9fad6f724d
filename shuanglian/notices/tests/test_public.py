"""Pages without a log-in, also for people who guess, flood, inject and come too late (REG-4, FUND-6)."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from shuanglian.attachments.actions.attachments import of
from shuanglian.attachments.models import Attachment
from shuanglian.attachments.tests.test_attachments import photo
from shuanglian.core import panels
from shuanglian.core.clock import now, today
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import queries
from shuanglian.notices.actions import knocks, notices, objections
from shuanglian.notices.models import Knock, Notice, Objection
from shuanglian.notices.views.public import followed
from shuanglian.trail.models import Entry

from .conftest import POSTED, fields, object_to, post

pytestmark = pytest.mark.django_db


def url(notice, what="notice"):
    return reverse(f"board:{what}", args=[notice.code])


def picture(name="车.jpg", data=None):
    return SimpleUploadedFile(name, data or photo((300, 200)), content_type="image/jpeg")


def send(client, notice, **changes):
    page = client.get(url(notice, "object"))
    return client.post(url(notice, "object"), fields(page) | changes)


# --- reading ----------------------------------------------------------------------------------------------------------
def test_anybody_reads_a_notice_that_is_up(client, up):
    page = client.get(url(up))
    text = page.content.decode()
    assert page.status_code == 200
    assert all(word in text for word in ("李大山", "欧阳秀英", "因病", "缺劳力", "第一次公示", "中林村民委员会"))
    english = Client()
    english.cookies["language"] = "en"
    text = english.get(url(up)).content.decode()
    assert "no labour" in text and "First notice" in text and "李大山" in text


@pytest.mark.parametrize("name", ["notice", "object", "board", "follow", "gone"])
def test_public_pages_are_kept_by_nobody_and_indexed_by_no_one(client, up, name):
    address = {
        "notice": url(up), "object": url(up, "object"), "board": reverse("board:board", args=[up.area_code]),
        "follow": reverse("board:follow"), "gone": "/n/NOSUCHCODE/",
    }[name]  # fmt: skip
    page = client.get(address)
    assert page["Cache-Control"] == "no-store, private"
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == ("same-origin" if name in {"object", "follow"} else "no-referrer")
    assert "default-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "<script" not in text and " style=" not in text and " on" + "click" not in text


def test_robots_are_told_to_stay_away(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain") and "Disallow: /\n" in answer.content.decode()


def test_a_code_is_read_as_people_type_it(client, up):
    typed = " ".join([up.code[:4].lower(), up.code[4:]])
    assert client.get(f"/n/{typed}/").status_code == 200


@pytest.mark.parametrize("code", ["A" * 16, "%00", "..", "😀", "x" * 400, "%27%20or%201=1--", "v", "1"])
def test_guessed_codes_and_rubbish_open_nothing(client, up, code):
    assert client.get(f"/n/{code}/").status_code in {404, 429}


def test_over_withdrawn_and_not_yet_look_like_never(client, place, up, clerk):
    never = client.get("/n/AAAAAAAAAAAAAAAA/").content
    coming = post(place.village, at=now(), opens_on=today() + (today().resolution * 3))
    past = post(place.village, at=now(), opens_on=today())
    Notice.objects.filter(pk=past.pk).update(closes_on=today() - today().resolution)
    notices.withdraw(notice=up, why="名单有误", by=clerk, at=now())
    for one in (coming, past, up):
        for what in ("notice", "object"):
            page = client.get(url(one, what))
            assert page.status_code == 404 and page.content == never
        assert "李大山" not in page.content.decode()
    board = client.get(reverse("board:board", args=[up.area_code])).content.decode()
    assert up.headline not in board


def test_the_board_lists_the_villages_notices_and_other_rooms_parts(client, up, place, monkeypatch):
    monkeypatch.setattr(panels, "_panels", {"board": [(10, lambda request, area: f"<p>项目 {area.code}</p>")]})
    text = client.get(reverse("board:board", args=[up.area_code])).content.decode()
    assert up.headline in text and url(up) in text and f"项目 {up.area_code}" in text
    other = client.get(reverse("board:board", args=[place.villages[3].code])).content.decode()
    assert up.headline not in other and "现在没有正在公示的内容" in other


@pytest.mark.parametrize("code", ["620000000000", "621100000000", "999999999999", "%00", "abc"])
def test_there_is_no_board_of_a_province_or_of_nowhere(client, place, code):
    assert client.get(f"/n/v/{code}/").status_code == 404


def test_the_language_changes_by_a_link_and_stays(client, up):
    answer = client.get(url(up) + "?lang=en")
    assert answer.status_code == 302 and answer["Location"] == url(up)
    assert "First notice" in client.get(url(up)).content.decode()
    assert client.get(url(up) + "?lang=xx").status_code == 200


def test_markup_in_a_notice_is_text(client, place):
    evil = '<script>alert(1)</script>"><img src=x>'
    notice = post(place.village, at=now(), opens_on=today(), title={"zh": evil[:50]},
                  rows=[{"key": "1", "name": "<b>李</b>", "reason": evil}],
                  sections=[{"title": {"zh": "甲"}, "text": {"zh": evil}}])  # fmt: skip
    for address in (url(notice), url(notice, "object"), reverse("board:board", args=[place.village.code])):
        text = client.get(address).content.decode()
        assert "<script" not in text and "<img src=x" not in text and "<b>李" not in text


# --- objecting --------------------------------------------------------------------------------------------------------
def test_anybody_objects_without_a_name_and_follows_by_number(client, up, clerk):
    sent = send(client, up, row="2")
    number = sent.context["number"]
    made = Objection.objects.get()
    assert (made.row, made.name, made.phone, made.state) == ("12", "", "", "open")
    assert number in sent.content.decode() and len(number) == 11
    page = client.post(reverse("board:follow"), {"number": number.lower().replace("-", " ")})
    assert page.status_code == 200 and "正在核实" in page.content.decode()
    objections.answer(objection=made, outcome="upheld", text="情况属实，已从名单中去掉", by=clerk, at=now())
    page = client.post(reverse("board:follow"), {"number": number})
    assert "已从名单中去掉" in page.content.decode() and "意见成立" in page.content.decode()
    assert made.text not in page.content.decode()


def test_a_number_dies_so_many_days_after_the_answer(up, clerk):
    made, number = object_to(up, at=now())
    objections.answer(objection=made, outcome="unfounded", text="已核实，不属实", by=clerk, at=now())
    day, lives = today(), objections.terms().follow_days
    assert followed(number, day + day.resolution * lives) == made
    assert followed(number, day + day.resolution * (lives + 1)) is None


@pytest.mark.parametrize("number", ["AAAAA-AAAAA", "", "x" * 41, "😀", "K7QM2", "' or 1=1"])
def test_guessed_numbers_find_nothing(client, up, number):
    object_to(up, at=now())
    page = client.post(reverse("board:follow"), {"number": number})
    assert page.status_code in {404, 422} and up.headline not in page.content.decode()


def test_the_same_form_twice_is_one_objection_with_one_number(client, up):
    page = client.get(url(up, "object"))
    data = fields(page)
    numbers = {client.post(url(up, "object"), data).context["number"] for _ in range(3)}
    assert len(numbers) == 1 and Objection.objects.count() == 1


def test_the_same_form_with_other_words_is_refused_not_dropped(client, up):
    data = fields(client.get(url(up, "object")))
    client.post(url(up, "object"), data)
    again = client.post(url(up, "object"), data | {"text": "还有一件事"})
    assert again.status_code == 422 and "已经交过一次" in again.content.decode() and Objection.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""}, {"text": "  "}, {"text": "啊"}, {"text": "长" * 2001}, {"row": "4"}, {"row": "999"}, {"row": "-1"},
        {"row": "11"}, {"row": "x"}, {"name": "名" * 41}, {"phone": "1" * 21}, {"form_key": "x"}, {"form_key": ""},
        {"website": "http://spam.example"}, {"text": "a\0b"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_nothing_is_kept(client, up, changes):
    page = send(client, up, **changes)
    assert page.status_code == 422 and not Objection.objects.exists()
    up.refresh_from_db()
    assert up.closes_on is not None


def test_a_foreign_row_is_refused_by_the_verb_as_well(up):
    with pytest.raises(Refusal) as refused:
        object_to(up, at=now(), row="999")
    assert refused.value.code == "no_such_row"


def test_words_of_an_objection_are_nowhere_on_the_public_pages(client, up):
    send(client, up, text="<script>他家有车</script>", name="赵六", phone="13900001111", row="1")
    for address in (url(up), reverse("board:board", args=[up.area_code])):
        text = client.get(address).content.decode()
        assert "他家有车" not in text and "赵六" not in text and "13900001111" not in text
    assert "计时暂停" in client.get(url(up)).content.decode()


def test_photos_lose_place_time_and_name(client, up):
    sent = send(client, up, photos=[picture("赵六家的车.jpg"), picture()])
    assert sent.status_code == 200
    kept = list(of(Objection.objects.get()))
    assert len(kept) == 2
    assert {(one.taken_at, one.lon, one.lat, one.name, one.by) for one in kept} == {(None, None, None, "", None)}


@pytest.mark.parametrize(
    "files",
    [
        [SimpleUploadedFile("x.jpg", b"\xff\xd8\xff not a photo")],
        [SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")],
        [SimpleUploadedFile("x.pdf", b"%PDF-1.7 ")],
        [SimpleUploadedFile("x.jpg", b"\0" * (11 * 1024 * 1024))],
        [picture() for _ in range(4)],
    ],
    ids=["broken", "svg", "pdf", "eleven megabytes", "four"],
)
def test_photos_that_are_none_too_large_or_too_many(client, up, files):
    for file in files:
        file.seek(0)
    page = send(client, up, photos=files)
    assert page.status_code == 422 and not Objection.objects.exists() and not Attachment.objects.exists()


def test_a_body_beyond_all_limits_is_not_read(client, up):
    address = url(up, "object")
    answer = client.generic("POST", address, b"x", content_type="multipart/form-data; boundary=x",
                            CONTENT_LENGTH=str(500 * 1024 * 1024))  # fmt: skip
    assert answer.status_code == 413 and not Objection.objects.exists()


def test_a_picture_that_blows_up_is_refused(client, up):
    made = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(made, "PNG")
    page = send(client, up, photos=[SimpleUploadedFile("x.png", made.getvalue())])
    assert page.status_code == 422 and not Objection.objects.exists()


def test_a_form_from_another_site_is_refused(up):
    strict = Client(enforce_csrf_checks=True)
    data = {"form_key": str(uuid4()), "text": "他家有车", "row": ""}
    assert strict.post(url(up, "object"), data).status_code == 403
    page = strict.get(url(up, "object"))
    token = str(page.context["csrf_token"])
    assert strict.post(url(up, "object"), data | {"csrfmiddlewaretoken": token}).status_code == 200
    assert Objection.objects.count() == 1


def test_an_announcement_takes_no_objections(client, place):
    notice = post(place.village, kind="announcement", at=now(), opens_on=today())
    assert "我有意见" not in client.get(url(notice)).content.decode()
    assert client.get(url(notice, "object")).status_code == 404


def test_too_late_is_too_late_by_the_verb(place):
    notice = post(place.village)
    object_to(notice, at=POSTED + timedelta(days=7))
    other = post(place.village)
    with pytest.raises(Refusal) as refused:
        object_to(other, at=POSTED + timedelta(days=8))
    assert refused.value.code == "notice_over"


# --- flooding ---------------------------------------------------------------------------------------------------------
def test_objections_from_one_address_are_limited_and_counted_in_the_database(client, up):
    most = objections.terms().per_hour
    for _ in range(most):
        assert send(client, up).status_code == 200
    page = client.get(url(up, "object"))
    for _ in range(3):
        assert client.post(url(up, "object"), fields(page)).status_code == 429
    assert Objection.objects.count() == most
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert send(elsewhere, up).status_code == 200
    assert Knock.objects.filter(what="object").count() == 2
    assert not Knock.objects.filter(who__contains="127").exists()


def test_guessing_is_counted_across_codes_numbers_and_villages_then_stopped(client, up):
    most = objections.terms().misses_per_hour
    for place in range(most):
        path = [f"/n/{'ABCDEFGH'[place % 8] * 16}/", f"/n/v/62112199{place:04d}/"][place % 2]
        assert client.get(path).status_code == 404
    assert client.get(url(up)).status_code == 429
    assert client.post(reverse("board:follow"), {"number": "AAAAA-AAAAA"}).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(url(up)).status_code == 200


def test_knocks_forget_addresses_by_the_hour_and_know_a_whole_network(db):
    at = now().replace(minute=10)
    assert knocks.knock(what="miss", address="2001:db8::1", at=at) == 1
    assert knocks.knock(what="miss", address="2001:db8::2", at=at) == 2
    assert knocks.knock(what="miss", address="2001:db8:0:1::2", at=at) == 1
    later = at + 2 * knocks.HOUR
    assert knocks.knocked(what="miss", address="2001:db8::1", at=later) == 0
    knocks.knock(what="miss", address="2001:db8::1", at=later)
    assert len(set(Knock.objects.values_list("who", flat=True))) == 3
    assert knocks.sweep(at=later) == 2 and Knock.objects.count() == 1


def test_the_trail_notes_that_an_objection_came_and_not_from_whom(client, up):
    send(client, up, name="赵六", phone="13900001111")
    entry = Entry.objects.get(verb="notices.object")
    assert entry.by_id is None and entry.area_code == up.area_code
    assert not {"赵六", "13900001111", "127.0.0.1"} & set(str(entry.__dict__).split("'"))


def test_many_rows_are_read_with_a_fixed_number_of_queries(client, place, django_assert_max_num_queries):
    rows = [{"key": str(number), "name": f"户{number}"} for number in range(400)]
    notice = post(place.village, at=now(), opens_on=today(), rows=rows)
    with django_assert_max_num_queries(18):
        page = client.get(url(notice))
    assert page.content.decode().count('notice-row"') == 400
    form = client.get(url(notice, "object") + "?row=350").context["form"]
    assert [value for value, _label in form.fields["row"].choices] == ["", "350"]
    assert queries.is_up(notice, today())
