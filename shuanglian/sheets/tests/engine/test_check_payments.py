"""A department's payroll through the engine: its columns, months, provisions, and what is told of its lines (FUND-5)."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.sheets.engine.known import Known
from shuanglian.sheets.engine.provisions import Provisions, class_of
from shuanglian.sheets.engine.spans import Span, in_title, span_of

from .makers import PROFILE, cells, checked, codes, fields, layout, number, told

MAN = number("19700101", 11)
HEAD = cells("序号 | 乡镇 | 行政村 | 姓名 | 身份证号 | 户主姓名 | 低保类别 | 发放月份 | 发放金额 | 银行账号")
TITLE = ["通渭县农村低保金发放花名册"]


def paid(name="李一", id_number=MAN, class_="一类", month="3月", yuan="275", village="孟河村", head="李一"):
    return ["1", "平襄镇", village, name, id_number, head, class_, month, yuan, "6217000011112222333"]


def one(**changes):
    return checked([TITLE, HEAD, paid(**changes)])


def test_a_right_line_says_whom_what_when_and_how_much():
    found = one()
    assert codes(found) == ["place_from_title"], found.findings
    row = found.rows["payments"].row(0, named=True)
    assert [row[name] for name in ("name", "resident", "code", "class", "period", "paid_on", "year", "amount")] == [
        "李一", MAN, "dibao_class_1", 1, "2015-03", date(2015, 3, 1), 2015, 275.0,
    ]  # fmt: skip
    assert (row["village_code"], row["place"], row["line"]) == ("621121100216", "平襄镇 孟河村", "3")


def test_the_account_of_the_bank_is_left_alone():
    found = layout([TITLE, HEAD, paid()])
    assert found.kind == "payments" and fields(found)[-1] is None
    assert "6217000011112222333" not in str(one().rows["payments"].rows())


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("学生姓名 | 身份证号 | 就读学校 | 资助金额 | 发放日期", ["name", "id_number", "school", "amount", "paid_on"]),
        ("患者姓名 | 身份证号码 | 住院总费用 | 报销金额 | 救助金额", ["name", "id_number", "hospital_cost", "reimbursed", "amount"]),
        ("户主姓名 | 身份证号 | 保障人数 | 低保金", ["head_name", "head_id", "persons", "amount"]),
        ("姓名 | 公民身份号码 | 补贴项目 | 补贴金额 | 打卡日期", ["name", "id_number", "benefit", "amount", "paid_on"]),
        ("领取人 | 证件号码 | 养老金 | 待遇月份 | 开户名", ["name", "id_number", "amount", "month", None]),
    ],
)  # fmt: skip
def test_common_headers_of_payrolls_are_recognised(header, wanted):
    rows = [["社会保障发放名册"], cells(header), ["李一"] + ["1"] * (len(wanted) - 1)]
    assert fields(layout(rows, "payments")) == wanted


def test_a_payroll_is_told_from_a_roster_of_members():
    assert layout([TITLE, HEAD, paid()]).kind == "payments"


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"yuan": ""}, ("I3", "required_missing")), ({"yuan": "0"}, ("I3", "nothing_paid")), ({"yuan": "-5"}, ("I3", "out_of_range")),
        ({"yuan": "两百"}, ("I3", "not_a_number")), ({"yuan": "250000"}, ("I3", "out_of_range")), ({"class_": ""}, ("G3", "class_missing")),
        ({"class_": "五保"}, ("G3", "class_missing")), ({"month": "桃月"}, ("H3", "month_unknown")), ({"id_number": ""}, ("E3", "payment_id_missing")),
        ({"id_number": MAN[:15] + "000"}, ("E3", "id_damaged")), ({"id_number": MAN[:-1] + ("1" if MAN[-1] != "1" else "2")}, ("E3", "id_check")),
        ({"village": "火星村"}, ("C3", "village_unknown")), ({"name": "", "head": ""}, ("D3", "required_missing")),
        ({"month": "2013-03"}, ("H3", "not_in_force")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_its_cell(changes, finding):
    found = checked([TITLE, HEAD, paid(**changes), paid(name="王二", id_number=number("19720202", 22))])
    assert finding in told(found), told(found)


@pytest.mark.parametrize(
    "changes", [{"id_number": "6.21E+17"}, {"id_number": "12345"}, {"village": "火星村"}, {"id_number": ""}]
)
def test_a_wrong_number_or_place_keeps_no_line_out(changes):
    assert not one(**changes).rows["payments"]["_blocked"].any()


def test_a_damaged_number_still_tells_the_birth_date_and_a_failing_one_its_characters():
    wrong = MAN[:-1] + ("1" if MAN[-1] != "1" else "2")
    rows = checked([TITLE, HEAD, paid(id_number=MAN[:15] + "000"), paid(id_number=wrong)]).rows["payments"]
    assert rows.select("resident", "born").rows() == [(None, date(1970, 1, 1))] * 2
    assert rows["written"].to_list() == [MAN[:15] + "000", wrong]


def test_the_same_line_again_is_an_error_and_the_first_stays():
    found = checked([TITLE, HEAD, paid(), paid(), paid(month="4月")])
    assert ("D4", "line_twice") in told(found)
    assert found.rows["payments"]["_blocked"].to_list() == [False, True, False]


def test_a_list_without_days_and_months_says_so_once():
    found = checked([TITLE, HEAD, paid(month=""), paid(name="王二", id_number="", month="")])
    assert [code for _cell, code in told(found)].count("payments_undated") == 1


def test_a_payment_of_that_day_with_another_amount_is_told():
    known = Known(
        keyed=lambda text: "#" + text,
        payments=pl.DataFrame({"id_key": ["#" + MAN], "code": ["dibao_class_1"], "paid_on": [date(2015, 3, 1)], "amount": [234.0]}),
    )  # fmt: skip
    assert ("I3", "paid_otherwise") in told(checked([TITLE, HEAD, paid()], known=known))
    assert "paid_otherwise" not in codes(checked([TITLE, HEAD, paid(yuan="234")], known=known))


def test_heads_alone_are_paid_where_the_list_names_nobody_else():
    found = checked([TITLE, cells("户主姓名 | 身份证号 | 低保类别 | 低保金"), ["李一", MAN, "二类", "702"]])
    assert found.rows["payments"].select("name", "resident", "head_name").rows() == [("李一", MAN, None)]


# --- the provision ---------------------------------------------------------------------------------------------------
def test_a_list_that_names_no_provision_waits_until_somebody_says_it_for_the_whole_file():
    rows = [["发放名册"], cells("姓名 | 身份证号 | 金额"), ["李一", MAN, "100"]]
    bare = layout(rows, "payments")
    assert bare.missing == (("benefit",),)
    with pytest.raises(Refusal, match="columns_missing"):
        checked(rows, "payments")
    whole = bare.with_whole({"benefit": "senior_grant"})
    assert whole.missing == () and whole.with_whole({"benefit": ""}).missing == (("benefit",),)
    with pytest.raises(Refusal, match="not_once"):
        bare.with_whole({"amount": "100"})


def test_the_longest_name_in_a_title_counts_and_two_equals_do_not():
    known = Provisions(PROFILE)
    assert known.in_title("2015年农村低保金发放表") == "dibao"
    assert known.in_title("一类农村低保发放表") == "dibao_class_1"
    assert known.in_title("通渭县惠农补贴发放表") is None


def test_every_provision_and_every_word_of_the_profile_is_found():
    known = Provisions(PROFILE)
    for code, benefit in PROFILE.benefits.items():
        assert known.find(code) == code
        assert known.find(f" {benefit.title.zh} ") in {code, *known.families}
    for item in PROFILE.codes["payroll"]:
        assert item.code in PROFILE.benefits or {"class", "register"} & set(item.marks), item.code
        assert {known.find(word) for word in item.spellings} == {item.code}


def test_families_resolve_to_provisions_by_class():
    known = Provisions(PROFILE)
    assert [known.resolve("dibao", class_) for class_ in (1, 2, 3, None)] == [
        "dibao_class_1",
        "dibao_class_2",
        None,
        None,
    ]
    assert known.resolve("senior_grant", None) == "senior_grant"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("一类", 1), ("二类低保", 2), ("A类", 1), ("B", 2), ("3", 3), ("第四类", 4), ("Ⅱ类", 2), ("低保户", None), ("", None), ("十类", None)],
)  # fmt: skip
def test_classes_as_departments_write_them(text, wanted):
    assert class_of(text) == wanted


# --- months ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3月", Span(None, 3, 3)), ("03", Span(None, 3, 3)), ("12月份", Span(None, 12, 12)), ("2015年3月", Span(2015, 3, 3)),
        ("201503", Span(2015, 3, 3)), ("2015-03", Span(2015, 3, 3)), ("2015.3", Span(2015, 3, 3)), ("1—3月", Span(None, 1, 3)),
        ("1月至3月", Span(None, 1, 3)), ("2015年1-6月", Span(2015, 1, 6)), ("第二季度", Span(None, 4, 6)), ("四季度", Span(None, 10, 12)),
        ("2015年第一季度", Span(2015, 1, 3)), ("Q3", Span(None, 7, 9)), ("上半年", Span(None, 1, 6)), ("春季学期", Span(None, 2, 7)),
        ("13月", None), ("3-1月", None), ("月", None), ("发放", None), ("2014-12至2015-02", None),
    ],
)  # fmt: skip
def test_months_as_lists_write_them(text, wanted):
    assert span_of(text) == wanted


@given(st.integers(1, 12), st.integers(1, 12), st.integers(2000, 2099))
def test_the_one_spelling_of_months_reads_back(first, last, year):
    first, last = min(first, last), max(first, last)
    words = Span(None, first, last).words(year)
    assert span_of(words.replace("/", "-")) == Span(year, first, last)


@pytest.mark.parametrize(
    ("title", "wanted"),
    [("2015年3月低保金发放表", "2015年3月"), ("低保金（第二季度）发放表", "第二季度"), ("2015年1-3月发放表", "2015年1-3月"), ("2015年低保发放表", "")],
)  # fmt: skip
def test_months_in_a_title(title, wanted):
    assert in_title(title) == wanted


def test_the_day_of_writing_is_not_the_month_of_payment():
    rows = [
        ["农村低保发放名册"],
        ["填报日期：2015年6月"],
        cells("姓名 | 身份证号 | 低保类别 | 金额"),
        ["李一", MAN, "一类", "275"],
    ]
    assert dict(layout(rows).constants) == {"benefit": "dibao"}
