"""Every page in a real browser: both languages, desk and phone; no serious fault found by axe, nothing wider than the
screen, no error in the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from shuanglian.demo.load import PASSWORD
from shuanglian.rules.benefit_text import table_of, to_toml
from shuanglian.rules.profile import load

from .browser import log_in

pytestmark = pytest.mark.browser
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
COUNTY, VILLAGE = "621121000000", "621121100201"

# who looks, and where
PAGES = [
    ("office", "/"),
    ("office", "/areas/"),
    ("office", f"/areas/{COUNTY}/"),
    ("office", f"/areas/{VILLAGE}/"),
    ("office", "/registry/"),
    ("office", "{household}"),
    ("office", "/registry/quality/"),
    ("office", "/lookback/"),
    ("cadre", "/lookback/mine/"),
    ("office", "/plans/"),
    ("office", "/plans/list/?kind=missing"),
    ("office", "/plans/catalogue/"),
    ("cadre", "/plans/list/"),
    ("office", "/plans/villages/"),
    ("office", "{village_plan}"),
    ("office", "{village_compared}"),
    ("office", "/scrutiny/"),
    ("office", "{doubt}"),
    ("cadre", "/scrutiny/mine/"),
    ("office", "/duties/"),
    ("office", "/duties/units/"),
    ("cadre", "/duties/mine/"),
    ("cadre", "/notifications/"),
    ("office", "/fieldwork/"),
    ("office", f"/fieldwork/villages/{VILLAGE}/?month=2015-03"),
    ("office", "/fieldwork/posts/"),
    ("office", "/fieldwork/asks/"),
    ("office", "/grievances/hotline/"),
    ("village", "/grievances/paper/"),
    ("cadre", "/grievances/for/"),
    ("office", "/grievances/mail/"),
    ("office", "/complaints/"),
    ("office", "{letter}"),
    ("office", "/complaints/take/"),
    ("office", "/complaints/attempts/"),
    ("province", "/complaints/officers/"),
    ("office", "/s/"),
    ("office", f"/s/v/{VILLAGE}/"),
    ("office", "/s/f/"),
    ("office", "/s/n/"),
    ("cadre", "/fieldwork/mine/"),
    ("office", "/policywatch/"),
    ("office", "{policy_report}"),
    ("office", "{policy_report}alike/"),
    ("office", "/policywatch/proposals/"),
    ("office", "{proposal}"),
    ("cadre", "/policywatch/new/"),
    ("leader", "/policywatch/overview/"),
    ("office", "/p/"),
    ("village", "/disputes/"),
    ("village", "{dispute}"),
    ("village", "/disputes/new/"),
    ("office", "/disputes/screening/"),
    ("leader", "/disputes/figures/"),
    ("office", "/registry/quality/land_required/"),
    ("office", "/registry/quality/exceptions/"),
    ("office", "/registry/suspicions/"),
    ("office", "/registry/suspicions/?of=files"),
    ("office", "{household}story/"),
    ("office", "{household}as-of/"),
    ("office", "{household}split/"),
    ("office", "/registry/statistics/"),
    ("office", "/registry/statistics/?table=income&year=2015&safe=1"),
    ("office", "{household}account/2014/"),
    ("office", "{household}account/2015/write/"),
    ("office", f"/registry/ledger/?area={COUNTY}"),
    ("office", "/organisation/units/"),
    ("office", "{unit}"),
    ("office", "/organisation/cadres/"),
    ("office", "{cadre}"),
    ("office", "/imports/"),
    ("office", "/imports/upload/"),
    ("office", "{batch}"),
    ("office", "/pairing/"),
    ("office", "{round}"),
    ("office", "{pair}"),
    ("office", "/benefits/"),
    ("office", "/benefits/policies/senior_grant/?on=2015-10-01"),
    ("office", "/benefits/checks/"),
    ("office", "/benefits/dues/"),
    ("office", "/benefits/dues/?list=ask"),
    ("office", "/benefits/one-time-exit/"),
    ("office", "{family}"),
    ("office", "/benefits/payments/"),
    ("office", "/benefits/payments/review/"),
    ("office", "/benefits/payments/strong/"),
    ("office", "/benefits/payments/differences/"),
    ("office", "/benefits/payments/totals/"),
    ("office", "/benefits/scenarios/"),
    ("office", "/benefits/scenarios/new/"),
    ("office", "{scenario}"),
    ("office", "{scenario}changes/"),
    ("office", "/benefits/provisions/"),
    ("office", "/benefits/provisions/new/"),
    ("office", "{provision}"),
    ("office", "{provision}basics/"),
    ("office", "{provision}terms/0/"),
    ("office", "{provision}cases/"),
    ("office", "/exits/"),
    ("office", "/exits/households/?state=not_ready"),
    ("office", "/exits/plan/?year=2016"),
    ("office", "/exits/standards/?on=2015-12-31"),
    ("office", f"/exits/areas/{COUNTY}/?on=2015-12-31"),
    ("office", "{leaving}?on=2015-12-31"),
    ("office", "/registry/villages/"),
    ("office", "/adjustment/"),
    ("leader", "/benefits/scenarios/"),
    ("office", "/procedures/"),
    ("office", "/procedures/?which=open"),
    ("office", "/procedures/lists/"),
    ("office", "/procedures/lists/new/"),
    ("office", "/notices/"),
    ("office", "/notices/new/"),
    ("office", "/notices/objections/"),
    ("office", f"/n/v/{VILLAGE}/"),
    ("office", "/n/o/"),
    ("office", f"/d/v/{VILLAGE}/"),
    ("office", "/d/f/"),
    ("office", "{card}ask/"),
    ("office", "/jobs/"),
    ("office", "/trail/"),
    ("cadre", "/"),
    ("cadre", "/pairing/mine/"),
    ("unit", "/"),
    ("village", "/"),
    ("leader", f"/areas/{COUNTY}/"),
    ("admin", "/accounts/users/"),
    ("auditor", "/trail/"),
]


OFFICE = "select a.id, a.code from areas_area a where a.code = '621121000000' and a.until is null"
SCENARIO = f"""
    insert into benefits_scenario (title, area_id, area_code, "on", against, changes, state, result, note, at)
    select '二类提标', id, code, '2015-10-01', '2015-10-01',
        '{{"benefits": {{"dibao_class_2": {{"given": {{"standard": "3000"}}}}}}}}', 'draft', '{{}}', '', now()
    from ({OFFICE}) here returning id
