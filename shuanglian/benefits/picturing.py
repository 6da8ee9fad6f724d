"""What the pages of a scenario show: its figures with names in the reader's language, charts, a map. Presentation only.

A figure that is None names too few families: counts are shown as "<5", amounts as a dash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core import charts, profile
from shuanglian.core.maps import county_map, province_map

from . import catalogue
from .effects import LARGEST_SIZE
from .models import Provision, Scenario

TEN_THOUSAND = 10_000


def changes(scenario: Scenario) -> list[dict[str, str]]:
    """What a scenario changes, in words: benefit, what, from what, to what."""
    told, lang = scenario.changes, profile.language()
    benefits, rows = catalogue.benefits(scenario.area_code), []
    for code, change in told.get("benefits", {}).items():
        known = benefits.get(code)
        title = known.title.in_(lang) if known else code
        terms = (known.in_force(scenario.on) or known.in_force(scenario.against)) if known else None
        for name, amount in change.get("given", {}).items():
            given = terms.given.get(name) if terms else None
            rows.append({
                "title": title, "what": given.label.in_(lang) if given else name,
                "before": _number(given.amount) if given else "—", "after": _number(amount),
            })  # fmt: skip
        if "terms" in change:
            rows.append(
                {"title": title, "what": _("条款"), "before": scenario.on.isoformat(), "after": change["terms"]}
            )
        if change.get("drop"):
            rows.append({"title": title, "what": _("政策"), "before": _("施行"), "after": _("取消")})
    if "line" in told:
        line = profile.active().lines(scenario.on.year).yuan
        rows.append(
            {
                "title": _("贫困线"),
                "what": _("元每人每年"),
                "before": f"{line:,}",
                "after": f"{Decimal(told['line']):,f}",
            }
        )
    drafts = Provision.objects.filter(pk__in=told.get("drafts", []))
    rows += [{"title": one.code, "what": _("政策草稿"), "before": "—", "after": _("施行")} for one in drafts]
    return rows


def benefit_rows(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The benefits that cost or reach something, those that changed first."""
    changed = set(result["changed"])
    rows = [{**row, "title": catalogue.title(row["benefit"]), "is_changed": row["benefit"] in changed}
            for row in result["benefits"]]  # fmt: skip
    return sorted(rows, key=lambda row: not row["is_changed"])


