"""A living example of notices: one up in a village with an objection that waits, one answered, the village's board."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from shuanglian.accounts.models import User
from shuanglian.areas.models import Area
from shuanglian.core.clock import day_of
from shuanglian.notices.actions import notices, objections
from shuanglian.notices.models import Notice, Objection

ABOUT = "demo.notices"
ROWS = [
    ("张福贵", "一组", 4, "因病", "大病医疗救助、养羊补助"), ("王桂兰", "一组", 2, "缺劳力", "低保二类"),
    ("李建国", "二组", 5, "因学", "助学金、外出务工介绍"), ("马秀英", "二组", 3, "因残", "低保二类、光伏收益"),
    ("陈有才", "三组", 6, "缺资金", "精准扶贫贷款、种药材"), ("赵玉莲", "三组", 4, "缺技术", "劳务技能培训"),
    ("孙满仓", "四组", 4, "因灾", "危房改造"), ("周翠花", "四组", 1, "缺劳力", "五保供养"),
]  # fmt: skip


def show(county: Area, office: User, at: datetime) -> list[Notice]:
    """Put the example up in the county's first village, through the verbs; a second call changes nothing.

    `office`: somebody of the county who answers; the notices are put up in nobody's name.
    """
    if kept := list(Notice.objects.within(county).filter(about=ABOUT).order_by("id")):
        return kept
    villages = Area.objects.current().within(county).filter(level=Area.Level.VILLAGE, kind=Area.Kind.REAL)
    village = villages.select_related("parent__parent").order_by("code").first()
    if village is None:
        return []
    made = [_recognition(village, at), _board(village, at)]
    _say(made[0], "3", "他家在县城买了楼房，不该评上。", at)
    answered = _say(made[0], "6", "她家三口人在外打工，情况要再核。", at + timedelta(seconds=1))
    objections.answer(
        objection=answered, outcome="unfounded", by=office, at=at + timedelta(minutes=1),
        text="已入户核实：在外务工的是分户的儿子，不在本户。维持评议结果。",
    )  # fmt: skip
    return made


def _recognition(village: Area, at: datetime) -> Notice:
    rows = [
        {"key": str(place), "name": name, "group": group, "people": people, "reason": reason, "measure": measure}
        for place, (name, group, people, reason, measure) in enumerate(ROWS, 1)
    ]
    return notices.publish(
        kind="first_notice", area=village, opens_on=day_of(at), about=ABOUT, rows=rows, by=None, at=at,
        title={"zh": "新识别贫困户名单（演示）", "en": "Newly recognised households (demo)"},
    )  # fmt: skip


def _board(village: Area, at: datetime) -> Notice:
    words = {"zh": "惠农资金发放（演示）", "en": "Payments to farmers (demo)"}
    text = {
        "zh": "本季度低保资金已于本月发放到一卡通，共 32 户、58 人。种粮补贴按承包面积发放，每亩 98 元。",
        "en": "This quarter's living allowance was paid to 32 households, 58 people. Grain subsidy: 98 yuan a mu.",
    }
    return notices.publish(
        kind="board", area=village, opens_on=day_of(at), about=ABOUT, rows=[], by=None, at=at, title=words,
        sections=[{"title": words, "text": text}],
    )  # fmt: skip


def _say(notice: Notice, row: str, text: str, at: datetime) -> Objection:
    key = uuid5(NAMESPACE_URL, f"demo {notice.code} {row}")
    return objections.make(notice=notice, row=row, text=text, form_key=key, at=at)[0]
