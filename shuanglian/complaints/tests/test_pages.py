"""The doors: public pages without a log-in, officers' pages, the hotline's; light, without scripts (VOICE-6, FIELD-6)."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.benefits.actions import cards
from shuanglian.benefits.models import Card
from shuanglian.complaints import access
from shuanglian.complaints.actions import complaints, handling, openings
from shuanglian.complaints.models import Attempt, Complaint, Officer, Opening
from shuanglian.complaints.numbers import number_digest
from shuanglian.core.clock import now
from shuanglian.core.scoping import scoped
from shuanglian.fieldwork.tests.factories import photo
from shuanglian.trail.models import Entry

from .factories import TEXT, office, send

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ANSWER = "查了发放表和领取签字，少发的一半已经补给三十一户，会计另行处理。"


@pytest.fixture(scope="module")
def shared(kept):
    with kept():
        made = office()
        cards.issue(households=[made.home], by=made.county, at=now())
        return made


@pytest.fixture
def here(shared):
    cache.clear()
    return shared


def logged_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def text_of(answer):
    return answer.content.decode()


def key_of(client, address):
    return re.search(r'name="key" value="([^"]+)"', text_of(client.get(address)))[1]


def sent(client, address, **told):
    page = text_of(client.get(address))
    county = re.search(r'name="county" value="(\d+)"', page)
    plain = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "kind": "money", "text": TEXT}
    if county:
        plain["county"] = county[1]
    return client.post(address, {**plain, **told})


def number_in(answer):
    return re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", text_of(answer))[0]


def letter_of(answer):
    return Complaint.objects.get(number_digest=number_digest(number_in(answer)))


def doors(here):
    card = Card.objects.get(household=here.home).code
    return "/s/", f"/s/v/{here.land.first_village.code}/", f"/k/{card}/report/"


# --- writing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("door", [0, 1, 2])
def test_VOICE_6_a_letter_needs_no_account_no_name_and_no_script(client, here, door):
    address = doors(here)[door]
    answer = sent(client, address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store, private")
    assert "<script" not in text_of(answer) + text_of(client.get(address))
    kept = letter_of(answer)
    assert (kept.office_code, kept.identity) == (here.county.area.code, "")
    told = access.content_of(kept)
    assert told["village"] == ("" if door == 0 else here.land.first_village.code)
    assert told["door"] == ("page", "board", "card")[door]


def test_VOICE_6_public_pages_weigh_less_than_fifty_kilobytes_with_their_styles(client, here):
    style = (Path(__file__).parent.parent / "static" / "complaints" / "letters.css").read_bytes()
    pages = [client.get(one) for one in (*doors(here), "/s/f/", "/s/n/")] + [sent(client, "/s/")]
    for page in pages:
        assert page.status_code == 200
        assert len(page.content) + len(style) < 50_000
        links = re.findall(r'(?:src|href)="(/static/[^"]+)"', text_of(page))
        assert all(re.search(r"letters[^/]*\.css|mark[^/]*\.svg", one) for one in links)
        assert "http://" not in text_of(page) and "https://" not in text_of(page)


def test_VOICE_6_the_card_says_whose_it_is_only_when_the_family_ticks_it(client, here):
    card = doors(here)[2]
    assert letter_of(sent(client, card)).identity == ""
    assert letter_of(sent(client, card, keep_household="on")).identity != ""


def test_VOICE_6_a_photo_goes_with_it_and_a_wrong_one_is_told_without_losing_the_words(client, here):
    from django.core.files.uploadedfile import SimpleUploadedFile

    good = sent(client, "/s/", photos=[SimpleUploadedFile("a.jpg", photo(), "image/jpeg")])
    files = list(letter_of(good).photos.values_list("file", flat=True))
    assert len(files) == 1
    complaints.FOLDER.remove(*files)
    bad = sent(client, "/s/", photos=[SimpleUploadedFile("a.jpg", b"no", "image/jpeg")])
    assert bad.status_code == 422 and TEXT in text_of(bad)


def test_VOICE_6_machines_wrong_words_and_floods_keep_nothing_and_people_are_told(client, here):
    before = Complaint.objects.count()
    for wrong in (
        {"website": "http://x"},
        {"kind": ""},
        {"kind": "?"},
        {"text": ""},
        {"key": "x"},
        {"text": "a" * 3001},
    ):
        assert sent(client, "/s/", **wrong).status_code == 422, wrong
    assert Complaint.objects.count() == before
    assert client.post("/s/", {"text": TEXT}, CONTENT_LENGTH=str(40 * 1024 * 1024)).status_code == 413
    answers = [sent(client, "/s/").status_code for _time in range(62)]
    assert answers[0] == 200 and answers[-1] == 429
    assert client.get("/s/f/").status_code == 200  # who is behind the same address still follows


def test_VOICE_6_a_wrong_card_or_place_is_no_door(client, here):
    assert client.get("/k/WRONG/report/").status_code == 404
    assert client.get("/s/v/621121999999/").status_code == client.get("/s/v/x/").status_code == 404


# --- following --------------------------------------------------------------------------------------------------------
def test_VOICE_3_with_the_number_alone_one_follows_adds_and_says_no(client, here):
    answer = sent(client, doors(here)[1])
    number, letter = number_in(answer), letter_of(answer)
    page = text_of(client.post("/s/f/", {"number": number.lower().replace("-", " ")}))
    assert "已收到" in page and TEXT not in page
    assert client.post("/s/f/", {"number": number, "deed": "yes"}).status_code == 422  # there is no answer yet
    assert client.post("/s/f/", {"number": number, "deed": "add", "text": "还有一袋"}).status_code == 200
    at = now()
    handling.take_up(complaint=letter, by=here.county, at=at)
    handling.answer(complaint=letter, outcome="partly", consequence="returned", text=ANSWER, by=here.county, at=at)
    page = text_of(client.post("/s/f/", {"number": number}))
    assert ANSWER in page and "查了，有一部分是真的" in page and "还有一袋" not in page
    assert client.post("/s/f/", {"number": number, "deed": "no", "text": "没补给我"}).status_code == 200
    letter.refresh_from_db()
    assert (letter.state, letter.office_code) == ("received", here.city.area.code)


def test_VOICE_6_the_follow_page_tells_that_the_identity_was_opened_and_why(client, here):
    answer = sent(client, doors(here)[1], name="王进财")
    letter, at = letter_of(answer), now()
    asked = openings.ask(complaint=letter, why="需要当面核对发放数量", by=here.county, at=at)
    openings.answer(opening=asked, agree=True, by=here.second, at=at)
    page = text_of(client.post("/s/f/", {"number": number_in(answer)}))
    assert "同意打开身份" in page and "需要当面核对发放数量" in page and "王进财" not in page


def test_VOICE_6_a_number_that_is_none_is_nothing_and_whoever_is_logged_in_is_written_down(client, here):
    assert client.post("/s/f/", {"number": "AAAAA-AAAAA"}).status_code == 404
    assert not Attempt.objects.exists()
    assert logged_in(here.land.cadre).post("/s/f/", {"number": "AAAAA-AAAAA"}).status_code == 404
    assert Attempt.objects.get().what == "number"


def test_a_number_is_not_repeated_and_never_in_an_address(client, here):
    answer = sent(client, doors(here)[1])
    assert text_of(answer).count(number_in(answer)) == 1
    assert client.get(f"/s/f/?number={number_in(answer)}").status_code == 200
    assert "已收到" not in text_of(client.get(f"/s/f/?number={number_in(answer)}"))


# --- officers ---------------------------------------------------------------------------------------------------------
def test_ASSESS_12_an_officer_takes_it_up_asks_and_answers_on_its_page(here):
    letter = send(village=here.land.first_village, accused="会计")
    client, page = logged_in(here.county), f"/complaints/letters/{letter.pk}/"
    assert str(letter.pk) in text_of(client.get("/complaints/"))
    assert TEXT in text_of(client.get(page)) and "会计" in text_of(client.get(page))
    assert client.post(f"{page}answer/", {"outcome": "unfounded", "text": ANSWER}).status_code == 422
    assert client.post(f"{page}take-up/").status_code == 302
    assert client.post(f"{page}take-up/").status_code == 422  # pressed twice: told, not broken
    assert client.post(f"{page}ask/", {"text": "是哪个月？"}).status_code == 302
    assert client.post(f"{page}answer/", {"outcome": "substantiated", "text": ANSWER}).status_code == 422
    told = {"outcome": "substantiated", "consequence": "discipline", "text": ANSWER}
    assert client.post(f"{page}answer/", told).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.outcome) == ("answered", "substantiated")
    assert [one.kind for one in letter.steps.all()] == ["received", "read", "examined", "asked", "answered"]


def test_VOICE_6_what_is_passed_up_leaves_the_officers_list(here):
    letter = send(village=here.land.first_village)
    client, page = logged_in(here.county), f"/complaints/letters/{letter.pk}/"
    answer = client.post(f"{page}pass-up/", {"why": "涉及本级的人"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/complaints/")
    assert client.get(page).status_code == 404
    assert TEXT in text_of(logged_in(here.city).get(page))


def test_VOICE_6_two_officers_open_an_identity_on_the_page_and_a_third_cannot(here):
    letter = send(village=here.land.first_village, name="王进财", phone="13900001111")
    page = f"/complaints/letters/{letter.pk}/"
    first, second = logged_in(here.county), logged_in(here.second)
    assert first.post(f"{page}identity/", {"why": "需要当面核对数量"}).status_code == 302
    opening = Opening.objects.get()
    one = f"{page}openings/{opening.pk}/"
    first.post(one, {"agree": "yes"})
    opening.refresh_from_db()
    assert opening.agreed is None
    assert second.post(one, {"agree": "yes"}).status_code == 302
    for browser in (first, second):
        assert "王进财" not in text_of(browser.get(page))
        assert "王进财" in text_of(browser.post(f"{one}look/"))
    assert logged_in(here.city).post(f"{one}look/").status_code == 404


def test_VOICE_6_each_days_first_look_is_one_line_in_the_trail_whether_there_is_a_letter_or_not(here):
    client = logged_in(here.county)
    client.get("/complaints/")
    letter = send(village=here.land.first_village)
    for _time in range(3):
        client.get("/complaints/")
        client.get(f"/complaints/letters/{letter.pk}/")
    other = logged_in(here.second)
    other.get("/complaints/")
    lines = Entry.objects.filter(verb__startswith="complaints.look")
    assert [(one.about, one.details) for one in lines] == [("", {}), ("", {})]


def test_VOICE_6_who_has_the_role_but_is_not_named_is_told_so_and_sees_none(here):
    unnamed = UserFactory(username="unnamed", role="programme_office", area=here.county.area)
    letter = send(village=here.land.first_village)
    page = text_of(logged_in(unnamed).get("/complaints/"))
    assert str(letter.pk) not in page and str(here.county) in page
    assert logged_in(unnamed).get(f"/complaints/letters/{letter.pk}/").status_code == 404
    assert Attempt.objects.get(user=unnamed).what == "letter"


def test_VOICE_6_the_office_above_names_and_ends_officers_on_its_page(here):
    fresh = UserFactory(username="fresh", role="programme_office", area=here.county.area)
    city = logged_in(here.city)
    assert city.post("/complaints/officers/", {"user": fresh.pk, "since": "2015-01-01"}).status_code == 302
    made = Officer.objects.get(user=fresh)
    county = logged_in(here.county)
    assert "今天结束" not in text_of(county.get("/complaints/officers/"))
    county.post(f"/complaints/officers/{made.pk}/end/")
    made.refresh_from_db()
    assert made.until is None
    city.post(f"/complaints/officers/{made.pk}/end/")
    made.refresh_from_db()
    assert made.until is not None
    assert logged_in(here.land.cadre).get("/complaints/officers/").status_code == 404


def test_VOICE_6_the_hotline_writes_and_sees_nothing_afterwards(here):
    client = logged_in(here.land.township)
    answer = sent(client, "/complaints/take/", name="王进财")
    letter = letter_of(answer)
    assert access.content_of(letter)["door"] == "hotline"
    assert TEXT not in text_of(answer) and TEXT not in text_of(client.get("/complaints/take/"))
    assert client.get(f"/complaints/letters/{letter.pk}/").status_code == 404
    assert logged_in(here.land.cadre).get("/complaints/take/").status_code == 404


def test_VOICE_6_the_database_itself_shows_letters_to_named_officers_of_the_reading_office_only(here):
    letter = send(village=here.land.first_village)
    unnamed = UserFactory(username="unnamed", role="programme_office", area=here.county.area)
    for person in (here.land.cadre, here.land.village, here.land.township, here.land.leader, here.city, here.province,
                   here.admin, unnamed):  # fmt: skip
        with scoped(person.area.prefix, person.pk):
            assert not Complaint.objects.exists() and not letter.steps.exists()
    with scoped(here.county.area.prefix, here.county.pk):
        assert Complaint.objects.get() == letter and letter.steps.count() == 1


def test_the_board_and_the_card_lead_to_the_letter(client, here):
    village = here.land.first_village.code
    assert f"/s/v/{village}/" in text_of(client.get(f"/n/v/{village}/"))
    card = Card.objects.get(household=here.home).code
    assert f"/k/{card}/report/" in text_of(client.get(f"/k/{card}/"))


def test_a_profile_without_the_list_says_where_to_turn_and_breaks_nothing(here, settings, tmp_path):
    import shutil

    from shuanglian.rules.profile import BUILT_IN

    folder = tmp_path / "bare"
    shutil.copytree(BUILT_IN / "tongwei_2015", folder)
    (folder / "complaints.toml").unlink()
    settings.PROFILE = str(folder)
    assert Client().get("/s/").status_code == 404
    client = logged_in(here.county)
    assert client.get("/complaints/").status_code == 200
    assert client.get("/complaints/take/").status_code == 404
    assert Client().get("/s/n/").status_code == 404
    assert not Complaint.objects.filter(key=uuid4()).exists()
