"""The clerks' doors: a call, a letter on paper, and speaking for somebody without a telephone (VOICE-1, 3, 6, BEN-7)."""

import re
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.attachments.models import Attachment
from shuanglian.complaints.models import Complaint
from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import Land, land
from shuanglian.grievances import numbers
from shuanglian.grievances import queries_taking as reads
from shuanglian.grievances.forms_taking import parted
from shuanglian.grievances.models import Demand, Reply, Step
from shuanglian.trail.models import Entry

from .factories import TEXT, answered, raised

pytestmark = pytest.mark.django_db
HOTLINE, PAPER, FOR = "/grievances/hotline/", "/grievances/paper/", "/grievances/for/"
SAFE = "村干部截留了我家的补助"
NUMBER = re.compile(r"<p class=\"ta-number\"><strong>([0-9A-Z]{5}-[0-9A-Z]{5})</strong>")


@pytest.fixture
def place() -> Land:
    return land(households=3)


@pytest.fixture
def desk(client, place):
    client.force_login(place.office)
    return client


def call(**given):
    return {"key": str(uuid4()), "who": "", "who_text": "", "text": TEXT, "category": "", "urgent": "", "contact": "",
            **given}  # fmt: skip


def code(home):
    return f"h{home.pk}"


def number_in(response):
    found = NUMBER.search(response.content.decode())
    assert found, response.content.decode()[:4000]
    return found[1]


# --- who ----------------------------------------------------------------------------------------------------------------
def test_VOICE_1_a_household_is_found_by_head_initials_number_and_village_with_name(place):
    home = place.homes[0]
    village = home.village.name
    for typed in (home.head_name, home.number, home.number[:-1], f"{village} {home.head_name}",
                  f"{home.head_name} {village}", f"{village.removesuffix('民委员会')}{home.head_name}"):  # fmt: skip
        assert home in [one.household for one in reads.who(typed, seen_by=place.office)], typed
    initials = home.head_pinyin[:2]
    assert home in [one.household for one in reads.who(initials, seen_by=place.office)]


def test_VOICE_1_a_village_is_found_too_and_what_is_outside_the_area_is_not(place):
    village = place.first_village
    found = reads.who(village.name, seen_by=place.office)
    assert village in [one.area for one in found if one.household is None]
    other = next(home for home in place.homes if home.village_id != village.pk)
    assert reads.who(other.head_name, seen_by=place.village) == []
    assert reads.by_code(f"h{other.pk}", seen_by=place.village) is None
    assert reads.by_code(f"v{other.village.code}", seen_by=place.village) is None


@pytest.mark.parametrize("code", ["", "h", "hx", "v99", "h99999999999999999999", "x1", "h-1", "h1 or 1"])
def test_a_code_that_is_none_opens_nothing(place, code):
    assert reads.by_code(code, seen_by=place.office) is None


def test_the_box_lists_what_fits_with_the_first_one_ready_for_the_enter_key(desk, place):
    page = desk.post(f"{HOTLINE}who/", {"who_text": place.homes[0].head_name}).content.decode()
    assert f'data-code="{code(place.homes[0])}"' in page and page.count('aria-selected="true"') == 1
    assert "没有找到" in desk.post(f"{HOTLINE}who/", {"who_text": "查无此人甲乙\0"}).content.decode()


# --- a call -------------------------------------------------------------------------------------------------------------
def test_VOICE_1_a_call_becomes_a_demand_and_its_number_stands_large_over_an_empty_form(desk, place):
    home = place.homes[0]
    page = desk.post(HOTLINE, call(who=code(home), who_text=reads.Who(home.village, home).told))
    demand = Demand.objects.get()
    assert (demand.household, demand.village, demand.door, demand.by) == (home, home.village, "hotline", place.office)
    assert (demand.text, demand.category, demand.state) == (TEXT, "water", "open")
    assert numbers.number_digest(number_in(page)) == demand.number_digest
    assert TEXT not in page.content.decode() and home.head_name not in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store, private"


