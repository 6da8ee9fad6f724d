"""Find areas by code or by the names of a path: old suffixes, short forms, one village name in two townships.

Names are compared without their suffix (孟河村民委员会 = 孟河村 = 孟河). A name that several areas carry is never
guessed: the finding lists them.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

LEVELS = ("province", "city", "county", "township", "village")
_SAME = {"prefecture": "city"}
_SUFFIX = {
    "province": r"(?:壮族|回族|维吾尔)?(?:自治区|省|市)$",
    "city": r"(?:[\u4e00-\u9fff]{1,4}族)*(?:自治州|地区|市|州|盟)$",
    "county": r"(?:[\u4e00-\u9fff]{1,4}族)*(?:自治县|自治旗|县|市|区|旗)$",
    "township": r"(?:[\u4e00-\u9fff]{1,4}族)*(?:街道办事处|办事处|民族乡|地区|街道|镇|乡)$",
    "village": r"(?:村民委员会|居民委员会|社区居委会|社区委员会|村委会|居委会|社区|行政村|嘎查|居委|村)$",
}
_SUFFIXES = {level: re.compile(text) for level, text in _SUFFIX.items()}
_TOWN = re.compile(r"社区|居委会?$|居民委员会$")
_RURAL = re.compile(r"村(?:民)?(?:委员会|委会)?$|村$")


def bare(name: str, level: str) -> str:
    """A name without blanks and suffix; the whole name when nothing would be left."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
    short = _SUFFIXES[level].sub("", text)
    if level == "village" and short.endswith("社区"):
        short = short.removesuffix("社区")
    return short or text


@dataclass(frozen=True)
class Found:
    """What a path of names or a code means: `code` of the area (None: not found), a problem, and candidates."""

    code: str | None = None
    problem: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass
