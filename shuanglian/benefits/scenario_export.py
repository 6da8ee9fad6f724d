"""A scenario's figures as a workbook, one sheet under headings; what is protected stays protected."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from shuanglian.core.export import Group, Heading, PrintSetup, workbook

from . import picturing
from .models import Scenario


def write(target: IO[bytes], scenario: Scenario) -> None:
    """The whole scenario: changes, figures, costs, groups."""
    headings = [
        Heading(_("项目"), 34), Heading(_("户"), 10, "whole"), Heading(_("受益户"), 10, "whole"),
        Heading(_("受益人口"), 10, "whole"), Heading(_("每年多得（元）"), 16, "yuan"),
        Heading(_("受损户"), 10, "whole"), Heading(_("每年少得（元）"), 16, "yuan"),
        Heading(_("现行"), 16, "yuan"), Heading(_("改动后"), 16, "yuan"),
    ]  # fmt: skip
    below = _("{area}　按 {on} 的政策，与 {against} 比较").format(
        area=scenario.area.name, on=scenario.on, against=scenario.against
    )
    closing = _("少于 {n} 户的组不单列，为防倒推有时多并入一组；没有数的格即为此。").format(n=scenario.result["least"])
    setup = PrintSetup(paper="A4", landscape=True, below_title=below, closing=closing.replace("{", "").replace("}", ""))
    workbook(target, scenario.title, headings, _rows(scenario), print_setup=setup, sheet=_("政策测算"))


def _rows(scenario: Scenario) -> Iterator[list[Any] | Group]:
    result, least = scenario.result, scenario.result["least"]
    yield Group(_("改动"))
    for change in picturing.changes(scenario):
        yield _line(f"{change['title']}：{change['what']}", before=change["before"], after=change["after"])
    yield Group(_("总的数字"))
    for label, kind, before, after in picturing.headline(result):
        yield _line(label, before=_cell(before, kind, least), after=_cell(after, kind, least))
    for title, rows in (
        (_("各年支出"), [{"label": str(row["year"]), **row} for row in result["years"]]),
        (_("各政策支出"), [{"label": row["title"], "before": row["cost_before"], "after": row["cost_after"]}
                          for row in picturing.benefit_rows(result) if row["money"]]),
        (_("各资金来源支出"), picturing.cost_rows(result, "funds")),
        (_("各部门支出"), picturing.cost_rows(result, "departments")),
    ):  # fmt: skip
        yield Group(title)
        yield from (_line(row["label"], before=_yuan(row["before"]), after=_yuan(row["after"])) for row in rows)
    for group in picturing.groups(scenario):
        yield Group(_("{title}（后两列为线下户数）").format(title=group["title"]))
        for row in group["rows"]:
            yield _group_line(row["label"], row)
        if group["rest"]:
            yield _group_line(_("其余各组合计"), group["rest"])


def _line(label: str, *, before: Any, after: Any) -> list[Any]:
    return [label, None, None, None, None, None, None, before, after]


def _group_line(label: str, row: dict[str, Any]) -> list[Any]:
    return [label, row["households"], row["gain"], row["gain_people"], _yuan(row["gain_yuan"]), row["lose"],
            _yuan(row["lose_yuan"]), row["poor_before"], row["poor_after"]]  # fmt: skip


def _yuan(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _cell(value: Any, kind: str, least: int) -> Any:
    if value is None:
        return f"<{least}" if kind == "count" else None
    if value == "":
        return None
    return Decimal(value) if kind == "yuan" else value if kind == "count" else f"{float(value):.4f}"
