"""Tests that commit empty all tables afterwards; the trail refuses, so its guard is told to look away just then."""

from typing import Any

import pgtrigger
from django.test import TransactionTestCase


def let_tests_empty_the_trail() -> None:
    """Once a process; for conftest.py."""
    plain = TransactionTestCase._fixture_teardown
    if getattr(plain, "empties_the_trail", False):
        return

    def teardown(case: Any) -> None:
        with pgtrigger.ignore("trail.Entry:no_truncate"):
            plain(case)

    teardown.empties_the_trail = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
