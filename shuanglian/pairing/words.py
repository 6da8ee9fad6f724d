"""The sentences of this room that also speak where no web is: reasons, terms of the cost, slots. No Django."""

from __future__ import annotations

from shuanglian.kernel.words import N_, Said

# why a pair changes or ends (ProposedPair.why, Pairing.ended_why)
REASONS = {
    "": "",
    "better": N_("总体更优：新的安排使全县总代价更低"),
    "pinned": N_("人工指定"),
    "forbidden": N_("人工排除了原来的一对"),
    "relative": N_("亲属回避"),
    "cadre_left": N_("原责任人已不在册"),
    "cadre_away": N_("原责任人离岗（请假、退休或调离）"),
    "cadre_takes_none": N_("原责任人不再承担联户（身份或职级变化）"),
    "over_quota": N_("原责任人超出定额"),
    "household_moved": N_("户迁到了别的村"),
    "household_left": N_("户已脱贫退出"),
    "household_removed": N_("户已剔除"),
    "merged": N_("户已并入他户"),
    "first": N_("首次结对"),
    "ended_by_hand": N_("人工解除"),
    # why nobody could be found
    "no_room": N_("干部名额不足：定额和兜底名额都已用完"),
    "nobody_allowed": N_("可以安排的干部都被排除或须回避"),
    "pin_not_kept": N_("人工指定的干部不能承担"),
    "no_place": N_("行政村不在区划表中"),
    # units and villages
    "unit_left": N_("单位已退出"),
    "too_many_villages": N_("单位联系村数超过其规模"),
    "not_poor": N_("不再是贫困村"),
    "left_out": N_("没有可用的单位"),
}

TERMS = {
    "distance": N_("路程"),
    "need": N_("强弱搭配"),
    "trade": N_("专业对口"),
    "keep": N_("保持原结对"),
    "outside": N_("联系村以外"),
    "fallback": N_("兜底"),
    "even": N_("兜底均衡"),
    "exit": N_("当年退出村"),
    "unit_load": N_("一单位多村"),
    "village_load": N_("一村多单位"),
    "left": N_("没有责任人"),
}

SLOTS = {"regular": N_("帮扶责任人"), "fallback": N_("驻村干部兜底")}
CHANGES = {
    "kept": N_("延续"), "new": N_("新结对"), "moved": N_("调整"), "ended": N_("结束"), "none": N_("未落实"),
}  # fmt: skip


def reason(code: str) -> Said:
    """A reason as a sentence; one that is not among ours (an imported one) is what it says."""
    return Said(REASONS.get(code, code))


def term(code: str) -> Said:
    return Said(TERMS.get(code, code))
