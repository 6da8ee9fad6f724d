"""The main job as the county office does it, in a real browser on the running product: from rosters to the ledger."""

import re

import pytest

from shuanglian.demo.load import PASSWORD

from .browser import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def office(product, browser):
    """A browser in which the office is logged in; Chinese, whatever another test chose."""
    product.query("update accounts_user set language = 'zh-hans' where username in ('office', 'office2') returning 1")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    log_in(page, product.url, "office", PASSWORD)
    page.set_default_timeout(120_000)
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


def upload(page, product, name):
    page.goto(f"{product.url}/imports/upload/")
    page.set_input_files("input[type=file] >> nth=0", str(product.var / "demo" / name))
    page.click("form[enctype] button.btn-primary")
    page.wait_for_selector(
        ".figure-card, .alert-danger", timeout=60_000
    )  # the page reloads itself when the work is done


def agree(page):
    """Press the confirming button of the dialog that asks once more."""
    page.click("dialog[open] button.btn-primary, dialog[open] button.btn-danger")


def counts(product):
    return product.query("select (select count(*) from registry_household), (select count(*) from registry_person)")[0]


def figure(page, name):
    card = page.locator(".figure-card", has_text=name).first
    return int(re.sub(r"\D", "", card.locator(".figure-value").inner_text()))


def test_a_roster_with_mistakes_names_them_and_lets_nothing_in(product, office):
    before = counts(product)
    upload(office, product, "with_mistakes.xlsx")
    assert figure(office, "错误") >= 6
    text = office.inner_text("main")
    for word in ("贫困户", "东山村民委员会", "运气不好"):
        assert word in text
    assert counts(product) == before


def test_a_clean_roster_comes_in_changes_nothing_the_second_time_and_is_undone_as_a_whole(product, office):
    before = counts(product)
    upload(office, product, "new_households.xlsx")
    assert figure(office, "错误") == 0
    new = figure(office, "家庭成员")
    office.click("form[action$='/accept/'] button")
    _maybe_agree(office)
    office.wait_for_selector("form[action$='/undo/']", timeout=60_000)
    first = office.url
    assert counts(product)[1] == before[1] + new
    upload(office, product, "new_households.xlsx")
    assert "接收过" in office.inner_text("main")
    office.click("form[action$='/accept/'] button")
    _maybe_agree(office)
    office.wait_for_selector("form[action$='/undo/']", timeout=60_000)
    assert counts(product)[1] == before[1] + new
    office.goto(first)
    office.click("form[action$='/undo/'] button")
    _maybe_agree(office)
    _until(office, lambda: counts(product) == before)


def _maybe_agree(page):
    if page.locator("dialog[open]").count():
        agree(page)


def test_a_pair_is_forbidden_solved_again_confirmed_by_another_and_printed(product, office, browser):
    """PAIR-1, four eyes: who made the round cannot confirm it; the second person can."""
    pair, household, cadre = product.query(
        "select p.id, p.household_id, p.cadre_id from pairing_proposedpair p join pairing_round r on r.id = p.round_id "
        "where r.state = 'proposed' and p.cadre_id is not null and p.change = 'kept' order by p.id limit 1"
    )[0]
    round_ = product.query("select id from pairing_round where state = 'proposed'")[0][0]
    office.goto(f"{product.url}/pairing/pairs/{pair}/")
    assert "若不许这一对" in office.inner_text("main")
    office.fill("#why", "群众反映合不来")
    office.click("button[value=forbid]")
    office.wait_for_load_state("networkidle")
    office.goto(f"{product.url}/pairing/rounds/{round_}/")
    office.click("form[action$='/solve/'] button")
    _maybe_agree(office)
    _until(
        office,
        lambda: product.query("select version, state from pairing_round where id = %s", round_)[0] == (2, "proposed"),
    )
    assert (
        product.query(
            "select cadre_id from pairing_proposedpair where round_id = %s and household_id = %s", round_, household
        )[0][0]
        != cadre
    )
    office.goto(f"{product.url}/pairing/rounds/{round_}/confirm/")
    assert "须由另一人确认" in office.inner_text("main")

    second = browser.new_context().new_page()
    log_in(second, product.url, "office2", PASSWORD)
    second.goto(f"{product.url}/pairing/rounds/{round_}/confirm/")
    for box in second.locator("main form input[type=checkbox]").all():
        box.check()
    second.click("main form button.btn-primary")
    _maybe_agree(second)
    _until(second, lambda: product.query("select state from pairing_round where id = %s", round_)[0] == ("confirmed",))
    second.context.close()
    twice = product.query("select household_id from pairing_pairing where until is null group by 1 having count(*) > 1")
    alone = product.query(
        "select household_id from pairing_proposedpair r where round_id = %s and change <> 'ended' and not exists "
        "(select 1 from pairing_pairing p where p.household_id = r.household_id and p.until is null)",
        round_,
    )  # those of the round: a household that is recognised after its day waits for the next
    assert (twice, alone) == ([], [])

    office.goto(f"{product.url}/registry/ledger/?area=621121000000")
    office.click("details.print-order summary")
    office.click("details.print-order button.btn-primary")
    office.wait_for_selector("a[href*='/file/']", timeout=60_000)
    with office.expect_download() as download:
        office.click("a[href*='/file/']")
    assert download.value.suggested_filename.endswith((".xlsx", ".pdf"))
    assert download.value.path().stat().st_size > 5_000


def _until(page, holds, tries=120):
    for _ in range(tries):
        if holds():
            return
        page.wait_for_timeout(500)
    raise AssertionError("it did not happen")
