"""The typed shapes of a programme profile's entries, except those of pairing and rosters (see profile_weights).

Every entry says why it holds (`cites`, rule ids of the rulebook; `document`, a code of documents.toml) and when
(`since`–`until`, both days in). What a file leaves out here is filled in by its `[source]` before it comes this far.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

from shuanglian.kernel.period import Period

Text = Annotated[str, Strict(), StringConstraints(min_length=1, strip_whitespace=True)]
Words = tuple[Text, ...]
Code = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$", max_length=40)]
Day = Annotated[date, Strict()]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Count = Annotated[int, Strict(), Field(ge=0)]


def _exact(value: Any) -> Any:
    """Amounts are exact: a whole number or a text such as "0.5", never a binary fraction."""
    if isinstance(value, float | bool):
        raise ValueError("write_as_text")
    return value


Amount = Annotated[Decimal, BeforeValidator(_exact)]


class Shape(BaseModel):
    """Anything in a profile: frozen, and nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Shape):
    """A name in Chinese and English."""

    zh: Text
    en: Text

    def in_(self, lang: str) -> str:
        """The name in a language; everything but Chinese reads the English one."""
        return self.zh if lang.lower().startswith("zh") else self.en

    def __str__(self) -> str:
        return self.zh


class Sourced(Shape):
    """An entry with its citation and its days of force."""

    code: Code
    cites: Annotated[tuple[Text, ...], Field(min_length=1)]
    document: Text
    since: Day
    until: Day | None = None
    note: Text | None = None

    def stands_on(self, day: date) -> bool:
        """Whether the entry is in force on a day, both ends in."""
        return day in Period(self.since, self.until)


class Named(Sourced):
    """An entry that rosters may name by code, label or another spelling."""

    label: Label
    spellings: Words = ()

    @property
    def group(self) -> str | None:
        """Only codes of the register are grouped; asked of any entry of a code list."""
        return None

    @property
    def sex(self) -> str | None:
        return None

    @property
    def marks(self) -> Words:
        return ()


class Document(Shape):
    """Where a value can be read: S0 to S4 of the rulebook, or a public page or programme."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    title: Label
    weight: Literal["stated", "confirmed", "unverified", "default"]


class RegionTable(Named):
    """A table of areas that belongs to the profile: its file, the day it describes, what it holds."""

    file: Text
    as_of: Day | None = None
    holds: Literal["divisions", "borders", "key_poor_counties"]


class Level(Named):
    """One of the five levels that act together (ORG-1): how many digits of the 12-digit code are its own."""

    order: Count
    digits: Annotated[int, Strict(), Field(ge=2, le=12)]
    office: Label | None = None
    phone: Text | None = None  # supervision telephone of the office, printed on cards and boards (VOICE-6)
    committee: Label | None = None


class Rank(Named):
    """A rank of cadres (PAIR-2): at most `quota` households, at least `minimum`; weakness 0 is the strongest.

    `leads`: the level of leaders it belongs to, who answer for townships (PAIR-7).
    """

    order: Count
    quota: Count
    minimum: Count
    weakness: Count
    leads: Text | None = None


class Fallback(Named):
    """Posts that take what remains (兜底, PAIR-2): extra households a person may take above the rank's quota."""

    slots: Count
    levels: Words


class Occupation(Named):
    """What a cadre is by trade of life; some take no households (PAIR-3)."""

    takes: Flag
    reason: Label | None = None


class Status(Named):
    """Where a cadre stands at the moment: at work, on leave, retired, transferred."""

    takes: Flag
    reason: Label | None = None


class UnitKind(Named):
    """A kind of linked body (PAIR-4); strength adds to what its tier and size give (PAIR-5)."""

    strength: Whole


class Tier(Named):
    """The level a unit belongs to (单位隶属关系, AAP004) with the strength it brings (PAIR-5)."""

    order: Count
    strength: Count
    level: Text | None = None


class Size(Sourced):
    """Units with up to so many cadres: the strength they bring and how many villages they can take."""

    up_to: Count | None = None
    strength: Count
    villages: Annotated[int, Strict(), Field(ge=1)]


class Trade(Named):
    """A trade of units and cadres; mismatch 0 (fits) to 3 (does not fit) with each cause (PAIR-5)."""

    keywords: Words = ()
    otherwise: Annotated[int, Strict(), Field(ge=0, le=3)]
    mismatch: dict[Text, Annotated[int, Strict(), Field(ge=0, le=3)]]


class Cause(Named):
    """A cause of poverty (REG-2, field AAC007): may stand as the main one, may stand beside it."""

    main: Flag
    other: Flag
    fact: Literal["ill", "disabled", "pupils", "labour_short"] | None = None


class Tag(Named):
    """What an area is marked as (ORG-7)."""

    kind: Literal["poor_area", "key_county", "village", "exit"]
    levels: Words


class CodeItem(Sourced):
    """One code of a list of the register.

    `sex` is the sex a relation implies, `group` what checks go by, `marks` finer differences that facts go by.
    """

    zh: Text
    en: Text
    spellings: Words = ()
    sex: Literal["male", "female"] | None = None
    group: Code | None = None
    marks: Words = ()

    @property
    def label(self) -> Label:
        return Label.model_construct(zh=self.zh, en=self.en)


class CodeTable(Sourced):
    """A list of codes of the register with the national field code (REG-7); numbers are the source's or ours.

    `nothing` holds the words that say that there is no answer, such as 非在校生 among school grades.
    """

    label: Label
    field: str = ""
    multiple: Flag = False
    nothing: Words = ()
    numbers: Literal["source", "ours"]
    items: Annotated[tuple[CodeItem, ...], Field(min_length=1)]


class BenefitKind(Named):
    """What a benefit is about: allowance, medical, education … in the order of `order`."""

    order: Count = 0


class Department(Named):
    """Who owns a benefit, and where its seat is for people who go there."""

    seat: Label | None = None
    phone: Text | None = None
    keywords: Words = ()


class Fund(Named):
    """A source of money (FUND-3)."""

    order: Count = 0


class Protection(Sourced):
    """Published figures name no group of fewer households than this: too small a group would name people."""

    label: Label
    households: Annotated[int, Strict(), Field(ge=2)]


class Permission(Sourced):
    """Something a role may do: `changes` the register, shows `personal` data."""

    code: Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z]+\.[a-z]+$")]
    label: Label
    changes: Flag
    personal: Flag


class Role(Named):
    """Who may do what (`may`), where it is tied to, and at which levels it exists."""

    bound_to: Literal["area", "unit", "cadre"]
    levels: Words
    may: frozenset[Text]


class Line(Sourced):
    """The poverty line of a year, yuan per person; net 纯收入 or disposable 可支配收入 income."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    yuan: Annotated[Amount, Field(gt=0)]
    concept: Literal["net", "disposable"]

    @property
    def year(self) -> int:
        return int(self.code)
