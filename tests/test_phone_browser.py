"""The phone in a real browser, on the running product: flight mode, two phones, a dead server, a full disk, the way out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from io import BytesIO
from secrets import randbelow, token_hex
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Error as BrowserError

from .browser import ROOT
from .conftest import _free_port
from .phone import phone

pytestmark = pytest.mark.browser
DAY = 86_400  # seconds
OWN = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "SHUANGLIAN_DATA_KEY", "HTTPS"}  # settings of the tests, not of a server
LOCK = "update phone_device set locked_at = now(), locked_why = '丢失' where id = %s::uuid returning 1"
# everything the browser keeps for the app, as text
DUMP = """async () => {
  const show = (key, value) => value instanceof CryptoKey ? "key, extractable: " + value.extractable
    : value instanceof ArrayBuffer ? "box of " + value.byteLength
    : value instanceof Uint8Array ? "bytes " + value.length : value;
  const said = {};
  for (const table of phone.store.db.tables) said[table.name] = JSON.stringify(await table.toArray(), show);
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) said[request.url] = name;
  return said;
}"""


@pytest.fixture(autouse=True)
def chinese(product):
    """Whatever another test let these people choose."""
    product.query("update accounts_user set language = '' where username in ('cadre', 'village') returning 1")


@pytest.fixture
def words():
    """A text found nowhere else."""
    return f"讲了新农合报销 {token_hex(4)}"


@pytest.fixture
def held(product, browser):
    with phone(browser, product.url) as one:
        one.log_in("cadre")
        yield one


def picture(edge: tuple[int, int], *, turned: bool = False) -> dict:
    """A noisy photo as a camera writes it: with its model, and held sideways."""
    exif = Image.Exif()
    exif[0x0110] = "SecretCam 9"
    if turned:
        exif[0x0112] = 6
    body = BytesIO()
    Image.effect_noise(edge, 80).convert("RGB").save(body, "JPEG", exif=exif, quality=90)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}


def visits(product, done: str) -> list[tuple]:
    return product.query("select entered, tasks, met, lon, channel from fieldwork_visit where done = %s", done)


def test_FIELD_1_a_visit_takes_five_taps_in_flight_mode_outlives_closing_and_is_kept_once(product, held, words):
    held.flight_mode(True)
    held.open()
    held.page.wait_for_selector("a.go")
    held.page.evaluate("window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1; })")
    held.visit(words)
    assert held.page.evaluate("window.taps") == 5
    held.open("#/outbox")
    held.page.wait_for_selector("li[data-op]")
    assert held.state("outbox.map(op => [op.kind, op.state])") == [["visit.record", "waiting"]]
    assert visits(product, words) == []
    held.flight_mode(False)
    held.sent()
    held.expect("全部发出了")
    ((entered, tasks, met, lon, channel),) = visits(product, words)
    assert (entered, len(tasks), len(met), channel) == (True, 1, 1, "phone")
    assert float(lon) == pytest.approx(105.2417, abs=1e-4)


def test_the_list_is_whole_while_the_rest_is_on_its_way_and_a_cut_costs_one_answer(product, browser):
    """On a slow line: the first answer shows every household, a visit may begin, the next answers bring the rest."""
    asked, cut = [], {"on": True}

    def line(route, request):
        asked.append(parse_qs(urlsplit(request.url).query))
        if cut["on"] and len(asked) > 1:
            return route.abort()
        return route.continue_(url=re.sub(r"most=\d+", "most=1", request.url))

    with phone(browser, product.url) as one:
        one.context.route("**/phone/api/state/**", line)
        one.log_in("cadre")
        one.until("phone.sync.trouble() === 'offline'")
        homes, listed = one.homes(), one.page.locator("#homes a.row").count()
        assert len(homes) == listed > 2 and one.page.locator("#coming").is_visible()
        brief = one.page.evaluate(
            "Array.from(phone.state.households.values()).filter(home => home.brief).map(home => home.id)"
        )
        assert len(brief) == len(homes) - 1
        one.go(f"#/h/{brief[0]}")
        one.page.wait_for_selector("#brief")
        assert (
            one.page.get_by_role("link", name="走访").is_visible()
            and not one.page.get_by_role("link", name="改信息").count()
        )
        one.open()  # what came is kept
        one.page.wait_for_selector("#coming")
        one.until("!phone.sync.busy()")
        cut["on"] = False
        before = len(asked)
        one.page.evaluate("phone.sync.run()")
        one.until("Array.from(phone.state.households.values()).every(home => !home.brief)")
        one.at_rest()
        assert all("cursor" in query for query in asked[1:]) and len(asked) - before == len(brief)
        one.go(f"#/h/{brief[0]}")
        one.page.get_by_role("link", name="改信息").wait_for()
        assert one.page.locator("#coming, #brief").count() == 0


def test_a_half_written_visit_is_there_after_the_battery_died(product, held):
    held.flight_mode(True)
    held.visit("写到一半", save=False)
    held.until("phone.state.drafts.size === 1")
    held.open()
    held.expect("有没写完的走访")
    held.page.locator("li:has-text('有没写完的走访') a.go").tap()
    assert held.page.get_by_label("做了什么").input_value() == "写到一半"
    assert held.page.locator(".chip input:checked").count() == 3
    held.page.get_by_role("button", name="不记这次走访").tap()
    held.page.get_by_role("button", name="再按一次").tap()
    held.expect("没有记这次走访")
    assert held.state("drafts.size") == 0


def test_a_photo_is_small_upright_without_hidden_data_and_goes_on_after_a_cut(product, held, words):
    posts = []
    cut = {"left": 2}

    def line(route, request):
        if request.method == "POST":
            posts.append(int(request.headers["x-offset"]))
            if cut["left"] == 0:
                return route.abort()
            cut["left"] -= 1
        return route.continue_()

    held.page.route("**/phone/api/photos/**", line)
    held.visit(words, save=False)
    held.page.set_input_files("#photos", picture((3000, 2000), turned=True))
    held.page.wait_for_selector(".strip canvas")
    held.page.tap("#save")
    held.until("phone.sync.trouble() === 'offline' && !phone.sync.busy()")
    assert len(visits(product, words)) == 1, "words go before photos"
    assert held.state("outbox.map(op => [op.kind, op.state])") == [["visit.photo", "bytes"]]
    done = len(posts)
    cut["left"] = 1000
    held.page.evaluate("phone.sync.run()")
    held.sent()
    assert posts[done] == 2 * 65536, "what had arrived is not sent again"
    key = product.query("select key from fieldwork_visit where done = %s", words)[0][0]
    kept = product.query(
        "select count(*) from fieldwork_photo p join fieldwork_visit v on v.id = p.visit_id where v.key = %s", key
    )
    assert kept == [(1,)]


def test_the_shrunk_photo_carries_nothing_of_the_camera(product, held):
    held.visit("照片不带别的", save=False)
    held.page.set_input_files("#photos", picture((3000, 2000), turned=True))
    held.page.wait_for_selector(".strip canvas")
    numbers = held.page.evaluate("""async () => {
      const [row] = await phone.store.db.photos.toArray();
      return Array.from(new Uint8Array(await phone.store.bytesOf(row)));
    }""")
    sent = Image.open(BytesIO(bytes(numbers)))
    assert sent.size == (853, 1280), "drawn upright, the longer edge 1280"
    assert dict(sent.getexif()) == {}
    assert b"SecretCam" not in bytes(numbers)


def test_two_phones_change_one_field_and_the_person_chooses(product, browser, held):
    home = held.homes()[0]
    mine, theirs = (f"1391{randbelow(10**7):07d}" for _one in range(2))
    with phone(browser, product.url) as second:
        second.log_in("cadre")
        held.flight_mode(True)
        change(held, home, mine)
        change(second, home, theirs)
        second.sent()
    held.flight_mode(False)
    held.sent()
    held.go("#/outbox")
    held.expect("两个人改了同一处")
    assert number_of(product, home, held) == theirs, "the register keeps what it has until somebody chooses"
    card = held.page.locator("[data-conflict]")
    assert mine in card.inner_text() and theirs in card.inner_text()
    card.get_by_text(mine).tap()
    card.get_by_role("button", name="就用选的这个").tap()
    held.sent()
    held.at_rest()
    assert number_of(product, home, held) == mine
    held.until("phone.state.conflicts.length === 0")


def change(held, home: int, number: str) -> None:
    held.go(f"#/h/{home}/edit")
    held.page.locator("input[type=tel]").fill(number)
    held.page.tap("#save")
    held.expect("改动已保存")


def number_of(product, home: int, held) -> str:
    """What the register holds, as a fresh look from this phone says."""
    held.page.evaluate("phone.sync.run()")
    held.at_rest()
    return held.page.evaluate("home => phone.state.households.get(home).phone", home)


# --- a dead server ----------------------------------------------------------------------------------------------------
@contextmanager
def server(product, port: int):
    """The product once more on the same data, to be killed."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    environment |= {"SHUANGLIAN_VAR": str(product.var), "DATABASE_URL": product.database, "SHUANGLIAN_DEMO": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", "from shuanglian.cli import main; main()", "serve", "--port", str(port)],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)


