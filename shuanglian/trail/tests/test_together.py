"""Many write at once: numbers have no gaps and no twins, and a line whose transaction fails leaves no trace."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from shuanglian.core.clock import now
from shuanglian.trail import chain, trail
from shuanglian.trail.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def write_some(writer):
    try:
        for turn in range(10):
            trail.write("test.together", by=None, at=now(), writer=writer, turn=turn)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                trail.write("test.lost", by=None, at=now())
                raise ZeroDivisionError
    finally:
        connection.close()


def test_four_writers_make_one_chain():
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_some, range(4)))
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 41))
    assert chain.verify() == [] and not Entry.objects.filter(verb="test.lost").exists()
