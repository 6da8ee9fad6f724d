"""`shuanglian pair` on files: the same pairs as the database gives, any layout, clear ends (issue 2 F)."""

import csv
import json
import subprocess
import sys
from datetime import date

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from shuanglian.areas.models import Area
from shuanglian.areas.queries import road_points
from shuanglian.areas.table import read_table
from shuanglian.core.profile import active
from shuanglian.pairing.commands import pair
from shuanglian.pairing.places import laid_out, read_places
from shuanglian.pairing.tests.factories import PairingFactory, VillageLinkFactory, county, opened, solved
from shuanglian.rules.quotas import need_band

HOUSEHOLDS = """户编号,户主姓名,乡镇,行政村,主要致贫原因,家庭人口,人均纯收入
H1,李一,平襄镇,孟河村,因病,3,1500
H2,李二,平襄镇,孟河村,因学,4,2500
H3,李三,马营镇,锦屏村,缺技术,2,1000
H4,李四,马营镇,锦屏村,缺资金,5,2700
"""
CADRES = """编号,姓名,单位,职级,人员类别,驻村所在乡镇
G1,王一,通渭县水务局,副县级,机关干部,
G2,王二,通渭县教体局,一般干部,教师,
G3,王三,通渭县教体局,一般干部,机关干部,
G4,王四,平襄镇政府,一般干部,机关干部,平襄镇
"""


@pytest.fixture
def files(tmp_path):
    given = {"households": HOUSEHOLDS, "cadres": CADRES}
    for name, text in given.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(files, *more, names=("households", "cadres")):
    options = [part for name in names for part in (f"--{name}", str(files / f"{name}.csv"))]
    return CliRunner().invoke(pair, [*options, "--lang", "zh", *map(str, more)])


def told(result):
    return json.loads(result.stdout)


def test_everyone_covered_ends_with_0_and_says_who_has_whom(files):
    result = run(files, "--json")
    assert result.exit_code == 0, result.output
    pairs = {row["household"]: row["cadre"] for row in told(result)["pairs"]}
    assert set(pairs) == {"H1", "H2", "H3", "H4"}
    assert "G2" not in pairs.values()  # PAIR-3
    assert all(sum(row["terms"].values()) == row["cost"] for row in told(result)["pairs"])
    assert told(result)["summary"]["paired"] == 4


def test_a_teacher_is_told_in_the_findings_and_does_not_block(files):
    findings = told(run(files, "--json"))["findings"]
    assert [(one["code"], one["severity"], one["row"]) for one in findings] == [("takes_none", "warning", 3)]


def test_PAIR_2_too_few_people_ends_with_1_and_the_reason(files):
    lines = [CADRES.splitlines()[0], "G3,王三,通渭县教体局,一般干部,机关干部,"]
    (files / "cadres.csv").write_text("\n".join(lines), encoding="utf-8")
    result = run(files, "--json")
    assert result.exit_code == 1
    assert told(result)["status"] == "partial"
    assert told(result)["summary"]["none"] == 3
    assert "尚缺 3 个名额" in told(result)["uncovered"][0]["why"]


def test_a_row_with_an_error_is_left_out_told_and_ends_with_1(files):
    (files / "households.csv").write_text(HOUSEHOLDS + "H5,李五,平襄镇,没有这个村,因病,3,1500\n", encoding="utf-8")
    result = run(files, "--json")
    assert result.exit_code == 1
    assert {row["household"] for row in told(result)["pairs"]} == {"H1", "H2", "H3", "H4"}
    error = next(one for one in told(result)["findings"] if one["severity"] == "error")
    assert (error["file"], error["row"]) == ("households.csv", 6)
    assert error["cure"]


@pytest.mark.parametrize("broken", ["missing", "binary", "empty", "profile", "weight", "household"])
def test_what_cannot_be_read_ends_with_2_and_one_clear_sentence(files, broken):
    more = []
    match broken:
        case "missing":
            (files / "cadres.csv").unlink()
        case "binary":
            (files / "cadres.csv").write_bytes(b"\x00\x01\x02" * 100)
        case "empty":
            (files / "cadres.csv").write_text("", encoding="utf-8")
        case "profile":
            more = ["--profile", "nowhere"]
        case "weight":
            more = ["--weight", "keep=never"]
        case "household":
            more = ["--why", "H99"]
    result = run(files, "--json", *more)
    assert result.exit_code == 2, result.output
    assert told(result)["status"] == "unreadable"
    assert told(result)["message"]
    assert "Traceback" not in result.output


