"""What columns need not work out is left out, and comes to the same."""

from __future__ import annotations

from datetime import date
from random import Random

import ibis
import pytest

from shuanglian.rules.benefit_finding import fixed_yuan
from shuanglian.rules.cel.columns import Sheet, Tables
from shuanglian.rules.cel.language import read
from shuanglian.rules.profile import load

from .column_families import ON, WORDS, YEAR, Families, compare, families


@pytest.fixture(scope="module")
def duck():
    return ibis.duckdb.connect()


def test_people_whose_texts_ask_nothing_of_members_are_not_joined_to_what_households_ask():
    people, households = (ibis.memtable(one) for one in families(Random(1)).tables())
    found, homes = Sheet(Tables(people, households), day=ON, year=YEAR).worked(
        lambda column: {"a": column(read("person.age > 60 && household.registered", WORDS))},
        lambda column: {"b": column(read("household.members.exists(m, m.age > 60)", WORDS))},
    )
    assert [ibis.to_sql(one, dialect="duckdb").count("GROUP BY") for one in (found, homes)] == [0, 1]


def test_a_text_is_looked_for_in_a_list_also_where_the_list_or_the_text_is_not_known(duck):
    lists = [None, [], ["a"], ["b"], ["a", "b"], ["a", None], ["b", None]]
    people = [{"health": one, "stage": stage} for one in lists for stage in ("a", None)]
    them = Families([{"facts": {"causes": one}, "village": {}, "members": people} for one in lists])
    texts = ["'a' in person.health", "person.stage in person.health", "!('a' in person.health)",
             "household.members.exists(m, 'b' in m.health)", "household.members.exists(m, person.stage in m.health)",
             "person.health.exists(h, h in household.causes)"]  # fmt: skip
    compare(them, [read(text, WORDS) for text in texts], [], into=ibis.memtable, out=duck.to_pyarrow)


def test_an_amount_that_is_the_same_for_everybody_is_known_without_asking_anybody():
    on, benefits = date(2016, 9, 1), load("tongwei_2015").benefits
    fixed = {code: fixed_yuan(one, on) for code, one in benefits.items()}
    assert (fixed["boarder_junior"], fixed["preschool_living"]) == (1250, 600)
    differs, pays_nothing, incomplete = "student_loan", "safe_water", "medical_relief"
    assert {fixed[code] for code in (differs, pays_nothing, incomplete)} == {None}
    assert fixed_yuan(benefits["college_tuition"], date(2015, 8, 31)) is None
