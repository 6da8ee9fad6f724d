"""A letter comes in: who reads it, who does not, what is kept of whom, and that it is kept once (VOICE-6, FIELD-6)."""

import json
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.accounts.models import User
from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.attachments.models import Attachment
from shuanglian.complaints import access, words
from shuanglian.complaints.actions import complaints, officers
from shuanglian.complaints.models import Complaint, Photo
from shuanglian.complaints.numbers import number_digest, number_of
from shuanglian.complaints.sealing import open_identity, seal_identity
from shuanglian.fieldwork.tests.factories import AT, photo
from shuanglian.kernel.refusal import Refusal
from shuanglian.notifications.models import Message
from shuanglian.organisation.models import Cadre, UnitAccount
from shuanglian.pairing.tests.factories import RelativeFactory
from shuanglian.recognition.models import Kin
from shuanglian.registry.tests.factories import PersonFactory
from shuanglian.trail.models import Entry

from .factories import SINCE, TEXT, office, send

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shared(kept):
    with kept():
        return office()


@pytest.fixture
def here(shared):
    return shared


def readers(letter):
    return {
        user.username
        for user in User.objects.filter(role="programme_office")
        if access.letter_to_read(user, letter.pk, AT.date())
    }


def raw(letter):
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(c)::text from complaints_complaint c where id = %s", [letter.pk])
        return cursor.fetchone()[0]


# --- who reads --------------------------------------------------------------------------------------------------------
def test_VOICE_6_a_letter_is_read_by_the_countys_named_officers_and_nobody_else(here):
    other = UserFactory(username="unnamed", role="programme_office", area=here.county.area)
    letter = send(village=here.land.first_village)
    assert readers(letter) == {"office", "second"}
    assert access.letters_read_by(other, AT.date()) == access.letters_read_by(here.admin, AT.date()) == []
    for person in (here.land.cadre, here.land.unit, here.land.village, here.land.township, here.land.leader, here.city):
        assert access.letter_to_read(person, letter.pk, AT.date()) is None


@pytest.mark.parametrize(("offices", "who"), [
    (["village"], {"office", "second"}), (["township"], {"office", "second"}), (["county"], {"city1", "city2"}),
    (["county", "township"], {"city1", "city2"}), (["city"], {"province1"}), (["county", "city"], {"province1"}),
])  # fmt: skip
def test_VOICE_6_the_road_goes_around_every_office_named(here, offices, who):
    assert readers(send(village=here.land.first_village, offices=offices)) == who


@pytest.mark.parametrize(("text", "who"), [
    ("县双联办的人收了钱", {"city1", "city2"}), ("县长的亲戚领了补助", {"city1", "city2"}), ("市双联办也有份", {"province1"}),
    ("村主任截留化肥", {"office", "second"}),
])  # fmt: skip
def test_VOICE_6_an_office_named_in_the_words_only_is_gone_around_too(here, text, who):
    assert readers(send(village=here.land.first_village, text=text)) == who


def test_VOICE_6_somebody_of_the_countys_office_called_by_name_sends_it_to_the_city(here):
    User.objects.filter(pk=here.second.pk).update(full_name="马守正")
    assert readers(send(village=here.land.first_village, text="双联办的马 守正收了我家的羊")) == {"city1", "city2"}
    assert readers(send(village=here.land.first_village, accused="马守正")) == {"city1", "city2"}


def test_VOICE_6_a_helper_of_a_leaders_rank_sends_it_above_his_level(here):
    Cadre.objects.filter(user=here.land.cadre).update(rank="county_deputy")
    assert readers(send(household=here.home)) == {"city1", "city2"}


def test_VOICE_6_an_officer_who_answers_for_the_household_or_is_of_its_unit_is_not_shown_it(here):
    cadre = Cadre.objects.get(user=here.land.cadre)
    Cadre.objects.filter(pk=cadre.pk).update(user=here.second)
    # he works in the county's office himself: its level is named
    assert readers(send(household=here.home)) == {"city1", "city2"}
    Cadre.objects.filter(pk=cadre.pk).update(user=here.land.cadre)
    letter = send(household=here.home)
    UnitAccount.objects.create(user=here.second, unit=cadre.unit)
    assert readers(letter) == {"office"}