def kill(process) -> None:
    """At once, the web server's own processes first: left to themselves they would end what they are at."""
    try:
        head = psutil.Process(process.pid)
        for one in [*head.children(recursive=True), head]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    except psutil.NoSuchProcess:
        return
    process.wait()


def awake(held) -> None:
    for _attempt in range(240):
        try:
            if held.context.request.get(f"{held.base}/healthz").ok:
                return
        except BrowserError:  # nobody listens yet
            time.sleep(0.5)
    pytest.fail("the second server did not start")


MANY_ASKS = """async ([word, count]) => {
  const [home] = phone.state.households.keys();
  const body = { household: home, village: null, visit: null, category: "other", urgent: false };
  const ops = Array.from({ length: count }, (_none, n) => ({ kind: "ask.raise", body: { ...body, text: word + "-" + n } }));
  await phone.store.put(ops);
}"""
ARRIVED = "select count(*), count(distinct text) from fieldwork_ask where split_part(text, '-', 1) = %s"


SLEEPING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"


@contextmanager
def slowly(link):
    """Every request takes the database a twentieth of a second: a fast machine is through before it can be killed."""
    link.execute("""
        create function asks_slowly() returns trigger language plpgsql as
            $$ begin perform pg_sleep(0.05); return new; end $$;
        create trigger asks_slowly before insert on fieldwork_ask for each row execute function asks_slowly()
    """)
    try:
        yield
    finally:
        link.execute("drop trigger asks_slowly on fieldwork_ask; drop function asks_slowly()")


