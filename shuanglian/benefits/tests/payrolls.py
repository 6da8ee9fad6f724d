"""Payrolls for tests: lines as the checks give them, entered through the product's own stages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter

from shuanglian.areas.tests.factories import gansu
from shuanglian.benefits.models import Payment
from shuanglian.registry.tests.factories import HouseholdFactory, HouseholdYearFactory, PersonFactory, relation
from shuanglian.sheets.actions import batches, stages
from shuanglian.sheets.models import Batch

AT = datetime(2015, 12, 31, 8, tzinfo=UTC)
HEAD = ("乡镇", "行政村", "姓名", "身份证号", "户主姓名", "低保类别", "发放月份", "发放金额", "银行账号")
CLASS_1, CLASS_2 = "dibao_class_1", "dibao_class_2"


def household(name="李大有", *, village=None, **more):
    """A head alone, with his account of 2015; his household's name is his."""
    given = {"village": village} if village is not None else {}
    home = HouseholdFactory(head_name=name, **given, **more)
    PersonFactory(household=home, name=name, born_on=date(1960, 3, 4))
    HouseholdYearFactory(household=home, household__size=1)
    return home


def head(home):
    return home.people.get(relation=relation("户主"))


def line(person=None, *, name=None, number=None, head_name="", class_="二类", month="", yuan="2808", town=None,
         village=None):  # fmt: skip
    """One line about a person of the register, with anything of it written otherwise."""
    home = person.household if person else None
    return [
        (home.village.parent.name if home else "") if town is None else town,
        (home.village.name if home else "") if village is None else village,
        name or person.name, (person.id_number if person else "") if number is None else number, head_name, class_,
        month, yuan, "6217000011112222333",
    ]  # fmt: skip


def workbook(rows, header=HEAD, title="通渭县农村低保金发放花名册"):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("名册")
        for at, row in enumerate([[title], header, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, str(cell))
    out.seek(0)
    out.name = "低保发放.xlsx"
    return out


def enter(rows, *, area=None, year=2015, by=None, at=AT, skip_errors=False, whole=None, **how) -> Batch:
    """Upload, check and accept; the batch as it stands then."""
    batch = batches.receive(
        file=workbook(rows, **how), kind="payments", area=area or gansu().county, year=year, by=by, at=at, whole=whole
    )
    batch = stages.read(batch=batch, at=at)
    assert batch.state == Batch.State.CHECKED, (batch.state, batch.problem, batch.gaps, batch.layout)
    batch = stages.accept(batch=batch, skip_errors=skip_errors, by=by, at=at)
    assert batch.state == Batch.State.ACCEPTED, (batch.problem, batch.gaps)
    return batch


def undo(batch, *, by=None, at=AT) -> Batch:
    return stages.undo(batch=batch, by=by, at=at)


def only() -> Payment:
    return Payment.objects.get()


def yuan(text) -> Decimal:
    return Decimal(text)
