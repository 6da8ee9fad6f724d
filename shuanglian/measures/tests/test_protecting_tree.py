"""Tables of places within places: no hidden small cell can be worked out, tried against every table that looks alike."""

from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shuanglian.measures.protecting_tree import WHOLE, Cell, Rule, hidden_below, hidden_of, small

LEAST = 3
ROWS = ("a", "b", "c")


def row_of(counts):
    cells = {name: Cell(n, n) for name, n in counts.items()}
    total = sum(counts.values())
    return {**cells, WHOLE: Cell(total, total)}


def added(places):
    return row_of({row: sum(place[row].n for place in places) for row in ROWS})


villages = st.fixed_dictionaries({row: st.integers(0, 4) for row in ROWS}).map(row_of)


def shown_of(table, hidden):
    """What a reader sees: the top place and each place below it, None for what is hidden; WHOLE last."""
    return tuple(
        tuple(None if row in hidden[place] else cells[row].n for row in (*ROWS, WHOLE))
        for place, cells in sorted(table.items())
    )


@settings(max_examples=60)
@given(st.lists(villages, min_size=2, max_size=3))
def test_REP_2_no_small_group_can_be_found_by_subtraction(rows):
    """Every table with the same sums that shows the same figures is made; the hidden small cell is not the same in all."""
    rule = Rule(LEAST, linked=True, apart=True)
    below = {f"v{number}": row for number, row in enumerate(rows)}
    top = added(rows)
    above = hidden_of(top, rule)
    hidden = {"": above, **hidden_below(below, above, rule)}
    whole = {"": top, **below}
    seen = shown_of(whole, hidden)
    suspects = [(place, row) for place, cells in whole.items() for row in ROWS if small(cells[row], LEAST)]
    assert all(row in hidden[place] for place, row in suspects)
    assume(suspects and sum(WHOLE in one for one in hidden.values()) < 2)
    values = {spot: set() for spot in suspects}
    for other in alike(below, hidden):
        table = {"": added(other.values()), **other}
        if shown_of(table, hidden) == seen:
            for place, row in suspects:
                values[place, row].add(table[place][row].n)
    assert all(len(found) > 1 for found in values.values())


def alike(below, hidden):
    """Every table that has the shown cells, the shown totals, and anything in the hidden ones."""
    options = [[(place, cells) for cells in fillings(row, hidden[place])] for place, row in below.items()]
    whole = sum(row[WHOLE].n for row in below.values())
    for chosen in product(*options):
        if sum(sum(cells.values()) for _place, cells in chosen) == whole:
            yield {place: row_of(cells) for place, cells in chosen}


def fillings(row, hidden):
    """What one place may hold: hidden cells from nought to six, its total kept where it is shown."""
    spots = [name for name in ROWS if name in hidden]
    for filled in product(range(7), repeat=len(spots)):
        cells = {name: row[name].n for name in ROWS} | dict(zip(spots, filled, strict=True))
        if WHOLE in hidden or sum(cells.values()) == row[WHOLE].n:
            yield cells


@given(st.lists(villages, min_size=2, max_size=6))
def test_REP_2_what_is_hidden_of_a_place_is_hidden_of_the_places_below(rows):
    rule = Rule(LEAST, linked=True, apart=True)
    above = hidden_of(added(rows), rule)
    for place, hidden in hidden_below({str(n): row for n, row in enumerate(rows)}, above, rule).items():
        assert above <= hidden | {WHOLE} or not rows[int(place)][WHOLE].n


def test_REP_2_a_table_of_large_cells_shows_everything():
    rule = Rule(5, linked=True, apart=True)
    rows = row_of({"a": 50, "b": 60, "c": 0})
    assert hidden_of(rows, rule) == frozenset()
    assert hidden_below({"x": rows, "y": rows}, frozenset(), rule) == {"x": frozenset(), "y": frozenset()}


def test_REP_2_where_rows_overlap_the_rest_of_a_row_is_not_small_either():
    """98 men of 100 persons: two are not; the row is hidden."""
    rule = Rule(5, linked=False, apart=False)
    rows = {"men": Cell(98, 98), "dibao": Cell(40, 40), WHOLE: Cell(100, 100)}
    assert hidden_of(rows, rule) == frozenset({"men"})


def test_REP_2_a_place_with_few_households_is_hidden_with_its_total_and_one_more():
    rule = Rule(5, linked=True, apart=True)
    places = {"x": row_of({"a": 2, "b": 1, "c": 0}), "y": row_of({"a": 20, "b": 9, "c": 7}),
              "z": row_of({"a": 30, "b": 20, "c": 10})}  # fmt: skip
    hidden = hidden_below(places, frozenset(), rule)
    assert WHOLE in hidden["x"] and WHOLE in hidden["y"] and WHOLE not in hidden["z"]


def test_REP_2_one_small_cell_takes_a_second_in_its_row_and_in_its_column():
    rule = Rule(5, linked=True, apart=True)
    places = {"x": row_of({"a": 2, "b": 11, "c": 30}), "y": row_of({"a": 9, "b": 12, "c": 30}),
              "z": row_of({"a": 20, "b": 20, "c": 10})}  # fmt: skip
    hidden = hidden_below(places, frozenset(), rule)
    assert hidden == {"x": frozenset({"a", "b"}), "y": frozenset({"a", "b"}), "z": frozenset()}
