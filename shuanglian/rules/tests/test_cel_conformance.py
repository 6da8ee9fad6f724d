"""The CEL standard's own examples for the subset (conformance_cases.py), and where we differ on purpose."""

import json
from decimal import Decimal

import pytest

from shuanglian.rules.cel.inferred import inferred
from shuanglian.rules.cel.language import Failed, TextFaults, Unknown, read

from . import conformance_cases as cases

ERROR = "<error>"


def lines(table):
    for line in table.strip().splitlines():
        if line.strip():
            text, *values = line.split(" => ")
            yield text, *(value.strip() for value in values)


def expected(value):
    return ERROR if value == "error" else json.loads(value, parse_float=Decimal)


def worked_out(text, facts=None):
    try:
        value = read(text, inferred(facts or {}), None, loose=True).value(facts or {})
    except TextFaults:
        return ERROR
    assert not isinstance(value, Unknown)
    return ERROR if isinstance(value, Failed) else value


def alike(value):
    """With its type: 1 is not 1.0 and not true."""
    return [alike(one) for one in value] if isinstance(value, list) else (type(value).__name__, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [pytest.param(*line, id=f"{name}: {line[0]}") for name in cases.ALL for line in lines(cases.ALL[name])],
)
def test_the_standards_example_comes_out_as_the_standard_says(text, value):
    assert alike(worked_out(text)) == alike(expected(value))


@pytest.mark.parametrize(("text", "standard", "ours"), list(lines(cases.DIFFERENT)))
def test_where_we_differ_we_do_so_as_documented(text, standard, ours):
    assert standard != ours
    assert alike(worked_out(text)) == alike(expected(ours))


@pytest.mark.parametrize("sign", ["||", "&&"])
def test_32_conditions_in_a_row(sign):
    """parse: repeat or, and."""
    decides = sign == "||"
    other, last = ("false", "true") if decides else ("true", "false")
    assert worked_out(f" {sign} ".join([other] * 31 + [last])) is decides


def test_24_conditionals_in_a_row():
    assert worked_out("true ? true : " * 24 + "false") is True


def test_24_sums_and_24_products_in_a_row():
    assert worked_out("3" + " - 3 + 3" * 12) == 3
    assert worked_out("4" + " * 4 / 4" * 12) == 4


def test_a_dozen_places_in_places():
    assert worked_out("a[" * 12 + "0" + "]" * 12, {"a": [0]}) == 0


def test_every_table_has_its_examples():
    """A table that were not read would pass everything."""
    counted = {name: len(list(lines(table))) for name, table in cases.ALL.items()}
    assert sum(counted.values()) > 380
    assert min(counted.values()) >= 15


@pytest.mark.parametrize(
    "text", ["1u", "b'abc'", "{}", "{'a': 1}", "TestAllTypes{}", "uint(1)", "bytes('a')", "type(1)", ".x"]
)
def test_what_the_subset_leaves_out_is_refused_by_name(text):
    with pytest.raises(TextFaults) as caught:
        read(text, inferred({}), None, loose=True)
    assert {fault.code for fault in caught.value.faults} <= {"unsupported", "unknown_function"}
    assert all(str(fault.cure) for fault in caught.value.faults)
