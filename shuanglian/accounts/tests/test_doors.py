"""Coming in, staying in, going out (issue 2 H)."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from shuanglian.accounts.adapter import client_address
from shuanglian.accounts.models import User

from .factories import PASSWORD, UserFactory

LOGIN = "/accounts/login/"


def log_in(client, name="clerk", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def enrolment(client):
    """The page that switches the second factor on; the password is asked for once more before."""
    answer = client.get("/accounts/second/activate/")
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert client.get(answer.url).status_code == 200
    answer = client.post(answer.url, {"password": PASSWORD, "next": "/accounts/second/activate/"})
    return client.get(answer.url)


def code_of(secret):
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06d}"


def test_a_person_logs_in_and_out(client, clerk):
    response = log_in(client)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/jobs/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 405
    client.post("/accounts/logout/")
    assert client.get("/jobs/").url == "/accounts/login/?next=/jobs/"


def test_the_log_in_page_leads_back_to_where_the_person_wanted_to_go_but_never_elsewhere(client, clerk):
    there = client.post(LOGIN, {"login": "clerk", "password": PASSWORD, "next": "/jobs/"})
    assert there.url == "/jobs/"
    client.logout()
    elsewhere = client.post(LOGIN, {"login": "clerk", "password": PASSWORD, "next": "https://example.org/"})
    assert elsewhere.url == "/"


def test_a_wrong_password_says_so_without_telling_which_half_was_wrong(client, clerk):
    wrong, nobody = log_in(client, password="no-no-no-no"), log_in(client, name="nobody")
    assert wrong.status_code == nobody.status_code == 200
    assert list(wrong.context["form"].non_field_errors()) == list(nobody.context["form"].non_field_errors()) != []


def test_too_many_failures_lock_name_and_address_together_and_nobody_else(client, clerk, tree):
    UserFactory(username="other", area=tree.county)
    answers = [log_in(client, password=f"wrong-{number}").status_code for number in range(6)]
    assert answers[:4] == [200] * 4 and answers[5] == 429
    assert log_in(client).status_code == 429
    assert "15" in log_in(client).content.decode()
    assert log_in(Client(), REMOTE_ADDR="10.1.1.1").status_code == 302
    assert log_in(Client(), name="other").status_code == 302


def test_an_administrators_unlock_lets_the_person_in_again(client, clerk, keeper):
    for number in range(6):
        log_in(client, password=f"wrong-{number}")
    office = Client()
    office.force_login(keeper)
    office.post(reverse("accounts:unlock", args=[clerk.pk]))
    assert log_in(client).status_code == 302


def test_a_closed_account_does_not_get_in_and_is_out_at_its_next_click(client, clerk):
    log_in(client)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get("/jobs/").status_code == 302
    assert log_in(Client()).status_code != 302 or log_in(Client()).url == "/accounts/inactive/"


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "password/reset/", "password/set/", "login/code/confirm/", "confirm-email/", "2fa/webauthn/",
     "social/login/cancelled/", "second/codes/download/"],
)  # fmt: skip
def test_only_the_doors_that_an_office_needs_are_there(client, clerk, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_log_in_ends_after_an_hour_without_a_click(client, clerk, settings):
    log_in(client)
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_MINUTES * 60
    session.save()
    assert client.get("/jobs/").url == "/accounts/login/?next=/jobs/"
    assert client.get("/jobs/").status_code == 302


def test_a_log_in_ends_after_its_hours_whatever_the_person_does(client, clerk, settings):
    log_in(client)
    session = client.session
    session["born_at"] -= settings.SESSION_COOKIE_AGE
    session.save()
    assert client.get("/jobs/", headers={"HX-Request": "true"})["HX-Redirect"] == LOGIN
    assert client.get("/jobs/").status_code == 302


def test_a_page_that_asks_for_itself_does_not_keep_a_log_in_alive(client, clerk):
    log_in(client)
    session = client.session
    session["seen_at"] -= 600
    session.save()
    before = session["seen_at"]
    client.get("/jobs/", headers={"X-Poll": "1"})
    assert client.session["seen_at"] == before
    client.get("/jobs/")
    assert client.session["seen_at"] > before


def test_a_password_from_the_office_must_be_changed_before_anything_else(client, clerk):
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    log_in(client)
    assert client.get("/jobs/").url == "/accounts/password/"
    assert client.get("/accounts/password/").status_code == 200
    new = "Another-Horse-8"
    answer = client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    clerk.refresh_from_db()
    assert not clerk.must_change_password
    assert client.get("/jobs/").status_code == 200


@pytest.mark.parametrize("weak", ["short-1", "1234567890", "password123"])
def test_weak_passwords_are_refused(client, clerk, weak):
    log_in(client)
    answer = client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200


def test_the_second_factor_is_enrolled_asked_for_and_taken_off(client, clerk):
    log_in(client)
    page = enrolment(client)
    secret = page.context["form"].secret
    assert "data:image/svg" in page.content.decode()
    client.post("/accounts/second/activate/", {"code": code_of(secret)})
    codes = client.get("/accounts/second/codes/").context["unused_codes"]
    assert len(codes) == 10
    client.post("/accounts/logout/")

    assert log_in(client).url == "/accounts/second/enter/"
    assert client.get("/jobs/").status_code == 302
    assert client.post("/accounts/second/enter/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/second/enter/", {"code": codes[0]}).status_code == 302
    assert client.get("/jobs/").status_code == 200

    again = client.get("/accounts/second/deactivate/").url
    assert client.post(again, {"password": PASSWORD}).url == "/accounts/second/deactivate/"
    assert client.get("/accounts/second/deactivate/").status_code == 200
    client.post("/accounts/second/deactivate/")
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_wrong_codes_lock_like_wrong_passwords_and_then_the_right_one_is_not_looked_at(client, clerk):
    secret = generate_totp_secret()
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": get_adapter().encrypt(secret)})
    log_in(client)
    for number in range(6):
        answer = client.post("/accounts/second/enter/", {"code": f"00000{number}"})
    assert answer.status_code == 429
    assert client.post("/accounts/second/enter/", {"code": code_of(secret)}).status_code == 429
    assert client.get("/jobs/").status_code == 302


def test_the_secret_of_the_second_factor_is_not_in_clear_in_the_database(client, clerk, settings):
    settings.MFA_ADAPTER = "shuanglian.accounts.adapter.SealedMFAAdapter"
    log_in(client)
    secret = enrolment(client).context["form"].secret
    client.post("/accounts/second/activate/", {"code": code_of(secret)})
    assert secret not in str(Authenticator.objects.get(user=clerk, type="totp").data)
    client.post("/accounts/logout/")
    log_in(client)
    assert client.post("/accounts/second/enter/", {"code": code_of(secret)}).status_code == 302


def test_a_wrong_password_does_not_open_the_page_of_the_second_factor(client, clerk):
    log_in(client)
    again = client.get("/accounts/second/activate/").url
    assert client.post(again, {"password": "wrong-wrong"}).status_code == 200
    assert client.get("/accounts/second/activate/").status_code == 302


def test_chinese_is_spoken_until_the_reader_chooses_otherwise_whatever_the_browser_says(client, clerk):
    page = client.get(LOGIN, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert 'lang="zh-Hans"' in page.content.decode()
    answer = client.post("/accounts/language/", {"language": "en", "next": "/accounts/login/?next=/jobs/"})
    assert answer.url == "/accounts/login/?next=/jobs/"
    assert '<html lang="en">' in client.get(LOGIN).content.decode()


def test_a_persons_language_goes_along_to_another_browser(client, clerk):
    log_in(client)
    client.post("/accounts/language/", {"language": "en", "next": "https://example.org/"})
    other = Client()
    log_in(other)
    assert '<html lang="en">' in other.get("/accounts/me/").content.decode()
    client.post("/accounts/language/", {"language": "xx"})
    clerk.refresh_from_db()
    assert clerk.language == "en"


def test_the_address_is_read_from_the_header_only_behind_as_many_trusted_proxies(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 1.2.3.4, 10.9.9.9")
    settings.TRUSTED_PROXIES = 0
    assert client_address(request) == "10.0.0.1"
    settings.TRUSTED_PROXIES = 2
    assert client_address(request) == "1.2.3.4"
    settings.TRUSTED_PROXIES = 5
    assert client_address(request) == "10.0.0.1"


def test_pages_carry_a_strict_policy_and_nothing_inline(client, clerk):
    page = client.get(LOGIN)
    policy, html = page["Content-Security-Policy"], page.content.decode()
    assert "unsafe" not in policy and "default-src 'self'" in policy
    assert "style=" not in html and "<style" not in html and "onclick" not in html and "<script>" not in html
    assert page["X-Frame-Options"] == "DENY"