class RegionTable:
    """Areas: a frame with `code` (12 digits), `name`, `level`, `parent_code`, optionally `aliases` (List of names).

    `levels` are province, city (or prefecture), county, township, village. `within` is the area in which a path is
    looked for when the roster itself names no county.
    """

    frame: pl.DataFrame
    within: str | None = None
    names: dict[str, str] = field(init=False)
    level: dict[str, str] = field(init=False)
    parent: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        rows = list(self.frame.select("code", "name", "level", "parent_code").iter_rows())
        self.names = {code: name for code, name, _, _ in rows}
        self.level = {code: _SAME.get(level, level) for code, _, level, _ in rows}
        self.parent = {code: parent or "" for code, _, _, parent in rows}
        self._kept: dict[tuple[str | None, ...], Found] = {}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[str]]:
        """(level, bare name) → codes."""
        out: dict[tuple[str, str], list[str]] = defaultdict(list)
        aliases = dict(self.frame.select("code", "aliases").iter_rows()) if "aliases" in self.frame.columns else {}
        for code, name in self.names.items():
            level = self.level[code]
            for word in dict.fromkeys([name, *(aliases.get(code) or ())]):
                key = (level, bare(word, level))
                if code not in out[key]:
                    out[key].append(code)
        return out

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = defaultdict(list)
        for code, parent in self.parent.items():
            out[parent].append(code)
        return out

    def path(self, code: str) -> list[str]:
        """Codes from the top down to an area."""
        out: list[str] = []
        while code and code in self.names and code not in out:
            out.append(code)
            code = self.parent[code]
        return out[::-1]

    def above(self, code: str | None, level: str) -> str | None:
        """The ancestor (or itself) of a level."""
        return next((one for one in self.path(code or "") if self.level[one] == level), None)

    def title(self, code: str, top: str = "county") -> str:
        """通渭县平襄镇孟河村民委员会: names from a level downwards."""
        begin = LEVELS.index(top)
        return "".join(self.names[one] for one in self.path(code) if LEVELS.index(self.level[one]) >= begin)

    def title_or_code(self, code: str) -> str:
        """The title of an area, or its code when the table does not hold it."""
        return self.title(code) or code

    def named(self, text: str, level: str, within: str | None = None) -> list[str]:
        """Codes of a level that carry a name, below an area if one is given."""
        codes = self._by_name.get((level, bare(text, level)), [])
        return [code for code in codes if within is None or within in self.path(code)]

    def area(self, text: str, within: str | None = None) -> Found:
        """An area of any level by code or name, the highest first: for a unit's seat."""
        if re.fullmatch(r"\d{2,12}", text.strip()):
            code = text.strip().ljust(12, "0")
            return Found(code) if code in self.names else Found(None, "region_code_unknown")
        for level in LEVELS[:4]:
            if codes := self.named(text, level, within):
                return Found(codes[0]) if len(codes) == 1 else self._several(codes)
        return self.village(within, None, None, None, text, None)

    def village(
        self, province: str | None, city: str | None, county: str | None, township: str | None,
        village: str | None, code: str | None,
    ) -> Found:  # fmt: skip
        """A village by its code, else by the names of its path (any of them may be missing)."""
        key = (province, city, county, township, village, code)
        if key not in self._kept:
            self._kept[key] = self._find(*key)
        return self._kept[key]

    def _find(
        self, province: str | None, city: str | None, county: str | None, township: str | None,
        village: str | None, code: str | None,
    ) -> Found:  # fmt: skip
        if code:
            by_code = self._by_code(code, village)
            if by_code.code or not village:
                return by_code
        if not village:
            return Found(None, "village_missing")
        scope, problem = self._scope(province, city, county)
        if problem:
            return Found(None, problem, (province or "", city or "", county or ""))
        found = self._in_scope(scope, township, village)
        if code and found.code and not found.problem:
            return Found(found.code, "region_code_unknown", (self.title(found.code),))
        return found

    def _by_code(self, code: str, village: str | None) -> Found:
        digits = re.sub(r"\.0+$|\D", "", unicodedata.normalize("NFKC", code))
        if digits not in self.names or self.level[digits] != "village":
            return Found(None, "region_code_unknown")
        if village and not self._same_village(digits, village):
            return Found(digits, "region_code_and_name", (self.title(digits),))
        return Found(digits)

    def _same_village(self, code: str, village: str) -> bool:
        name = bare(village, "village")
        return code in self._by_name.get(("village", name), []) or name.endswith(bare(self.names[code], "village"))

    def _scope(self, province: str | None, city: str | None, county: str | None) -> tuple[str | None, str | None]:
        """The area in which to look: the county, or the lowest that is named."""
        scope: str | None = None
        if not county and self.within in self.names:
            return self.within, None
        for level, text in (("province", province), ("city", city), ("county", county)):
            if not text:
                continue
            codes = self.named(text, level, scope)
            if not codes and level != "county":
                continue  # a province or city that this table does not hold says nothing about the county
            if len(codes) != 1:
                return None, "county_unknown" if not codes else "county_ambiguous"
            scope = codes[0]
        return scope, None

    def _in_scope(self, scope: str | None, township: str | None, village: str) -> Found:
        towns = self._townships(scope, township) if township else []
        if len(towns) > 1:
            return self._several(towns, "township_ambiguous")
        anywhere = self._villages(village, scope)
        if towns:
            here = self._villages(village, towns[0], self.names[towns[0]], township or "")
            if len(here) == 1:
                return Found(here[0])
            if here:
                return self._several(here)
            return Found(
                None, "village_unknown", tuple(map(self.title, anywhere[:5])) or self._alike(village, towns[0])
            )
        if township and len(anywhere) == 1:
            return Found(anywhere[0], "township_unknown", (self.title(anywhere[0]),))
        if township:
            return Found(None, "township_unknown", tuple(map(self.title, anywhere[:5])))
        if len(anywhere) == 1:
            return Found(anywhere[0])
        return self._several(anywhere) if anywhere else Found(None, "village_unknown", self._alike(village, scope))

    def _townships(self, scope: str | None, text: str) -> list[str]:
        """Townships of a name; failing that, the one whose name the text shortens (三铺 for 第三铺乡)."""
        if codes := self.named(text, "township", scope):
            exact = [code for code in codes if self.names[code] == text]
            return exact if len(exact) == 1 else codes
        if scope is None or self.level[scope] not in ("county", "city"):
            return []
        short = bare(text, "township")
        towns = [
            code for code in self._below(scope, "township") if _shortens(short, bare(self.names[code], "township"))
        ]
        return towns if len(towns) == 1 and len(short) > 1 else []

    def _villages(self, text: str, within: str | None, *prefixes: str) -> list[str]:
        codes = self.named(text, "village", within)
        if not codes:
            for prefix in prefixes:
                if prefix and text.startswith(prefix) and len(text) > len(prefix):
                    codes = codes or self.named(text.removeprefix(prefix), "village", within)
        if not codes and (head := re.match(r"^(.{1,10}?村)(?:.{1,8}[组社队屯]|第?.{1,3}[组社队])$", text)):
            codes = self.named(head[1], "village", within)
        if len(codes) > 1:  # 城关村 and 城关社区 differ in more than their suffix
            wanted = _TOWN if _TOWN.search(text) else _RURAL if _RURAL.search(text) else None
            same = [code for code in codes if wanted and wanted.search(self.names[code])]
            return same or codes
        return codes

    def _below(self, scope: str, level: str) -> list[str]:
        out, waiting = [], [scope]
        while waiting:
            code = waiting.pop()
            if self.level.get(code) == level:
                out.append(code)
            elif code in self._children:
                waiting.extend(self._children[code])
        return sorted(out)

    def _several(self, codes: list[str], problem: str = "village_ambiguous") -> Found:
        return Found(None, problem, tuple(self.title(code) for code in codes[:6]))

    def _alike(self, village: str, scope: str | None) -> tuple[str, ...]:
        """Names one character off, to help with a typing error."""
        if scope is None:
            return ()
        name = bare(village, "village")
        near = [
            code for code in self._below(scope, "village")
            if _one_off(name, bare(self.names[code], "village"))
        ]  # fmt: skip
        return tuple(self.title(code) for code in near[:4])


def _shortens(short: str, full: str) -> bool:
    """Whether all characters of a name stand in another in the same order."""
    rest = iter(full)
    return all(char in rest for char in short)


def _one_off(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1 or a == b or min(len(a), len(b)) < 2:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def locate(frame: pl.DataFrame, regions: RegionTable) -> pl.DataFrame:
    """For rows with province … village, village_code: `_village`, `_township` codes, `_problem`, `_candidates`.

    Missing columns count as empty; each distinct path is looked up once.
    """
    names = [*LEVELS, "village_code"]
    paths = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)).alias(name) for name in names
    )
    distinct = paths.unique(maintain_order=True)
    found = [regions.village(*row) for row in distinct.iter_rows()]
    table = distinct.with_columns(
        _village=pl.Series([one.code for one in found], dtype=pl.String),
        _township=pl.Series([regions.above(one.code, "township") for one in found], dtype=pl.String),
        _problem=pl.Series([one.problem for one in found], dtype=pl.String),
        _candidates=pl.Series(["、".join(filter(None, one.candidates)) for one in found], dtype=pl.String),
    )
    joined = paths.join(table, on=names, how="left", maintain_order="left", nulls_equal=True)
    return joined.select("_village", "_township", "_problem", "_candidates")
