"""Which provision a payroll means: by code, by title, by the words that departments use (the profile's list `payroll`).

An entry of that list whose marks say `class` stands for several provisions; the row's class (一类, 二类) decides which.
One whose marks say `register` pays nothing: it is a department's list of people (the disabled who hold a card).
"""

import re
import unicodedata
from typing import Any

_SILENT = re.compile(r"[\s()（）\[\]《》“”\"'·,，、.。:：-]+")
_CLASS = re.compile(r"^(?:第|农村低保|低保)?([一二三四1234ABCDⅠⅡⅢⅣ])(?:类|等|级|档)?(?:低保|对象|保障|保障对象)?$")
_FIGURES = {sign: place for signs in ("一二三四", "1234", "ABCD", "ⅠⅡⅢⅣ") for place, sign in enumerate(signs, 1)}
LEAST = 2  # characters of a title that say something


def plain(text: str) -> str:
    """Half width, no blanks or brackets, lower case."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def class_of(text: str) -> int | None:
    """一类, A类, 2 → the class's number; None when the cell says none."""
    bare = _SILENT.sub("", text).upper()
    found = _CLASS.match(bare) or _CLASS.match(unicodedata.normalize("NFKC", bare))
    return _FIGURES[found[1]] if found else None


class Provisions:
    """The provisions of a profile that a payroll may pay, and families of them (`dibao`: its class decides)."""

    def __init__(self, profile: Any) -> None:
        self.benefits = profile.benefits
        listed = profile.codes.get("payroll")
        entries = list(listed) if listed is not None else []
        self.families = {one.code: one for one in entries if "class" in one.marks}
        self.registers = {one.code: one for one in entries if "register" in one.marks}
        exits = getattr(profile, "exits", None)  # what the yearly adjustment asks departments for can be chosen as well
        self.asked = {code for one in exits.lists.values() for code in one.benefits} if exits else set()
        words: dict[str, str] = {}
        for code, benefit in self.benefits.items():
            words |= {plain(text): code for text in (code, benefit.title.zh, benefit.title.en)}
        for one in entries:
            if one.code in self.benefits or one.code in self.families or one.code in self.registers:
                words |= {plain(text): one.code for text in (one.code, one.zh, one.en, *one.spellings)}
        self._words = words

    def find(self, text: str) -> str | None:
        """The code of the provision or family that a cell names; None when it names none of them."""
        return self._words.get(plain(text))

    def in_title(self, title: str) -> str | None:
        """The provision that a title speaks of, the longest name that stands in it; None when two are as likely."""
        bare = plain(title)
        inside = {word: code for word, code in self._words.items() if len(word) >= LEAST and word in bare}
        longest = max(map(len, inside), default=0)
        found = {code for word, code in inside.items() if len(word) == longest}
        return found.pop() if len(found) == 1 else None

    def resolve(self, code: str | None, of_class: int | None) -> str | None:
        """The provision itself: of a family the one of the row's class; None when that is not told or there is none."""
        if code in self.families:
            code = f"{code}_class_{of_class}"
        return code if code in self.benefits or code in self.registers else None

    def choices(self, lang: str) -> list[tuple[str, str]]:
        """(code, what it is called): the families, then what is paid in money, counts as income or is asked for."""
        families = [(code, one.label.in_(lang)) for code, one in self.families.items()]
        paid = [
            (code, one.title.in_(lang)) for code, one in self.benefits.items()
            if one.pays == "money" or one.channel != "none" or code in self.asked
        ]  # fmt: skip
        lists = [(code, one.label.in_(lang)) for code, one in self.registers.items()]
        return [*families, *paid, *lists]

    def title(self, code: str, lang: str) -> str:
        if named := self.families.get(code) or self.registers.get(code):
            return str(named.label.in_(lang))
        return str(self.benefits[code].title.in_(lang)) if code in self.benefits else code