@pytest.mark.parametrize("way", ["declared", "of the pairing", "a member himself", "the same name"])
def test_REG_9_a_relative_of_the_household_is_not_shown_it(here, way):
    if way == "declared":
        Kin.objects.create(user=here.second, household=here.home, area_code=here.home.area_code, relation="堂兄",
                           by=here.admin, at=AT)  # fmt: skip
    elif way == "of the pairing":
        own = Cadre.objects.get(user=here.land.third)
        Cadre.objects.filter(pk=own.pk).update(user=here.second)
        RelativeFactory(cadre=own, household=here.home)
    elif way == "a member himself":
        own = Cadre.objects.get(user=here.land.third)
        Cadre.objects.filter(pk=own.pk).update(user=here.second, id_digest="d" * 32)
        PersonFactory(household=here.home, id_digest="d" * 32)
    else:
        PersonFactory(household=here.home, name="second")
    assert readers(send(household=here.home)) == {"office"}
    assert readers(send(household=here.home, keep_household=False)) == {"office"}


def test_VOICE_6_with_nobody_left_to_read_it_the_letter_begins_one_office_higher(here):
    for name in ("second", "office"):
        Kin.objects.create(user=User.objects.get(username=name), household=here.home, area_code=here.home.area_code,
                           relation="堂兄", by=here.admin, at=AT)  # fmt: skip
    assert readers(send(household=here.home)) == {"city1", "city2"}


def test_VOICE_6_an_officer_whose_time_is_over_or_who_went_elsewhere_reads_nothing(here):
    letter = send(village=here.land.first_village)
    officers.end(officer=access.Officer.objects.get(user=here.second), until=SINCE, by=here.admin, at=AT)
    assert readers(letter) == {"office"}
    User.objects.filter(pk=here.county.pk).update(area=here.land.homes[0].village.parent)
    assert readers(letter) == set()