def test_VOICE_1_typed_names_are_enough_without_scripts_and_several_are_named(desk, place):
    home = place.homes[1]
    desk.post(HOTLINE, call(who_text=home.number))
    assert Demand.objects.get().household == home
    for one in place.homes[:2]:
        one.head_name = "张三"
        one.save()
    page = desk.post(HOTLINE, call(who_text="张三"))
    assert page.status_code == 422 and "不止一个" in page.content.decode() and Demand.objects.count() == 1
    assert place.homes[0].number in page.content.decode()


def test_VOICE_1_sent_twice_it_is_one_with_one_number(desk, place):
    told = call(who=f"v{place.first_village.code}")
    first, second = desk.post(HOTLINE, told), desk.post(HOTLINE, told)
    assert number_in(first) == number_in(second) and Demand.objects.count() == 1


def test_VOICE_1_who_is_not_on_the_register_leaves_name_and_telephone_and_they_are_sealed(desk, place):
    desk.post(HOTLINE, call(who=f"v{place.first_village.code}", contact="赵六 139 0000 1111"))
    demand = Demand.objects.get()
    assert (demand.name, demand.phone, demand.household) == ("赵六", "13900001111", None)
    raw = Demand.objects.raw("select id, name::text as n from grievances_demand")[0]
    assert "赵六" not in raw.n


@pytest.mark.parametrize(
    ("contact", "wanted"),
    [
        ("张三 13900001111", ("张三", "13900001111")), ("0932-5551234，李四", ("李四", "0932-5551234")), ("王五", ("王五", "")),
        ("", ("", "")), ("+86 139 0000 1111", ("", "+86 139 0000 1111")), ("三社 12 号 张三", ("三社 12 号 张三", "")),
    ],
)  # fmt: skip
def test_name_and_number_are_told_apart(contact, wanted):
    assert parted(contact) == wanted


def test_BEN_7_the_three_nevers_are_heard_from_the_words_and_can_be_chosen(desk, place):
    who = f"v{place.first_village.code}"
    desk.post(HOTLINE, call(who=who, text="家里揭不开锅了，三天没吃的"))
    desk.post(HOTLINE, call(who=who, text="老人在炕上起不来", urgent="doctor"))
    desk.post(HOTLINE, call(who=who, text="水管今天又裂了", urgent="urgent"))
    assert list(Demand.objects.order_by("pk").values_list("never", "urgent")) == [
        ("living", "never"), ("doctor", "never"), ("", "marked"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"text": "水"}, {"who_text": ""}, {"category": "none"}, {"contact": "长" * 41}])
def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(desk, place, wrong):
    page = desk.post(HOTLINE, call(who_text=place.homes[0].number) | wrong)
    assert page.status_code == 422 and not Demand.objects.exists()


def test_VOICE_1_what_is_alike_in_the_village_is_offered_and_joined(desk, place):
    leader = raised(place, household=place.homes[0], at=clock.now())
    told = call(who=f"v{place.first_village.code}", text="水管坏了半个月，我们组没有水吃")
    beside = desk.post(f"{HOTLINE}beside/", told).content.decode()
    assert f'name="join" value="{leader.pk}"' in beside and "饮水" in beside
    desk.post(HOTLINE, {**told, "join": leader.pk})
    second = Demand.objects.exclude(pk=leader.pk).get()
    leader.refresh_from_db()
    assert (second.state, second.joined_to, leader.people) == ("joined", leader, 2)
    assert number_in(desk.post(HOTLINE, {**told, "join": leader.pk})) and Demand.objects.count() == 2


def test_what_is_not_alike_or_of_another_village_is_not_offered(desk, place):
    raised(place, text="信用社不给贷款", category="credit")
    beside = desk.post(f"{HOTLINE}beside/", call(who=f"v{place.first_village.code}")).content.decode()
    assert "没有相近" in beside and "join" not in beside


def test_a_demand_that_was_answered_meanwhile_is_not_joined_and_nothing_is_kept(desk, place):
    leader = raised(place)
    answered(leader, place.office)
    page = desk.post(HOTLINE, call(who=f"v{place.first_village.code}", join=leader.pk))
    assert page.status_code == 422 and Demand.objects.count() == 1