def test_last_years_pairs_relatives_villages_and_links_are_heeded(files):
    (files / "last.csv").write_text("户编号,户主姓名,帮扶责任人,干部编号\nH1,李一,王一,G1\n", encoding="utf-8")
    (files / "relatives.csv").write_text("户编号,户主姓名,帮扶责任人,干部编号\nH2,李二,王一,G1\n", encoding="utf-8")
    (files / "links.csv").write_text("单位名称,乡镇,行政村\n通渭县水务局,平襄镇,孟河村\n", encoding="utf-8")
    (files / "villages.csv").write_text("乡镇,贫困村,当年退出\n平襄镇,孟河村,是\n马营镇,锦屏村,\n", encoding="utf-8")
    names = ("households", "cadres", "last", "relatives", "links", "villages")
    result = run(files, "--json", "--weight", "keep=5000", names=names)
    assert result.exit_code == 0, result.output
    pairs = {row["household"]: row for row in told(result)["pairs"]}
    assert (pairs["H1"]["cadre"], pairs["H1"]["change"]) == ("G1", "延续")
    assert pairs["H2"]["cadre"] != "G1"
    links = {(row["unit"], row["village"], row["change"]) for row in told(result)["links"]}
    assert ("通渭县水务局", "孟河村民委员会", "延续") in links
    assert told(result)["summary"]["villages"]["linked"] == 2


def test_why_this_one_for_a_household(files):
    result = run(files, "--json", "--why", "H3")
    assert result.exit_code == 0, result.exception
    one = told(result)["explained"][0]
    assert one["points"] == sum(one["terms"].values())
    assert one["others"]


