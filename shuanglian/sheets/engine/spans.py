"""The months that a payroll pays for: 3月, 1—3月, 第二季度, 上半年, 2015-03, 春季学期."""

import re
import unicodedata
from dataclasses import dataclass

_FIGURES = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:((?:19|20)\d\d)(?:年度?|[-/.])?)?"
_MONTH = re.compile(rf"^{_YEAR}(1[0-2]|0?[1-9])月?份?$")
_PACKED = re.compile(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])$")
_SPAN = re.compile(rf"^{_YEAR}(1[0-2]|0?[1-9])月?份?[-~至到—–～]{_YEAR}(1[0-2]|0?[1-9])月?份?$")
_QUARTER = re.compile(rf"^{_YEAR}(?:第?([一二三四1234])季度?|Q([1-4]))$")
_NAMED = {"上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12), "春季": (2, 7), "春季学期": (2, 7), "秋季": (9, 12),
          "秋季学期": (9, 12)}  # fmt: skip
_WHOLE = re.compile(rf"^{_YEAR}({'|'.join(_NAMED)})$")
_IN_TITLE = re.compile(
    r"(?:19|20)\d\d年(?:(?:1[0-2]|0?[1-9])月?[-~至到—–～])?(?:1[0-2]|0?[1-9])月(?!\d)"
    r"|(?:19|20)\d\d年(?:度)?第?[一二三四1234]季度|(?:19|20)\d\d年(?:度)?[上下]半年|第[一二三四]季度"
)


@dataclass(frozen=True)
class Span:
    """From one month to another of a year; the year None when the cell does not say it."""

    year: int | None
    first: int
    last: int

    def words(self, year: int) -> str:
        """2015-03 or 2015-01/03: one spelling for equal months."""
        first = f"{self.year or year}-{self.first:02d}"
        return first if self.first == self.last else f"{first}/{self.last:02d}"


def span_of(text: str) -> Span | None:
    """What a cell says; None when it says nothing that is understood."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().removesuffix(".0")
    if found := _PACKED.match(bare):
        return Span(int(found[1]), int(found[2]), int(found[2]))
    if found := _MONTH.match(bare):
        return Span(_year(found[1]), int(found[2]), int(found[2]))
    if found := _SPAN.match(bare):
        first, last = int(found[2]), int(found[4])
        same_year = not found[3] or found[3] == found[1]
        return Span(_year(found[1]), first, last) if first <= last and same_year else None
    if found := _QUARTER.match(bare):
        quarter = _FIGURES[found[2] or found[3]]
        return Span(_year(found[1]), 3 * quarter - 2, 3 * quarter)
    if found := _WHOLE.match(bare):
        return Span(_year(found[1]), *_NAMED[found[2]])
    return None


def in_title(title: str) -> str:
    """The months that a title names, as it writes them; "" when it names none."""
    found = _IN_TITLE.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", title)))
    return found[0] if found else ""


def _year(text: str | None) -> int | None:
    return int(text) if text else None
