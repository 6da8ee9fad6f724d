"""Numbers as columns say exactly what `kernel.ids` says of each one (property tests)."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.kernel.ids import check_digit, parse_card, parse_id, parse_phone
from shuanglian.sheets.engine.ids_columns import parse_cards, parse_ids, parse_phones

PLACES = st.sampled_from(["621121", "110105", "992345", "161234", "999999", "810000"])
BIRTHS = st.one_of(
    st.dates(date(1800, 1, 1), date(2150, 1, 1)).map(lambda day: f"{day:%Y%m%d}"),
    st.integers(0, 99_999_999).map("{:08d}".format),
)


@st.composite
def numbers(draw):
    """Numbers right and wrong in every way met in rosters."""
    body = draw(PLACES) + draw(BIRTHS) + f"{draw(st.integers(0, 999)):03d}"
    text = body + draw(st.one_of(st.just(check_digit(body)), st.sampled_from("0123456789Xx")))
    form = draw(st.integers(0, 7))
    text = {
        0: text, 1: text[:6] + text[8:17], 2: text + draw(st.sampled_from(["11", "43", "84", "15", "43B1", "4302"])), 3: text[:15] + "000",
        4: text[:-1], 5: text + draw(st.sampled_from([".0", ".", " ", "-", "中", "0"])), 6: f"{int(body)}E+17", 7: f"'{text}",
    }[form]  # fmt: skip
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    return text.translate(wide) if draw(st.booleans()) else text


TEXTS = st.one_of(numbers(), st.text("0123456789Xx.E+- '\u3000０９中 -", max_size=24), st.just(""))


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=30))
def test_identity_numbers_as_a_column_equal_the_same_one_by_one(texts):
    found = parse_ids(pl.Series(texts, dtype=pl.String))
    expected = [(one.kind, one.normal, one.resident, one.birth, one.sex, one.problem) for one in map(parse_id, texts)]
    assert found.rows() == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("0123456789+- ()（）.８６", max_size=16), min_size=1, max_size=30))
def test_phones_as_a_column_equal_the_same_one_by_one(texts):
    texts = [*texts, "13812345678", "+86 138-1234-5678", "(138)12345678"]
    found = pl.DataFrame({"t": texts}).select(p=parse_phones(pl.col("t")))["p"].to_list()
    assert found == [parse_phone(text) for text in texts]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 10**19).map(str), min_size=1, max_size=30))
def test_cards_as_a_column_equal_the_same_one_by_one(texts):
    texts = [*texts, "6228480000000000018", "6228 4800 0000 0000 018", "abc"]
    found = pl.DataFrame({"t": texts}).select(p=parse_cards(pl.col("t")))["p"].to_list()
    assert found == [parse_card(text) for text in texts]


def test_nothing_is_read_as_nothing():
    assert parse_ids(pl.Series([None], dtype=pl.String)).row(0, named=True)["problem"] == "empty"
