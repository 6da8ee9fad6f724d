"""A village's plan on A4, in the reader's language; the content, and so the fingerprint, is the same (PLAN-6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.pdf import typeset
from shuanglian.core.profile import language

from .models import VillageAct, VillagePlan
from .wording import money


def pdf(plan: VillagePlan, told: Mapping[str, Any], acts: Mapping[str, VillageAct]) -> bytes:
    """One path, one plan, one leading industry (一个路子、一个计划、一个主导产业). told: of village_wording.shown."""
    place = told["village"]
    named = _("{village} {year} 年度帮扶计划") if plan.series else _("{village}规划")
    title = named.format(village=place["name"], year=plan.year)
    return typeset("plans/village.typ", {
        "lang": "zh" if language() == "zh" else "en", "title": title, "mark": plan.mark,
        "version": _("第 {n} 版").format(n=plan.version), "head": _head(plan, told), "path": told["path"],
        "plan": told["plan"], "account": _account(told), "wrong": [one["says"] for one in told["faults"]],
        "line_columns": [
            _("项目"), _("数量"), _("起止"), _("责任人"), _("投入（元）"), _("资金来源"), _("年增收（元）"),
        ],
        "lines": [_line(one) for one in told["lines"]],
        "totals": [_("合计"), "", "", "", money(told["cost"]), "", money(told["gain"])],
        "channel_columns": [_("渠道"), _("户计划（元）"), _("村级项目（元）"), _("合计（元）")],
        "channels": [[label, money(home), money(village), money(whole)]
                     for label, home, village, whole in told["channels"]],
        "indicator_columns": [_("指标名称"), _("目标"), _("现值"), _("实现 %"), _("承诺"), _("实现 %")],
        "indicators": [_indicator(one) for _heading, rows in told["groups"] for one in rows],
        "says": _meeting(acts.get("agreed")),
        "signers": [_("村党支部书记"), _("村委会主任"), _("联村单位"), _("乡镇（审定）")],
        "words": {
            "path": _("一个发展路子"), "plan": _("一个脱贫计划"), "account": _("算账"), "lines": _("村级措施和项目"),
            "channels": _("增收靠哪个渠道"), "indicators": _("指标实现程度"), "wrong": _("还没有算平的地方"),
            "day": _("签字日期"), "fingerprint": _("内容指纹"), "printed": _("系统打印，内容以指纹为准"),
        },
    })  # fmt: skip


def _head(plan: VillagePlan, told: Mapping[str, Any]) -> list[tuple[str, str]]:
    place = told["village"]
    return [
        (_("行政村"), place["name"]), (_("乡镇"), place["township"]), (_("在册户"), str(told["households"])),
        (_("在册人口"), str(told["people"])), (_("计划期"), f"{plan.year}–{plan.until}"),
        (_("主导产业"), told["industry"]),
    ]  # fmt: skip


def _account(told: Mapping[str, Any]) -> str:
    rate = f"{told['rate']:.1%}" if told["rate"] is not None else "—"
    return _(
        "{now_year} 年人均 {income} 元，{until} 年人均目标 {target} 元：人均增加 {growth} 元，增长 {rate}；"
        "{people} 口人一年要多收 {need} 元，户计划和村级项目合计 {carried} 元。"
    ).format(
        now_year=told["income_year"], income=money(told["income"]), until=told["until"], target=money(told["target"]),
        growth=money(told["growth"]), rate=rate, people=told["people"], need=money(told["need"]),
        carried=money(told["carried"]),
    )  # fmt: skip


def _line(one: Mapping[str, Any]) -> list[str]:
    quantity = f"{float(one['quantity']):g} {one['unit']}" if one["quantity"] else ""
    return [
        f"{one['label']}：{one['what']}", quantity, f"{one['starts_on']} – {one['due_on']}",
        one["owner_name"] or one["owner"], money(one["cost"]), one["fund"],
        f"{money(one['gain'])} {one['channel']}" if float(one["gain"]) else "",
    ]  # fmt: skip


def _indicator(one: Mapping[str, Any]) -> list[str]:
    def told(name: str) -> str:
        return "—" if one[name] is None else f"{float(one[name]):g}"

    goal = "" if one["goal"] is None else f"{one['goal'].normalize():f} {one['unit']}"
    return [one["label"], goal, told("present"), told("present_degree"), told("promised"), told("promised_degree")]


def _meeting(act: VillageAct | None) -> str:
    if act is None:
        return _("以上计划由村两委、驻村工作队和联村单位商量编制，提交村民会议讨论。")
    if act.present is None:
        return _("{on} 村民会议通过，会议记录另附。").format(on=act.on)
    return _("{on} 村民会议通过：应到 {entitled} 人，实到 {present} 人，赞成 {favour} 人。").format(
        on=act.on, entitled=act.entitled, present=act.present, favour=act.in_favour)  # fmt: skip