# --- the safe road ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("told", [{"text": SAFE}, {"text": "他拿走了我家的东西", "category": "fund"}])
def test_VOICE_6_conduct_and_money_leave_no_trace_and_the_operator_sees_only_the_number(desk, place, told):
    before = Entry.objects.count(), Step.objects.count(), Attachment.objects.count()
    page = desk.post(HOTLINE, call(who_text=place.homes[0].number, contact="赵六 13900001111", join="1", **told))
    assert not Demand.objects.exists() and Complaint.objects.count() == 1
    assert (Entry.objects.count(), Step.objects.count(), Attachment.objects.count()) == before
    assert number_in(page) and told["text"] not in page.content.decode() and "赵六" not in page.content.decode()


def test_VOICE_6_while_it_is_typed_nothing_of_the_village_stands_beside_it(desk, place):
    raised(place, text="村干部截留了补助款项", category="other")
    beside = desk.post(f"{HOTLINE}beside/", call(who=f"v{place.first_village.code}", text=SAFE)).content.decode()
    assert "保密" in beside and "join" not in beside


def test_VOICE_6_a_scan_of_a_safe_letter_is_no_ordinary_attachment(desk, place):
    desk.post(PAPER, call(who_text=place.homes[0].number, text=SAFE, on="2015-07-01") | {"scans": picture()})
    assert Complaint.objects.count() == 1 and not Attachment.objects.exists()


# --- paper --------------------------------------------------------------------------------------------------------------
def picture(name="扫描.png", kind="PNG"):
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, kind)
    return SimpleUploadedFile(name, made.getvalue(), "image/png")


def test_VOICE_1_a_paper_form_keeps_its_day_and_its_scan(desk, place):
    page = desk.post(
        PAPER, call(who_text=place.homes[0].number, on="2015-07-01") | {"scans": [picture(), picture("b.png")]}
    )
    demand = Demand.objects.get()
    assert (demand.door, demand.on) == ("paper", date(2015, 7, 1)) and number_in(page)
    assert Attachment.objects.filter(about=f"grievances.demand:{demand.pk}", kind="image").count() == 2


