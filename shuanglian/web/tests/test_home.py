"""Home by role (issue 2 G)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuanglian.accounts.tests.factories import UserFactory
from shuanglian.areas.tests.factories import gansu
from shuanglian.core import profile
from shuanglian.core.clock import now, today
from shuanglian.pairing.models import AreaCoverage, Round
from shuanglian.registry.models import AreaCount


@pytest.fixture
def tree(db):
    return gansu()


def home(client, role, area):
    client.force_login(UserFactory(role=role, area=area))
    return client.get("/")


def test_every_role_has_a_home_in_both_languages(client, tree):
    for role in profile.active().roles:
        user = UserFactory(role=role, area=tree.township)
        client.force_login(user)
        assert client.get("/").status_code == 200
        client.post("/accounts/language/", {"language": "en"})
        page = client.get("/").content.decode()
        assert '<html lang="en">' in page and profile.active().roles[role].label.en in page


def test_the_office_sees_the_five_steps_and_what_waits_in_its_area_only(client, tree):
    for area in (tree.county, tree.neighbour):
        Round.objects.create(
            area=area, area_code=area.code, year=2015, name="x", state="proposed", profile="p", on=today(),
            created_at=now(),
        )  # fmt: skip
    page = home(client, "programme_office", tree.county)
    assert len(page.context["steps"]) == 5
    assert [one.count for one in page.context["waiting"]] == [1]


def test_figures_are_those_of_the_readers_own_area(client, tree):
    AreaCount.objects.create(area=tree.county, households=20000, people=81234, at=now())
    AreaCoverage.objects.create(
        area=tree.county, poor_villages=115, linked_villages=115, households=20000, paired=19999, at=now()
    )
    assert "81,234" in home(client, "programme_office", tree.county).content.decode()
    assert "81,234" not in home(client, "programme_office", tree.neighbour).content.decode()
    assert "81,234" not in home(client, "administrator", tree.county).content.decode()


def test_someone_without_an_area_is_told_why_there_is_nothing(client, tree):
    assert "还没有设置管辖区域" in home(client, "programme_office", None).content.decode()


def test_strangers_are_led_to_the_log_in_and_roles_without_home_are_refused(client, tree):
    assert client.get("/").url == "/accounts/login/?next=/"
    assert home(client, "no_such_role", tree.county).status_code == 403


def test_home_asks_the_database_a_fixed_number_of_times(client, tree):
    home(client, "programme_office", tree.county)
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) < 70