def test_outputs_as_folder_csv_xlsx_and_json_hold_the_same_and_nothing_runs(files):
    (files / "households.csv").write_text(HOUSEHOLDS.replace("李一", "=1+1"), encoding="utf-8")
    out = files / "out"
    result = run(files, "--out", out, "--out", files / "one.xlsx", "--out", files / "one.json")
    assert "有责任人 4" in result.stdout
    rows = list(csv.DictReader((out / "pairs.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["户编号"] for row in rows] == ["H1", "H2", "H3", "H4"]
    assert rows[0]["户主"] == "'=1+1"
    book = openpyxl.load_workbook(files / "one.xlsx")
    cells = [cell.value for cell in book["结对"]["B"]]
    assert cells[1] == "=1+1"
    assert book["结对"]["B2"].data_type == "s"
    assert json.loads((files / "one.json").read_text(encoding="utf-8"))["summary"]["paired"] == 4


def test_the_order_of_rows_and_the_make_of_the_file_do_not_matter(files):
    first = {row["household"]: row["cadre"] for row in told(run(files, "--json"))["pairs"]}
    head, *lines = HOUSEHOLDS.splitlines()
    (files / "households.csv").write_bytes("\n".join([head, *reversed(lines)]).encode("gb18030"))
    head, *lines = CADRES.splitlines()
    book = openpyxl.Workbook()
    book.active.append(["2015 年通渭县干部名册"])
    for line in [head, *reversed(lines)]:
        book.active.append(line.split(","))
    book.save(files / "cadres.xlsx")
    options = ["--households", str(files / "households.csv"), "--cadres", str(files / "cadres.xlsx"), "--json"]
    again = CliRunner().invoke(pair, options)
    assert {row["household"]: row["cadre"] for row in told(again)["pairs"]} == first


def test_another_profile_and_english(files):
    lines = CADRES.replace("副县级", "县级").replace("一般干部", "科员")
    (files / "cadres.csv").write_text(lines, encoding="utf-8")
    options = ["--households", str(files / "households.csv"), "--cadres", str(files / "cadres.csv"), "--area", "621121"]
    result = CliRunner().invoke(pair, [*options, "--profile", "gansu_province_2012", "--lang", "en", "--json"])
    assert told(result)["summary"]["profile"] == "gansu_province_2012"
    assert told(result)["pairs"][0]["change"] == "new pair"


def test_it_needs_neither_django_settings_nor_a_database(files):
    code = (
        "import sys; from shuanglian.pairing.commands import pair\n"
        "from django.conf import settings\n"
        "try: pair(sys.argv[1:], standalone_mode=False)\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "assert not settings.configured"
    )
    options = ["--households", str(files / "households.csv"), "--cadres", str(files / "cadres.csv"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *options], capture_output=True, text=True, env={"PATH": "/usr/bin"}, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_places_of_a_file_lie_where_the_database_lays_them():
    place = county()
    rows = [("code", "name", "lon", "lat")]
    rows += [(one.code, one.name, one.lon or "", one.lat or "") for one in Area.objects.order_by("code")]
    regions = read_table(rows).regions
    here = [one for one in regions.values() if one.code.startswith("621121")]
    theirs = {point.code: (point.lon, point.lat) for point in road_points(place.area)}
    assert laid_out(here, regions) == theirs


def test_the_shipped_table_finds_tongwei():
    where = read_places(None, "621121000000")
    assert where.name_of("621121000000") == "通渭县"
    assert len(where.roads({"621121"}).place_key) == 1 + 18 + 342


@pytest.mark.django_db
def test_files_and_database_give_the_same_pairs(tmp_path):
    place = county(households=20)
    for family in place.households:  # need as the files' own facts give it
        told_facts = {"members": family.size, "main_cause": family.main_cause, "other_causes": 0}
        family.need_band = need_band(active(), told_facts, date(2015, 3, 1))
        family.save()
    PairingFactory(household=place.households[0], cadre=place.cadres[1])
    VillageLinkFactory(unit=place.units[0], village=place.tree.villages[1])
    found = solved(opened(place))
    _roster(tmp_path / "households.csv", ["户编号", "户主姓名", "行政村代码", "主要致贫原因", "家庭人口"], [
        (one.number, one.head_name, one.village.code, one.main_cause, one.size) for one in place.households
    ])  # fmt: skip
    _roster(tmp_path / "cadres.csv", ["编号", "姓名", "单位", "职级", "驻村所在乡镇"], [
        (one.number, one.name, one.unit.name, one.rank, one.stationed_at.name if one.stationed_at else "")
        for one in place.cadres + place.stationed
    ])  # fmt: skip
    _roster(tmp_path / "units.csv", ["单位编码", "单位名称", "单位类别", "隶属层级", "所在地"], [
        (one.code, one.name, one.kind, one.tier, one.area.code) for one in place.units
    ])  # fmt: skip
    _roster(tmp_path / "links.csv", ["单位名称", "行政村代码", "行政村"], [
        (place.units[0].name, place.tree.villages[1].code, place.tree.villages[1].name)
    ])  # fmt: skip
    poor = place.tree.villages[1:3] + place.tree.villages[4:6]
    _roster(tmp_path / "villages.csv", ["行政村代码", "贫困村"], [(one.code, one.name) for one in poor])
    _roster(tmp_path / "last.csv", ["户编号", "户主姓名", "帮扶责任人", "干部编号"], [
        (place.households[0].number, place.households[0].head_name, place.cadres[1].name, place.cadres[1].number)
    ])  # fmt: skip
    regions = [("code", "name", "lon", "lat")]
    regions += [(one.code, one.name, one.lon or "", one.lat or "") for one in Area.objects.order_by("code")]
    _roster(tmp_path / "regions.csv", regions[0], regions[1:])
    names = ("households", "cadres", "units", "links", "villages", "last", "regions")
    result = run(tmp_path, "--json", "--on", date(2015, 3, 1), names=names)
    files = told(result)
    links = set(found.links.values_list("unit__code", "village__code", "change"))
    changes = {"延续": "kept", "新结对": "new", "结束": "ended"}
    assert {(row["code"], row["village_code"], changes[row["change"]]) for row in files["links"]} == links
    hands = {row["household"]: (row["cadre"], row["cost"]) for row in files["pairs"]}
    theirs = found.pairs.values_list("household__number", "cadre__number", "cost")
    assert hands == {number: (cadre.replace("-", ""), cost) for number, cadre, cost in theirs}  # blanks and marks go
    assert files["summary"]["objective"] == found.totals["objective"]


def _roster(path, head, rows):
    pl.DataFrame([[str(cell) for cell in row] for row in rows], schema=list(head), orient="row").write_csv(path)