@given(
    offices=st.sets(st.sampled_from(["village", "township", "county", "city"])),
    ranks=st.sampled_from(["section", "county_deputy"]),
    named=st.sets(st.sampled_from(["office", "second", "city1", "city2"])),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_VOICE_6_whoever_and_whatever_is_named_no_reader_is_named_and_none_is_below(here, offices, ranks, named):
    Cadre.objects.filter(user=here.land.cadre).update(rank=ranks)
    letter = send(household=here.home, offices=sorted(offices), accused="，".join(sorted(named)))
    told = access.content_of(letter)
    found = readers(letter)
    assert found, "a letter that nobody can read is lost"
    assert not found & named
    if {"county"} & offices or {"office", "second"} & named or ranks == "county_deputy":
        assert not found & {"office", "second"}
    if {"city"} & offices or {"city1", "city2"} & named:
        assert found == {"province1"}
    assert told["away"]["cadres"]


# --- what is kept -----------------------------------------------------------------------------------------------------
def test_VOICE_6_everything_said_is_sealed_and_the_identity_under_another_key(here, settings):
    letter = send(household=here.home, name="王进财", phone="13900001111", accused="李四")
    told = raw(letter)
    for word in (
        TEXT,
        "王进财",
        "13900001111",
        "李四",
        here.home.number,
        here.home.head_name,
        here.home.area_code,
        "money",
    ):
        assert word not in told
    who = open_identity(letter.identity, about=str(letter.pk))
    assert (who["name"], who["phone"], who["number"]) == ("王进财", "13900001111", here.home.number)
    assert "王进财" not in letter.content and here.home.number not in letter.content
    settings.IDENTITY_KEY = settings.DATA_KEY
    with pytest.raises(ValueError, match="SHUANGLIAN_IDENTITY_KEY"):
        open_identity(letter.identity, about=str(letter.pk))


def test_VOICE_6_a_sealed_identity_opens_in_no_other_letter_and_has_one_length():
    sealed = seal_identity({"name": "王"}, about="a")
    with pytest.raises(ValueError, match="does not open"):
        open_identity(sealed, about="b")
    assert len(sealed) == len(seal_identity({"name": "王进财的名字很长", "phone": "13900001111"}, about="a"))
    assert seal_identity({"name": "", "phone": ""}, about="a") == ""


def test_VOICE_6_whose_card_it_is_is_kept_only_if_the_family_says_so(here):
    letter = send(household=here.home, keep_household=False)
    assert letter.identity == ""
    assert here.home.number not in letter.content and str(here.home.head_name) not in letter.content


def test_VOICE_6_nothing_has_a_running_number_a_history_or_a_line_elsewhere(here):
    before = Entry.objects.count(), Message.objects.count(), Attachment.objects.count()
    send(village=here.land.first_village, photos=[photo()])
    assert (Entry.objects.count(), Message.objects.count(), Attachment.objects.count()) == before
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relkind = 'S' and relname like 'complaints%'")
        assert cursor.fetchone()[0] == 0
        cursor.execute("select count(*) from pg_class where relkind = 'r' and relname like 'complaints%event'")
        assert cursor.fetchone()[0] == 0


def test_VOICE_6_a_photo_is_stripped_and_sealed_in_a_folder_of_its_own(here):
    letter = send(village=here.land.first_village, photos=[photo(), photo(3)])
    files = list(Photo.objects.filter(complaint=letter).values_list("file", flat=True))
    assert len(files) == 2 and all(one.startswith("letters/") for one in files)
    assert complaints.FOLDER.fetch(files[0])[:3] == b"\xff\xd8\xff"
    path = complaints.FOLDER._path(files[0])
    assert b"\xff\xd8\xff" not in path.read_bytes()[:64]
    complaints.FOLDER.remove(*files)


@pytest.mark.parametrize("change", [
    "update complaints_complaint set at = at - interval '1 day'", "update complaints_complaint set content = ''",
    "update complaints_step set kind = 'confirmed'", "delete from complaints_step", "delete from complaints_complaint",
])  # fmt: skip
def test_the_database_lets_nobody_rewrite_or_remove_a_letter_or_its_book(here, change):
    send(village=here.land.first_village)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


# --- once -------------------------------------------------------------------------------------------------------------
def test_VOICE_1_the_same_form_sent_twice_is_one_letter_with_one_number(here):
    key = uuid4()
    first, second = (complaints.send(text=TEXT, kind="money", village=here.land.first_village, key=key, at=AT)
                     for _time in range(2))  # fmt: skip
    assert first == second == number_of(key)
    letter = Complaint.objects.get(key=key)
    assert list(letter.steps.values_list("kind", flat=True)) == ["received"]
    assert letter.number_digest == number_digest(first.lower().replace("-", " "))


def test_VOICE_1_the_same_form_with_other_words_loses_none(here):
    key = uuid4()
    for text in (TEXT, "还有一件：发票是假的"):
        complaints.send(text=text, kind="money", village=here.land.first_village, key=key, at=AT)
    letter = Complaint.objects.get(key=key)
    assert [one.text for one in letter.steps.all()] == ["", "还有一件：发票是假的"]


def test_a_photo_that_came_twice_is_kept_once(here, django_capture_on_commit_callbacks):
    key = uuid4()
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            complaints.send(text=TEXT, kind="money", village=here.land.first_village, key=key, photos=[photo()], at=AT)
    kept = set(Photo.objects.filter(complaint__key=key).values_list("file", flat=True))
    assert len(kept) == 1
    complaints.FOLDER.remove(*kept)


# --- what is said -----------------------------------------------------------------------------------------------------
def test_FIELD_6_a_prohibition_needs_no_words_anything_else_does(here):
    told = access.content_of(send(village=here.land.first_village, kind="gifts", text=""))
    assert (told["kind"], told["prohibition"]) == ("conduct", "gifts")
    with pytest.raises(Refusal, match="text_missing"):
        send(village=here.land.first_village, kind="money", text=" ")


@pytest.mark.parametrize(("given_", "code"), [
    ({"kind": "?"}, "unknown_kind"), ({"offices": ["?"]}, "unknown_office"), ({"text": "长" * 3001}, "text_too_long"),
    ({"accused": "长" * 201}, "text_too_long"), ({"photos": [b"x"] * 4}, "too_many_photos"),
    ({"photos": [b"no photo"]}, "not_a_photo"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_keeps_nothing(here, given_, code):
    before = Complaint.objects.count()
    with pytest.raises(Refusal, match=code):
        send(village=here.land.first_village, **given_)
    assert Complaint.objects.count() == before


def test_VOICE_6_another_room_asks_whether_a_text_is_safe_and_sends_it_without_a_kind(here):
    text = "村会计造假，名单上的人没领到钱"
    assert words.is_safe(text) and not words.is_safe("想要两袋化肥")
    assert access.content_of(send(village=here.land.first_village, text=text, kind=""))["kind"] == words.kind_of(text)


def test_VOICE_6_a_letter_that_names_no_place_is_read_where_the_programme_is(here):
    letter = send()
    assert letter.office_code == here.county.area.code
    assert json.loads(letter.content)["village"] == ""
