"""The whole way of a household onto the register, by hand in a real browser (REG-4): village, township, county, board.

Notices run full days and no test may wait eight of them: between the steps the days of a notice are taken back in the
table, with everything else as people would find it a week later.
"""

import io
import random
import re

import psycopg
import pytest
from PIL import Image, ImageDraw

from shuanglian.demo.load import PASSWORD

from .browser import log_in

pytestmark = pytest.mark.browser

NAMES = ("东方大有", "东方二田", "东方三宝", "东方四喜")


def photo(seed):
    luck, image, made = random.Random(seed), Image.new("RGB", (400, 300), "white"), io.BytesIO()
    for _ in range(20):
        x, y = luck.randrange(400), luck.randrange(300)
        ImageDraw.Draw(image).rectangle((x, y, x + 60, y + 60), fill=(luck.randrange(256), luck.randrange(256), 90))
    image.save(made, "JPEG")
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


@pytest.fixture
def person(product, browser):
    """A browser of one's own for each role, logged in when first needed; nobody: without a log-in, a phone."""
    product.query("update accounts_user set language = 'zh-hans' returning 1")
    open_pages = {}

    def page_of(name, path=""):
        if name not in open_pages:
            width = 1280 if name else 360
            page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
            page.set_default_timeout(60_000)
            if name:
                log_in(page, product.url, name, PASSWORD)
            open_pages[name] = page
        if path:
            open_pages[name].goto(product.url + path)
        return open_pages[name]

    yield page_of
    for page in open_pages.values():
        page.context.close()


def press(page, words):
    """Press a button and read what the page says then."""
    page.click(f"button:has-text('{words}') >> nth=0")
    page.wait_for_load_state()
    return page.inner_text("main")


def a_week_goes_by(product):
    """The notices were put up nine days ago, objections and answers too."""
    with psycopg.connect(product.database) as link:
        link.execute("set local session_replication_role = replica")
        link.execute("""update notices_notice set opens_on = opens_on - 9, closes_on = closes_on - 9,
            at = at - interval '9 days' where withdrawn_at is null and closes_on >= current_date""")
        link.execute("""update notices_objection set at = at - interval '9 days',
            answered_at = answered_at - interval '9 days' where answered_at is not null""")


def choose(page, name, outcome, why):
    row = page.locator("tr", has_text=name)
    row.locator("select").select_option(outcome)
    row.locator("input[name^=why_]").fill(why)


def test_REG_4_from_the_application_in_the_village_to_the_announcement_on_the_board(product, person):
    village = person("village", "/procedures/")
    for name in NAMES:
        village.goto(product.url + "/procedures/")
        village.click("a:has-text('贫困户识别纳入').btn-primary")
        village.fill("[name=name]", name)
        village.fill("[name=size]", "2")
        village.select_option("[name=main_cause]", index=1)
        village.fill("[name=why]", "遭灾，收入没有过线")
        village.press("[name=why]", "Enter")
        village.wait_for_url("**/procedures/cases/**")
    at = _list_of(village, product)
    village.click("summary:has-text('上传这一步的材料')")
    village.set_input_files("[name=paper-upload]", files=[photo(1)])
    assert "材料已保存" in press(village, "上传")
    press(village, "所勾选的户进入下一步")
    _meet(village, product, at)
    _posted_and_objected(village, person, product, at)
    _verified(person, product, at)
    _approved(person, product, at)


def _list_of(village, product):
    village.goto(product.url + "/procedures/lists/new/")
    village.select_option("[name=procedure]", "entry")
    village.fill("[name=name]", "东方家这批")
    village.press("[name=name]", "Enter")
    village.wait_for_url(re.compile(r"/lists/\d+/$"))
    return village.url.removeprefix(product.url)


def _meet(village, product, at):
    village.click("a:has-text('登记一次评议会')")
    for name, told in (("chair", "马书记"), ("representatives", "36"), ("present", "20")):
        village.fill(f"[name={name}]", told)
    for box in village.locator("[name^=for_]").all():
        box.fill("19")
    village.locator("tr", has_text=NAMES[3]).locator("[name^=for_]").fill("3")
    _papers(village)
    assert "不足" in press(village, "登记评议结果")
    village.fill("[name=present]", "24")
    _papers(village)
    assert "1 户未通过" in press(village, "登记评议结果")
    village.click("summary:has-text('打印各步的表')")
    form = press(village, "村民代表大会民主评议")
    assert all(name in form for name in NAMES) and "3/0/0" in form
    pdf = village.request.get(village.url + "pdf/")
    assert pdf.ok and pdf.body().startswith(b"%PDF")
    village.set_input_files("[name=scan]", files=[photo(4)])
    assert "签字件已收回" in press(village, "上传签字件")
    village.goto(product.url + at)


