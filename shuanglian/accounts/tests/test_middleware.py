"""A request is one transaction under the reader's area; what went wrong leaves nothing behind."""

import sys
import types

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext as _

from shuanglian.accounts.models import User
from shuanglian.core import errors

from .factories import UserFactory


def settings_now(request):
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('app.scope', true), current_setting('app.user', true)")
        return HttpResponse("|".join(cursor.fetchone()))


def write_and(outcome):
    def view(request):
        User.objects.filter(username="clerk").update(full_name="changed")
        if isinstance(outcome, Exception):
            raise outcome
        return HttpResponse(status=outcome)

    return view


OUTCOMES = {
    "200": 200,
    "400": 400,
    "500": 500,
    "boom": RuntimeError("boom"),
    "404": Http404(),
    "403": PermissionDenied(),
}


@pytest.fixture
def urls(settings):
    """The product's addresses and, beside them, pages that write and then end in every way."""
    module = types.ModuleType("test_middleware_urls")
    module.urlpatterns = [
        path("now/", settings_now),
        *(path(f"write/{name}/", write_and(outcome)) for name, outcome in OUTCOMES.items()),
        path("accounts/", include("shuanglian.accounts.urls")),
        path("", include(([path("", settings_now, name="home")], "web"))),
    ]
    module.handler400, module.handler403 = errors.bad_request, errors.forbidden
    module.handler404, module.handler500 = errors.not_found, errors.server_error
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


def test_a_page_works_under_the_role_and_area_of_its_reader(client, clerk, urls):
    client.force_login(clerk)
    assert client.get("/now/").content.decode() == f"shuanglian_app|621121|{clerk.pk}"
    with connection.cursor() as cursor:
        cursor.execute("select current_user = session_user")
        assert cursor.fetchone() == (True,)


def test_what_a_person_saw_is_not_kept_by_the_browser(client, clerk, urls):
    client.force_login(clerk)
    assert "no-store" in client.get("/now/").headers["Cache-Control"]


def test_a_stranger_and_a_person_without_area_are_bound_to_nothing(client, tree, urls):
    assert client.get("/now/").content.decode() == "shuanglian_app||"
    user = UserFactory(area=None)
    client.force_login(user)
    assert client.get("/now/").content.decode() == f"shuanglian_app||{user.pk}"


@pytest.mark.parametrize(
    ("name", "kept"), [("200", True), ("400", True), ("500", False), ("boom", False), ("404", False), ("403", False)]
)
def test_only_what_went_well_is_kept(client, clerk, urls, name, kept):
    client.raise_request_exception = False
    client.force_login(clerk)
    client.post(f"/write/{name}/")
    clerk.refresh_from_db()
    assert (clerk.full_name == "changed") is kept


@pytest.mark.parametrize(("name", "status"), [("boom", 500), ("404", 404), ("403", 403)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_errors_are_told_in_plain_words_without_inner_details(client, clerk, urls, name, status, language):
    client.raise_request_exception = False
    User.objects.filter(pk=clerk.pk).update(language=language)
    client.force_login(clerk)
    answer = client.get(f"/write/{name}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert "Traceback" not in page and "boom" not in page and 'href="/"' in page


def test_the_broken_page_needs_neither_database_nor_session(rf, django_assert_num_queries):
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500 and "没有保存" in answer.content.decode()


def test_a_stale_form_is_told_so(clerk, urls, settings):
    from django.test import Client

    settings.CSRF_FAILURE_VIEW = "shuanglian.core.errors.csrf_failed"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    answer = strict.post("/write/200/")
    assert answer.status_code == 403 and _("表单已过期") in answer.content.decode()