def cost_rows(result: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
    names = dict(catalogue.choices("fund" if what == "funds" else "department"))
    return [{**row, "label": names.get(row["code"], row["code"])} for row in result[what]]


def groups(scenario: Scenario) -> list[dict[str, Any]]:
    """Every way of grouping: its title, rows with names, which ones are hidden, and what the hidden have together."""
    result, found = scenario.result, []
    names = _names(scenario)
    for kind, title in titles().items():
        if kind not in result["groups"]:
            continue
        table = result["groups"][kind]
        rows = [{**row, "label": names[kind](row["code"])} for row in table["rows"]] if table else []
        hidden = [names[kind](code) for code in table["hidden"]] if table else []
        found.append({"kind": kind, "title": title, "rows": rows, "hidden": hidden, "rest": table and table["rest"]})
    return found


def titles() -> dict[str, str]:
    return {
        "region": _("按区域"), "class": _("按贫困户属性"), "cause": _("按主要致贫原因"), "size": _("按家庭人口"),
        "pupil": _("按有无在校生"), "disabled": _("按有无残疾人"), "ill": _("按有无病人"),
    }  # fmt: skip


def _names(scenario: Scenario) -> dict[str, Any]:
    """kind → code → name."""
    answers = {"yes": _("有"), "no": _("没有"), "unknown": _("不清楚")}
    below = Area.objects.current().filter(parent=scenario.area)
    places = {area.prefix: area.name for area in below}
    unknown = _("未填")
    return {
        "region": lambda code: places.get(code, code),
        "class": lambda code: profile.label("household_class", code) or unknown,
        "cause": lambda code: profile.label("cause", code) or unknown,
        "size": lambda code: (_("{n} 人及以上") if code == str(LARGEST_SIZE) else _("{n} 人")).format(n=code),
        **dict.fromkeys(("pupil", "disabled", "ill"), lambda code: answers.get(code, code)),
    }  # fmt: skip


def _number(amount: Any) -> str:
    return f"{Decimal(amount).normalize():,f}"


# --- drawings -------------------------------------------------------------------------------------------------------
def drawings(scenario: Scenario) -> dict[str, SafeString]:
    """Cost by year, cost by fund, poor by region."""
    result = scenario.result
    sides = (_("现行"), _("改动后"))
    years = [charts.Bars(str(row["year"]), _wan(row["before"]), _wan(row["after"])) for row in result["years"]]
    funds = [charts.Bars(row["label"], _wan(row["before"]), _wan(row["after"])) for row in cost_rows(result, "funds")]
    region = result["groups"].get("region")
    places = [
        charts.Bars(row["label"], row["poor_before"], row["poor_after"])
        for group in groups(scenario) if group["kind"] == "region" for row in group["rows"]
    ]  # fmt: skip
    wan, homes = _("{n} 万元"), _("{n} 户")

    def money(value: float) -> str:
        return wan.format(n=f"{value:,.1f}")

    return {
        "years": charts.pairs(years, title=_("各年支出"), sides=sides, shown=money, ident="c-years"),
        "funds": charts.pairs(funds, title=_("各资金来源支出"), sides=sides, shown=money,
                              ident="c-funds"),
        "poor": charts.pairs(places, title=_("线下户数"), sides=sides, shown=lambda n: homes.format(n=f"{n:,.0f}"),
                             ident="c-poor"),
        "map": _map(scenario, region["rows"]) if region else SafeString(""),
    }  # fmt: skip


def _map(scenario: Scenario, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Yuan more a year and household, by region of the next level; hidden ones without a colour."""
    values = {
        str(row["code"]).ljust(12, "0"): (Decimal(row["gain_yuan"]) - Decimal(row["lose_yuan"])) / row["households"]
        for row in rows
    }
    draw = county_map if scenario.area.level >= Area.Level.COUNTY else province_map
    return draw(scenario.area, values, kind="yuan", unit=_("元"), title=_("户均每年增减"), ident="map-more")


def _wan(yuan: str | None) -> float | None:
    return None if yuan is None else float(Decimal(yuan)) / TEN_THOUSAND


# --- side by side ---------------------------------------------------------------------------------------------------
def headline(result: Mapping[str, Any]) -> list[tuple[str, str, Any, Any]]:
    """(what, kind, before, after) of the figures that two scenarios are compared by; "" where there is none."""
    total, cost, poverty = result["total"], result["cost"], result["poverty"] or {}
    before, after = poverty.get("before", {}), poverty.get("after", {})
    measures = {
        "headcount": _("贫困发生率"),
        "gap": _("贫困深度（FGT1）"),
        "severity": _("贫困强度（FGT2）"),
        "gini": _("基尼系数"),
    }
    return [
        (_("受益户"), "count", "", total["gain"]), (_("受益人口"), "count", "", total["gain_people"]),
        (_("受损户"), "count", "", total["lose"]), (_("受损人口"), "count", "", total["lose_people"]),
        (_("每年多得"), "yuan", "", total["gain_yuan"]), (_("每年少得"), "yuan", "", total["lose_yuan"]),
        (_("每年支出"), "yuan", cost["before"], cost["after"]),
        (_("贫困线"), "yuan", before.get("line"), after.get("line")),
        (_("线下户数"), "count", total["poor_before"], total["poor_after"]),
        *((label, "percent" if name == "headcount" else "number", before.get(name), after.get(name))
          for name, label in measures.items()),
    ]  # fmt: skip
