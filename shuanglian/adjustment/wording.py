"""How decisions, grounds and the year's movement are called on pages and in workbooks."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuanglian.core.profile import language

from .models import Item

AGREED = {
    "leave": gettext_lazy("提名退出"), "missing": gettext_lazy("提名纳入"), "return": gettext_lazy("返贫重新纳入"),
}  # fmt: skip
REFUSED = {"leave": gettext_lazy("留在册内"), "missing": gettext_lazy("不纳入"), "return": gettext_lazy("没有返贫")}
FLOW = (
    gettext_lazy("年初在册"), gettext_lazy("新识别"), gettext_lazy("返贫纳入"), gettext_lazy("分户增加"),
    gettext_lazy("脱贫退出"), gettext_lazy("清退"), gettext_lazy("并户减少"), gettext_lazy("期末在册"),
)  # fmt: skip


def grounds(item: Item) -> list[str]:
    """Why somebody is on the list, in sentences."""
    told = []
    for one in item.grounds:
        says = one["says"][language() if language() == "zh" else "en"] if "says" in one else ""
        if one["code"] == "ready":
            says = _("{on} 核对：条条达到退出标准").format(on=one["on"])
        if "yuan" in one:
            days = [line["on"] for line in one["lines"] if line["on"]]
            sentence = _("{list}：当年 {yuan} 元，{n} 笔") if Decimal(one["yuan"]) else _("{list}：列有此人，{n} 行")
            says = sentence.format(list=says, yuan=one["yuan"], n=len(one["lines"]))
            says += f"（{days[-1]}）" if days else ""
        told.append(says)
    return told
