"""Region pages as the clerk, the neighbour, the stranger and a browser without scripts see them (ORG-2, ORG-7)."""

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from shuanglian.areas import figures
from shuanglian.areas.actions.regions import load_table
from shuanglian.areas.models import Area, AreaSuccession, AreaTag
from shuanglian.core import panels

from .factories import AreaFactory, AreaTagFactory, gansu

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return gansu()


@pytest.fixture
def signed_in(client):
    """client of somebody with a role at an area."""

    def make(area, role="programme_office"):
        user = get_user_model().objects.create(username=f"{role}-{area}", role=role, area=area)
        client.force_login(user)
        return client

    return make


def page(client, name, *args, **query):
    return client.get(reverse(f"areas:{name}", args=args), query)


ADDRESSES = [
    ("detail", ()),
    ("children", ()),
    ("children", (("as", "tree"),)),
    ("children", (("as", "table"),)),
    ("tags", ()),
]


# --- who sees what ---


@pytest.mark.parametrize(("name", "query"), ADDRESSES)
def test_the_neighbours_region_and_everything_above_ones_own_do_not_exist(signed_in, place, name, query):
    client = signed_in(place.township)
    for area in (
        place.neighbour,
        place.neighbour_village,
        place.county,
        place.city,
        place.province,
        place.townships[1],
    ):
        assert page(client, name, area.code, **dict(query)).status_code == 404
    assert page(client, name, place.township.code, **dict(query)).status_code == 200
    assert page(client, name, place.village.code, **dict(query)).status_code == 200


def test_a_stranger_is_sent_to_the_log_in_page(client, place):
    for name, args in (("index", ()), ("search", ()), ("detail", ("621121000000",)), ("children", ("621121000000",))):
        answer = page(client, name, *args)
        assert answer.status_code == 302 and "/login/" in answer["Location"]
    part = client.get(reverse("areas:search"), headers={"HX-Request": "true"})
    assert part.status_code == 401 and part["HX-Redirect"]


def test_a_role_without_the_right_is_refused_and_nobodys_area_is_nothing(signed_in, place):
    assert page(signed_in(place.county, "cadre"), "index").status_code == 403
    answer = page(signed_in(None), "index")
    assert answer.status_code == 200 and "还没有设定管辖区域" in answer.content.decode()
    assert page(signed_in(None, "leader"), "detail", place.county.code).status_code == 404


def test_search_finds_only_within_ones_own_area(signed_in, place):
    client = signed_in(place.county)
    for form in ({"format": "json"}, {"as": "list"}, {"as": "options"}, {}):
        text = page(client, "search", q="西街", **form).content.decode()
        assert "621122100201" not in text
        assert "621121101201" in page(client, "search", q="东关", **form).content.decode()


@pytest.mark.parametrize("code", ["x", "999999", "621121999", "6" * 13, "%", "621121000000%00"])
def test_a_code_that_means_nothing_is_not_found(signed_in, place, code):
    assert signed_in(place.province).get(f"/areas/{code}/").status_code == 404


@pytest.mark.parametrize("since", ["yesterday", "2015-13-01", "2011-01-01"])
def test_a_day_that_means_nothing_is_not_found(signed_in, place, since):
    assert page(signed_in(place.county), "detail", place.county.code, since=since).status_code == 404


# --- the page ---


def test_ORG_2_breadcrumb_names_the_chain_and_links_only_ones_own(signed_in, place):
    text = page(signed_in(place.county), "detail", place.village.code).content.decode()
    crumbs = re.search(r'<ol class="breadcrumb">(.*?)</ol>', text, re.S)[1]
    assert re.findall(r">([^<>]+)<", crumbs) == ["甘肃省", "定西市", "通渭县", "平襄镇", "文庙街社区居民委员会"]
    assert re.findall(r'href="/areas/(\d+)/"', crumbs) == [place.county.code, place.township.code]


def test_index_is_ones_own_area_with_map_facts_and_opened_tree(signed_in, place):
    text = page(signed_in(place.county), "index").content.decode()
    assert "<svg" in text and 'role="tree"' in text and "621121000000" in text
    tree = re.search(r'<ul class="area-tree".*?</ul>\s*</div>', text, re.S)[0]
    assert [re.sub(r"\s", "", name) for name in re.findall(r'tabindex="-1">([^<]+)</a>', tree)] == [
        "通渭县",
        "平襄镇",
        "马营镇",
    ]
    assert tree.count('aria-expanded="true"') == 1 and tree.count('aria-expanded="false"') == 2
    assert 'aria-current="page"' in tree


def test_no_page_has_inline_style_or_script_that_the_policy_forbids(signed_in, place):
    client = signed_in(place.county)
    for answer in (page(client, "index"), page(client, "search", q="东"), page(client, "tags", place.village.code)):
        text = answer.content.decode()
        assert not re.search(r'\sstyle="|\son\w+="|<style|hx-on', text)
        assert not re.findall(r"<script(?![^>]*\bsrc=)", text)


def test_children_come_lazily_as_nodes_of_the_tree(signed_in, place):
    text = page(
        signed_in(place.county), "children", place.township.code, **{"as": "tree", "depth": "3"}
    ).content.decode()
    assert text.count('role="treeitem"') == 3 and 'aria-level="3"' in text and "aria-expanded" not in text
    assert "<html" not in text


def test_groupings_without_anything_below_are_not_drawn(signed_in, place):
    AreaFactory(code="621101000000", name="市辖区", parent=place.city, kind="virtual")
    assert "市辖区" not in page(signed_in(place.city), "children", place.city.code).content.decode()


