"""Moves, splits, merges and undoings in any order: everybody once, one head each, every past day as it was (REG-10)."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.kernel.refusal import Refusal
from shuanglian.registry import asof, story
from shuanglian.registry.actions import merges, moves, splits, undo
from shuanglian.registry.actions.derived import head_code
from shuanglian.registry.models import Household, HouseholdLink, Person
from shuanglian.registry.tests.factories import relation

from .files import AT, ON, file, members

pytestmark = pytest.mark.django_db


DEEDS = st.lists(
    st.tuples(st.sampled_from(["move", "split", "merge", "undo"]), st.integers(0, 50), st.integers(0, 50),
              st.integers(0, 50)), min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_REG_10_any_sequence_keeps_everybody_once_one_head_each_and_every_past_day_as_it_was(place, clerk, deeds):
    """Refused acts change nothing; those that go through keep persons, heads, sizes, events and past days."""
    first = [file(place.villages[n % 2], 1 + n) for n in range(3)]
    everybody = {one.pk for one in Person.objects.filter(household__in=first)}
    at, pasts = AT, {}
    for kind, a, b, c in deeds:
        files = list(Household.objects.filter(people__in=everybody).standing().distinct().order_by("pk"))
        last = {(one.pk, at): told(one.pk, at) for one in Household.objects.filter(people__in=everybody).distinct()}
        pasts |= last
        at += timedelta(days=1)
        with suppress(Refusal):
            act(kind, files, a, b, c, clerk, at)
        people_now = Person.objects.filter(pk__in=everybody, left_on__isnull=True)
        assert {one.pk for one in people_now} == everybody
        files = Household.objects.filter(people__in=everybody).standing().distinct()
        assert all(one.household_id in {row.pk for row in files} for one in people_now)
        for one in files:
            rows = members(one)
            assert [row.relation for row in rows].count(head_code()) == 1
            assert one.size == len(rows)
            assert len({row.number for row in rows}) == len(rows)
        assert all(told(*key) == past for key, past in last.items())
    assert all(told(*key) == past for key, past in pasts.items())
    for one in Household.objects.filter(people__in=everybody).distinct():
        assert story.of(one, clerk)  # every event can be told


def told(key, moment):
    """What the file said then, as plain values."""
    then = asof.file(key, moment)
    return then and (then.household.size, then.household.removed_on, [(one.pgh_id, one.name) for one in then.people])


def act(kind, files, a, b, c, clerk, at):
    source, target = files[a % len(files)], files[b % len(files)]
    rows = members(source)
    one, heir = rows[c % len(rows)], rows[(c + 1) % len(rows)]
    if kind == "move":
        moves.move(
            person=one, target=target, relation=relation("其他"), on=ON, why="x", by=clerk, at=at, successor=heir
        )
    elif kind == "split":
        splits.split(household=source, people=[one], head=one, relations={}, on=ON, why="x", by=clerk, at=at,
                     successor=heir)  # fmt: skip
    elif kind == "merge":
        merges.merge(kept=target, closed=source, relations=dict.fromkeys([row.pk for row in rows], relation("其他")),
                     on=at.date(), why="x", by=clerk, at=at)  # fmt: skip
    else:
        link = HouseholdLink.objects.filter(kind="merge", undone_at=None).first()
        if link:
            undo.undo(link=link, why="x", by=clerk, at=at)
