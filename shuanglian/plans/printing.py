"""A version on A4 in the field's form, in the reader's language; the content, and so the fingerprint, is the same."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.core.pdf import typeset
from shuanglian.core.profile import language

from .models import HouseholdPlan
from .wording import money, shown


def pdf(plan: HouseholdPlan) -> bytes:
    """One household, one plan, one cadre (一户一策一干部)."""
    told = shown(plan.content)
    home, helper, sums = told["household"], told["helper"], told["sums"]
    return typeset("plans/household.typ", {
        "lang": "zh" if language() == "zh" else "en", "title": _("户帮扶计划（一户一策一干部）"), "mark": plan.mark,
        "version": _("第 {n} 版").format(n=plan.version), "head": _head(told, home, helper, plan),
        "diagnosis": _diagnosis(told), "analysis": told["analysis"], "path": told["path"], "account": _account(told),
        "columns": [
            _("措施"), _("数量"), _("开始"), _("责任人"), _("投入（元）"), _("资金来源"), _("渠道"), _("年增收（元）"),
        ],
        "lines": [_line(one) for one in told["lines"]],
        "totals": [_("合计"), "", "", "", money(sums["cost"]), "", "", money(sums["likely"])],
        "closing": _closing(told),
        "says": _("以上计划由帮扶责任人与我家商量编制，内容已念给我听，我家认可。"),
        "signers": [_("户主或家庭代表"), _("帮扶责任人"), _("帮扶单位（审定）"), _("村委会")],
        "words": {
            "diagnosis": _("家庭情况（取自档案）"), "analysis": _("致贫原因分析"), "path": _("脱贫路子"),
            "account": _("算账"), "measures": _("帮扶措施"), "day": _("签字日期"), "fingerprint": _("内容指纹"),
            "printed": _("系统打印，内容以指纹为准"),
        },
    })  # fmt: skip


def _head(told: Any, home: Any, helper: Any, plan: HouseholdPlan) -> list[tuple[str, str]]:
    return [
        (_("户主"), home["head"]), (_("户编号"), home["number"]),
        (_("村组"), f"{home['village']} {home['group']}".strip()),
        (_("家庭人口"), str(told["size"])), (_("帮扶责任人"), helper["name"] if helper else "—"),
        (_("单位"), helper["unit"] if helper else "—"), (_("计划年度"), str(plan.year)),
        (_("目标年度"), str(plan.horizon)),
    ]  # fmt: skip


def _diagnosis(told: Any) -> list[tuple[str, str]]:
    others = _comma().join(told["others"])
    return [
        (_("主要致贫原因"), told["causes"] or "—"), (_("其他致贫原因"), others or "—"),
        (_("劳动力"), _comma().join(f"{name} {n}" for name, n in told["labour"] if n) or "—"),
        (_("土地（亩）"), _comma().join(f"{name} {mu}" for name, mu in told["land"]) or "—"),
        (_("产业意愿"), told["wish"] or "—"), (_("贷款需求"), told["loan_need"] or "—"),
        (_("{year} 年收入账（元）").format(year=told["income_year"]),
         _comma().join(f"{name} {money(yuan)}" for name, yuan in told["incomes"]) or "—"),
    ]  # fmt: skip


def _account(told: Any) -> str:
    return _(
        "{now_year} 年人均 {income} 元；{horizon} 年人均目标 {target} 元；{size} 口人一年要多收 {gap} 元。"
    ).format(
        now_year=told["income_year"],
        income=money(told["income"]),
        horizon=told["horizon"],
        target=money(told["target"]),
        size=told["size"],
        gap=money(told["gap"]),
    )


def _closing(told: Any) -> str:
    likely, low = money(told["sums"]["likely"]), money(told["sums"]["low"])
    both = _("到目标年度措施一年增收：可能 {likely} 元，保守 {low} 元。").format(likely=likely, low=low)
    between = "" if language() == "zh" else " "
    if told["adds_up"]:
        return both + between + _("缺口补上。")
    return both + between + _("还差 {short} 元。").format(short=money(told["sums"]["short"]))


def _line(one: Any) -> list[str]:
    who = one["owner_name"] or one["owner"]
    funds = _comma().join(f"{name} {money(yuan)}" for name, yuan in one["funds"]) or "—"
    label = one["label"] + (f"（{_comma().join(one['people'])}）" if one["people"] else "")
    return [
        label, f"{one['units']} {one['unit']}", one["starts"], who, money(one["cost"]),
        funds, one["channel"], money(one["likely"]),
    ]  # fmt: skip


def _comma() -> str:
    return "，" if language() == "zh" else ", "