def test_a_server_killed_in_the_middle_of_a_sync_loses_and_doubles_nothing(product, browser):
    port, count = _free_port(), 100
    word = f"断电{port}"
    with phone(browser, f"http://127.0.0.1:{port}") as held:
        with server(product, port) as first:
            awake(held)
            held.log_in("cadre")
            held.flight_mode(True)
            held.page.evaluate(
                MANY_ASKS,
                [word, count],
            )
            held.flight_mode(False)
            with psycopg.connect(product.database, autocommit=True) as link, slowly(link):
                held.page.evaluate("void phone.sync.run()")
                while not link.execute(SLEEPING).fetchone()[0]:
                    pass
                kill(first)
        held.until("!phone.sync.busy()")
        assert held.state("outbox.length") == count, "nothing leaves the outbox before the server has said so"
        with server(product, port):
            awake(held)
            held.page.evaluate("phone.sync.run()")
            held.sent()
        assert product.query(ARRIVED, word) == [(count, count)]


# --- the phone itself -------------------------------------------------------------------------------------------------
def test_a_full_disk_keeps_the_words_and_refuses_the_photo_visibly(product, browser):
    with phone(browser, product.url) as held:
        tools = held.context.new_cdp_session(held.page)
        tools.send("Storage.overrideQuotaForOrigin", {"origin": product.url, "quotaSize": 5_000_000})
        held.log_in("cadre")
        held.flight_mode(True)
        held.visit("满盘也要留下文字", save=False)
        shots = 0
        while not held.page.inner_text("#alert"):
            held.page.set_input_files("#photos", picture((1600, 1200)))
            held.until(
                f"document.querySelectorAll('.strip canvas').length > {shots} || document.getElementById('alert').textContent"
            )
            shots += 1
        assert "这张照片没有保存" in held.page.inner_text("#alert")
        held.page.tap("#save")
        held.page.wait_for_selector("#status:has-text('走访已保存')")
        kinds = held.state("outbox.map(op => op.kind)")
        assert kinds == ["visit.record"] + ["visit.photo"] * (shots - 1)
        assert held.state("outbox[0].body.done") == "满盘也要留下文字"


