"""A department's list of what people ask: every row once, on its road, taken back as a whole or not at all (VOICE-1)."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from click.testing import CliRunner

from shuanglian.complaints.models import Complaint
from shuanglian.fieldwork.tests.factories import Land, land
from shuanglian.grievances.actions import climbing, demands
from shuanglian.grievances.models import Demand, Step
from shuanglian.sheets.actions import batches, stages
from shuanglian.sheets.commands import imports
from shuanglian.sheets.models import Batch, Change

pytestmark = pytest.mark.django_db
AT = datetime(2015, 7, 10, 8, tzinfo=UTC)
HEAD = ("序号", "编号", "姓名", "联系电话", "乡镇", "行政村", "诉求内容", "类别", "受理日期", "是否紧急")
SAFE = "村干部截留了我家的补助"


@pytest.fixture
def place() -> Land:
    return land(households=3)


def row(place, n=1, text="水管坏了半个月，全组没有水吃", **given):
    home = place.homes[0]
    told = {"number": f"RX2015-{n:05d}", "name": home.head_name, "phone": "", "town": home.village.parent.name,
            "village": home.village.name, "category": "", "on": "2015-07-08", "urgent": "", **given}  # fmt: skip
    return [str(n), told["number"], told["name"], told["phone"], told["town"], told["village"], text, told["category"],
            told["on"], told["urgent"]]  # fmt: skip


def workbook(rows, head=HEAD):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("清单")
        for at, cells in enumerate([["通渭县热线转办群众诉求清单"], head, *rows]):
            for column, cell in enumerate(cells):
                sheet.write_string(at, column, str(cell))
    out.seek(0)
    out.name = "热线转办.xlsx"
    return out


def checked(place, rows, kind="demands", **how) -> Batch:
    batch = batches.receive(file=workbook(rows, **how), kind=kind, area=place.office.area, year=2015, by=None, at=AT)
    batch = stages.read(batch=batch, at=AT)
    assert batch.state == Batch.State.CHECKED, (batch.state, batch.problem, batch.gaps, batch.layout)
    return batch


def enter(place, rows, **how) -> Batch:
    batch = stages.accept(batch=checked(place, rows, **how), skip_errors=True, by=None, at=AT)
    assert batch.state == Batch.State.ACCEPTED, (batch.problem, batch.gaps)
    return batch


def undo(batch) -> Batch:
    return stages.undo(batch=batch, by=None, at=AT + timedelta(days=1))


def codes(batch):
    return {(one.code, one.row, one.header) for one in batch.findings.all()}


def test_VOICE_1_a_list_is_known_by_its_headers_and_its_rows_become_demands(place):
    batch = enter(
        place,
        [row(place), row(place, 2, "信用社不给贷款养羊", name="外来人", phone="0932-5551234", urgent="是")],
        kind=None,
    )
    assert batch.kind == "demands"
    first, second = Demand.objects.order_by("pk")
    assert (first.household, first.door, first.on, first.category, first.name) == (
        place.homes[0], "import", date(2015, 7, 8), "water", "",
    )  # fmt: skip
    assert (second.household, second.name, second.phone, second.category, second.urgent) == (
        None, "外来人", "0932-5551234", "credit", "marked",
    )  # fmt: skip
    assert batch.counts["did"]["demands"] == {"new": 2, "changed": 0, "unchanged": 0}


@pytest.mark.parametrize("number", ["RX2015-00001", ""])
def test_VOICE_1_the_same_row_again_is_the_same_demand(place, number):
    rows = [row(place, number=number)]
    enter(place, rows)
    again = enter(place, [*rows, row(place, 2, "另外一件事：路塌了", number="")])
    assert Demand.objects.count() == 2 and again.counts["did"]["demands"]["unchanged"] == 1
    assert enter(
        place, [row(place, text="同一个编号改了几个字", number="RX2015-00001")]
    ) and Demand.objects.count() == (2 if number else 3)


def test_a_running_number_makes_no_two_demands_one(place):
    enter(place, [row(place, number="1"), row(place, 2, "信用社不给贷款", number="1")])
    assert Demand.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "text", "finding"),
    [
        ({}, "", ("required_missing", 3, "诉求内容")), ({}, "水", ("demand_too_short", 3, "诉求内容")), ({"on": "2016-02-01"}, "水管坏了", ("date_in_future", 3, "受理日期")),
        ({"village": "火星村"}, "水管坏了", ("village_unknown", 3, "行政村")), ({"category": "天象"}, "水管坏了", ("demand_category", 3, "类别")),
        ({}, "水" * 1001, ("too_long", 3, "诉求内容")), ({"on": "昨天"}, "水管坏了", ("not_a_date", 3, "受理日期")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_its_cell_and_the_other_rows_enter(place, given, text, finding):
    batch = checked(place, [row(place, text=text, **given), row(place, 2, "桥塌了过不去")])
    assert finding in codes(batch), codes(batch)
    stages.accept(batch=batch, skip_errors=True, by=None, at=AT)
    assert Demand.objects.filter(category="road").count() == 1


def test_the_same_demand_twice_in_a_list_is_told_and_taken_down_once(place):
    batch = enter(place, [row(place), row(place)])
    assert "demand_twice" in {one[0] for one in codes(batch)} and Demand.objects.count() == 1


def test_categories_are_understood_by_code_and_by_either_name(place):
    enter(
        place,
        [
            row(place, n, f"说不清的一件事情{n}", category=said)
            for n, said in enumerate(("housing", "住房", "房子", "Housing"), 1)
        ],
    )
    assert set(Demand.objects.values_list("category", flat=True)) == {"housing"}


def test_VOICE_6_rows_of_the_safe_road_take_it_and_counts_do_not_tell(place):
    rows = [row(place), row(place, 2, SAFE), row(place, 3, "他拿走了我家的东西", category="资金和财物问题")]
    batch = enter(place, rows)
    assert (Demand.objects.count(), Complaint.objects.count()) == (1, 2)
    assert batch.counts["did"]["demands"] == {"new": 3, "changed": 0, "unchanged": 0}
    assert enter(place, rows).counts["did"]["demands"] == {"new": 0, "changed": 0, "unchanged": 3}
    assert Complaint.objects.count() == 2 and Change.objects.filter(batch=batch).count() == 1


def test_REG_10_a_list_is_taken_back_as_a_whole_and_its_demands_stay_set_aside(place):
    batch = undo(enter(place, [row(place), row(place, 2, "信用社不给贷款")]))
    assert batch.state == Batch.State.UNDONE and batch.counts["undone"] == {"removed": 2, "restored": 0}
    assert set(Demand.objects.values_list("state", flat=True)) == {"refused"}
    assert Step.objects.filter(kind="refused", text__contains="热线转办.xlsx").count() == 2


def test_REG_10_a_list_on_which_somebody_acted_is_not_taken_back_and_says_which(place):
    batch = enter(place, [row(place), row(place, 2, "信用社不给贷款")])
    acted = Demand.objects.order_by("pk").last()
    demands.note(demand=acted, text="已经去看过了", by=place.office, at=AT)
    batch = undo(batch)
    assert batch.state == Batch.State.ACCEPTED and f"#{acted.pk}" in str(batch.gaps)
    assert set(Demand.objects.values_list("state", flat=True)) == {"open"}


def test_REG_10_climbing_by_itself_is_no_act_of_anybody(place):
    batch = enter(place, [row(place)])
    climbing.night(on=date(2015, 8, 1), at=AT + timedelta(days=22))
    assert Demand.objects.get().climbed == 1 and undo(batch).state == Batch.State.UNDONE


def test_VOICE_1_a_row_that_was_taken_back_and_comes_again_is_a_demand_again(place):
    undo(enter(place, [row(place)]))
    again = enter(place, [row(place)])
    demand = Demand.objects.get()
    assert (demand.state, demand.due_on is not None, again.counts["did"]["demands"]["new"]) == ("open", True, 1)
    assert undo(again).state == Batch.State.UNDONE


def test_VOICE_1_the_command_line_takes_a_list_in(place, tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook([row(place)]).getvalue())
    done = CliRunner().invoke(imports, ["demands", str(file), "--area", place.office.area.code, "--lang", "zh"])
    assert done.exit_code == 0, done.output
    assert Demand.objects.count() == 1