"""
PROVISION = f"""
    insert into benefits_provision (code, area_id, area_code, text, state, replaces, why, at)
    select 'skill_certificate', id, code, %s, 'draft', true, '', now() from ({OFFICE}) here returning id
"""
LETTER = "select id from complaints_complaint where office_code = '621121000000' and identity <> '' order by at limit 1"
DRAFT = to_toml(table_of(load("tongwei_2015").benefits["skill_certificate"]))


@pytest.fixture(scope="session")
def rows(product):
    """Addresses of one row of each kind."""
    one = lambda sql: product.query(sql)[0][0]  # noqa: E731
    return {
        "household": f"/registry/{one('select min(household_id) from pairing_pairing where until is null')}/",
        "family": f"/benefits/households/{one('select min(household_id) from pairing_pairing where until is null')}/",
        "leaving": f"/exits/households/{one('select min(household_id) from pairing_pairing where until is null')}/",
        "scenario": f"/benefits/scenarios/{product.query(SCENARIO)[0][0]}/",
        "provision": f"/benefits/provisions/{product.query(PROVISION, DRAFT)[0][0]}/",
        "village_plan": f"/plans/village-plans/{one('select max(id) from plans_villageplan')}/",
        "village_compared": "/plans/village-plans/{}/compare/{}/".format(
            *product.query(
                "select new.id, old.id from plans_villageplan new join plans_villageplan old using (village_id, series)"
                " where new.latest and new.version > old.version"
            )[0]
        ),
        "letter": f"/complaints/letters/{one(LETTER)}/",
        "doubt": f"/scrutiny/doubts/{one('select min(id) from scrutiny_flag')}/",
        "policy_report": "/policywatch/reports/{}/".format(
            one("select min(id) from policywatch_report where state = 'checking'")
        ),
        "proposal": f"/policywatch/proposals/{one('select min(id) from policywatch_proposal')}/",
        "dispute": f"/disputes/mediated/{one('select min(id) from disputes_dispute')}/",
        "card": f"/k/{one('select code from benefits_card where closed_at is null order by id')}/",
        "unit": f"/organisation/units/{one('select min(unit_id) from pairing_villagelink where until is null')}/",
        "cadre": f"/organisation/cadres/{one('select min(cadre_id) from pairing_pairing where until is null')}/",
        "batch": f"/imports/{one('select min(id) from sheets_batch')}/",
        "round": f"/pairing/rounds/{one('select max(id) from pairing_round')}/",
        "pair": f"/pairing/pairs/{one('select max(id) from pairing_proposedpair where cadre_id is not null')}/",
    }


@pytest.fixture(scope="session")
def signed_in(product, browser):
    """Browser contexts by person, each logged in once."""
    made = {}

    def context(name):
        if name not in made:
            made[name] = browser.new_context(viewport=SIZES["desk"])
            page = made[name].new_page()
            log_in(page, product.url, name, PASSWORD)
            page.close()
        return made[name]

    yield context
    for one in made.values():
        one.close()


@pytest.mark.parametrize(("language", "sizes"), [("zh", ("desk", "phone")), ("en", ("phone",))], ids=["zh", "en"])
@pytest.mark.parametrize(("who", "where"), PAGES, ids=[f"{p[0]} {p[1]}" for p in PAGES])
def test_page_is_sound(product, rows, signed_in, who, where, language, sizes):
    """Loaded once a language: what the desk was shown is then put on the screen of a phone, and drawn anew."""
    product.query("update accounts_user set language = %s where username = %s returning 1", LANGUAGES[language], who)
    page = signed_in(who).new_page()
    wrong, asked = [], set()
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda one: asked.add(one))
    page.on("requestfinished", lambda one: asked.discard(one))
    page.on("requestfailed", lambda one: asked.discard(one))
    show_on(page, sizes[0])
    answer = page.goto(product.url + where.format(**rows), timeout=120_000)
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") in (
        {"zh-hans", "zh-Hans", "zh-CN"} if language == "zh" else {"en"}
    )
    for size in sizes:
        if size != sizes[0]:
            show_on(page, size)
        settled(page, asked)
        assert page.evaluate("[screen.width, navigator.maxTouchPoints > 0]") == [SIZES[size]["width"], size == "phone"]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), "wider than the screen"
        if language == "zh":  # the structure is the same in both languages
            found = [v for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
            assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == [], size
    assert wrong == []
    page.close()


def show_on(page, size):
    """A desk with a mouse, or a phone with a finger: the page that is open is drawn anew for it, not loaded anew."""
    phone, screen = size == "phone", page.context.new_cdp_session(page)
    whole = {"screenWidth": SIZES[size]["width"], "screenHeight": SIZES[size]["height"], "deviceScaleFactor": 1}
    screen.send("Emulation.setDeviceMetricsOverride", {**SIZES[size], **whole, "mobile": phone})
    screen.send("Emulation.setTouchEmulationEnabled", {"enabled": phone})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 800])
def test_the_menu_is_one_line_and_what_has_no_room_opens_by_keyboard(product, signed_in, language, width):
    """Every entry is there once; the reader's own place is never behind the last one."""
    product.query(
        "update accounts_user set language = %s where username = %s returning 1", LANGUAGES[language], "office"
    )
    page = signed_in("office").new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(product.url + "/trail/", timeout=120_000)
    line, more = page.locator("#main-menu > div > ul"), page.locator(".menu-more")
    one = page.locator("#main-menu [aria-current]").bounding_box()
    assert one["height"] <= line.bounding_box()["height"] < 2 * one["height"]
    assert line.evaluate("line => line.scrollWidth <= line.clientWidth")
    names = page.locator("#main-menu a").all_text_contents()
    assert len(names) == len(set(names)) and page.locator(".more-menu [aria-current]").count() == 0
    if width == 800 or language == "en":
        hidden = more.locator("a").first
        assert not hidden.is_visible()
        more.locator("summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert hidden.is_visible() and hidden.evaluate("link => link === document.activeElement")
        page.keyboard.press("Escape")
        assert not hidden.is_visible() and page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.set_viewport_size({"width": 360, "height": 800})
    page.locator(".menu-button").click()
    assert not more.is_visible() and all(link.is_visible() for link in page.locator("#main-menu a").all())
    page.close()


def settled(page, asked, tries=600):
    """Wait until what the page asks for by itself after loading is there, and drawn."""
    for _ in range(tries):
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn, 0)))")
        if not asked and not page.locator(".htmx-request, .htmx-swapping, .htmx-settling").count():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"still asking for {[one.url for one in asked]}")
