"""A first look at a text, before the parser: strings, brackets, and the slips of people who never programmed.

What the parser gets has every string filled with one letter: its contents are read here, from the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from shuanglian.kernel.words import N_, Said

from .faults import Complaints
from .syntax import Span

LONGEST = 4000  # characters of a text
DEEPEST = 50  # brackets in brackets

# What is typed with a Chinese keyboard → what is meant.
WIDE = {
    "（": "(", "）": ")", "，": ",", "、": ",", "＝": "=", "！": "!", "＜": "<", "＞": ">", "≥": ">=", "≤": "<=",
    "≠": "!=", "＋": "+", "－": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "％": "%", "？": "?", "：": ":", "。": ".",
    "．": ".", "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}", "＆": "&", "｜": "|", "“": "'",
    "”": "'", "‘": "'", "’": "'", "＂": "'", "＇": "'", "「": "'", "」": "'", "；": ";", "　": " ",
}  # fmt: skip
CLOSES = {"“": "”", "‘": "’", "「": "」", "”": "”", "’": "’", "＂": "＂", "＇": "＇"}
WORDS = {
    "and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!", "And": "&&", "Or": "||", "Not": "!",
    "并且": "&&", "而且": "&&", "且": "&&", "或者": "||", "或": "||", "非": "!", "True": "true", "TRUE": "true",
    "False": "false", "FALSE": "false", "None": "null", "NULL": "null", "IN": "in",
}  # fmt: skip
TRUTHS = {"true": "__t_", "false": "__f__"}  # of the same length
SIGNS = {
    "=": "==", "===": "==", "!==": "!=", "=>": ">=", "=<": "<=", "<>": "!=", "&": "&&", "|": "||", "**": "*",
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<blank>\s+)|(?P<comment>//[^\n]*)
    |(?P<string>(?:[rR][bB]|[bB][rR]|[rRbB])?(?:\"\"\"|'''|"|'))
    |(?P<date>\d{4}-\d{1,2}-\d{1,2}(?![\d.]))
    |(?P<number>0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>===|!==|=>|=<|<>|\*\*|==|!=|<=|>=|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN_SIGNS = frozenset({"==", "!=", "<=", ">=", "&&", "||", *"!<>+-*/%?:.,()[]{}"})
_OPENS = {"(": ")", "[": "]", "{": "}"}


@dataclass
class Scanned:
    """A text ready for the parser; strings: where a string stands → what it says."""

    plain: str
    strings: dict[int, str] = field(default_factory=dict)


def scan(text: str, complaints: Complaints) -> Scanned:
    """Look through a text; TextFaults when the parser could make nothing of it."""
    if len(text) > LONGEST:
        given = {"length": len(text), "most": LONGEST}
        complaints.add("too_long", (LONGEST, len(text)), Said(N_("文本有 {length} 个字符，最多 {most} 个"), given),
                       Said(N_("拆成几个条件来写。")))  # fmt: skip
        complaints.stop_if_any()
    if not text.strip():
        complaints.add("empty", (0, len(text)), Said(N_("这里什么也没有写")),
                       Said(N_("写一个条件，如 person.age >= 60。")))  # fmt: skip
        complaints.stop_if_any()
    scanner = _Scanner(text, complaints)
    scanner.run()
    complaints.stop_if_any()
    return Scanned("".join(scanner.plain), scanner.strings)


class _Scanner:
    def __init__(self, text: str, complaints: Complaints) -> None:
        self.text, self.complaints = text, complaints
        self.plain: list[str] = []
        self.strings: dict[int, str] = {}
        self.open: list[tuple[str, int]] = []
        self.before = ""  # the token before, blanks aside

    def run(self) -> None:
        at = 0
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            assert token is not None  # the last alternative takes any character
            kind, word = token.lastgroup or "", token[0]
            end = getattr(self, f"_{kind}")(word, at, token.end())
            self.plain.append(self._filled(word, at, end) if kind == "string" else self._shown(kind, word))
            if kind not in ("blank", "comment"):
                self.before = word
            at = end
        for bracket, place in self.open:
            self._add("bracket_open", (place, place + 1), Said(N_("左括号 {sign} 没有配对"), {"sign": bracket}),
                      Said(N_("在应当结束的地方补上 {sign}。"), {"sign": _OPENS[bracket]}))  # fmt: skip

    def _shown(self, kind: str, word: str) -> str:
        """true and false go in as names: the library forgets where they stood, but not where names stand."""
        return TRUTHS.get(word, word) if kind == "word" and self.before != "." else word

    def _add(self, code: str, span: Span, said: Said, cure: Said) -> None:
        self.complaints.add(code, span, said, cure)

    def _blank(self, word: str, at: int, end: int) -> int:
        for place, letter in enumerate(word, at):
            if letter not in " \t\n\r\f":
                self._wide(letter, place)
        return end

    def _comment(self, word: str, at: int, end: int) -> int:
        return end

    def _number(self, word: str, at: int, end: int) -> int:
        behind = self.text[end : end + 1]
        if behind and not behind.isascii() and behind.isalpha():
            said = Said(N_("数字后面跟着文字“{word}”"), {"word": behind})
            self._add("unit_behind_number", (end, end + 1), said, Said(N_("数字只写数，不写单位，如 60。")))
        return end

    def _date(self, word: str, at: int, end: int) -> int:
        cure = Said(N_("日期写成 date('{day}')。"), {"day": _padded(word)})
        self._add("bare_date", (at, end), Said(N_("{word} 会当作减法来算"), {"word": word}), cure)
        return end

    def _word(self, word: str, at: int, end: int) -> int:
        span, called = (at, end), self.text[end:].lstrip()[:1] == "("
        if self.before == ".":
            meant = None
        else:
            meant = WORDS.get(word) if not (called and word in ("and", "or")) else None
        if meant:
            said = Said(N_("这里不能写 {word}"), {"word": word})
            self._add("word_for_sign", span, said, Said(N_("写成 {sign}。"), {"sign": meant}))
        elif not word.isascii():
            half = unicodedata.normalize("NFKC", word)
            if half.isascii():
                self._add("wide_character", span, Said(N_("“{word}”是全角字符"), {"word": word}),
                          Said(N_("改用半角：{half}"), {"half": half}))  # fmt: skip
            elif not (self.before and self.before[-1].isdigit() and self.complaints.found):
                cure = Said(N_("文字要放在引号里：'{word}'；事实用英文名称，如 person.age。"), {"word": word})
                self._add("bare_words", span, Said(N_("“{word}”不是事实的名称"), {"word": word}), cure)
        return end

    def _sign(self, word: str, at: int, end: int) -> int:
        if word in SIGNS:
            said = Said(N_("没有 {word} 这个符号"), {"word": word})
            if word == "=":
                said = Said(N_("比较相等要写两个等号"))
            self._add("wrong_sign", (at, end), said, Said(N_("写成 {sign}。"), {"sign": SIGNS[word]}))
        elif word in _OPENS:
            self._opened(word, at)
        elif word in _OPENS.values():
            self._closed(word, at)
        elif word not in _PLAIN_SIGNS:
            return self._wide(word, at)
        return end

    def _wide(self, letter: str, at: int) -> int:
        """A character of the Chinese keyboard or one that means nothing; what a pair of quotes holds is passed over."""
        if letter not in WIDE:
            self._add("unknown_character", (at, at + 1), Said(N_("不认识的字符“{word}”"), {"word": letter}),
                      Said(N_("删去它；文字要放在引号里。")))  # fmt: skip
            return at + 1
        self._add("wide_character", (at, at + 1), Said(N_("“{word}”是中文标点"), {"word": letter}),
                  Said(N_("改用英文标点：{half}"), {"half": WIDE[letter]}))  # fmt: skip
        if letter in CLOSES and (close := self.text.find(CLOSES[letter], at + 1)) > 0:
            self._add("wide_character", (close, close + 1), Said(N_("“{word}”是中文标点"), {"word": CLOSES[letter]}),
                      Said(N_("改用英文标点：{half}"), {"half": "'"}))  # fmt: skip
            return close + 1
        return at + 1

    def _opened(self, bracket: str, at: int) -> None:
        self.open.append((bracket, at))
        if len(self.open) == DEEPEST + 1:
            self._add("too_deep", (at, at + 1), Said(N_("括号套得太深，最多 {most} 层"), {"most": DEEPEST}),
                      Said(N_("拆成几个条件来写。")))  # fmt: skip

    def _closed(self, bracket: str, at: int) -> None:
        if self.open and _OPENS[self.open[-1][0]] == bracket:
            self.open.pop()
            return
        self._add("bracket_closed", (at, at + 1), Said(N_("右括号 {sign} 没有配对"), {"sign": bracket}),
                  Said(N_("删去它，或在前面补上左括号。")))  # fmt: skip
        if self.open:  # (1] : both are meant to be a pair
            self.open.pop()

    def _string(self, opening: str, at: int, end: int) -> int:
        prefix = opening.rstrip("\"'")
        quote = opening[len(prefix) :]
        close = _closing(self.text, end, quote, raw="r" in prefix.lower())
        if close is None:
            stop = self.text.find("\n", at)
            span = (at, stop if stop > 0 else len(self.text))
            self._add(
                "quote_open", span, Said(N_("引号没有配对")), Said(N_("在文字末尾补上 {sign}。"), {"sign": quote})
            )
            return span[1]
        if "b" in prefix.lower():
            self._add("unsupported", (at, close + len(quote)), Said(N_("本系统不用字节串（b'…'）")),
                      Said(N_("删去引号前的 b。")))  # fmt: skip
        body = self.text[end:close]
        self.strings[at] = body if "r" in prefix.lower() else "".join(self._unescaped(body, end))
        return close + len(quote)

    def _filled(self, opening: str, at: int, end: int) -> str:
        return opening + "a" * max(0, end - at - len(opening) - len(opening.lstrip("rRbB"))) + opening.lstrip("rRbB")

    def _unescaped(self, body: str, start: int) -> Iterator[str]:
        at = 0
        while at < len(body):
            if body[at] != "\\":
                yield body[at]
                at += 1
                continue
            escape = _ESCAPE.match(body, at)
            letter = _letter(escape[1]) if escape else None
            if escape is None or letter is None:
                span = (start + at, min(start + at + 2, start + len(body)))
                self._add("bad_escape", span, Said(N_("字符串里的 {word} 没有意义"), {"word": body[at : at + 2]}),
                          Said(N_("反斜杠本身写成 \\\\。")))  # fmt: skip
                at += 2
                continue
            yield letter
            at = escape.end()


_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"} | {
    mark: mark for mark in "\"'`\\?"
}


def _letter(escape: str) -> str | None:
    if len(escape) == 1:
        return _LETTERS.get(escape)
    number = int(escape[1:], 16) if escape[0] in "xXuU" else int(escape, 8)
    return None if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF else chr(number)


def _closing(text: str, at: int, quote: str, *, raw: bool) -> int | None:
    """Where the closing quote stands; a string in single marks ends with its line."""
    while at < len(text):
        if text.startswith(quote, at):
            return at
        if text[at] == "\n" and len(quote) == 1:
            return None
        at += 2 if text[at] == "\\" and not raw else 1
    return None


def _padded(day: str) -> str:
    year, month, of_month = day.split("-")
    return f"{year}-{month:0>2}-{of_month:0>2}"
