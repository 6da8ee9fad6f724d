"""A text over tables comes to what it comes to for each person alone; what is not known there is NULL here."""

from __future__ import annotations

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.rules.cel.columns import Sheet, Tables
from shuanglian.rules.cel.language import read
from shuanglian.rules.cel.outcomes import Failed, Unknown
from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, SPAN, TEXT, WHOLE

from .column_families import GIVEN, ON, WORDS, YEAR, Writer, families, from_column

KINDS = [BOOL, BOOL, BOOL, WHOLE, NUMBER, TEXT, DAY, SPAN]


def alone(expression, facts):
    value = expression.value(facts)
    return None if isinstance(value, Unknown | Failed) else value


def compare(connection, them, of_people, of_households):
    """Every text over every person and household: as columns and alone."""
    people, households = (ibis.memtable(one) for one in them.tables())
    sheet = Sheet(Tables(people, households), day=ON, year=YEAR)
    found = sheet.worked(
        lambda column: {f"c{number}": column(one, GIVEN) for number, one in enumerate(of_people)},
        lambda column: {f"c{number}": column(one, GIVEN) for number, one in enumerate(of_households)},
    )
    for table, texts, is_person in zip(found, (of_people, of_households), (True, False), strict=True):
        rows = {row["id"]: row for row in connection.to_pyarrow(table).to_pylist()}
        for household, person, facts in them.each():
            if (person is not None) != is_person:
                continue
            row = rows[person if is_person else household]
            for number, expression in enumerate(texts):
                came = from_column(row[f"c{number}"], expression.type)
                assert came == alone(expression, facts), (expression.text, facts)


@pytest.fixture(scope="module")
def duck():
    return ibis.duckdb.connect()


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_any_text_over_any_families_is_the_same_alone_and_in_a_column(duck, random):
    them = families(random)
    of_people = [read(Writer(random).text(kind), WORDS, kind) for kind in random.choices(KINDS, k=5)]
    of_households = [read(Writer(random, person=False).text(kind), WORDS, kind) for kind in random.choices(KINDS, k=3)]
    compare(duck, them, of_people, of_households)
