"""What templates get without loading anything."""

from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from shuanglian.core import menu, narrowing, panels, profile
from shuanglian.core.icons import PATHS, drawing
from shuanglian.core.paging import Page
from shuanglian.core.templatetags import ui


def render(text, **context):
    request = context.pop("request", RequestFactory().get("/list/?q=李&after=abc"))
    return engines["django"].from_string(text).render(context, request).strip()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), ("", "—"), (2800, "2,800"), (Decimal("2800.00"), "2,800"), ("1234.5", "1,234.50"), ("nan", "—")],
)
def test_money_is_shown_with_thousands_and_cents_only_where_there_are_some(value, shown):
    assert ui.yuan(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (1, "100%"), ("0.5", "50%"), ("0.9999", "99.9%"), ("0.00001", "0.1%"), (None, "—")]
)
def test_a_share_is_all_or_nothing_only_when_it_really_is(share, shown):
    assert ui.percent(share) == shown


def test_REG_2_a_code_is_shown_by_its_label_in_the_readers_language():
    with translation.override("en"):
        english = render('{% code_label "cause" value %}', value=next(iter(profile.active().causes)))
    with translation.override("zh-hans"):
        chinese = render('{% code_label "cause" value %}', value=next(iter(profile.active().causes)))
    assert english.isascii() and not chinese.isascii()


def test_codes_that_are_unknown_show_themselves_and_never_fail_a_page():
    assert (
        render('{% code_label "cause" "999" %}/{% code_label "no_list" "x" %}/{% code_label "cause" "" %}') == "999/x/—"
    )


def test_personal_numbers_are_masked():
    shown = render(
        "{{ id|masked_id }} {{ phone|masked_phone }} {{ none|masked_id }}",
        id="621199199001011234",
        phone="13812345678",
        none="",
    )
    assert shown == "6211**********1234 138****5678 —"


def test_the_query_string_is_kept_with_changes():
    assert render("{% query_with page=2 after=None %}") == "?q=%E6%9D%8E&amp;page=2"


def test_page_links_lead_to_first_previous_and_next():
    html = render("{% page_links page %}", page=Page([1], next="n", previous="p"))
    assert ">" in html and "after=n" in html and "after=p" in html and 'rel="next"' in html
    assert render("{% page_links page %}", page=Page([1], next=None, previous=None)) == ""


def test_a_badge_says_in_words_what_its_colour_says():
    assert render('{% badge "failed" "失败" %}') == '<span class="badge bg-red-lt">失败</span>'
    assert (
        render("{% badge kind words %}", kind="<x", words="<b>")
        == '<span class="badge bg-secondary-lt">&lt;b&gt;</span>'
    )


def test_icons_are_hidden_from_screen_readers_and_unknown_ones_do_not_fail():
    assert all('aria-hidden="true"' in drawing(name) for name in [*PATHS, "no-such"])


def test_the_menu_shows_what_the_role_may_open_and_marks_where_the_reader_is(monkeypatch):
    class Someone:
        is_authenticated = True

        def may(self, permission):
            return permission == "home.view"

    monkeypatch.setattr(menu, "_items", {})
    menu.register(menu.Item("首页", "web:home", "home.view", order=1))
    menu.register(menu.Item("任务", "jobs:jobs", "", order=2))
    menu.register(menu.Item("账户", "accounts:users", "accounts.manage", order=3))
    menu.register(menu.Item("没有", "no:where", "", order=4))
    menu.register(menu.Item("通知", "notifications:inbox", "", order=5, icon="info", group=menu.OWN))
    menu.register(menu.Item("没有", "no:where_else", "", order=6, group=menu.OWN))
    shown = menu.entries(Someone(), "/jobs/3/")
    assert [one["label"] for one in menu.own(Someone())] == ["通知"]
    assert [(one["label"], one["here"]) for one in shown] == [("首页", False), ("任务", True)]
    assert menu.entries(None, "/") == menu.own(None) == []


def test_entries_of_a_group_stand_behind_one_and_beside_each_other_inside_it(monkeypatch):
    class Someone:
        is_authenticated = True
        rights = ("a", "b")

        def may(self, permission):
            return permission in self.rights

    monkeypatch.setattr(menu, "_items", {})
    monkeypatch.setattr(menu, "_groups", {})
    menu.register_group("change", menu.Group("动态管理", 3, "refresh"))
    menu.register(menu.Item("首页", "web:home", "", order=1))
    menu.register(menu.Item("任务", "jobs:jobs", "a", order=2, group="change"))
    menu.register(menu.Item("留痕", "trail:entries", "b", order=4, group="change"))
    home, group = menu.entries(Someone(), "/trail/7/")
    assert (group["label"], group["href"], group["here"]) == ("动态管理", "/jobs/", True)
    assert [(one["label"], one["here"]) for one in group["parts"]] == [("任务", False), ("留痕", True)]
    assert home["parts"] == [] and not home["here"]
    Someone.rights = ("b",)
    assert [one["label"] for one in menu.entries(Someone(), "/")] == ["首页", "留痕"]


def test_panels_come_in_order_and_empty_ones_are_left_out(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    for order, html in [(20, "<b>2</b>"), (10, "<b>1</b>"), (15, " ")]:
        panels.register("household", order, lambda request, obj, html=html: html)
    assert render('{% panels "household" 1 %}') == "<b>1</b><b>2</b>"


def test_every_bound_that_upper_rooms_set_holds(monkeypatch):
    monkeypatch.setattr(narrowing, "_rules", {})
    narrowing.register("numbers", lambda rows, user: [row for row in rows if row > 1])
    narrowing.register("numbers", lambda rows, user: None)
    narrowing.register("numbers", lambda rows, user: [row for row in rows if row < 3])
    assert narrowing.narrowed("numbers", [1, 2, 3], user=None) == [2]
