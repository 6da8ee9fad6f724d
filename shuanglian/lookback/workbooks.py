"""The campaign's list of an area as a workbook ready to print: every household, who saw it, what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import profile
from shuanglian.core.export import Group, Heading, PrintSetup, workbook

from . import queries
from .models import Assignment, Campaign

FIELDS = (
    "area_code", "number", "name", "group", "subject", "cadre__name", "user__full_name", "visited_on", "finding",
    "rechecked", "doubtful",
)  # fmt: skip


def households(
    target: IO[bytes], campaign: Campaign, area: Area, *, on_row: Callable[[int], None] | None = None
) -> int:
    """One sheet, a line a household, grouped by village; the number of lines comes back."""
    columns = [
        Heading(_("编号"), 18), Heading(_("户主姓名"), 12), Heading(_("村民小组"), 12), Heading(_("对象"), 10),
        Heading(_("核查人"), 12), Heading(_("核查日期"), 12, "date"), Heading(_("结论"), 10),
        Heading(_("复查结论"), 10), Heading(_("存疑"), 8),
    ]  # fmt: skip
    setup = PrintSetup(
        below_title=f"{campaign.code}　{campaign.since} — {campaign.until}", sign_off=(_("核查人"), _("乡镇负责人")),
        closing=_("共 {rows} 户"),
    )  # fmt: skip
    return workbook(target, f"{area.name} {campaign.name}", columns, _rows(campaign, area), print_setup=setup,
                    on_row=on_row)  # fmt: skip


def _rows(campaign: Campaign, area: Area) -> Iterator[list[Any] | Group]:
    names = dict(Area.objects.current().within(area).filter(level=Area.Level.VILLAGE).values_list("code", "name"))
    findings = {code: one.label.in_(profile.language()) for code, one in profile.active().lookback.findings.items()}
    subjects, village = {code: str(label) for code, label in Assignment.Subject.choices}, ""
    rows = queries.rows_of(campaign, area).order_by("area_code", "number").values_list(*FIELDS)
    for code, number, name, group, subject, cadre, user, on, finding, again, doubtful in rows.iterator(chunk_size=2000):
        if code != village:
            village = code
            yield Group(names.get(code, code))
        yield [number, name, group, subjects[subject], cadre or user or "", on, findings.get(finding, finding),
               findings.get(again, again), "●" if doubtful else ""]  # fmt: skip
