"""Two hundred forms at the same time, many of them twice: each is kept once and has one number (VOICE-1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shuanglian.complaints.models import Complaint
from shuanglian.complaints.numbers import number_of as letter_number
from shuanglian.core import clock
from shuanglian.fieldwork.tests.factories import land
from shuanglian.grievances import numbers
from shuanglian.grievances.models import Demand
from shuanglian.notices.models import Knock
from shuanglian.trail.chain import verify

from .public_land import SAFE_WORDS, WORDS, card_of, filled, forget, number_in, village_page

pytestmark = pytest.mark.django_db(transaction=True)
FORMS, AT_ONCE = 200, 12


def test_two_hundred_forms_at_once_are_two_hundred_records_with_a_number_each(tmp_path: Any, settings: Any):
    settings.MEDIA_ROOT = tmp_path
    forget()
    here = land(households=3)
    doors = [village_page(here), card_of(here)]
    pages = {address: Client().get(address) for address in doors}
    forms = []
    for n in range(FORMS // 2):
        address = doors[n % 2]
        form = filled(Client().get(address), text=f"{SAFE_WORDS if n % 10 == 0 else WORDS}（{n}）")
        forms += [(address, form)] * 2  # pressed twice
    assert all(page.status_code == 200 for page in pages.values())

    def send(one: tuple[str, dict[str, Any]]) -> tuple[str, str]:
        try:
            street = int(one[1]["form_key"][:4], 16) % 4  # four villages behind an address each
            return one[1]["form_key"], number_in(Client().post(*one, REMOTE_ADDR=f"203.0.113.{street}"))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(send, forms))
    seen = dict(told)
    assert len(set(told)) == len(seen) == len(set(seen.values())) == FORMS // 2
    assert {numbers.number_of(one.key) for one in Demand.objects.all()} | {
        letter_number(one.key) for one in Complaint.objects.all()
    } == set(seen.values())
    assert (Demand.objects.count(), Complaint.objects.count()) == (90, 10)
    assert sum(Knock.objects.filter(what="ask").values_list("count", flat=True)) == FORMS
    assert set(Demand.objects.values_list("state", flat=True)) <= {"open", "held"}
    assert verify() == [] and clock.now()
