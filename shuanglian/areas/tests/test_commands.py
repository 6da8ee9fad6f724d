"""`shuanglian import regions`: exit status 0 clean, 1 blocked, 2 unreadable; JSON with counts and findings."""

import json

import pytest
from click.testing import CliRunner

from shuanglian.areas.commands import import_regions
from shuanglian.areas.models import Area

from .test_actions_regions import HUATING, TABLE, rewritten

pytestmark = pytest.mark.django_db


def csv_of(path, rows):
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return str(path)


def run(*args):
    return CliRunner().invoke(import_regions, args)


def test_a_clean_table_is_loaded_and_status_is_0(tmp_path):
    result = run(csv_of(tmp_path / "a.csv", TABLE), "--valid-from", "2012-01-01", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0 and report["loaded"] and report["findings"] == []
    assert (report["counts"]["rows"], report["counts"]["added"]) == (12, 12) and Area.objects.count() == 12


def test_check_changes_nothing(tmp_path):
    result = run(csv_of(tmp_path / "a.csv", TABLE), "--check", "--json")
    assert result.exit_code == 0 and not json.loads(result.stdout)["loaded"] and not Area.objects.exists()


def test_findings_that_block_give_status_1_and_name_the_cell(tmp_path):
    result = run(csv_of(tmp_path / "a.csv", [*TABLE, ("62", "")]), "--json")
    finding = json.loads(result.stdout)["findings"][0]
    assert result.exit_code == 1 and not Area.objects.exists()
    assert set(finding) == {"sheet", "row", "column", "value", "code", "severity", "message"}
    assert (finding["row"], finding["column"], finding["code"], finding["severity"]) == (
        14,
        "B",
        "name_missing",
        "error",
    )


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b"PK\x03\x04"])
def test_an_unreadable_file_gives_status_2(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    result = run(str(tmp_path / "a.csv"), "--json")
    assert result.exit_code == 2 and json.loads(result.stdout)["findings"][0]["severity"] == "error"
    assert run(str(tmp_path / "none.csv")).exit_code == 2


def test_people_read_counts_changes_and_findings(tmp_path):
    run(csv_of(tmp_path / "a.csv", TABLE), "--valid-from", "2012-01-01")
    told = csv_of(tmp_path / "told.csv", [("old_code", "new_code"), ("620825100202", "")])
    table = csv_of(tmp_path / "b.csv", rewritten(HUATING, without={"620825100202", "620825100201"}))
    result = run(table, "--valid-from", "2016-08-01", "--successors", told)
    assert result.exit_code == 0
    assert "620824000000 华亭县 → 620881000000 华亭市" in result.stdout
    assert "撤销 abolished: 1" in result.stdout and "[unmatched]" in result.stdout