def test_nothing_about_people_lies_on_the_phone_in_the_clear(product, held):
    held.flight_mode(True)
    held.visit("只有密文")
    names = [home["head"] for home in held.page.evaluate("Array.from(phone.state.households.values())")]
    said = held.page.evaluate(DUMP)
    assert '"key, extractable: false"' in said["facts"]
    assert [(where, name) for where, text in said.items() for name in [*names, "只有密文"] if name in text] == []
    kept = [where for where in said if where.startswith("http")]
    assert kept and all(re.search(r"/phone/(a/\w{16}/[\w.-]+|manifest\.webmanifest)?$", where) for where in kept)


def test_the_log_out_kills_the_key_and_only_the_same_person_opens_what_was_not_sent(product, held, words):
    held.flight_mode(True)
    held.visit(words)
    held.go("#/me")
    held.page.tap("#leave")
    held.expect("已退出")
    said = held.page.evaluate(DUMP)
    assert "extractable" not in said["facts"]
    assert said["sealed"] == "[]"
    assert said["outbox"].count('"visit.record"') == 1
    held.flight_mode(False)
    held.context.clear_cookies()
    held.log_in("village")
    assert held.state("outbox.length") == 0
    assert held.state("others") == 1
    held.go("#/outbox")
    held.expect("另有1条是别人在这部手机上留下的")
    assert visits(product, words) == []
    held.go("#/me")
    held.page.tap("#leave")
    held.expect("已退出")
    held.context.clear_cookies()
    held.log_in("cadre")
    held.sent()
    assert len(visits(product, words)) == 1


def test_a_lost_phone_is_wiped_at_its_next_contact(product, held):
    device = held.page.evaluate("phone.store.fact('device')")
    assert product.query(LOCK, device) == [(1,)]
    held.page.evaluate("phone.sync.run()")
    held.expect("已被双联办锁定，手机里的数据已清除")
    said = held.page.evaluate(DUMP)
    assert "extractable" not in said["facts"] and said["sealed"] == "[]"


def test_a_lost_phone_is_wiped_also_when_its_log_in_has_ended(product, held):
    held.context.clear_cookies()
    assert product.query(LOCK, held.page.evaluate("phone.store.fact('device')")) == [(1,)]
    held.page.evaluate("phone.sync.run()")
    held.expect("已被双联办锁定，手机里的数据已清除")
    assert held.page.evaluate(DUMP)["sealed"] == "[]"