def _papers(page):
    page.set_input_files("[name=paper_minutes]", files=[photo(2)])
    page.set_input_files("[name=paper_photo]", files=[photo(3)])


def _posted_and_objected(village, person, product, at):
    press(village, "张榜公示")
    assert "公示要满 7 个整天" in press(village, "公示期满")
    code = product.query("select code from notices_notice order by id desc limit 1")[0][0]
    phone = person("", f"/n/{code}/")
    public = phone.inner_text("main")
    assert (
        NAMES[0] in public and NAMES[3] not in public and phone.evaluate("document.documentElement.scrollWidth") <= 360
    )
    phone.click("a[href*='row=2']")
    phone.fill("[name=text]", "他家有三层楼")
    phone.set_input_files("[name=photos]", files=[photo(5)])
    phone.click("form[enctype] button")
    number = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", phone.inner_text("main")).group()
    said = product.query("select id from notices_objection order by id desc limit 1")[0][0]
    path = f"/notices/objections/{said}/"
    assert (
        "他家有三层楼" in person("village", path).inner_text("main")
        and not village.locator("main form[action$='answer/']").count()
    )
    township = person("township", path)
    township.select_option("[name=outcome]", "unfounded")
    township.fill("[name=text]", "入户看过，是邻居的房子")
    township.click("form[action$='answer/'] button")
    township.wait_for_load_state()
    phone.goto(product.url + "/n/o/")
    phone.fill("[name=number]", number.lower())
    phone.press("[name=number]", "Enter")
    phone.wait_for_load_state()
    assert "入户看过，是邻居的房子" in phone.inner_text("main")
    a_week_goes_by(product)
    village.goto(product.url + at)
    press(village, "公示期满")
    assert phone.goto(f"{product.url}/n/{code}/").status == 404, "a notice whose time is over is gone from the web"


def _verified(person, product, at):
    township = person("township", at)
    waiting = township.locator("tr:has(select)").all()  # the three, and whoever of the demo waits in the same village
    assert len(waiting) >= 3
    for row in waiting:
        row.locator("select").select_option("pass")
        row.locator("input[name^=why_]").fill("入户看过，属实")
    assert f"已办 {len(waiting)} 户" in press(township, "登记结论")
    _rechecked(person("township2", at))
    township.goto(product.url + at)
    press(township, "张榜公示")
    a_week_goes_by(product)
    township.goto(product.url + at)
    press(township, "公示期满")
    _rechecked(person("office", at))


def _rechecked(page):
    press(page, "抽取复核户")
    for one in page.locator("select[name^=outcome_]").all():
        one.select_option("check_confirmed")
    press(page, "登记复核结论")
    press(page, "抽查完成")


def _approved(person, product, at):
    county = person("office2", at)
    choose(county, NAMES[0], "hold", "")
    choose(county, NAMES[1], "", "不影响")
    assert "请写明理由" in press(county, "批准本批")
    assert county.locator("tr", has_text=NAMES[0]).locator("select").input_value() == "hold", (
        "nothing filled in is lost"
    )
    choose(county, NAMES[0], "hold", "收入再核")
    press(county, "批准本批")
    county.goto(product.url + at + "?step=announcement")
    press(county, "发布公告")
    numbers = product.query("select head_name from registry_household where head_name = any(%s)", list(NAMES))
    assert sorted(name for (name,) in numbers) == sorted(NAMES[1:3])
    area = product.query("select area_code from procedures_caselist order by id desc limit 1")[0][0]
    board = person("", f"/n/v/{area}/")
    board.click("a:has-text('公告') >> nth=0")
    board.wait_for_load_state()
    shown = board.inner_text("main")
    assert NAMES[1] in shown and NAMES[2] in shown and NAMES[0] not in shown
