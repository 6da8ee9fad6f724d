"""A programme that declares no procedures, notices, exits, look-back, statistics or benefits still runs: pages say so."""

import shutil

import pytest
from django.test import Client
from django.urls import reverse

from shuanglian.core import profile
from shuanglian.registry.tests.factories import HouseholdFactory
from shuanglian.rules.profile import BUILT_IN, load
from shuanglian.rules.profile_tables import MAY_BE_MISSING

from .county import tree, user
from .test_walls import ADDRESSES, BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare(tmp_path, settings):
    """The county's profile as a folder of its own, without every file and folder that a profile may leave out."""
    folder = tmp_path / "bare"
    shutil.copytree(BUILT_IN / "tongwei_2015", folder)
    for name in MAY_BE_MISSING:
        (folder / name).unlink(missing_ok=True)
    for name in ("benefits", "procedures"):
        shutil.rmtree(folder / name, ignore_errors=True)
    settings.PROFILE = str(folder)
    return load(folder)


def test_every_page_answers_without_what_the_profile_leaves_out(bare):
    assert profile.active().name == "bare" and not profile.active().procedures
    areas = tree()
    village = areas["621121100201"]
    home = HouseholdFactory(village=village, area_code=village.code, with_people=2)
    client = Client(raise_request_exception=False)
    client.force_login(user("office", "programme_office", areas["621121000000"]), backend=BACKEND)
    pages = {name: reverse(name) for name, parameters, _route in ADDRESSES if not parameters}
    pages |= {
        name: reverse(name, args=[home.pk])
        for name, parameters, route in ADDRESSES
        if parameters == ("pk",) and ("households/<" in route or route.startswith("registry/<int:pk>/"))
    }
    told = {name: client.get(address).status_code for name, address in pages.items()}
    assert {name: code for name, code in told.items() if code >= 500} == {}
    assert (
        told["registry:household"]
        == told["procedures:cases"]
        == told["lookback:campaigns"]
        == told["fieldwork:log"]
        == 200
    )
