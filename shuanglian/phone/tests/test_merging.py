"""One field, several phones, any order: one value stands, every other is shown, none is lost (merging.py)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuanglian.phone.merging import Latest, Ruling, after, ruling

SEEN = "seen"  # what all phones saw before they lost the line


class Register:
    """One field of one household: what stands, the latest edits, the open conflicts."""

    def __init__(self):
        self.value, self.edits, self.opens, self.taken = SEEN, {}, {}, {}

    def take(self, phone, seq, mine):
        if (phone, seq) in self.taken:
            return self.taken[phone, seq]
        decided = ruling(phone=phone, seq=seq, mine=mine, base=SEEN, now=self.value, edits=self.edits)
        what = after(decided, phone=phone, seq=seq, mine=mine, edits=self.edits, opens=self.opens)
        self.edits = dict(what.edits)
        if what.overtaken:
            del self.opens[phone]
        for other in what.agreed:
            del self.opens[other]
        if what.opened:
            self.opens[phone] = mine
        if decided is Ruling.WRITE:
            self.value = mine
        self.taken[phone, seq] = decided
        return decided


histories = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["x", "y", "z", "w"])), min_size=1, max_size=8
)  # fmt: skip


def numbered(history):
    """(phone, its running number, value) in the order in which they were made."""
    counts, edits = {}, []
    for phone, value in history:
        counts[phone] = counts.get(phone, 0) + 1
        edits.append((phone, counts[phone], value))
    return edits


@settings(max_examples=1500)
@given(histories, st.data())
def test_in_any_order_and_with_repeats_one_last_value_stands_and_every_other_is_an_open_conflict(history, data):
    edits = numbered(history)
    last = {phone: value for phone, _seq, value in edits}
    order = data.draw(st.permutations(edits + data.draw(st.lists(st.sampled_from(edits), max_size=5))))
    register = Register()
    for edit in order:
        register.take(*edit)
    assert register.value in set(last.values())
    assert {register.value, *register.opens.values()} == set(last.values())
    assert all(last[phone] == value for phone, value in register.opens.items())


@settings(max_examples=200)
@given(st.lists(st.sampled_from("xyzw"), min_size=1, max_size=6), st.data())
def test_one_phones_own_edits_end_the_same_in_any_order_and_never_collide(values, data):
    edits = numbered([("A", value) for value in values])
    register = Register()
    for edit in data.draw(st.permutations(edits)):
        register.take(*edit)
    assert (register.value, register.opens) == (values[-1], {})


@settings(max_examples=200)
@given(histories, st.data())
def test_a_phone_that_comes_back_to_what_it_had_seen_leaves_no_conflict_of_its_own(history, data):
    edits = numbered([*history, ("D", "v"), ("D", SEEN)])
    register = Register()
    for edit in data.draw(st.permutations(edits)):
        register.take(*edit)
    assert "D" not in register.opens


@pytest.mark.parametrize(("seq", "mine", "base", "now", "edits", "decided"), [
    (1, "y", "s", "s", {}, Ruling.WRITE),
    (6, "y", "s", "x", {"A": Latest(5, True, "x")}, Ruling.WRITE),
    (4, "y", "s", "x", {"A": Latest(5, True, "x")}, Ruling.LATE),
    (6, "y", "s", "z", {"A": Latest(5, True, "x")}, Ruling.CONFLICT),
    (6, "y", "s", "x", {"A": Latest(5, True, "x"), "B": Latest(1, True, "x")}, Ruling.CONFLICT),
    (1, "y", "s", "y", {}, Ruling.SAME),
    (1, "s", "s", "z", {}, Ruling.NOTHING),
    (6, "s", "s", "x", {"A": Latest(5, True, "x")}, Ruling.WRITE),
    (1, "y", None, "z", {}, Ruling.CONFLICT),
])  # fmt: skip
def test_the_cases_by_name(seq, mine, base, now, edits, decided):
    assert ruling(phone="A", seq=seq, mine=mine, base=base, now=now, edits=edits) is decided


def test_a_value_that_two_phones_brought_is_no_longer_one_phones_alone_to_change_unseen():
    register = Register()
    told = [register.take("A", 1, "x"), register.take("B", 1, "x"), register.take("A", 2, "y")]
    assert told == [Ruling.WRITE, Ruling.SAME, Ruling.CONFLICT]
    assert (register.value, register.opens) == ("x", {"A": "y"})
    assert register.take("B", 2, "y") is Ruling.WRITE
    assert (register.value, register.opens) == ("y", {})
