"""A real browser on the running product: start, log in, look."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent


def chromium() -> str:
    found = (
        os.environ.get("CHROMIUM")
        or subprocess.run(
            ["sh", "scripts/browser.sh", "--print"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()
    )
    if not found:
        raise RuntimeError("no browser: run `make test`, or set CHROMIUM")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop of its own in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        try:
            yield browser  # pages get two minutes: the first "why this one" may compile while the machine is busy
        finally:
            browser.close()


def log_in(page: Page, base: str, name: str, password: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
