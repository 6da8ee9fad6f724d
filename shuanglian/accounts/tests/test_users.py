"""Accounts are looked after by an administrator, within the administrator's area, and every step is written down."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from shuanglian.accounts.actions import users as verbs
from shuanglian.accounts.models import User
from shuanglian.core import record
from shuanglian.core.clock import now
from shuanglian.kernel.refusal import Refusal

from .factories import PASSWORD, UserFactory


@pytest.fixture
def office(keeper):
    client = Client()
    client.force_login(keeper)
    return client


@pytest.fixture
def written(monkeypatch):
    lines = []
    monkeypatch.setattr(record, "_pens", [lambda verb, **details: lines.append((verb, details))])
    return lines


def test_an_administrator_opens_an_account_and_sees_its_password_once(office, tree, written):
    fields = {"username": "liu.w", "full_name": "刘某", "role": "village_committee", "area": tree.village.code}
    page = office.post(reverse("accounts:new_user"), fields)
    password = page.context["password"]
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert written[-1][0] == "accounts.open" and password not in str(written)
    user = User.objects.get(username="liu.w")
    assert (user.role, user.area, user.must_change_password) == ("village_committee", tree.village, True)
    assert password not in office.get(reverse("accounts:user", args=[user.pk])).content.decode()
    newcomer = Client()
    newcomer.post("/accounts/login/", {"login": "liu.w", "password": password})
    assert newcomer.get("/jobs/").url == "/accounts/password/"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"area": "621122100201"}, "area"), ({"area": "62"}, "area"), ({"area": "62112110020"}, "area"),
        ({"role": "emperor"}, "role"), ({"username": "1x"}, "username"), ({"username": "李某"}, "username"),
        ({"username": "KEEPER"}, None), ({"role": "village_committee"}, None), ({"full_name": ""}, "full_name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_made(office, tree, changes, field):
    fields = {"username": "new", "full_name": "某", "role": "programme_office", "area": tree.township.code, **changes}
    page = office.post(reverse("accounts:new_user"), fields)
    errors = page.context["form"].errors
    assert list(errors) == [field or "__all__"]
    assert User.objects.count() == 1


def test_the_list_holds_the_accounts_of_the_own_area_only(office, tree, keeper):
    here = UserFactory(username="here", area=tree.village)
    UserFactory(username="beside", area=tree.neighbour)
    UserFactory(username="above", area=tree.city)
    UserFactory(username="nowhere", area=None)
    shown = {user.username for user in office.get(reverse("accounts:users")).context["page"].rows}
    assert shown == {"here", keeper.username}
    found = office.get(reverse("accounts:users"), {"text": "HER", "role": here.role, "state": "open"})
    assert [user.username for user in found.context["page"].rows] == ["here"]
    assert office.get(reverse("accounts:users"), {"text": "\0'%", "after": ""}).status_code == 200


@pytest.mark.parametrize("name", ["user", "lock", "unlock", "reset_password", "reset_second_factor"])
@pytest.mark.parametrize("where", ["neighbour", "city", None])
def test_accounts_outside_the_area_do_not_exist_for_an_administrator(office, tree, name, where):
    other = UserFactory(area=getattr(tree, where) if where else None)
    address = reverse(f"accounts:{name}", args=[other.pk])
    assert office.post(address, {"full_name": "x", "role": "unit", "area": tree.county.code}).status_code == 404
    other.refresh_from_db()
    assert other.is_active and other.check_password(PASSWORD)


def test_the_verbs_themselves_refuse_what_lies_outside(tree, keeper):
    other = UserFactory(area=tree.neighbour)
    for verb in (verbs.lock, verbs.unlock, verbs.reset_password, verbs.reset_second_factor):
        with pytest.raises(Refusal, match="outside_area"):
            verb(user=other, by=keeper, at=now())
    with pytest.raises(Refusal, match="outside_area"):
        verbs.open_account(username="x1", full_name="x", role="unit", area=tree.neighbour, by=keeper, at=now())
    clerk = UserFactory(role="programme_office", area=tree.county)
    with pytest.raises(Refusal, match="outside_area"):
        verbs.lock(user=UserFactory(area=tree.village), by=clerk, at=now())


def test_nobody_changes_the_own_account_here(office, keeper):
    office.post(reverse("accounts:lock", args=[keeper.pk]))
    office.post(
        reverse("accounts:user", args=[keeper.pk]), {"full_name": "x", "role": "auditor", "area": "621121000000"}
    )
    keeper.refresh_from_db()
    assert keeper.is_active and keeper.role == "administrator"


def test_a_new_password_ends_the_log_ins_of_the_account(office, clerk):
    person = Client()
    person.post("/accounts/login/", {"login": "clerk", "password": PASSWORD})
    assert person.get("/jobs/").status_code == 200
    password = office.post(reverse("accounts:reset_password", args=[clerk.pk])).context["password"]
    assert person.get("/jobs/").status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password(password) and clerk.must_change_password


def test_a_lost_telephone_the_administrator_takes_the_second_factor_off(office, clerk, written):
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": "x"})
    office.post(reverse("accounts:reset_second_factor", args=[clerk.pk]))
    assert not Authenticator.objects.filter(user=clerk).exists()
    assert written[-1][0] == "accounts.reset_second_factor"
    office.post(reverse("accounts:reset_second_factor", args=[clerk.pk]))
    assert len(written) == 1


def test_role_and_area_of_an_account_are_changed_and_the_old_ones_kept_in_the_trail(office, clerk, tree, written):
    fields = {"full_name": "新名", "role": "auditor", "area": tree.county.code}
    assert office.post(reverse("accounts:user", args=[clerk.pk]), fields).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.role, clerk.full_name) == ("auditor", "新名")
    assert written[-1][1]["before"]["role"] == "programme_office"


@pytest.mark.parametrize(
    "role", ["programme_office", "unit", "cadre", "village_committee", "leader", "inspector", "auditor", "no_such_role"]
)
def test_no_other_role_looks_after_accounts(client, tree, role):
    client.force_login(UserFactory(role=role, area=tree.county))
    for name in ("users", "new_user"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 403


def test_temporary_passwords_are_strong_and_never_the_same():
    from django.contrib.auth.password_validation import validate_password

    made = {verbs.temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)


def test_own_page_says_who_one_is_and_what_one_may(client, clerk):
    client.force_login(clerk)
    page = client.get(reverse("accounts:me")).content.decode()
    assert "通渭县" in page and "clerk" in page
