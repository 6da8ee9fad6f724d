"""Rosters from the command line: exit status, pure JSON, and a check that changes nothing (issue 2 D)."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from shuanglian.areas.tests.factories import gansu
from shuanglian.registry.models import Household
from shuanglian.sheets.commands import imports, template, write_template
from shuanglian.sheets.engine.fields import KINDS
from shuanglian.sheets.models import Batch, Change

from . import rosters
from .test_batches import broken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _areas():
    gansu()


def on_disk(tmp_path, file):
    path = tmp_path / file.name
    path.write_bytes(file.read())
    return str(path)


def run(*words):
    return CliRunner().invoke(imports, list(words), catch_exceptions=False)


def told(result):
    return json.loads(result.stdout)


def test_a_check_says_what_would_happen_and_changes_nothing(tmp_path, settings):
    result = run("households", on_disk(tmp_path, rosters.flat()), "--check", "--json")
    answer = told(result)
    assert result.exit_code == 0
    assert (answer["kind"], answer["accepted"]) == ("households", False)
    assert {"rows": 6, "households": 3, "persons": 6, "errors": 0}.items() <= answer["counts"].items()
    assert (answer["counts"]["new"], answer["counts"]["changed"], answer["counts"]["unchanged"]) == (12, 0, 0)
    assert not (Household.objects.exists() or Batch.objects.exists() or Change.objects.exists())
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file() and path.suffix != ".xlsx"]


def test_a_clean_roster_is_taken_in_and_the_second_time_changes_nothing(tmp_path):
    path = on_disk(tmp_path, rosters.flat())
    first = told(run("households", path, "--area", "621121", "--year", "2015", "--json"))
    assert first["accepted"] and Household.objects.count() == 3
    again = told(run("households", path, "--json"))
    assert again["accepted"]
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["unchanged"]) == (0, 0, 12)


def test_REG_1_households_without_numbers_come_again_with_their_official_ones(tmp_path):
    rows = [[*row[:2], *row[3:]] for row in rosters.members(2)]
    bare = rosters.xlsx("无编号.xlsx", 贫困户=[[name for name in rosters.FLAT if name != "户编号"], *rows])
    first = told(run("households", on_disk(tmp_path, bare), "--area", "621121", "--json"))
    assert first["accepted"] and Household.objects.count() == 2
    result = run("households", on_disk(tmp_path, rosters.flat(2)), "--area", "621121", "--json")
    again = told(result)
    assert (result.exit_code, again["accepted"], again["counts"]["tables"]["renumbered"]) == (0, True, 2)
    assert [one["code"] for one in again["findings"]].count("household_renumbered") == 2
    assert sorted(Household.objects.values_list("number", flat=True)) == ["6211211012000001", "6211211012000002"]


def test_errors_block_with_status_one_and_every_finding_says_where_what_and_the_cure(tmp_path):
    result = run("households", on_disk(tmp_path, broken()), "--json")
    answer = told(result)
    assert (result.exit_code, answer["accepted"], Household.objects.count()) == (1, False, 0)
    finding = next(one for one in answer["findings"] if one["severity"] == "error")
    assert (finding["sheet"], finding["row"], finding["column"], finding["code"]) == ("贫困户", 2, "E", "id_check")
    assert finding["value"] in finding["message"] and finding["cure"]


def test_rows_without_errors_are_taken_in_when_asked_for(tmp_path):
    result = run("households", on_disk(tmp_path, broken()), "--skip-errors", "--json")
    assert (result.exit_code, told(result)["accepted"], told(result)["counts"]["left_out"]) == (0, True, 3)
    assert Household.objects.count() == 2


def test_people_get_a_table_in_their_language(tmp_path):
    path = on_disk(tmp_path, broken())
    chinese = run("households", path, "--check", "--lang", "zh")
    assert "贫困户!E2" in chinese.stdout and "1 个错误" in chinese.stdout and "没有改动数据库" in chinese.stdout
    english = run("households", path, "--check", "--lang", "en")
    assert "1 error" in english.stdout


def test_the_marked_workbook_is_written(tmp_path):
    out = tmp_path / "marked.xlsx"
    run("households", on_disk(tmp_path, broken()), "--check", "--findings", str(out))
    assert openpyxl.load_workbook(out)["贫困户"]["E2"].comment is not None


@pytest.mark.parametrize("what", ["missing", "no roster", "no area", "garbage"])
def test_what_cannot_be_read_ends_with_status_two_and_json_all_the_same(tmp_path, what):
    files = {
        "missing": str(tmp_path / "nothing.xlsx"),
        "no roster": on_disk(tmp_path, rosters.csv("a.csv", [["甲", "乙"], ["1", "2"]])),
        "no area": on_disk(tmp_path, rosters.flat()),
        "garbage": str(tmp_path / "garbage.xlsx"),
    }
    (tmp_path / "garbage.xlsx").write_bytes(b"PK\x03\x04 nothing of the kind")
    more = ["--area", "999999"] if what == "no area" else []
    result = run("households", files[what], "--json", *more)
    assert result.exit_code == 2
    assert told(result)["error"]["message"] and not told(result)["accepted"]
    assert not Batch.objects.exists()


def test_members_in_a_file_of_their_own(tmp_path):
    households = rosters.csv("户.csv", [["乡镇", "行政村", "户编号", "户主姓名"], ["马营镇", "东关村", "A1", "张三"]])
    members = rosters.csv(
        "成员.csv", [["户编号", "姓名", "与户主关系"], ["A1", "张三", "户主"], ["A1", "张小", "之子"]]
    )
    result = run("households", on_disk(tmp_path, households), "--persons", on_disk(tmp_path, members), "--json")
    assert told(result)["counts"]["persons"] == 2 and told(result)["accepted"]


def test_units_cadres_links_and_pairs_have_their_commands(tmp_path):
    for kind, file in (("households", rosters.flat()), ("units", rosters.units()), ("cadres", rosters.cadres())):
        assert told(run(kind, on_disk(tmp_path, file), "--area", "621121", "--json"))["accepted"], kind
    links = rosters.csv("联村.csv", [["乡镇", "行政村", "联村单位"], ["马营镇", "东关村", "通渭县水务局"]])
    assert told(run("links", on_disk(tmp_path, links), "--json"))["counts"]["new"] == 1
    number = Household.objects.order_by("number").first().number
    pairs = rosters.csv(
        "结对.csv", [["户编号", "户主姓名", "帮扶责任人", "派出单位"], [number, "张大乙", "王干事", "通渭县水务局"]]
    )
    assert told(run("pairs", on_disk(tmp_path, pairs), "--json"))["counts"]["new"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_templates_are_written_for_every_kind(tmp_path, kind, lang):
    result = CliRunner().invoke(template, [kind, str(tmp_path / "out.xlsx"), "--lang", lang])
    assert result.exit_code == 0 and (tmp_path / "out.xlsx").read_bytes()[:2] == b"PK"


def test_an_empty_template_is_read_as_a_roster_without_rows(tmp_path):
    write_template("households", tmp_path / "households.xlsx")
    result = run("households", str(tmp_path / "households.xlsx"), "--check", "--json")
    assert result.exit_code in (0, 2)
