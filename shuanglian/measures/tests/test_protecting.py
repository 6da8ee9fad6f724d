"""Small groups: nothing that is hidden can be worked out from what is shown, tried against every possible table."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.measures.protecting import hidden_rows, small

LEAST = 3


@st.composite
def tables(draw):
    """Up to four groups of up to five households each, some of which gain, some of which lose."""
    rows = {}
    for number in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 5))
        gain = draw(st.integers(0, size))
        rows[f"r{number}"] = {"households": size, "gain": gain, "lose": draw(st.integers(0, size - gain))}
    return rows


def totals(rows):
    return {column: sum(row[column] for row in rows.values()) for column in ("households", "gain", "lose")}


def shown(rows):
    """What a reader sees: rows that are not hidden, totals or that a total is small."""
    hidden = hidden_rows(rows, LEAST)
    whole = {column: "small" if small(count, LEAST) else count for column, count in totals(rows).items()}
    if hidden == rows.keys():
        return whole, None
    return whole, {code: None if code in hidden else row for code, row in rows.items()}


def rows_like(seen_total):
    """Every row that a group of the table can have."""
    most = seen_total if isinstance(seen_total, int) else LEAST - 1
    for size in range(1, most + 1):
        for gain in range(size + 1):
            for lose in range(size - gain + 1):
                yield {"households": size, "gain": gain, "lose": lose}


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_hidden_count_can_be_worked_out_from_what_is_shown(rows):
    whole, table = shown(rows)
    hidden = [code for code, row in table.items() if row is None] if table else []
    if not hidden:
        return
    left = {
        column: None if whole[column] == "small" else whole[column] - sum(r[column] for r in table.values() if r)
        for column in whole
    }
    possible = {(code, column): set() for code in hidden for column in whole}
    candidates = [r for r in rows_like(left["households"]) if all(left[c] is None or r[c] <= left[c] for c in left)]
    for filled in product(candidates, repeat=len(hidden) - 1):  # the last row is what is left
        for last in _last(filled, left, candidates):
            for code, row in zip(hidden, (*filled, last), strict=True):
                for column in whole:
                    possible[code, column].add(row[column])
    for (code, column), values in possible.items():
        assert len(values) > 1 or left[column] == 0, (code, column, rows)


def _last(filled, left, candidates):
    known = {c: left[c] - sum(row[c] for row in filled) for c in left if left[c] is not None}
    for row in candidates:
        together = {c: sum(r[c] for r in filled) + row[c] for c in left}
        if all(row[c] == known[c] for c in known) and all(0 < together[c] < LEAST for c in left if left[c] is None):
            yield row


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_small_count_is_shown_and_hidden_rows_together_are_no_small_group(rows):
    hidden = hidden_rows(rows, LEAST)
    whole = totals(rows)
    for code, row in rows.items():
        assert code in hidden or not any(small(count, LEAST) for count in row.values())
    if hidden and hidden != rows.keys():
        assert len(hidden) > 1
        for column in whole:
            together = sum(rows[code][column] for code in hidden)
            assert not small(together, LEAST) or small(whole[column], LEAST)


def test_nothing_is_hidden_where_every_group_is_large():
    rows = {code: {"households": 9, "gain": 3, "lose": 0} for code in "ab"}
    assert hidden_rows(rows, LEAST) == frozenset()


def test_one_small_group_takes_the_next_smallest_along():
    rows = {code: {"households": size} for code, size in (("a", 2), ("b", 30), ("c", 20))}
    assert hidden_rows(rows, LEAST) == {"a", "c"}


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 4), (1,)])
def test_where_every_group_would_be_hidden_there_is_no_table(sizes):
    rows = {str(number): {"households": size} for number, size in enumerate(sizes)}
    assert hidden_rows(rows, LEAST) == rows.keys()