def test_the_children_table_shows_tags_and_the_figures_of_rooms_above(signed_in, place):
    AreaTagFactory(area=place.villages[0])
    AreaTagFactory(area=place.villages[1], until=date(2014, 1, 1))
    asked = []

    def share(areas, user):
        asked.append(len(areas))
        return {area.pk: 0.5 for area in areas[:1]}

    figures.register(figures.Figure("probe", "试验率", share, kind="share", permission="registry.view"))
    try:
        text = page(signed_in(place.county), "children", place.township.code, **{"as": "table"}).content.decode()
        mapped = page(signed_in(place.province), "detail", place.township.code, figure="probe").content.decode()
        hidden = page(signed_in(place.city, "administrator"), "children", place.township.code).content.decode()
    finally:
        figures._figures.pop("probe")
    assert text.count(">贫困村<") == 1 and "试验率" in text and "50%" in text
    assert "map-q2" in mapped and "map-q0" in mapped and "试验率" not in hidden
    assert asked == [3, 3]


@pytest.mark.parametrize("villages", [1, 40])
def test_the_page_asks_the_database_the_same_number_of_times(signed_in, place, villages, django_assert_max_num_queries):
    for number in range(villages):
        AreaFactory(code=f"621121100{300 + number}", name=f"试验{number}村", parent=place.township)
    client = signed_in(place.county)
    page(client, "index")
    with django_assert_max_num_queries(60):
        page(client, "detail", place.township.code)


def test_cards_of_rooms_above_stand_on_the_page(signed_in, place):
    panels.register("area", 1, card)
    try:
        assert "责任链：通渭县" in page(signed_in(place.county), "index").content.decode()
    finally:
        panels._panels["area"] = [pair for pair in panels._panels["area"] if pair[1] is not card]


def card(request, area):
    return f"<p>责任链：{area.name}</p>"


def test_a_renamed_county_shows_its_past_to_its_own_people_and_not_to_the_neighbour(signed_in, place):
    table = [("code", "name"), ("621171000000", "通渭市")]
    told = [("old_code", "new_code"), ("621121000000", "621171000000")]
    load_table(table, valid_from=date(2016, 8, 1), by=None, at=datetime(2016, 8, 1, tzinfo=UTC), successors=told)
    new = Area.objects.get(code="621171000000")
    client = signed_in(new)
    text = page(client, "index").content.decode()
    assert "区划沿革" in text and "查看原通渭县" in text and "按对照表" in text
    past = page(client, "detail", "621121000000").content.decode()
    assert "已停用" in past and "查看现通渭市" in past and "修改标签" not in past
    assert page(signed_in(place.neighbour), "detail", "621121000000").status_code == 404
    assert AreaSuccession.objects.get().new == new


def test_english_pages_have_no_chinese_but_names(signed_in, place):
    client = signed_in(place.county)
    get_user_model().objects.update(language="en")
    text = page(client, "index").content.decode()
    assert "Region tree" in text and "区划树" not in text and "区域树" not in text


# --- tags ---


def test_ORG_7_the_office_puts_a_tag_with_its_ground_and_ends_it(signed_in, place):
    client = signed_in(place.county)
    address = reverse("areas:tags", args=[place.village.code])
    answer = client.post(address, {"tag": "poor_village", "since": "2014-01-01", "source": "县双联办〔2014〕3号"})
    assert answer.status_code == 302
    tag = AreaTag.objects.get()
    assert (tag.area, tag.source, tag.until) == (place.village, "县双联办〔2014〕3号", None)
    again = client.post(address, {"tag": "poor_village", "since": "2015-01-01"})
    assert again.status_code == 200 and "已经存在" in again.content.decode()
    end = reverse("areas:end_tag", args=[place.village.code, tag.pk])
    assert client.post(end, {"until": "2013-01-01"}).status_code == 302
    tag.refresh_from_db()
    assert tag.until is None
    client.post(end, {"until": "2015-12-31"})
    tag.refresh_from_db()
    assert tag.until == date(2015, 12, 31)
    assert "县双联办〔2014〕3号" in page(client, "detail", place.village.code).content.decode()


def test_a_tag_of_another_level_is_refused(signed_in, place):
    answer = signed_in(place.county).post(
        reverse("areas:tags", args=[place.village.code]), {"tag": "liupan", "since": "2014-01-01"}
    )
    assert answer.status_code == 200 and not AreaTag.objects.exists()


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "village_committee", "unit"])
def test_roles_that_only_look_cannot_change_tags(signed_in, place, role):
    client = signed_in(place.county, role)
    tag = AreaTagFactory(area=place.village)
    assert client.post(reverse("areas:tags", args=[place.village.code]), {"tag": "community"}).status_code == 403
    assert (
        client.post(reverse("areas:end_tag", args=[place.village.code, tag.pk]), {"until": "2016-01-01"}).status_code
        == 403
    )


def test_tags_of_the_neighbour_cannot_be_ended_by_guessing_numbers(signed_in, place):
    tag = AreaTagFactory(area=place.neighbour_village)
    client = signed_in(place.county)
    for code in (place.village.code, place.neighbour_village.code):
        answer = client.post(reverse("areas:end_tag", args=[code, tag.pk]), {"until": "2016-01-01"})
        assert answer.status_code == 404
    assert client.get(reverse("areas:end_tag", args=[place.village.code, tag.pk])).status_code == 405
