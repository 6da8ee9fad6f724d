"""What may stand on a public board: only the fields that the profile lists, names as allowed, no number of a person.

The whitelist bounds the fields; the scan looks into every text for identity, phone and bank numbers, dates of birth
and the profile's own words (diseases), also when written in full-width or Chinese figures or with blanks between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from shuanglian.kernel.ids import mask_name
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from .notice_shapes import NeverWords, NoticeField, NoticeKind

FIGURES = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖", "000123456789123456789")
HIDDEN = re.compile("[\\u00ad\\u034f\\u115f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufe00-\\ufe0f]")
BETWEEN = re.compile(r"(?<=\d)[\s\-_.,，、·*/|:：\u2010-\u2015\u2212]+(?=[\dXx])")
ID = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?![\dXx])")
PHONE = re.compile(r"(?<!\d)(?:0086|86)?1[3-9]\d{9}(?!\d)")
LONG = re.compile(r"\d{12,}[Xx]?")  # bank cards and passbooks have 12 to 19 figures; nothing on a board has so many
DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)")
RUN = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
BIRTH = re.compile(r"出生|生日|诞生|生于|年生|月生|日生|\bborn\b|birth|\bDOB\b", re.I)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}|(?<!\d)\d{1,2}\s*月")
LONG_AGO = timedelta(days=366)

CURES = {
    "id": N_("“{text}”里像有身份证号码：公示中不能出现，请删去"),
    "phone": N_("“{text}”里像有手机号码：公示中不能出现，请删去"),
    "bank": N_("“{text}”里像有银行卡或账户号码：公示中不能出现，请删去"),
    "birth": N_("“{text}”里像有出生日期：公示中不能出现，事情的时间写到月就够了"),
    "words": N_("“{text}”里有“{word}”（{label}）：公示中不能出现，{instead}"),
}


def plain(text: str) -> str:
    """Full-width and Chinese figures as ASCII, invisible characters gone: what the eye reads is what is looked at."""
    return HIDDEN.sub("", unicodedata.normalize("NFKC", text)).translate(FIGURES)


def found_in(text: str, *, on: date, row: bool) -> str:
    """What kind of personal number stands in a text (id, phone, bank, birth), or nothing. `row`: about one person."""
    seen = plain(text)
    joined = BETWEEN.sub("", seen)
    if ID.search(seen) or ID.search(joined):
        return "id"
    if PHONE.search(seen) or PHONE.search(joined):
        return "phone"
    if LONG.search(joined):
        return "bank"
    return "birth" if _birth(seen, on, row) else ""


def _birth(seen: str, on: date, row: bool) -> bool:
    """Any date beside a word of birth; about one person also a whole date of more than a year ago."""
    if BIRTH.search(seen) and YEAR.search(seen):
        return True
    days = [_day(*found) for pattern in (DAY, RUN) for found in pattern.findall(seen)] if row else []
    return any(day is not None and day < on - LONG_AGO for day in days)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def check_text(text: str, *, on: date, never: Iterable[NeverWords] = (), row: bool = False) -> None:
    """A Refusal that says what stands in the text and must not."""
    if kind := found_in(text, on=on, row=row):
        raise Refusal(f"public_{kind}", CURES[kind], text=_short(text))
    seen = unicodedata.normalize("NFKC", HIDDEN.sub("", text)).lower()
    for entry in never:
        for word in entry.words:
            if _stands(word.lower(), seen):
                raise Refusal("public_words", CURES["words"], text=_short(text), word=word, label=entry.label,
                              instead=entry.instead)  # fmt: skip


def _stands(word: str, text: str) -> bool:
    """Latin words stand alone (HIV, not "achive"); Chinese ones anywhere."""
    return bool(re.search(rf"(?<![a-z]){re.escape(word)}", text)) if word.isascii() else word in text


def _short(text: str) -> str:
    """The text as shown back to staff, its figures hidden: a refusal must not publish what it refuses."""
    return re.sub(r"\d(?=\d{2})", "*", unicodedata.normalize("NFKC", text)[:40])


def shown_name(name: str, style: str) -> str:
    """A name as allowed: full, middle (张*丰, 张*), surname (张**)."""
    if style == "full" or not name:
        return name
    if style == "middle" and len(name) > 2:
        return name[0] + "*" * (len(name) - 2) + name[-1]
    return mask_name(name)


def shown_row(
    row: Mapping[str, Any], kind: NoticeKind, fields: Mapping[str, NoticeField], *, on: date,
    never: Sequence[NeverWords] = (),
) -> dict[str, Any]:  # fmt: skip
    """A row as the board shows it: `key` (whose row, never shown) and the kind's own fields, each checked.

    A value is a text, or {"zh": …, "en": …}. Empty values are left out. A Refusal for anything that is not allowed.
    """
    key = str(row.get("key", ""))
    if not 0 < len(key) <= 40:
        raise Refusal("row_without_key", N_("公示的一行缺少编号（key）"))
    if strange := sorted(set(row) - {"key", *kind.fields}):
        raise Refusal("field_not_public", N_("公示中不能有“{field}”一栏：{kind}只可以有{allowed}"),
                      field=strange[0], kind=kind.label, allowed="、".join(kind.fields))  # fmt: skip
    shown: dict[str, Any] = {"key": key}
    for code in kind.fields:
        if (value := _value(row.get(code), code)) is None:
            continue
        for text in value.values() if isinstance(value, dict) else [value]:
            if len(text) > fields[code].longest:
                raise Refusal("public_too_long", N_("“{field}”一栏最多 {most} 字：{text}"), field=fields[code].label,
                              most=fields[code].longest, text=_short(text))  # fmt: skip
            check_text(text, on=on, never=never, row=True)
        shown[code] = shown_name(value, kind.names) if code == "name" and isinstance(value, str) else value
    if len(shown) == 1:
        raise Refusal("empty_row", N_("公示的一行没有内容"))
    return shown


def _value(value: Any, code: str) -> str | dict[str, str] | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, Mapping):
        texts = {lang: HIDDEN.sub("", str(value.get(lang) or "")).strip() for lang in ("zh", "en")}
        if set(value) - {"zh", "en"} or code == "name" or not texts["zh"]:
            raise Refusal("row_not_text", N_("“{field}”一栏应是文字"), field=code)
        return {"zh": texts["zh"], "en": texts["en"] or texts["zh"]}
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refusal("row_not_text", N_("“{field}”一栏应是文字"), field=code)
    return " ".join(HIDDEN.sub("", value).split()) or None
