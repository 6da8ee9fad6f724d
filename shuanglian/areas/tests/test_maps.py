"""Maps as inline SVG: classes instead of styles, values in words too, legend, nothing where nothing is known."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shuanglian.areas
from shuanglian.areas.models import Area
from shuanglian.core.maps import Mark, Scale, Scene, Shape, county_map, draw, province_map, scale_of, shown

from .factories import AreaFactory, gansu

SVG = "{http://www.w3.org/2000/svg}"
BORDERS = Path(shuanglian.areas.__file__).parent / "data" / "gansu_counties.geojson"
SQUARE = (((105.0, 35.0), (106.0, 35.0), (106.0, 36.0), (105.0, 36.0), (105.0, 35.0)),)


def parsed(svg):
    return ET.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{svg}</div>').find(f"{SVG}svg")


# --- drawing from data alone ---


def test_a_map_has_title_description_and_classes_but_no_style():
    scene = Scene("试验县", (Shape("1", "试验县", SQUARE, muted=True),), (Mark("2", "甲<镇>", 105.5, 35.5, value=3),))
    svg = draw(scene, desc="说明", scale=scale_of([3]), ident="m")
    root = parsed(svg)
    assert root.find(f"{SVG}title").text == "试验县" and root.find(f"{SVG}desc").text == "说明"
    assert root.get("role") == "img" and root.get("aria-labelledby") == "m-title"
    assert not [one for one in root.iter() if one.get("style")]
    circle = root.find(f"{SVG}circle")
    assert "map-q5" in circle.get("class") and circle.find(f"{SVG}title").text == "甲<镇> 3"


def test_with_links_it_is_a_group_that_the_keyboard_reaches():
    root = parsed(draw(Scene("x", marks=(Mark("2", "甲镇", 105.5, 35.5, href="/areas/2/"),))))
    link = root.find(f"{SVG}a")
    assert root.get("role") == "group" and (link.get("href"), link.get("aria-label")) == ("/areas/2/", "甲镇")


def test_nothing_known_is_no_map():
    assert draw(Scene("x")) == ""


def test_north_is_up_and_nothing_leaves_the_frame():
    marks = tuple(Mark(str(lat), str(lat), 105.0, lat) for lat in (35.0, 35.5, 36.0))
    root = parsed(draw(Scene("x", marks=marks)))
    heights = [float(one.get("cy")) for one in root.iter(f"{SVG}circle")]
    width, height = (float(size) for size in root.get("viewBox").split()[2:])
    assert heights == sorted(heights, reverse=True) and min(heights) > 0 and max(heights) < height <= width + 30


def test_an_estimated_place_says_so():
    root = parsed(draw(Scene("x", marks=(Mark("2", "甲村", 105.5, 35.5, kind="village", estimated=True),))))
    assert "估计" in root.find(f"{SVG}circle").find(f"{SVG}title").text


def test_unknown_values_have_a_class_and_a_line_in_the_legend_of_their_own():
    marks = (Mark("1", "甲", 105.1, 35.1, value=0.4), Mark("2", "乙", 105.9, 35.9, value=None))
    svg = draw(Scene("x", marks=marks), scale=scale_of([0.4, None], "share"))
    assert "map-q0" in svg and "无数据" in svg and "乙 —" in svg


@pytest.mark.parametrize(
    ("value", "look"),
    [(0, "map-q1"), (0.5, "map-q2"), (0.949, "map-q3"), (0.99, "map-q4"), (1, "map-q5"), (None, "map-q0")],
)
def test_shares_have_classes_that_tell_nearly_all_from_all(value, look):
    assert scale_of([], "share").class_of(value) == look


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_classes_rise_with_the_values_and_the_legend_names_each(values):
    scale = scale_of(values)
    looks = [scale.class_of(value) for value in sorted(values)]
    assert looks == sorted(looks)
    assert {look for look, _label in scale.steps()} >= (set(looks) if scale.breaks else set())
    assert len(scale.steps()) == len({look for look, _label in scale.steps()}) <= 5


def test_values_are_written_as_people_read_them():
    assert [shown(1234), shown(0.875, "share"), shown(12.34, "km"), shown(None)] == ["1,234", "87.5%", "12.3", "—"]
    assert Scale((10.0,), "count").steps() == [("map-q1", "< 10"), ("map-q5", "≥ 10")]


# --- from regions ---


@pytest.mark.django_db
def test_county_map_has_outline_townships_values_and_links():
    place = gansu()
    root = parsed(county_map(place.county, {place.townships[0].code: 12}, unit="户"))
    assert [one.get("class") for one in root.iter(f"{SVG}path")] == ["map-outline"]
    assert {one.get("aria-label") for one in root.iter(f"{SVG}a")} == {"平襄镇 12户", "马营镇 —户"}
    villages = parsed(county_map(place.county, detail="villages"))
    assert len(list(villages.iter(f"{SVG}circle"))) == 8


@pytest.mark.django_db
def test_province_map_colours_its_counties():
    place = gansu()
    svg = province_map(place.province, {place.county.code: 1.0, place.neighbour.code: 0.2}, kind="share")
    root = parsed(svg)
    assert [one.get("class") for one in root.iter(f"{SVG}path")] == ["map-region map-q5", "map-region map-q1"]


@pytest.mark.django_db
def test_a_county_keeps_its_outline_when_its_code_changes():
    place = gansu()
    old = place.county
    Area.objects.filter(pk=old.pk).update(until="2016-07-31")
    new = AreaFactory(code="621171000000", name="通渭市", parent=place.city)
    old.successors.create(new=new, on="2016-08-01", why="recoded")
    assert "map-outline" in county_map(
        AreaFactory(code="621171100000", name="平襄镇", parent=new, lon=105.2, lat=35.2).parent
    )


@pytest.mark.django_db
def test_a_province_without_borders_or_points_has_no_map():
    assert province_map(AreaFactory(code="610000000000", name="陕西省")) == ""
    assert county_map(AreaFactory(code="610328000000", name="千阳县")) == ""


def test_every_shipped_border_is_that_of_a_real_county_and_closed():
    features = json.loads(BORDERS.read_text(encoding="utf-8"))["features"]
    assert len(features) == 87
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        assert all(ring[0] == ring[-1] for polygon in polygons for ring in polygon)
