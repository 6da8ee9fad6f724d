"""Who may do what: deny by default (issue 2 H)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from shuanglian.accounts.rights import may, requires, scope_prefix, sees
from shuanglian.core import profile

from .factories import UserFactory


def test_a_role_may_what_stands_in_the_profile_and_nothing_else(tree):
    for code, role in profile.active().roles.items():
        user = UserFactory.build(role=code)
        allowed = {permission for permission in profile.active().permissions if may(user, permission)}
        assert allowed == set(role.may)


NOBODIES = [
    None, AnonymousUser(), UserFactory.build(role=""), UserFactory.build(role="king"),
    UserFactory.build(is_active=False), UserFactory.build(role="king", is_superuser=True),
]  # fmt: skip


@pytest.mark.parametrize("user", NOBODIES)
def test_nobody_and_unknown_roles_may_nothing(user):
    assert not any(may(user, permission) for permission in [*profile.active().permissions, "", "no.such"])


def test_the_scope_is_the_area_and_no_area_is_nothing(tree):
    assert scope_prefix(UserFactory.build(area=tree.province)) == "62"
    assert scope_prefix(UserFactory.build(area=tree.township)) == tree.township.code[:9]
    assert scope_prefix(UserFactory.build(area=None)) == scope_prefix(AnonymousUser()) == scope_prefix(None) == ""
    assert scope_prefix(UserFactory.build(area=tree.county, is_active=False)) == ""
    assert sees(UserFactory.build(area=tree.county), tree.village.code)
    assert not sees(UserFactory.build(area=tree.county), tree.neighbour_village.code)
    assert not sees(UserFactory.build(area=None), tree.village.code)


@requires("pairing.view", "registry.view")
def page(request):
    return HttpResponse("in")


def test_a_page_leads_strangers_to_the_log_in_and_refuses_wrong_roles(rf):
    request = rf.get("/x/?a=1")
    request.user = AnonymousUser()
    assert page(request).url == "/accounts/login/?next=/x/%3Fa%3D1"
    part = rf.get("/x/", headers={"HX-Request": "true"})
    part.user = AnonymousUser()
    assert page(part)["HX-Redirect"] == "/accounts/login/"
    request.user = UserFactory.build(role="administrator")
    with pytest.raises(PermissionDenied):
        page(request)
    request.user = UserFactory.build(role="auditor")
    assert page(request).content == b"in"
    assert page.permissions == ("pairing.view", "registry.view")
