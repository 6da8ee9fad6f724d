"""A text over tables comes to what it comes to for each person alone; what is not known there is NULL here."""

from __future__ import annotations

from datetime import date
from random import Random

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.cel.column_limits import without_column
from shuanglian.rules.cel.column_lists import NoColumn
from shuanglian.rules.cel.columns import Sheet, Tables
from shuanglian.rules.cel.language import TextFaults, read
from shuanglian.rules.cel.types import BOOL

from .column_families import KINDS, ON, WORDS, YEAR, Families, Writer, by_hand, compare, families, written


@pytest.fixture(scope="module")
def duck():
    return ibis.duckdb.connect()


@settings(max_examples=25)
@given(st.randoms(use_true_random=False))
def test_any_text_over_any_families_is_the_same_alone_and_in_a_column(duck, random):
    of_people = written(random, 4, person=True)
    of_households = written(random, 2, person=False)
    compare(families(random), of_people, of_households, into=ibis.memtable, out=duck.to_pyarrow)


def test_every_operator_and_function_is_the_same_alone_and_in_a_column(duck):
    compare(
        families(Random(3), count=8),
        by_hand(person=True),
        by_hand(person=False),
        into=ibis.memtable,
        out=duck.to_pyarrow,
    )


def test_what_nobody_knows_is_undecided_everywhere(duck):
    compare(
        families(Random(4), holes=1.0),
        by_hand(person=True),
        by_hand(person=False),
        into=ibis.memtable,
        out=duck.to_pyarrow,
    )


def test_a_household_without_members_has_an_empty_list(duck):
    empty = Families([{"facts": {"size": 0}, "village": {}, "members": []}])
    texts = ["size(household.members) == 0", "household.members.all(m, m.ill)", "household.members.exists(m, m.ill)"]
    compare(empty, [], [read(text, WORDS) for text in texts], into=ibis.memtable, out=duck.to_pyarrow)
    sheet = sheet_of(empty)
    _, found = sheet.worked(
        lambda column: {}, lambda column: {f"c{n}": column(read(t, WORDS)) for n, t in enumerate(texts)}
    )
    assert duck.to_pyarrow(found).to_pylist() == [{"id": 0, "c0": True, "c1": True, "c2": False}]


def sheet_of(them):
    people, households = (ibis.memtable(one) for one in them.tables())
    return Sheet(Tables(people, households), day=ON, year=YEAR)


def test_one_familys_overflow_leaves_the_others_theirs(duck):
    them = Families([{"facts": {}, "village": {}, "members": [{"age": age} for age in (2**63 - 1, 5, None)]}])
    found, _ = sheet_of(them).worked(lambda column: {"c": column(read("person.age + 1 > 0", WORDS))}, lambda column: {})
    assert [row["c"] for row in duck.to_pyarrow(found.order_by("id")).to_pylist()] == [None, True, None]


def test_what_all_texts_ask_of_members_is_one_group_by():
    texts = ["household.members.exists(m, m.age > 60)", "household.members.all(m, m.ill)",
             "household.members.map(m, m.income).sum() < 100.0", "size(household.members) > 3"]  # fmt: skip
    found, _ = sheet_of(families(Random(1))).worked(
        lambda column: {f"c{number}": column(read(text, WORDS)) for number, text in enumerate(texts)}, lambda column: {}
    )
    sql = ibis.to_sql(found, dialect="duckdb")
    assert (sql.count("GROUP BY"), sql.count("JOIN")) == (1, 2)


def test_what_is_asked_of_members_twice_is_worked_out_once():
    text = "household.members.exists(m, m.age > 60)"
    found, _ = sheet_of(families(Random(1))).worked(
        lambda column: {"a": column(read(text, WORDS)), "b": ~column(read(text, WORDS))}, lambda column: {}
    )
    assert ibis.to_sql(found, dialect="duckdb").count("MAX(") == 1


def test_a_fact_without_a_column_is_never_known(duck):
    """Tables that hold no facts at all: every operator and function comes to what it does for a family unknown."""
    strangers = Families(
        [{"facts": {}, "village": {}, "members": [{}, {}]}, {"facts": {}, "village": {}, "members": []}]
    )
    people, households = strangers.tables()
    bare = [ibis.memtable(people.select(["id", "household"])), ibis.memtable(households.select(["id"]))]
    compare(strangers, by_hand(person=True), by_hand(person=False), into=lambda table: bare.pop(0), out=duck.to_pyarrow)


def test_days_may_be_dates_or_moments_with_or_without_a_zone(duck):
    day = pa.array([date(2015, 9, 1)])
    for kind in (pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC")):
        people = ibis.memtable(pa.table({"id": [1], "household": [7], "born": day.cast(kind)}))
        sheet = Sheet(Tables(people, ibis.memtable(pa.table({"id": [7]}))), day=ON, year={})
        text = (
            "person.born == date('2015-09-01') && day - person.born == duration('720h') && person.born.getDate() == 1"
        )
        found, _ = sheet.worked(lambda column, text=text: {"c": column(read(text, WORDS))}, lambda column: {})
        assert duck.to_pyarrow(found).to_pylist()[0]["c"] is True


NO_COLUMN = [
    ("date(person.name) < day", "no_column_written_out"),
    ("day.getHours('Asia/Shanghai') > 3", "no_column_zone"),
    ("household.members.map(m, m.age)[0] > 3", "no_column_order"),
    ("household.members.map(m, m.age) == [1]", "no_column_order"),
    ("[[1]][0] == [1]", "no_column_nested"),
    ("[1] in [[1]]", "no_column_nested"),
    ("null == null && person.ill", "no_column_null"),
]


@pytest.mark.parametrize(("text", "code"), NO_COLUMN)
def test_what_only_works_for_one_family_is_told_beforehand(text, code):
    assert code in {fault.code for fault in without_column(read(text, WORDS))}


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_no_text_is_told_to_have_no_column_that_has_one(random):
    text = Writer(random).text(random.choice(KINDS))
    try:
        expression = read(text, WORDS, None)
    except TextFaults:
        return  # what is written out whole and cannot be worked out
    assert without_column(expression) == []


def test_a_text_without_a_column_is_refused_not_guessed():
    with pytest.raises(NoColumn):
        sheet_of(families(Random(1))).worked(
            lambda column: {"c": column(read("household.members.map(m, m.age) == [1]", WORDS, BOOL))}, lambda column: {}
        )
