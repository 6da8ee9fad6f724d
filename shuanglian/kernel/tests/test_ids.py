"""Numbers that stand for people, phones, accounts and bodies: read, checked, masked (REG-1, GB 11643, GB 32100)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.kernel.ids import (
    check_digit,
    mask_card,
    mask_id,
    mask_name,
    mask_phone,
    parse_card,
    parse_id,
    parse_phone,
    parse_uscc,
)

SAMPLE = "11010519491231002X"  # printed in the standard itself


def number(body: str) -> str:
    return body + check_digit(body)


def test_the_sample_of_the_standard_gives_birth_date_and_sex():
    found = parse_id(SAMPLE)
    assert (found.kind, found.normal, found.problem) == ("id18", SAMPLE, None)
    assert (found.birth, found.sex, found.resident) == (date(1949, 12, 31), "female", SAMPLE)


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "110105-19491231-002X", "'11010519491231002X",
        '="11010519491231002X"', "110105\u200b19491231002X", "110105194912\u00a031002X\n",
    ],
)  # fmt: skip
def test_ways_to_write_one_and_the_same_number(written):
    assert parse_id(written).normal == SAMPLE


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"), (None, "empty"), ("  ", "empty"), ("360426199101010071"[:-1] + "2", "check"), ("36042619910102009X", "check"),
        ("990426199112010074", "province"), ("360426199113010079", "date"), ("T60426199101010078", "letters"),
        ("3604261991010100", "length"), ("36042619910101007133330", "length"), ("H12345678", "letters"),
        ("999999199001010000", "placeholder"), ("000000000000000000", "placeholder"), ("111111111111111111", "placeholder"),
        ("360426179001010079", "date"), ("无", "letters"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_number(text, problem):
    found = parse_id(text)
    assert (found.problem, found.birth, found.sex, found.resident) == (problem, None, None, "")


@pytest.mark.parametrize(
    "text",
    ["6.21121E+17", "6.21121199001011E+17", "621121199001010000", "621121199001010000.0", "6.21121E+14", "1E+17"],
)
def test_numbers_that_a_spreadsheet_has_ruined_are_known_as_such(text):
    assert (parse_id(text).kind, parse_id(text).problem) == ("damaged", "damaged")


def test_a_good_number_that_happens_to_end_in_zeros_is_good():
    body = next(f"6211211990010{day:02d}{serial:03d}"[:17] for day in range(10, 29) for serial in range(100, 1000, 100)
                if check_digit(f"6211211990010{day:02d}{serial:03d}"[:17]) == "0")  # fmt: skip
    assert parse_id(body + "0").problem is None


def test_fifteen_digits_are_completed_to_eighteen():
    found = parse_id("621121900101001")
    assert (found.kind, found.normal, found.problem) == ("id15", number("62112119900101001"), None)
    assert (found.birth, found.sex) == (date(1990, 1, 1), "male")
    assert parse_id("621121900101001.0").normal == found.normal  # a program wrote it as a fraction, nothing is lost


def test_counties_that_no_longer_exist_are_no_error():
    assert parse_id(number("62210119650101001")).problem is None  # 622101, gone since 2002


@pytest.mark.parametrize(
    ("suffix", "kind"), [("43", "disability20"), ("4302", "disability22"), ("43B1", "disability22")]
)
def test_disability_cards_carry_number_type_and_grade(suffix, kind):
    found = parse_id(SAMPLE + suffix)
    assert (found.kind, found.problem, found.resident, found.disability) == (kind, None, SAMPLE, (4, 3))


@pytest.mark.parametrize("suffix", ["83", "45", "00", "4505"])
def test_disability_cards_of_no_type_or_grade_are_refused(suffix):
    assert parse_id(SAMPLE + suffix).problem == "disability"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_reading_a_number_never_raises_and_says_good_or_why_not(text):
    found = parse_id(text)
    assert (found.problem is None) == (found.birth is not None) == (found.sex is not None) == bool(found.resident)


@settings(deadline=None)
@given(st.integers(0, 16), st.integers(1, 9), st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 999))
def test_one_wrong_digit_never_passes(at, more, born, serial):
    good = number(f"620101{born:%Y%m%d}{serial:03d}")
    wrong = good[:at] + str((int(good[at]) + more) % 10) + good[at + 1 :]
    assert parse_id(good).problem in (None, "damaged")
    assert parse_id(wrong).problem is not None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13812345678", "13812345678"), ("138 1234 5678", "13812345678"), ("+86-138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"), ("13812345678.0", "13812345678"), ("8613812345678", "13812345678"),
        ("0932-5551234", None), ("12812345678", None), ("1381234567", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_mobile_numbers(text, phone):
    assert parse_phone(text) == phone


def test_bank_cards_satisfy_luhn():
    assert parse_card("6228 4800 0000 0000 018") == "6228480000000000018"
    assert parse_card("6228480000000000019") is None
    assert parse_card("12345") is None
    assert parse_card(None) is None


def test_unified_social_credit_codes():
    good = ["91110000600037341L", "121200004013590816", "91310112087994932F", "91350100M000100Y43"]
    assert [parse_uscc(code) for code in good] == good
    assert [parse_uscc(code) for code in ("12345", "A1110000600037341L", "911100006000373411", None)] == [None] * 4


def test_masks_keep_what_is_needed_to_recognise_and_no_more():
    assert mask_id(SAMPLE) == "1101**********002X"
    assert mask_id("12345") == "*****"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("5551234") == "***1234"
    assert mask_card("6217000012345678901") == "6217***********8901"
    assert [mask_name(name) for name in ("李", "李强", "欧阳修远")] == ["*", "李*", "欧***"]
