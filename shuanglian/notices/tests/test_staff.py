"""Pages for staff: own area only, reasons, answers by somebody else, who objected only above and logged (REG-9)."""

import pytest
from django.urls import reverse

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.attachments.actions.attachments import of
from shuanglian.core.clock import now, today
from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import hooks, queries
from shuanglian.notices.actions import objections
from shuanglian.notices.models import Notice
from shuanglian.trail.models import Entry

from .conftest import object_to, post
from .test_public import picture

pytestmark = pytest.mark.django_db


def log_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def objection(up):
    made, _number = object_to(up, at=now(), row="12", name="赵六", phone="13900001111", photos=[picture()])
    return made


@pytest.fixture
def office(place):
    """Somebody of the township who did not publish."""
    return UserFactory(username="office", role="programme_office", area=place.township)


def test_lists_show_what_is_up_coming_and_past_in_the_own_area(client, place, up, township, neighbour):
    coming = post(place.villages[1], at=now(), opens_on=today() + today().resolution, title={"zh": "将来的"})
    log_in(client, township)
    assert up.headline in client.get("/notices/").content.decode()
    assert "将来的" in client.get("/notices/?which=coming").content.decode()
    assert up.headline not in client.get("/notices/?which=past").content.decode()
    log_in(client, neighbour)
    assert up.headline not in client.get("/notices/").content.decode()
    assert client.get(reverse("notices:notice", args=[coming.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 4])
def test_lists_ask_the_database_the_same_number_of_times(client, place, township, many, django_assert_max_num_queries):
    for _ in range(many):
        object_to(post(place.villages[1], at=now(), opens_on=today()), at=now())
    log_in(client, township)
    client.get("/notices/")
    for address, most in (("/notices/", 14), ("/notices/objections/", 14)):
        with django_assert_max_num_queries(most):
            client.get(address)


def test_one_notice_with_its_clock_address_and_code(client, up, township):
    text = log_in(client, township).get(reverse("notices:notice", args=[up.pk])).content.decode()
    assert "李大山" in text and up.code in text and "qr-code" in text and "<svg" in text


def test_a_notice_by_hand_goes_up_at_once(client, committee):
    log_in(client, committee)
    page = client.get(reverse("notices:new"))
    assert page.status_code == 200
    given = {"area": committee.area.code, "area_text": "", "kind": "board", "title_zh": "低保资金发放", "title_en": "",
             "text_zh": "第二季度低保资金已发放，共 32 户。", "text_en": "", "opens_on": today().isoformat(), "days": 30}  # fmt: skip
    answer = client.post(reverse("notices:new"), given)
    made = Notice.objects.get()
    assert answer.status_code == 302 and made.by == committee and made.area == committee.area
    assert "共 32 户" in client.get(reverse("board:notice", args=[made.code])).content.decode()
    refused = client.post(reverse("notices:new"), given | {"text_zh": "有事打 13900001111"})
    assert refused.status_code == 422 and "手机号码" in refused.content.decode() and Notice.objects.count() == 1


def test_nobody_writes_a_notice_for_another_area(client, committee, place):
    log_in(client, committee)
    given = {"area": place.villages[3].code, "area_text": "", "kind": "board", "title_zh": "甲", "text_zh": "乙",
             "opens_on": today().isoformat(), "days": 30}  # fmt: skip
    assert client.post(reverse("notices:new"), given).status_code == 422 and not Notice.objects.exists()


def test_withdrawn_with_a_reason_by_the_level_that_published_or_above(client, place, committee, township, up):
    above = post(place.villages[1], by=township, at=now(), opens_on=today())
    log_in(client, committee)
    client.post(reverse("notices:withdraw", args=[above.pk]), {"why": "不想公示"})
    above.refresh_from_db()
    assert above.withdrawn_at is None
    assert client.post(reverse("notices:withdraw", args=[up.pk]), {"why": ""}).status_code == 422
    assert client.post(reverse("notices:withdraw", args=[up.pk]), {"why": "名单有误"}).status_code == 302
    up.refresh_from_db()
    assert (up.withdrawn_why, up.withdrawn_by) == ("名单有误", committee)


def test_who_may_only_look_can_change_nothing(client, up, objection, place):
    log_in(client, UserFactory(username="inspector", role="inspector", area=place.county))
    assert client.get(reverse("notices:notice", args=[up.pk])).status_code == 200
    for name, pk in (("withdraw", up.pk), ("answer", objection.pk), ("look", objection.pk)):
        assert client.post(reverse(f"notices:{name}", args=[pk]), {"why": "x"}).status_code == 403
    assert client.get(reverse("notices:objections")).status_code == 403


# --- answering --------------------------------------------------------------------------------------------------------
def test_an_answer_in_plain_words_lets_the_clock_go_on(client, up, objection, office):
    assert queries.ends_on(up) is None
    log_in(client, office)
    answer = client.post(reverse("notices:answer", args=[objection.pk]),
                         {"outcome": "unfounded", "text": "已入户核实，车是他弟弟的。"})  # fmt: skip
    objection.refresh_from_db()
    assert answer.status_code == 302 and objection.answered_by == office
    assert queries.ends_on(up) is not None
    again = client.post(reverse("notices:answer", args=[objection.pk]), {"outcome": "upheld", "text": "改主意了"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("text", "code"),
    [("赵六说的不对，已核实", "names_objector"), ("请打13900001111", "public_phone"), ("", "answer_missing"),
     ("他是62112119700101001X", "public_id")],
)  # fmt: skip
def test_an_answer_gives_nobody_away(objection, office, text, code):
    with pytest.raises(Refusal) as refused:
        objections.answer(objection=objection, outcome="unfounded", text=text, by=office, at=now())
    assert refused.value.code == code


def test_the_proposer_does_not_answer(objection, committee):
    with pytest.raises(Refusal) as refused:
        objections.answer(objection=objection, outcome="unfounded", text="没有这回事", by=committee, at=now())
    assert refused.value.code == "may_not_answer"


def test_a_lower_level_does_not_answer_for_a_higher_one(place, township, committee):
    made, _number = object_to(post(place.villages[1], by=township, at=now(), opens_on=today()), at=now())
    with pytest.raises(Refusal):
        objections.answer(objection=made, outcome="unfounded", text="没有这回事", by=committee, at=now())


def test_REG_9_somebody_too_near_to_the_household_does_not_answer(objection, office, monkeypatch):
    """The rooms above know relatives; this one asks them."""
    monkeypatch.setattr(hooks, "_near", [lambda found, user: "您是这一户的亲属" if found.row == "12" else ""])
    with pytest.raises(Refusal) as refused:
        objections.answer(objection=objection, outcome="unfounded", text="没有这回事", by=office, at=now())
    assert "亲属" in str(refused.value)


# --- who objected -----------------------------------------------------------------------------------------------------
def secret_in(page):
    return {word for word in ("赵六", "13900001111") if word in page.content.decode()}


def test_the_village_reads_the_words_and_never_who(client, objection, place):
    other = UserFactory(username="other", role="village_committee", area=place.villages[1])
    log_in(client, other)
    page = client.get(reverse("notices:objection", args=[objection.pk]))
    assert objection.text in page.content.decode() and not secret_in(page)
    assert client.post(reverse("notices:look", args=[objection.pk]), {"why": "想知道"}).status_code == 403
    kept = objection_photo(objection)
    assert client.get(reverse("notices:photo", args=[objection.pk, kept.pk])).status_code == 403


def objection_photo(objection):
    return of(objection).get()


def test_the_office_above_looks_with_a_reason_and_each_look_is_in_the_trail(client, objection, office):
    log_in(client, office)
    assert not secret_in(client.get(reverse("notices:objection", args=[objection.pk])))
    assert client.post(reverse("notices:look", args=[objection.pk]), {"why": ""}).status_code == 422
    page = client.post(reverse("notices:look", args=[objection.pk]), {"why": "回访核实"})
    assert secret_in(page) == {"赵六", "13900001111"} and page["Cache-Control"] == "no-store, private"
    assert not secret_in(client.get(reverse("notices:objection", args=[objection.pk])))
    picture = client.get(reverse("notices:photo", args=[objection.pk, objection_photo(objection).pk]))
    assert picture["Content-Type"] == "image/jpeg"
    looks = Entry.objects.filter(verb="look", by_id=office.pk).order_by("number")
    assert [one.details["what"] for one in looks] == ["objector", "objection_photo"]
    assert "赵六" not in str([one.details for one in looks])


def test_the_proposer_never_sees_who_even_at_the_county(client, place):
    proposer = UserFactory(username="proposer", role="programme_office", area=place.county)
    made, _number = object_to(post(place.villages[1], by=proposer, at=now(), opens_on=today()), at=now(), name="赵六")
    log_in(client, proposer)
    assert not secret_in(client.get(reverse("notices:objection", args=[made.pk])))
    assert client.post(reverse("notices:look", args=[made.pk]), {"why": "看看"}).status_code == 403


def test_the_province_does_not_look_and_the_neighbour_finds_nothing(client, place, objection, neighbour):
    log_in(client, UserFactory(username="province", role="programme_office", area=place.province))
    assert client.post(reverse("notices:look", args=[objection.pk]), {"why": "看看"}).status_code == 403
    log_in(client, neighbour)
    for name in ("objection", "look", "answer"):
        address = reverse(f"notices:{name}", args=[objection.pk])
        assert client.post(address, {"why": "x"}).status_code in {404, 405}
    assert client.get(reverse("notices:objection", args=[objection.pk])).status_code == 404


def test_home_says_what_waits(client, objection, office):
    log_in(client, office)
    assert "1 条异议待答复" in client.get("/").content.decode()
    objections.answer(objection=objection, outcome="elsewhere", text="请找民政所，已转过去", by=office, at=now())
    assert "条异议待答复" not in client.get("/").content.decode()


# --- on paper ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("paper", ["a3", "a4"])
def test_poster_is_a_pdf_and_printing_is_in_the_trail(client, up, township, paper):
    answer = log_in(client, township).get(reverse("notices:poster", args=[up.pk]) + f"?paper={paper}")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert Entry.objects.filter(verb="notices.print", details__paper=paper).exists()


def test_FUND_6_a_poster_leaves_out_a_column_that_its_head_says_already(place):
    from datetime import date

    from shuanglian.notices.printing import given
    from shuanglian.notices.showing import shown

    rows = [
        {"key": str(n), "name": f"李{n}", "village": place.villages[1].name, "reason": "因病", "outcome": "贫困户名单"}
        for n in (1, 2)
    ]
    told = given(shown(post(place.villages[1], rows=rows), on=date(2015, 3, 3)), paper="a3", address="https://x")
    assert [one["code"] for one in told["columns"]] == ["name", "reason"]
    rows[1]["outcome"] = "不予通过"
    told = given(shown(post(place.villages[1], rows=rows), on=date(2015, 3, 3)), paper="a3", address="https://x")
    assert [one["code"] for one in told["columns"]] == ["name", "reason", "outcome"]
