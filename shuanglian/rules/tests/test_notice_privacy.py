"""What may stand on a board: fields by a whitelist, no number of a person in any text, names as allowed (FUND-6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.ids import check_digit
from shuanglian.kernel.refusal import Refusal
from shuanglian.rules.notice_privacy import check_text, found_in, shown_name, shown_row
from shuanglian.rules.notice_shapes import NEVER_FIELDS, NoticeField
from shuanglian.rules.profile import load

ON = date(2015, 3, 2)
NOTICES = load("tongwei_2015").on(ON).notices
ID = "62112119800506001" + check_digit("62112119800506001")
CHINESE = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
FULL = dict(zip("0123456789X", "０１２３４５６７８９Ｘ", strict=True))


def dressed(number, how, gap):
    """A number as somebody writes it who wants to get it past a check, or does not know better."""
    figures = [{"plain": {}, "full": FULL, "chinese": CHINESE}[how].get(one, one) for one in number]
    return gap.join(figures)


numbers = st.one_of(
    st.just(ID), st.just(ID.lower()), st.just("621121800506001"), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"62[0-9]{14,17}", fullmatch=True),
)  # fmt: skip


@given(
    numbers, st.sampled_from(["plain", "full", "chinese"]), st.sampled_from(["", " ", "-", "\u200b", "·", "　", "."]),
    st.text(alphabet="他家在村东头有房：（", max_size=8), st.booleans(),
)  # fmt: skip
def test_no_number_of_a_person_gets_past_however_it_is_written(number, how, gap, before, row):
    assert found_in(before + dressed(number, how, gap) + "号", on=ON, row=row)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ID, "id"), ("621121800506001", "id"), ("手机13912345678", "phone"), ("+86 139-1234-5678", "phone"),
        ("6217 0038 6000 0123 456", "bank"), ("1980年5月6日出生", "birth"), ("生于1980-05", "birth"),
        ("born 6 May 1980", "birth"), ("一九八〇年五月生，属猴，生日5月6日", "birth"), ("1980.05.06", "birth"),
        ("19800506", "birth"),
    ],
)  # fmt: skip
def test_each_kind_is_named(text, kind):
    assert found_in(text, on=ON, row=True) == kind


@pytest.mark.parametrize(
    "text",
    [
        "因病", "因学、缺劳力", "养羊 20 只，低保二类", "人均纯收入 2855 元", "2015年3月民主评议", "2015年2月28日民主评议", "4 人",
        "第 12 组 103 号", "贷款 50000 元，3 年", "illness", "危房 85 平方米", "票数 38/40",
    ],
)  # fmt: skip
def test_what_a_notice_needs_to_say_may_be_said(text):
    check_text(text, on=ON, never=NOTICES.never, row=True)


def test_dates_of_documents_may_stand_in_paragraphs_but_not_beside_a_name():
    text = "根据2013年12月18日的文件"
    check_text(text, on=ON, never=NOTICES.never)
    with pytest.raises(Refusal) as refused:
        check_text(text, on=ON, never=NOTICES.never, row=True)
    assert refused.value.code == "public_birth"


@pytest.mark.parametrize(
    "text", ["肺癌晚期", "HIV 阳性", "精神残疾二级", "糖\u200b尿病", "has hepatitis B", "身份证号见附件"]
)
def test_REG_2_the_cause_may_stand_there_and_the_disease_may_not(text):
    with pytest.raises(Refusal) as refused:
        check_text(text, on=ON, never=NOTICES.never)
    assert refused.value.code == "public_words"


def test_a_refusal_does_not_publish_what_it_refuses():
    with pytest.raises(Refusal) as refused:
        check_text(f"他的号码 {ID}", on=ON)
    assert ID not in str(refused.value) and "800506" not in str(refused.value)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=6))
def test_only_listed_fields_come_out(row):
    """Whatever a row holds: it is refused, or what is shown has the kind's fields alone."""
    kind = NOTICES.kinds["exit_notice"]
    try:
        shown = shown_row(row, kind, NOTICES.fields, on=ON, never=NOTICES.never)
    except Refusal:
        return
    assert set(shown) <= {"key", *kind.fields}


@pytest.mark.parametrize(
    ("name", "style", "shown"),
    [
        ("张三丰", "full", "张三丰"), ("张三丰", "middle", "张*丰"), ("李四", "middle", "李*"), ("欧阳秀英", "middle", "欧**英"),
        ("张三丰", "surname", "张**"), ("马", "surname", "*"), ("", "middle", ""),
    ],
)  # fmt: skip
def test_names_as_the_profile_allows(name, style, shown):
    assert shown_name(name, style) == shown


@pytest.mark.parametrize("word", NEVER_FIELDS)
def test_no_profile_can_list_a_field_of_a_person(word):
    given = {"code": f"x_{word}", "label": {"zh": "甲", "en": "A"}, "order": 1, "longest": 10, "cites": ["REG-4"],
             "document": "default", "since": ON}  # fmt: skip
    with pytest.raises(ValueError, match="never_published"):
        NoticeField.model_validate(given)


def test_every_kind_names_known_fields_and_stands_at_least_a_day():
    for kind in NOTICES.kinds.values():
        assert set(kind.fields) <= set(NOTICES.fields) and kind.days >= 1
    assert NOTICES.terms.answer_days == 5 and NOTICES.kinds["first_notice"].days == 7


def test_nothing_invisible_turns_a_row_round():
    """A right-to-left mark would show the figures of a wall in another order than they were looked through."""
    row = {"key": "1", "name": "张\u202e三", "reason": {"zh": "因\u200b病\u202e", "en": "illness\u2066"}}
    shown = shown_row(row, NOTICES.kinds["first_notice"], NOTICES.fields, on=ON)
    assert (shown["name"], shown["reason"]) == ("张三", {"zh": "因病", "en": "illness"})
