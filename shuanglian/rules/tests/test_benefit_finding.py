"""Everyone at once is everyone one by one: all provisions of the profile over families made up at random (BEN-8)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random

import ibis
import polars as pl
import pytest

from shuanglian.rules.benefit_finding import find, tables_of
from shuanglian.rules.benefits import decide
from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, TEXT, WHOLE
from shuanglian.rules.facts.build import Families
from shuanglian.rules.facts.catalogue import DTYPES, vocabulary

ON = date(2015, 10, 1)
YEAR = {"number": 2015, "poverty_line": Decimal(2855), "line_concept": "net"}
HOLES = 0.15


def value(random, word, profile):
    """Something that a fact may be: of a coded one its codes, of a number one near the thresholds."""
    kind = word.type.of or word.type
    codes = list(profile.codes[word.codes].by_code) if word.codes in profile.codes else ["a", "inside", "only_daughter"]
    found = {
        BOOL: lambda: random.random() < 0.7, WHOLE: lambda: random.choice([0, 1, 2, 15, 17, 60, 61, 2014, 2015]),
        NUMBER: lambda: random.choice([Decimal(text) for text in ("0", "2000", "3000.01", "8000", "50000", "60000")]),
        TEXT: lambda: random.choice(codes), DAY: lambda: datetime(2015, random.randint(1, 12), 1),
    }[kind]  # fmt: skip
    return [found() for _ in range(random.randint(1, 2))] if word.type.of else found()


def made_up(random, profile, households):
    words = vocabulary().words

    def frame(record, rows, keys):
        facts = words[record]
        filled = [row | {name: None if random.random() < HOLES else value(random, word, profile)
                         for name, word in facts.items()} for row in rows]  # fmt: skip
        return pl.DataFrame(filled, keys | {name: DTYPES[word.type] for name, word in facts.items()})

    homes = [{"id": key, "village": random.choice(["v1", "v2"])} for key in range(households)]
    people = [{"id": 10 * home["id"] + number, "household": home["id"]} for home in homes
              for number in range(random.randint(0, 4))]  # fmt: skip
    return Families(
        frame("person", people, {"id": pl.Int64, "household": pl.Int64}),
        frame("household", homes, {"id": pl.Int64, "village": pl.String}),
        frame("village", [{"id": "v1"}, {"id": "v2"}], {"id": pl.String}), YEAR, ON, pl.DataFrame(),
    )  # fmt: skip


def one_by_one(benefits, families, on):
    """(code, id) → granted, yuan."""
    found = {}
    for household, members, around in families.each():
        for benefit in benefits:
            cases = members.items() if benefit.subject == "person" else [(household, None)]
            for key, person in cases:
                facts = around if person is None else {**around, "person": person}
                decision = decide(benefit, facts, on)
                found[benefit.code, key] = (decision.granted, decision.yuan)
    return found


def all_at_once(found):
    connection = ibis.duckdb.connect()
    rows = {}
    for table in (found.people, found.households):
        for row in connection.to_pyarrow(table).to_pylist():
            for column in row:
                if column.endswith("__granted"):
                    code = column.removesuffix("__granted")
                    rows[code, row["id"]] = (row[column], row[f"{code}__yuan"])
    return rows


@pytest.mark.parametrize("on", [date(2014, 6, 1), ON, date(2016, 3, 1)])
def test_BEN_8_everyone_at_once_is_everyone_one_by_one(profile, on):
    families = made_up(Random(on.toordinal()), profile, 60)
    benefits = profile.benefits.values()
    alone = one_by_one(benefits, families, on)
    assert all_at_once(find(benefits, tables_of(families), on, year=YEAR)) == alone
    came = {granted for granted, _ in alone.values()}
    assert came == {True, False, None}


def test_a_scenario_finds_with_other_amounts(profile):
    families = made_up(Random(5), profile, 40)
    benefits = [profile.benefits["dibao_class_1"]]
    amounts = {"dibao_class_1": {"standard": "3600"}}
    changed = [one.with_given(amounts[one.code]) for one in benefits]
    found = all_at_once(find(benefits, tables_of(families), ON, year=YEAR, given=amounts))
    assert found == one_by_one(changed, families, ON)
    assert {yuan for _, yuan in found.values()} == {None, Decimal(3600)}
