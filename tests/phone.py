"""A phone in a person's hand, for tests: a browser of its own with a place, a log-in, and the taps that people make."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from shuanglian.demo.load import PASSWORD

SIZE = {"width": 360, "height": 640}
HERE = {"longitude": 105.2417, "latitude": 35.2103, "accuracy": 12}
PATIENCE = 60_000  # milliseconds: the machine of the tests may be busy


@dataclass
class Phone:
    """One browser profile: its own store, worker and log-in."""

    context: BrowserContext
    base: str
    page: Page

    def open(self, hash_: str = "") -> None:
        """The app in a new page, as if started from the home screen."""
        self.page.close()
        self.page = _page(self.context)
        self.page.goto(f"{self.base}/phone/{hash_}")

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        """From the app's first page through the log-in back to the households."""
        self.page.goto(f"{self.base}/phone/")
        self.page.get_by_role("link", name="登录", exact=True).tap()
        self.enter(name, password)

    def enter(self, name: str, password: str = PASSWORD) -> None:
        """The log-in page, to where the app is at rest."""
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: url.split("?")[0].endswith("/phone/"))
        self.page.wait_for_selector("#tabs:not([hidden]) a")
        self.at_rest()
        self.until("navigator.serviceWorker.controller !== null")

    def at_rest(self) -> None:
        """Until no round of sending and fetching runs."""
        self.until("self.phone && phone.store.fact('cursor') && !phone.sync.busy()")

    def until(self, expression: str) -> None:
        """Until it is true; asked from outside, since the app's policy lets no text be read as a script inside."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(f"Boolean({expression})"):
            if time.monotonic() > end:
                told = self.page.evaluate(
                    "[location.href, phone.sync.trouble(), document.body.innerText.slice(0, 500)]"
                )
                raise AssertionError(f"never came true: {expression}; {told}")
            self.page.wait_for_timeout(50)

    def flight_mode(self, on: bool) -> None:
        self.context.set_offline(on)

    def go(self, hash_: str) -> None:
        self.page.evaluate("hash => { location.hash = hash; }", hash_)

    def state(self, expression: str) -> Any:
        """Something of what the app holds, e.g. `outbox.length`."""
        return self.page.evaluate(f"phone.state.{expression}")

    def homes(self) -> list[int]:
        return self.page.evaluate("Array.from(phone.state.households.keys())")

    def visit(self, done: str, home: int | None = None, *, save: bool = True) -> None:
        """The five taps: 走访, whom, in the home, the task, 保存; and the free text."""
        if home is None:
            self.page.locator("a.go").first.tap()
        else:
            self.page.locator(f'a.go[href="#/h/{home}/visit"]').tap()
        self.page.wait_for_selector("#save")
        self.page.locator("fieldset:has-text('见到了谁') .chip label").first.tap()
        self.page.get_by_text("进了家门").tap()
        self.page.locator("fieldset:has-text('六大任务') .chip label").first.tap()
        self.page.get_by_label("做了什么").fill(done)
        if save:
            self.page.tap("#save")
            self.page.wait_for_selector("#status:has-text('走访已保存')")

    def sent(self) -> None:
        """Until the outbox is empty."""
        self.until("phone.state.outbox.length === 0 && !phone.sync.busy()")

    def expect(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def _page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


@contextmanager
def phone(browser: Browser, base: str, **more: Any) -> Iterator[Phone]:
    """A new phone; it is thrown away at the end."""
    context = browser.new_context(
        viewport=SIZE, is_mobile=True, has_touch=True, geolocation=HERE, permissions=["geolocation"],
        timezone_id="Asia/Shanghai", **more,
    )  # fmt: skip
    try:
        yield Phone(context, base, _page(context))
    finally:
        context.close()
