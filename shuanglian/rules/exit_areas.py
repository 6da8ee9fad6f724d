"""What standards of townships and counties speak of: `area` and its figures (IDX-2, IDX-3; domain 3.3).

Counted figures come from the register and the village forms; given figures are entered by the office with a source,
or taken from a look-back.
"""

from __future__ import annotations

from functools import cache

from .cel.types import DAY, NUMBER, WHOLE, Type, record
from .cel.vocabulary import Vocabulary, Word
from .facts.catalogue import vocabulary
from .facts.sources import COUNT, FORM, PERCENT, PERSONS, REGISTER, YUAN
from .profile_shapes import Label

OFFICE = Label(zh="县里认定的数", en="figure settled by the county")
POINTS = Label(zh="个百分点", en="percentage points")
COUNTED: tuple[tuple[str, Type, str, str, Label, Label], ...] = (
    ("poor_people", WHOLE, "在册贫困人口", "poor people on the register", REGISTER, PERSONS),
    ("people", WHOLE, "总人口（村情况表合计）", "all people, summed over village forms", FORM, PERSONS),
    ("incidence", NUMBER, "贫困发生率", "incidence of poverty", REGISTER, PERCENT),
    ("incidence_before", NUMBER, "上年末贫困发生率", "incidence at the end of last year", REGISTER, PERCENT),
    ("farmer_income", NUMBER, "农民人均收入（村情况表按人口加权）", "farmers' income per head, weighted", FORM, YUAN),
    ("poor_villages", WHOLE, "贫困村数", "poor villages", REGISTER, COUNT),
    ("villages_out", WHOLE, "已退出贫困村数", "poor villages that left", REGISTER, COUNT),
    ("villages_out_share", NUMBER, "贫困村退出比例", "share of poor villages that left", REGISTER, PERCENT),
)
GIVEN: tuple[tuple[str, str, str, Label], ...] = (
    ("composite_incidence", "综合贫困发生率", "composite incidence of poverty", PERCENT),
    ("wrong_entry_rate", "错评率", "rate of wrong entries", PERCENT),
    ("missed_rate", "漏评率", "rate of missed households", PERCENT),
    ("wrong_exit_rate", "错退率", "rate of wrong exits", PERCENT),
    ("approval_rate", "群众认可度", "approval among the people", PERCENT),
    ("province_income", "全省农民人均收入", "farmers' income per head of the province", YUAN),
)


@cache
def area_vocabulary() -> Vocabulary:
    """`area` beside the year and the day."""
    words = {
        name: Word("area", name, kind, Label(zh=zh, en=en), source, unit)
        for name, kind, zh, en, source, unit in COUNTED
    } | {
        name: Word("area", name, NUMBER, Label(zh=zh, en=en), OFFICE, unit, stated=True)
        for name, zh, en, unit in GIVEN
    }  # fmt: skip
    roots = {"area": record("area"), "year": record("year"), "day": DAY}
    return Vocabulary({"area": words, "year": vocabulary().words["year"]}, roots)
