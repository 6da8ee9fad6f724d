"""Publishing and withdrawing, the clock by rows, what is never shown (REG-4, FUND-6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from shuanglian.kernel.refusal import Refusal
from shuanglian.notices import queries
from shuanglian.notices.actions import notices, objections
from shuanglian.notices.models import Notice
from shuanglian.trail.models import Entry

from .conftest import POSTED, ROWS, object_to, post

pytestmark = pytest.mark.django_db
D = date(2015, 3, 2)


def code_of(refused):
    return refused.value.code


def test_REG_4_seven_full_days_after_the_day_of_posting(notice):
    assert queries.ends_on(notice) == date(2015, 3, 9) == notice.closes_on
    assert not queries.has_run(notice, date(2015, 3, 9))
    assert queries.has_run(notice, date(2015, 3, 10))


def test_REG_4_days_the_profile_gives_when_nobody_says(place):
    assert post(place.village, days=None).days == 7


def test_an_objection_to_one_row_holds_back_that_row_alone(notice):
    object_to(notice, at=POSTED + timedelta(days=2), row="12")
    after = date(2015, 3, 20)
    assert queries.has_run(notice, after, "11") and queries.has_run(notice, after, "13")
    assert not queries.has_run(notice, after, "12")
    assert not queries.has_run(notice, after)
    assert queries.have_run(notice, after) == {"11", "13"}
    assert [one.row for one in queries.open_objections(notice, "12")] == ["12"]
    assert not queries.open_objections(notice, "11").exists()


def test_an_objection_to_the_whole_notice_holds_back_every_row(notice):
    object_to(notice, at=POSTED + timedelta(days=2))
    assert queries.have_run(notice, date(2015, 3, 20)) == set()
    assert queries.open_objections(notice, "11").count() == 1


def test_REG_4_the_days_an_objection_was_open_are_added(notice, clerk):
    made, _number = object_to(notice, at=POSTED + timedelta(days=2), row="12")  # 4 March
    objections.answer(objection=made, outcome="unfounded", text="已核实，车是邻居的", by=clerk,
                      at=POSTED + timedelta(days=4))  # fmt: skip
    notice.refresh_from_db()
    assert queries.ends_on(notice, "12") == date(2015, 3, 12) == notice.closes_on  # 4, 5 and 6 March did not count
    assert queries.ends_on(notice, "11") == date(2015, 3, 9)


@pytest.mark.parametrize(
    ("hour", "counted"),
    [(datetime(2015, 3, 5, 15, 59, tzinfo=UTC), 1), (datetime(2015, 3, 5, 16, 0, tzinfo=UTC), 2)],
)
def test_days_are_the_countys_not_those_of_utc(notice, clerk, hour, counted):
    """Midnight in Shanghai is 16:00 in UTC: answered a minute later, one more day has not counted."""
    made, _number = object_to(notice, at=datetime(2015, 3, 5, 2, tzinfo=UTC))
    objections.answer(objection=made, outcome="unfounded", text="不属实，已入户核实", by=clerk, at=hour)
    assert queries.ends_on(notice) == date(2015, 3, 9) + timedelta(days=counted)


@pytest.mark.parametrize("on", [date(2015, 3, 1), date(2014, 3, 2), date(2015, 6, 1)])
def test_a_notice_is_not_posted_back_nor_far_ahead(place, on):
    with pytest.raises(Refusal) as refused:
        post(place.village, opens_on=on)
    assert code_of(refused) in {"posted_back", "posted_too_far_ahead"}
    assert not Notice.objects.exists()


def test_posted_today_while_utc_is_still_yesterday(place):
    early = datetime(2015, 3, 1, 17, tzinfo=UTC)  # one in the morning of 2 March in the county
    assert post(place.village, at=early).opens_on == D
    with pytest.raises(Refusal):
        post(place.village, at=early, opens_on=date(2015, 3, 1))


def test_a_withdrawn_notice_never_runs_out_and_keeps_its_reason(notice, clerk):
    notices.withdraw(notice=notice, why="名单有误，重新公示", by=clerk, at=POSTED)
    notice.refresh_from_db()
    assert not queries.has_run(notice, date(2016, 1, 1)) and queries.have_run(notice, date(2016, 1, 1)) == set()
    assert not queries.is_up(notice, D)
    with pytest.raises(Refusal) as refused:
        notices.withdraw(notice=notice, why="再撤一次", by=clerk, at=POSTED)
    assert code_of(refused) == "already_withdrawn"


def test_withdrawing_asks_for_a_reason(notice, clerk):
    with pytest.raises(Refusal):
        notices.withdraw(notice=notice, why="  ", by=clerk, at=POSTED)


def test_nothing_personal_stands_in_clear_in_the_database(notice):
    made, number = object_to(notice, at=POSTED, name="赵某某", phone="13900001111", text="他家在城里有房")
    with connection.cursor() as cursor:
        cursor.execute("select t::text from notices_notice t union all select t::text from notices_objection t")
        stored = "".join(row[0] for row in cursor.fetchall())
    for secret in ("李大山", "因病", "赵某某", "13900001111", "城里有房", number, number.replace("-", "")):
        assert secret not in stored
    assert (made.name, made.text) == ("赵某某", "他家在城里有房")


def test_the_digest_binds_what_was_shown(notice, place):
    assert queries.is_whole(notice)
    notice.rows = notice.rows.replace("养羊", "养牛")
    assert not queries.is_whole(notice)
    assert post(place.village).digest != post(place.village).digest  # each has a code of its own


def test_a_notice_cannot_be_changed_or_removed_even_past_the_verbs(notice):
    for change in ({"rows": "x"}, {"days": 1}, {"opens_on": date(2015, 2, 1)}, {"digest": "0"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).delete()


def test_publishing_and_withdrawing_are_in_the_trail(notice, clerk):
    notices.withdraw(notice=notice, why="名单有误", by=clerk, at=POSTED)
    assert list(Entry.objects.filter(verb__startswith="notices.").order_by("number").values_list("verb", flat=True)) == [
        "notices.publish", "notices.withdraw",
    ]  # fmt: skip
    assert "李大山" not in str(list(Entry.objects.values_list("details", "about_label")))


@pytest.mark.parametrize(
    "rows",
    [[ROWS[0], ROWS[0]], [], [{"key": "1"}], [{"name": "李四"}], [{"key": "1", "name": {"zh": "李", "en": "Li"}}]],
    ids=["twice", "none", "empty", "no key", "name in two languages"],
)
def test_rows_that_cannot_be_shown(place, rows):
    with pytest.raises(Refusal):
        post(place.village, rows=rows)


@pytest.mark.parametrize("field", ["id_number", "phone", "bank_account", "born_on", "health", "yuan", "address"])
def test_a_field_that_the_profile_does_not_list_is_refused(place, field):
    with pytest.raises(Refusal) as refused:
        post(place.village, rows=[{"key": "1", "name": "李四", field: "1"}])
    assert code_of(refused) == "field_not_public"


def test_a_field_of_another_kind_is_refused(place):
    with pytest.raises(Refusal):
        post(place.village, kind="village_notice", rows=[{"key": "1", "name": "李四"}])


@pytest.mark.parametrize(
    "where", ["title", "section", "reason"], ids=lambda where: where,
)  # fmt: skip
def test_numbers_are_refused_wherever_they_stand(place, where):
    text = "电话139 0000 1111"
    changes = {
        "title": {"title": {"zh": text}},
        "section": {"sections": [{"title": {"zh": "说明"}, "text": {"zh": text}}]},
        "reason": {"rows": [{"key": "1", "name": "李四", "reason": text}]},
    }[where]
    with pytest.raises(Refusal) as refused:
        post(place.village, **changes)
    assert code_of(refused) == "public_phone"
    assert "1111" not in str(refused.value) and "0000" not in str(refused.value)


def test_names_are_masked_before_they_are_kept(place):
    """The board of `tongwei_2015` shows 张*丰; the full name is nowhere in the notice."""
    notice = post(place.village, kind="board", rows=[{"key": "1", "name": "张三丰"}, {"key": "2", "name": "李四"}])
    assert [row["name"] for row in notice.shown_rows] == ["张*丰", "李*"]


def test_board_holds_the_villages_notices_and_those_of_the_levels_above(place, notice):
    above = post(place.county, kind="announcement")
    post(place.villages[3])  # another township
    post(place.villages[1], opens_on=date(2015, 3, 5))  # still to come
    assert {one.pk for one in queries.on_board(place.villages[1], D)} == {notice.pk, above.pk}
    assert queries.on_board(place.villages[1], date(2015, 3, 10)) != []  # the one that came on the fifth
    assert queries.on_board(place.villages[1], date(2015, 4, 10)) == []


def test_codes_are_long_and_never_the_same(place):
    codes = {post(place.village).code for _ in range(20)}
    assert len(codes) == 20 and all(len(code) == 16 and code.isalnum() for code in codes)
