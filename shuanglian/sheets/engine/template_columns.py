"""What a template does with a column: its header, number format, drop-down or limit, its line in the explanations."""

from dataclasses import dataclass
from typing import Any

from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said

from .fields import PREFIX, ROSTERS, Field
from .mark_text import width

TEXT, DATE, WHOLE, NUMBER = "@", "yyyy-mm-dd", "0", "0.00"
_FORMATS = {"int": WHOLE, "decimal": NUMBER, "date": DATE, "code": "General", "bool": "General"}
_INLINE = 255  # characters of a drop-down that may stand in the cell's own rule
_LENGTHS = {"id": (15, 22), "phone": (11, 11), "uscc": (18, 18), "card": (8, 32)}
_FIGURES = 10**12  # a bound that only says: this must be a number
_TYPES = {
    "text": N_("文字"), "region": N_("地名"), "int": N_("整数"), "decimal": N_("数字"), "bool": N_("是或否"),
    "date": N_("日期，如 2015-06-20"), "code": N_("从下拉列表选一项"), "uscc": N_("文本格式，18 位"),
    "id": N_("文本格式，18 位（残疾证 20 或 22 位）"), "phone": N_("文本格式，11 位手机号"),
    "card": N_("文本格式，只填数字"),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a template: the field, its header as shown, the choices of its drop-down."""

    field: Field
    header: str
    choices: tuple[tuple[str, str], ...]  # (code, label)

    @property
    def of_member(self) -> bool:
        """Whether it is about a member in a sheet of households."""
        return self.field.code.startswith(PREFIX)

    @property
    def labels(self) -> list[str]:
        return [label for _, label in self.choices]

    @property
    def inline(self) -> bool:
        """Whether the choices fit into the rule itself; a comma in one would split it."""
        joined = ",".join(self.labels)
        return len(joined) <= _INLINE and joined.count(",") == len(self.labels) - 1

    @property
    def format(self) -> str:
        """Numbers that are names (identity, phone, account, code) stay text: a spreadsheet keeps only 15 digits."""
        whole_year = self.field.code == "exit_year"
        return WHOLE if whole_year else _FORMATS.get(self.field.type, TEXT)

    @property
    def wide(self) -> int:
        """Width in Latin characters: a Chinese one counts two."""
        longest = max((width(label) for label in self.labels), default=0)
        least = {"id": 22, "card": 24, "phone": 14, "uscc": 22, "date": 13}.get(self.field.type, 8)
        return max(least, min(20, width(self.header) + 2), min(26, width(self.field.example) + 2), min(20, longest + 4))


def columns_of(kind: str, profile: Any, lang: str) -> list[Column]:
    """The columns a template of a kind offers, in the order of the catalogue; no two headers are alike."""
    out: list[Column] = []
    taken: set[str] = set()
    for field in ROSTERS[kind].fields:
        if field.derived:
            continue
        header = _header(field, lang, taken)
        taken.add(header)
        out.append(Column(field, header, _choices(field, profile, lang)))
    return out


def _header(field: Field, lang: str, taken: set[str]) -> str:
    """The title; where another column has it already, a spelling of its own that says whose it is."""
    title = field.title(lang)
    if title not in taken:
        return title
    chinese = lang.startswith("zh")
    return next(
        word if chinese else f"{title} ({word})"
        for word in field.spellings
        if word not in taken and word != title and word.isascii() != chinese
    )


def shown_header(column: Column, lang: str) -> str:
    """The header with its unit (which Chinese headers carry) and a star where it must be filled in."""
    unit = f"（{column.field.unit}）" if lang.startswith("zh") and column.field.unit else ""
    unit = "" if unit in column.header else unit
    return f"{column.header}{unit}{'*' if column.field.required else ''}"


def _choices(field: Field, profile: Any, lang: str) -> tuple[tuple[str, str], ...]:
    name = field.list or ("yes_no" if field.type == "bool" else "")
    known = profile.codes.get(name) if name else None
    return tuple(known.choices(lang)) if known is not None else ()


def rule(column: Column, source: Any, profile: Any, lang: str) -> dict[str, Any] | None:
    """The data validation of a column, as XlsxWriter takes it; None where anything may stand."""
    field = column.field
    prompt = {"input_title": column.header[:32], "input_message": field.explanation(lang)[:255]}
    if column.choices:
        return {
            "validate": "list", "source": source, "show_error": not field.many, "error_type": "warning",
            "error_title": column.header[:32], "error_message": say(N_("不在下拉列表中，上传时可能认不出。"), lang),
            **(prompt if field.many else {}),
        }  # fmt: skip
    if field.type in _LENGTHS:
        low, high = _LENGTHS[field.type]
        return {
            "validate": "length", "criteria": "between", "minimum": low, "maximum": high, "error_type": "warning",
            "error_title": column.header[:32], "error_message": say(N_("位数不对，请核对。"), lang), **prompt,
        }  # fmt: skip
    if field.type in ("int", "decimal") and field.code != "exit_year":
        return _numeric(column, profile, lang)
    return None


def _numeric(column: Column, profile: Any, lang: str) -> dict[str, Any]:
    """A number, between the profile's plausible limits where there are any; beyond an error limit it is refused."""
    limit = profile.roster.limits.get(column.field.limit)
    low = -_FIGURES if limit is None or limit.low is None else limit.low
    high = _FIGURES if limit is None or limit.high is None else limit.high
    said = (
        say(N_("应为数字。"), lang) if limit is None
        else speak(Said(N_("一般在 {low} 到 {high} 之间，请核对。"), {"low": low, "high": high}), lang)
    )  # fmt: skip
    return {
        "validate": "integer" if column.field.type == "int" else "decimal", "criteria": "between",
        "minimum": _plain(low), "maximum": _plain(high), "error_title": column.header[:32], "error_message": said,
        "error_type": "stop" if limit is None or limit.severity == "error" else "warning",
    }  # fmt: skip


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def explained(column: Column, lang: str) -> tuple[str, str, str, str, str]:
    """A column's line in the explanations: must it be filled in, what to write, in which form, values, example."""
    field = column.field
    must = say(N_("必填"), lang) if field.required else say(N_("选填"), lang)
    if field.type == "code" and not column.choices:
        form = say(_TYPES["text"], lang)
    elif field.many:
        form = say(N_("从下拉列表选，可填几项，用顿号隔开，也可以填代码"), lang)
    else:
        form = say(_TYPES[field.type], lang)
    values = "；".join(f"{code} {label}" for code, label in column.choices)
    how = field.explanation(lang).rstrip("。.") + ("。" if lang.startswith("zh") else ".")  # a sentence is no header
    return must, how, form, values, example(column, lang)


def example(column: Column, lang: str) -> str:
    """The example, coded ones in the reader's language."""
    field = column.field
    if not column.choices or lang.startswith("zh"):
        return field.example
    chosen = dict(column.choices)
    codes = [code for code, label in column.choices if label == field.example]
    return chosen[codes[0]] if codes else column.labels[0]


def say(sentence: str, lang: str) -> str:
    """One of our own sentences in the reader's language."""
    return speak(Said(sentence), lang)