@pytest.mark.parametrize(
    ("name", "data", "cure"),
    [
        ("程序.exe", b"MZ\x90\x00" * 50, "JPG"), ("空.jpg", b"", "空的"), ("锁.pdf", b"%PDF-1.4\n/Encrypt 5 0 R\n%%EOF", "不带密码"),
        ("断.pdf", b"%PDF-1.4\n1 0 obj", "重新扫描"), ("页.html", b"<script>alert(1)</script>", "JPG"),
        ("大.jpg", b"\xff\xd8\xff" + b"0" * (11 * 1024 * 1024), "10 MB"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_named_at_its_field_with_a_cure_and_nothing_is_kept(desk, place, name, data, cure):
    sent = call(who_text=place.homes[0].number) | {"scans": [picture(), SimpleUploadedFile(name, data)]}
    page = desk.post(PAPER, sent).content.decode()
    assert name in page and cure in page and "扫描.png" not in page
    assert not Demand.objects.exists() and not Attachment.objects.exists()


def test_five_scans_are_one_too_many_and_a_day_ahead_is_refused(desk, place):
    sent = call(who_text=place.homes[0].number) | {"scans": [picture(f"{n}.png") for n in range(5)]}
    assert desk.post(PAPER, sent).status_code == 422
    assert desk.post(PAPER, call(who_text=place.homes[0].number, on="2100-01-01")).status_code == 422
    assert not Demand.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_VOICE_1_the_blank_paper_form_is_one_sheet_in_both_languages(client, place, language):
    client.cookies["language"] = language
    client.force_login(place.village)
    made = client.get(f"{PAPER}blank/")
    assert made.status_code == 200 and made.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made.content)) == 1


# --- for somebody -------------------------------------------------------------------------------------------------------
def spoken(demand, who, **given):
    return {"who": who, "key": str(uuid4()), "demand": demand.pk, "how": "", "word": "", "score": "", "said": "",
            "more": "", **given}  # fmt: skip


def test_VOICE_3_by_the_number_the_answer_is_read_aloud_and_the_yes_written_down_with_who_did_it(client, place):
    demand = raised(place)
    answered(demand, place.office)
    number = numbers.number_of(demand.key)
    client.force_login(place.village)
    page = client.post(FOR, {"who": number}).content.decode()
    assert "水管昨天修好了" in page and 'name="how"' in page
    done = client.post(FOR, spoken(demand, number, how="visit", word="yes", score="4", said="能吃上水了"))
    assert done.status_code == 200
    reply = Reply.objects.get()
    assert (reply.told_how, reply.told_by, reply.word, reply.word_by, reply.score) == (
        "visit", place.village, "yes", place.village, 4,
    )  # fmt: skip
    demand.refresh_from_db()
    assert demand.state == Demand.State.CLOSED


def test_VOICE_3_a_no_by_the_cadre_of_the_household_opens_it_one_rung_higher(client, place):
    demand = raised(place)
    answered(demand, place.office)
    client.force_login(place.cadre)
    sent = spoken(demand, f"h{place.homes[0].pk}", how="phone", word="no", said="又漏了")
    assert client.post(FOR, sent).status_code == 200
    assert client.post(FOR, sent).status_code in (200, 422)  # sent twice it is one no
    demand.refresh_from_db()
    assert (demand.state, demand.rung, demand.reopened) == ("open", "unit", 1)
    assert list(demand.steps.values_list("kind", "by"))[-2:] == [("told", place.cadre.pk), ("denied", place.cadre.pk)]


def test_VOICE_3_without_telling_how_nothing_is_written_down(client, place):
    demand = raised(place)
    answered(demand, place.office)
    client.force_login(place.village)
    page = client.post(FOR, spoken(demand, numbers.number_of(demand.key), word="yes"))
    assert page.status_code == 422 and Reply.objects.get().told_at is None


def test_VOICE_3_words_are_added_once_and_safe_ones_become_a_letter_with_a_number_of_its_own(client, place):
    demand = raised(place)
    client.force_login(place.village)
    number = numbers.number_of(demand.key)
    sent = spoken(demand, number, more="三社那边也没有水")
    client.post(FOR, sent)
    client.post(FOR, sent)
    assert list(demand.steps.filter(kind="added").values_list("text", "by")) == [("三社那边也没有水", place.village.pk)]
    page = client.post(FOR, spoken(demand, number, more=SAFE))
    assert number_in(page) and Complaint.objects.count() == 1 and demand.steps.filter(kind="added").count() == 1


def test_VOICE_6_a_yes_with_safe_words_stands_without_them(client, place):
    demand = raised(place)
    answered(demand, place.office)
    client.force_login(place.village)
    client.post(FOR, spoken(demand, numbers.number_of(demand.key), how="visit", word="no", said=SAFE))
    assert Reply.objects.get().word == "no" and Reply.objects.get().said == "" and Complaint.objects.count() == 1


def test_a_number_of_another_area_or_of_nobody_opens_nothing(client, place):
    demand = raised(place)
    other = next(home for home in place.homes if home.village_id != demand.village_id)
    client.force_login(UserFactory(role="village_committee", area=other.village))
    for typed in (numbers.number_of(demand.key), "K7QM2-3T9XP", f"h{place.homes[0].pk}", "查无此人", "\0"):
        page = client.post(FOR, {"who": typed})
        assert page.status_code == 422 and TEXT not in page.content.decode(), typed


def test_a_demand_that_the_number_does_not_open_cannot_be_spoken_for(client, place):
    mine, other = raised(place), raised(place, household=place.homes[1], text="另一户的事情也没人管")
    answered(other, place.office)
    client.force_login(place.office)
    client.post(FOR, spoken(other, numbers.number_of(mine.key), how="visit", word="yes"))
    assert Reply.objects.get().told_at is None


@pytest.mark.parametrize("address", [HOTLINE, PAPER, FOR, "/grievances/mail/"])
def test_only_who_may_write_down_demands_comes_in(client, place, address):
    for user, status in ((place.leader, 403), (place.unit, 403), (place.office, 200), (place.village, 200)):
        client.force_login(user)
        assert client.get(address).status_code == status, (user, address)