def test_an_ended_log_in_keeps_what_waits_and_sends_it_after_the_next(product, held, words):
    held.flight_mode(True)
    held.visit(words)
    held.context.clear_cookies()
    held.flight_mode(False)
    held.until("phone.sync.trouble() === 'login' && !phone.sync.busy()")
    assert held.state("outbox.length") == 1
    held.page.get_by_role("link", name="登录过期了").tap()
    held.enter("cadre")
    held.sent()
    assert len(visits(product, words)) == 1


def test_without_contact_for_the_days_of_the_profile_the_phone_wipes_itself(product, held):
    days = held.page.evaluate("phone.store.fact('days')")
    held.flight_mode(True)
    now = held.page.evaluate("Date.now() / 1000")
    held.page.clock.set_fixed_time(now + (days - 1) * DAY)
    held.page.reload()
    held.page.wait_for_selector("a.go")
    held.page.clock.set_fixed_time(now + (days + 1) * DAY)
    held.page.reload()
    held.expect("太久没有联系")
    held.page.clock.set_fixed_time(now)  # setting the clock back brings nothing back
    held.page.reload()
    held.page.get_by_role("link", name="登录", exact=True).wait_for()
    assert held.page.evaluate(DUMP)["sealed"] == "[]"


# --- everybody can use it ---------------------------------------------------------------------------------------------
SCREENS = ["#/", "#/h/{home}", "#/h/{home}/visit", "#/h/{home}/ask", "#/h/{home}/edit", "#/village", "#/service",
           "#/inspection/study", "#/duties", "#/outbox", "#/me"]  # fmt: skip
SMALL = """() => Array.from(document.querySelectorAll("a, button, summary, select, textarea, input:not([type=checkbox]):not([type=radio]):not([type=file]), .chip label, .picker label"))
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 47.5)
  .map((one) => one.outerHTML.slice(0, 80))"""


UNTRANSLATED = """async () => {
  const { en } = await (await fetch(document.body.dataset.words)).json();
  const said = Array.from(document.querySelectorAll("label, legend, button, summary, h1, h2, dt"), (one) => one.textContent.trim());
  return said.filter((text) => text in en);
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_is_sound_for_eyes_ears_and_thumbs(product, held, language):
    wrong = []
    held.page.on("pageerror", lambda error: wrong.append(str(error)))
    held.page.evaluate("code => phone.speak(code)", language)
    home = held.homes()[0]
    for screen in SCREENS:
        held.go(screen.format(home=home))
        held.until("document.activeElement.tagName === 'H1'")
        held.page.wait_for_timeout(150)
        found = Axe().run(held.page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}}).response
        assert [(one["id"], [node["html"][:100] for node in one["nodes"][:3]]) for one in found["violations"]] == [], (
            screen
        )
        assert held.page.evaluate("document.documentElement.scrollWidth") <= 360, screen
        assert held.page.evaluate(SMALL) == [], screen
        if language == "en":
            assert held.page.evaluate(UNTRANSLATED) == [], screen
    assert wrong == []


def test_a_visit_can_be_logged_by_keyboard_alone(product, held, words):
    def reach(selector):
        for _step in range(60):
            if held.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            held.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {selector}")

    held.page.keyboard.press("Tab")
    reach("a.go")
    held.page.keyboard.press("Enter")
    held.page.wait_for_selector("#save")
    for legend in ("见到了谁", "在哪里", "六大任务"):
        reach(f"fieldset:has(legend) input:is({inputs_below(held, legend)})")
        held.page.keyboard.press("Space")
    reach("textarea")
    held.page.keyboard.type(words)
    reach("#save")
    held.page.keyboard.press("Enter")
    held.page.wait_for_selector("#status:has-text('走访已保存')")
    held.sent()
    ((entered, tasks, met, _lon, _channel),) = visits(product, words)
    assert (entered, len(tasks), len(met)) == (True, 1, 1)


def inputs_below(held, legend: str) -> str:
    ids = held.page.locator(f"fieldset:has-text('{legend}') input").evaluate_all("all => all.map(one => '#' + one.id)")
    return ", ".join(ids)
