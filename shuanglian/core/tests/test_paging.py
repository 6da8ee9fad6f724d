"""Keyset pages: every row once, in order, forward and back, whatever the order and the gaps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuanglian.core.paging import keyset

DAYS = st.none() | st.integers(0, 3).map(lambda day: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=day))
ORDERS = [
    ("last_login", "id"),
    ("-last_login", "id"),
    ("-last_login", "-id"),
    ("role", "-id"),
    ("role", "last_login", "id"),
]


def walk(order, size, backwards=False):
    """All pages from the first on (then back again): what a reader who clicks through sees."""
    users = get_user_model().objects.all()
    pages = [keyset(users, order=order, after=None, size=size)]
    while pages[-1].next:
        pages.append(keyset(users, order=order, after=pages[-1].next, size=size))
    back = [pages[-1]]
    while backwards and back[-1].previous:
        back.append(keyset(users, order=order, after=back[-1].previous, size=size))
    return pages, back


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(DAYS, st.sampled_from("ab")), max_size=9), size=st.integers(1, 4))
def test_a_reader_who_clicks_through_sees_every_row_once_and_in_order(order, rows, size):
    users = get_user_model().objects
    users.all().delete()
    for number, (login, role) in enumerate(rows):
        users.create(username=f"u{number}", last_login=login, role=role)
    expected = list(users.order_by(*order).values_list("pk", flat=True))
    pages, back = walk(order, size, backwards=True)
    assert [row.pk for page in pages for row in page.rows] == expected
    assert [row.pk for page in reversed(back) for row in page.rows] == expected
    assert all(len(page) == size for page in pages[:-1])
    assert not pages[0].previous_possible


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token", ["x", "bm8", "WzAsMV0", "WzAsIngiLDFd", "WzAseyJhIjoxfSwxXQ", "WzAsIlx1MDAwMCIsMV0", "é" * 9, "A" * 3000]
)
def test_a_page_key_that_was_tampered_with_is_a_bad_request(token):
    with pytest.raises(BadRequest):
        keyset(get_user_model().objects.all(), order=("last_login", "id"), after=token)


@pytest.mark.django_db
def test_a_page_asks_the_database_once_whatever_its_place(django_assert_num_queries):
    for number in range(7):
        get_user_model().objects.create(username=f"u{number}")
    first = keyset(get_user_model().objects.all(), order=("username", "id"), after=None, size=3)
    with django_assert_num_queries(1):
        second = keyset(get_user_model().objects.all(), order=("username", "id"), after=first.next, size=3)
    assert [user.username for user in second.rows] == ["u3", "u4", "u5"]
