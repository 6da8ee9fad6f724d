"""The pages of moves, splits and merges: first shown, then done (REG-10)."""

import pytest
from django.urls import reverse

from shuanglian.registry import leads
from shuanglian.registry.models import Household, HouseholdLink, Person
from shuanglian.registry.tests.factories import relation

from .files import file, members, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_procedures():
    """A programme without procedures for files: the register's own pages do it."""
    kept, leads._leads[:] = list(leads._leads), []
    yield
    leads._leads[:] = kept


def test_a_split_is_previewed_and_only_then_done(client, no_procedures, place, clerk, committee):
    source = file(place.village, 3)
    _head, one, two = members(source)
    address = reverse("registry:split", args=[source.pk])
    given = {"people": [one.pk, two.pk], "head": one.pk, f"relation_{two.pk}": relation("之子"), "on": "2016-02-20",
             "why": "成家"}  # fmt: skip
    client.force_login(committee)
    assert client.post(address, {**given, "confirm": "1"}).status_code == 403
    client.force_login(clerk)
    text = client.post(address, given).content.decode()
    assert "办理后会是这样" in text and "新立户" in text and not HouseholdLink.objects.exists()
    assert Household.objects.count() == 1
    answer = client.post(address, {**given, "confirm": "1"})
    link = HouseholdLink.objects.get()
    assert answer.url == reverse("registry:household", args=[link.target_id]) and len(members(link.target)) == 2


def test_a_move_is_previewed_and_a_refusal_stands_on_the_form(client, no_procedures, place, clerk, neighbour):
    source, target = file(place.village, 2), file(place.village, 1)
    head, child = members(source)
    address = reverse("registry:person_moves", args=[child.pk])
    given = {"target": target.number, "relation": relation("其他"), "on": "2016-02-20", "why": "过继"}
    client.force_login(neighbour)
    assert client.get(address).status_code == 404
    client.force_login(clerk)
    assert "2 → 1" in client.post(address, given).content.decode()
    assert "没有这样的在册户" in client.post(address, {**given, "target": "H999"}).content.decode()
    wrong = reverse("registry:person_moves", args=[head.pk])
    assert client.post(wrong, {**given, "confirm": "1", "successor": head.pk}).status_code == 200
    client.post(address, {**given, "confirm": "1"})
    assert len(members(target)) == 2


def test_a_merge_asks_for_everybody_and_every_field_and_can_be_taken_back_by_page(client, no_procedures, place, clerk):
    kept, closed = file(place.village, 2), file(place.village, 2)
    twin, double = members(kept)[1], members(closed)[1]
    Person.objects.filter(pk=double.pk).update(name=twin.name, born_on=twin.born_on)
    before = state_of(kept, closed)
    client.force_login(clerk)
    address = reverse("registry:merge", args=[kept.pk]) + f"?other={closed.number}&keep=this"
    text = client.get(address).content.decode()
    assert "是同一人" in text and "逐项选择" in text and closed.phone not in text
    given = {f"place_{members(closed)[0].pk}": relation("其他"), f"place_{double.pk}": f"same_{twin.pk}",
             "take_phone": "gone", "on": "2016-02-20", "why": "一户两档"}  # fmt: skip
    given |= {f"take{double.pk}_id_number": "kept"}
    assert "关闭，原内容可随时查看" in client.post(address, given).content.decode()
    assert state_of(kept, closed) == before
    client.post(address, {**given, "confirm": "1"})
    link = HouseholdLink.objects.get()
    kept.refresh_from_db()
    assert (kept.phone, len(members(kept)), link.kind) == (closed.phone, 3, "merge")
    assert reverse("registry:undo_merge", args=[link.pk]) in client.get(
        reverse("registry:story", args=[kept.pk])).content.decode()  # fmt: skip
    client.post(reverse("registry:undo_merge", args=[link.pk]), {"why": "认错了"})
    assert state_of(kept, closed) == before
