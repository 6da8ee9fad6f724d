"""Headers to fields: by spelling, by the group above, by the neighbour to the left, by what stands in the column."""

import re
from typing import Any

from shuanglian.kernel.words import N_, Said

from .fields import PREFIX, ROSTERS, Field
from .layout import ColumnGuess
from .parties import TARGETS, Parties, slot_of
from .sheet_data import SheetData
from .spelling import KNOWN, UNWANTED, fields_of, is_header, spelling

_SAMPLE = 40
_PATTERNS = {
    "id": re.compile(r"^\d{17}[\dXx](?:\d{2}(?:[\dB]\d)?)?$"),
    "phone": re.compile(r"^1[3-9]\d{9}$"),
}
_RARELY = re.compile(r"开始|结束|采集|监护|备注|审核|代码|类型|比例|年龄|签|数$")

Paths = dict[str, tuple[str, ...]]
Choice = tuple[float, str | None, Said]


def assign(
    paths: Paths, kind: str, sheet: SheetData | None = None, first_row: int = 0, profile: Any = None
) -> list[ColumnGuess]:
    """One guess a column, in the order of the sheet; no field is given twice."""
    letters = list(paths)
    headers = [(paths[letter][:-1], paths[letter][-1]) for letter in letters]
    parties = Parties(kind, headers).walk(headers)
    choices = [_choices(kind, groups, leaf, party) for (groups, leaf), party in zip(headers, parties, strict=True)]
    years = [spelling("".join(paths[letter])).year or 0 for letter in letters]
    picked = _settle(choices, years, letters)
    if sheet is not None:
        _by_content(picked, kind, letters, sheet, first_row, profile)
    return [
        ColumnGuess(letter, "/".join(paths[letter]), code, round(sure, 2), why)
        for letter, (sure, code, why) in zip(letters, picked, strict=True)
    ]


def _choices(kind: str, groups: tuple[str, ...], leaf: str, party: tuple[str, str]) -> list[Choice]:
    """What a header may mean, surest first; the last choice is to leave it alone."""
    out: list[Choice] = []
    if groups and party[0] == "other":
        return [(0.0, None, Said(N_("属于“{anchor}”，本名册用不到"), {"anchor": party[1]}))]
    for group in reversed(groups):
        for code, sure in fields_of(group + leaf, kind):
            out.append((sure * 0.97, code, Said(N_("表头“{header}”"), {"header": f"{group}/{leaf}"})))
    slot, (whose, anchor) = slot_of(leaf), party
    direct = fields_of(leaf, kind)
    if slot and not (direct and direct[0][1] == 1.0 and _says_whose(direct[0][0], leaf, kind)):
        target = TARGETS[kind].get(whose, {}).get(slot)
        beside = Said(N_("按位置判断，属于“{anchor}”"), {"anchor": anchor or leaf})
        if target is None:
            return [*out, (0.0, None, Said(N_("属于“{anchor}”，本名册用不到"), {"anchor": anchor or leaf}))]
        out.append((0.9 if anchor else 0.8, target, beside))
        if kind == "households" and slot == "phone":
            out.append((0.75, PREFIX + "phone", beside))
        return [*out, _left_alone(leaf)]
    out += [(sure, code, Said(N_("列名“{header}”"), {"header": leaf})) for code, sure in direct]
    if not direct and spelling(leaf).plain not in UNWANTED:
        out += _contained(kind, leaf)
    return [*sorted(out, key=lambda choice: -choice[0]), _left_alone(leaf)]


def _says_whose(code: str, leaf: str, kind: str) -> bool:
    """Whether a header such as 户主证件号码 names its owner and needs no neighbour."""
    return slot_of(leaf) is None or ROSTERS[kind].field(code).type in ("region", "code")


def _left_alone(leaf: str) -> Choice:
    known = is_header(leaf) > 0.8
    return (0.0, None, Said(N_("本名册用不到这一列")) if known else Said(N_("没有认出这个列名，如需要请手工指定")))


def _contained(kind: str, leaf: str) -> list[Choice]:
    """A known header inside a longer one, as long as it makes up half of it."""
    text = next((form for form, _ in reversed(spelling(leaf).forms)), "")
    if not text or _RARELY.search(text):
        return []
    inside = [word for word in KNOWN[kind] if len(word) >= 3 and word in text and len(word) * 2 >= len(text)]
    if not inside:
        return []
    word = max(inside, key=len)
    return [(0.55, code, Said(N_("列名里含有“{word}”"), {"word": word})) for code in KNOWN[kind][word][:1]]


def _settle(choices: list[list[Choice]], years: list[int], letters: list[str]) -> list[Choice]:
    """Give each field to the surest column, of equals to the latest year, then to the leftmost."""
    picked: list[Choice | None] = [None] * len(choices)
    taken: dict[str, int] = {}
    ranked = sorted(
        ((choice, at, rank) for at, options in enumerate(choices) for rank, choice in enumerate(options) if choice[1]),
        key=lambda one: (-one[0][0], -years[one[1]], one[1], one[2]),
    )
    for choice, at, _ in ranked:
        code = choice[1]
        if picked[at] is None and code is not None and code not in taken:
            picked[at], taken[code] = choice, at
    out: list[Choice] = []
    for at, options in enumerate(choices):
        if (one := picked[at]) is not None:
            out.append(one)
            continue
        rival = next((taken[code] for _, code, _ in options if code in taken), None)
        out.append(
            options[-1] if rival is None
            else (0.0, None, Said(N_("与 {letter} 列重复，用了那一列"), {"letter": letters[rival]}))
        )  # fmt: skip
    return out


def _by_content(
    picked: list[Choice], kind: str, letters: list[str], sheet: SheetData, first_row: int, profile: Any
) -> None:
    """Columns still unknown whose cells speak for themselves: identity numbers, phones, relations to the head."""
    rows = sheet.cells.filter(sheet.cells["row"] >= first_row)
    open_ = [at for at, (_, code, _) in enumerate(picked) if code is None]
    taken = {code for _, code, _ in picked}
    for field in ROSTERS[kind].fields:
        if field.code in taken or not (field.type in _PATTERNS or field.code.endswith("relation")):
            continue
        if field.type == "id" and field.code not in ("head_id", "id_number", PREFIX + "id_number", "household_id"):
            continue
        for at in open_:
            sentence = picked[at][2].sentence
            if picked[at][1] is None and "没有认出" in sentence and _speaks(rows[letters[at]], field, profile):
                picked[at] = (0.6, field.code, Said(N_("按内容判断，请核对")))
                taken.add(field.code)
                break


def _speaks(cells: Any, field: Field, profile: Any) -> bool:
    texts = [text.strip() for text in cells.drop_nulls().head(_SAMPLE)]
    if len(texts) < 3:
        return False
    if field.type in _PATTERNS:
        return sum(bool(_PATTERNS[field.type].match(text)) for text in texts) > 0.7 * len(texts)
    codes = profile.codes.get(field.list) if profile is not None else None
    return codes is not None and sum(codes.find(text) is not None for text in texts) > 0.9 * len(texts)
