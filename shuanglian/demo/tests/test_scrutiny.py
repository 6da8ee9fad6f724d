"""The demo's doubtful visits come from the nightly step; one waits for the cadre, one for a reviewer (FIELD-6)."""

from datetime import timedelta

import pytest

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.core import clock
from shuanglian.demo import scrutiny
from shuanglian.fieldwork.models import Visit
from shuanglian.fieldwork.tests.factories import ON, land, visit
from shuanglian.scrutiny.models import CallBack, Draw, Flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    place = land()
    last_month = (clock.today().replace(day=1) - timedelta(days=3) - ON).days
    texts = ("母羊下了两只羔，问了饲料从哪里买", "老伴的药费报了一半，帮着核对了单据", "看了新盖的羊棚，商量明年种苹果")
    for number, (who, done) in enumerate(zip((place.cadre, place.other, place.third), texts, strict=True)):
        home = place.homes[number]
        lon, lat = home.village.lon or 105.25, home.village.lat or 35.2
        at_home = (lon + number / 9970, lat + number / 9910, 9.0 + number)
        visit(home, who, days=last_month - 7 * number, done=done, position=at_home)
    told = {"county": place.place.area, "cadre": place.cadre, "office": place.office,
            "reviewer": UserFactory(role="inspector", area=place.place.area), "at": clock.now()}  # fmt: skip
    return told, scrutiny.show(**told)


def test_FIELD_6_the_demo_has_a_doubt_to_explain_one_to_decide_and_one_decided(shown):
    told, doubts = shown
    own = Flag.objects.filter(cadre__user=told["cadre"])
    assert {one.state for one in own} == {"open", "answered"}
    assert Flag.objects.filter(state="decided").count() == 1
    assert doubts == Flag.objects.count()
    for one in Flag.objects.select_related("visit"):  # what is made up says so, and nothing else is doubted
        assert scrutiny.SAYS_SO in one.visit.done, one.met


def test_FIELD_6_some_families_have_answered_and_one_can_be_tried(shown):
    made = Draw.objects.get()
    said = set(made.call_backs.values_list("answer", flat=True))
    assert "" in said and "no" in said
    page = scrutiny.family_page()
    waiting = CallBack.objects.filter(answer="").values("household")
    assert page.startswith("/k/") and waiting.exists()


def test_running_it_again_changes_nothing(shown):
    told, doubts = shown
    before = Visit.objects.count()
    assert scrutiny.show(**told) == doubts
    assert (Visit.objects.count(), Draw.objects.count()) == (before, 1)
