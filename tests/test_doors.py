"""The doors in a real browser: the second factor to the end, and a log-in that is over while somebody works."""

import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time

from shuanglian.demo.load import PASSWORD

from .browser import log_in

pytestmark = pytest.mark.browser
WHO = "city"


@pytest.fixture
def page(product, browser):
    product.query("update accounts_user set language = 'zh-hans' where username = %s returning 1", WHO)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    made = context.new_page()
    made.set_default_timeout(120_000)
    yield made
    context.close()


def code_of(secret):
    """What the app on the phone shows now: of the counters allowed, the middle one."""
    counters = list(yield_hotp_counters_from_time())
    return f"{hotp_value(secret, counters[len(counters) // 2]):06d}"


def test_the_second_factor_is_set_up_asked_for_and_taken_off_again(product, page):
    log_in(page, product.url, WHO, PASSWORD)
    page.goto(f"{product.url}/accounts/second/")
    page.click("a.btn-primary")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("img.qr")
    assert page.eval_on_selector("img.qr", "image => image.complete && image.naturalWidth > 100")
    secret = page.inner_text("p.secret code").strip()
    page.fill("input[name=code]", code_of(secret))
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/accounts/second/**")
    page.goto(f"{product.url}/accounts/second/")
    assert "已开启" in page.inner_text("body")

    page.context.clear_cookies()
    log_in(page, product.url, WHO, PASSWORD)
    assert "/accounts/second/enter/" in page.url
    page.fill("input[name=code]", "000000")
    page.press("input[name=code]", "Enter")
    page.wait_for_selector("input[name=code]")
    assert "/accounts/second/enter/" in page.url, "a wrong code lets nobody in"
    wait_for_another_code(secret, page)
    page.fill("input[name=code]", code_of(secret))
    page.press("input[name=code]", "Enter")
    page.wait_for_url(f"{product.url}/")

    page.goto(f"{product.url}/accounts/second/deactivate/")
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
    page.wait_for_selector("form[action*=deactivate] button")
    page.click("form[action*=deactivate] button")
    page.goto(f"{product.url}/accounts/second/")
    assert "未开启" in page.inner_text("body")


def wait_for_another_code(secret, page):
    """A code opens once: the one that set the factor up does not open the door as well."""
    used, until = code_of(secret), time.monotonic() + 35
    while code_of(secret) == used and time.monotonic() < until:
        page.wait_for_timeout(500)


def test_a_log_in_that_is_over_leads_through_the_door_back_to_where_one_was(product, page):
    log_in(page, product.url, WHO, PASSWORD)
    page.goto(f"{product.url}/registry/?q=x")
    own = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    assert product.query("delete from django_session where session_key = %s returning 1", own)
    page.reload()
    page.wait_for_selector("input[name=login]")
    page.fill("input[name=login]", WHO)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/registry/?q=x")
