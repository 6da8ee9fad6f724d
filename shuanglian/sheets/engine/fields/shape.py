"""What a column of a roster is: its name here, its names out there, its type."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Type = Literal["text", "int", "decimal", "date", "bool", "code", "id", "phone", "card", "region", "uscc"]


@dataclass(frozen=True)
class Field:
    """One column of a kind of roster.

    `spellings` are headers met in real files, national field codes among them; `list` names the profile's code list
    and `many` allows several codes in a cell; `limit` names the profile's plausible range; `derived` columns are read
    and checked but are not among the columns a template offers; what is wrong in a `lenient` one is told and blocks
    nothing.
    """

    code: str
    label: str
    label_en: str
    type: Type
    spellings: tuple[str, ...]
    list: str = ""
    many: bool = False
    personal: bool = False
    required: bool = False
    limit: str = ""
    unit: str = ""
    longest: int = 100
    help: str = ""
    help_en: str = ""
    example: str = ""
    derived: bool = False
    lenient: bool = False

    def title(self, lang: str = "zh") -> str:
        """The header a template shows."""
        return self.label if lang.startswith("zh") else self.label_en

    def explanation(self, lang: str = "zh") -> str:
        """What to write into the column."""
        return self.help if lang.startswith("zh") else self.help_en


def words(text: str) -> tuple[str, ...]:
    """Spellings written side by side."""
    return tuple(text.split())


@dataclass(frozen=True)
class Roster:
    """A kind of roster: its fields in the order of the template, and what must be there.

    `needs` holds groups of field codes, one of each group must be recognised. `tells` are headers that hardly any
    other kind has; they help to guess the kind. `once` are fields that must be told as well, by a column or once for
    the whole file.
    """

    kind: str
    label: str
    label_en: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    tells: tuple[str, ...]
    once: tuple[str, ...] = ()

    def field(self, code: str) -> Field:
        """A field by its code; KeyError when there is none."""
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @cached_property
    def _by_code(self) -> dict[str, Field]:
        return {field.code: field for field in self.fields}

    def title(self, lang: str = "zh") -> str:
        """The name of the roster."""
        return self.label if lang.startswith("zh") else self.label_en
