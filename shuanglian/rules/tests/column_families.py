"""Small families with holes in what is known of them, as facts of one family and as tables; and texts to try on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

from shuanglian.rules.cel.types import BOOL, DAY, NUMBER, SPAN, TEXT, WHOLE, Type, list_of
from shuanglian.rules.cel.vocabulary import Vocabulary, Word
from shuanglian.rules.profile_shapes import Label

ON = date(2015, 10, 1)
YEAR = {"number": 2015, "poverty_line": Decimal(2855)}
GIVEN = {"grant": Decimal(1500), "rate": Decimal("0.35")}
TEXTS = list_of(TEXT)
FACTS: dict[str, dict[str, Type]] = {
    "person": {"age": WHOLE, "months": WHOLE, "cost": NUMBER, "income": NUMBER, "head": BOOL, "ill": BOOL, "stage": TEXT,
               "name": TEXT, "born": DAY, "seen": DAY, "health": TEXTS},
    "household": {"size": WHOLE, "area": NUMBER, "registered": BOOL, "kind": TEXT, "built": DAY, "causes": TEXTS},
    "village": {"poor": BOOL, "homes": WHOLE, "tags": TEXTS},
    "year": {"number": WHOLE, "poverty_line": NUMBER},
}  # fmt: skip
ARROW = {BOOL: pa.bool_(), WHOLE: pa.int64(), NUMBER: pa.decimal128(18, 2), TEXT: pa.string(), DAY: pa.timestamp("us"),
         TEXTS: pa.list_(pa.string())}  # fmt: skip


def vocabulary() -> Vocabulary:
    label = Label(zh="甲", en="a")
    words = {root: {name: Word(root, name, kind, label, label) for name, kind in facts.items()}
             for root, facts in FACTS.items()}  # fmt: skip
    return Vocabulary(words).with_given(dict.fromkeys(GIVEN, label))


WORDS = vocabulary()
VALUES: dict[Type, list[Any]] = {
    BOOL: [True, False],
    WHOLE: [0, 1, 5, 17, 60, -3, 2**63 - 1, -(2**63)],
    NUMBER: [Decimal(text) for text in ("0", "0.5", "1500", "-2.25", "2855", "9999999999999999.99", "33.33")],
    TEXT: ["", "primary", "senior", "小学", "a b", "12", "-3", "1.5", "true", "😀", "甲😀乙", "a\nb", "x."],
    DAY: [datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(2015, 9, 1), datetime(2000, 2, 29), datetime(1, 1, 1),
          datetime(9999, 12, 31), datetime(2015, 10, 1, 8, 30, 15, 250000)],
    TEXTS: [[], ["ill"], ["ill", "小学"], ["", "12", "senior"]],
}  # fmt: skip


@dataclass(frozen=True)
class Families:
    """households: each its facts with `village` and `members`."""

    households: list[dict[str, Any]]

    def each(self) -> Iterator[tuple[int, int | None, dict[str, Any]]]:
        """household, person or None, facts as a text reads them."""
        number = 0
        for key, one in enumerate(self.households):
            around = {"household": {**one["facts"], "members": one["members"]}, "village": one["village"],
                      "year": YEAR, "day": datetime(ON.year, ON.month, ON.day, tzinfo=UTC), "given": GIVEN}  # fmt: skip
            yield key, None, around
            for member in one["members"]:
                yield key, number, {**around, "person": member}
                number += 1

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """people, households."""
        people = [{"id": person, "household": key, **facts["person"]} for key, person, facts in self.each()
                  if person is not None]  # fmt: skip
        households = [
            {"id": key, **one["facts"], **{f"village__{name}": value for name, value in one["village"].items()}}
            for key, one in enumerate(self.households)
        ]
        fields = [(name, ARROW[kind]) for name, kind in FACTS["household"].items()]
        fields += [(f"village__{name}", ARROW[kind]) for name, kind in FACTS["village"].items()]
        keys = [("id", pa.int64()), ("household", pa.int64())]
        own = [(name, ARROW[kind]) for name, kind in FACTS["person"].items()]
        return (pa.Table.from_pylist(people, pa.schema(keys + own)),
                pa.Table.from_pylist(households, pa.schema(keys[:1] + fields)))  # fmt: skip


def families(random: Random, count: int = 6, holes: float = 0.3) -> Families:
    """Made up at random; each fact is missing with a probability of `holes`."""

    def facts(root: str) -> dict[str, Any]:
        return {name: None if random.random() < holes else random.choice(VALUES[kind])
                for name, kind in FACTS[root].items()}  # fmt: skip

    return Families([
        {"facts": facts("household"), "village": facts("village"),
         "members": [facts("person") for _ in range(random.choice([0, 1, 2, 3, 5]))]}
        for _ in range(count)
    ])  # fmt: skip


class Writer:
    """Writes texts that are well typed, of everything the language has and columns can do."""

    def __init__(self, random: Random, *, person: bool = True) -> None:
        self.random, self.roots = random, ["household", "village", "year"] + (["person"] if person else [])
        self.variables: list[tuple[str, str]] = []  # name, kind: person or a type's name
        self.serial = 0

    def text(self, kind: Type, depth: int = 4) -> str:
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf(kind)
        made = {BOOL: self.condition, WHOLE: self.whole, NUMBER: self.number, TEXT: self.words, DAY: self.moment,
                SPAN: self.span}[kind]  # fmt: skip
        return made(depth - 1)

    def leaf(self, kind: Type) -> str:
        if self.random.random() < 0.7 and (found := self.fact(kind)):
            return found
        return self.literal(kind)

    def fact(self, kind: Type) -> str | None:
        paths = [f"{root}.{name}" for root in self.roots for name, one in FACTS[root].items() if one == kind]
        paths += [f"{name}.{fact}" for name, of in self.variables if of == "person"
                  for fact, one in FACTS["person"].items() if one == kind] * 3  # fmt: skip
        paths += [name for name, of in self.variables if of == kind.name] * 3
        if kind == NUMBER:
            paths += ["given.grant", "given.rate"]
        if kind == DAY:
            paths.append("day")
        return self.random.choice(paths) if paths else None

    def literal(self, kind: Type) -> str:
        choice = self.random.choice
        if kind == BOOL:
            return choice(["true", "false"])
        if kind == WHOLE:
            return choice(["0", "1", "2", "7", "60", "-1", "-5", "9223372036854775807", "-9223372036854775808"])
        if kind == NUMBER:
            return choice(["0.0", "1.0", "0.5", "-2.25", "1500.0", "0.000001", "99999999999999999999.999999", "3.0"])
        if kind == DAY:
            return choice(["date('2015-09-01')", "timestamp('2015-10-01T08:30:00+08:00')", "date('1960-03-05')",
                           "timestamp(1400000000)"])  # fmt: skip
        if kind == SPAN:
            return choice(["duration('36h')", "duration('-90m')", "duration('0.25s')", "duration('8760h')"])
        return choice(["'senior'", "'小学'", "''", "'ill'", "'a'", "'12'", "'甲😀乙'"])

    def pick(self, *ways: Any) -> str:
        return str(self.random.choice(ways)())

    def condition(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        kind = self.random.choice([BOOL, WHOLE, NUMBER, TEXT, DAY, SPAN])
        order = self.random.choice(["<", "<=", ">", ">="])
        return self.pick(
            lambda: f"({sub(BOOL)} && {sub(BOOL)})",
            lambda: f"({sub(BOOL)} || {sub(BOOL)} || {sub(BOOL)})",
            lambda: f"!({sub(BOOL)})",
            lambda: f"({sub(kind)} {self.random.choice(['==', '!='])} {sub(kind)})",
            lambda: f"({sub(kind)} {order} {sub(kind)})",
            lambda: f"({sub(WHOLE)} {order} {sub(NUMBER)})",
            lambda: f"({sub(NUMBER)} == {sub(WHOLE)})",
            lambda: f"({sub(BOOL)} ? {sub(BOOL)} : {sub(BOOL)})",
            lambda: self.has(),
            lambda: f"({sub(kind)} in {self.items(kind, depth)})",
            lambda: f"({sub(TEXT)} in {self.list_fact()})",
            lambda: f"({sub(WHOLE)} in [0.5, 1.0, {sub(NUMBER)}])",
            lambda: f"{sub(TEXT)}.{self.random.choice(['contains', 'startsWith', 'endsWith'])}({sub(TEXT)})",
            lambda: f"{sub(TEXT)}.matches({self.random.choice(PATTERNS)})",
            lambda: f"bool({sub(TEXT)})",
            lambda: self.macro(depth),
            lambda: self.macro(depth),
            lambda: self.macro(depth),
            lambda: f"({self.items(TEXT, depth)} == {self.list_fact()})",
        )

    def has(self) -> str:
        kind = self.random.choice([BOOL, WHOLE, NUMBER, TEXT, DAY, TEXTS])
        paths = [f"{root}.{name}" for root in self.roots for name, one in FACTS[root].items() if one == kind]
        paths += [f"{name}.{fact}" for name, of in self.variables if of == "person"
                  for fact, one in FACTS["person"].items() if one == kind]  # fmt: skip
        return f"has({self.random.choice(paths)})"

    def list_fact(self) -> str:
        facts = [f"{root}.{name}" for root in self.roots for name, one in FACTS[root].items() if one == TEXTS]
        facts += [f"{name}.health" for name, of in self.variables if of == "person"]
        return self.random.choice(facts)

    def items(self, kind: Type, depth: int) -> str:
        return "[" + ", ".join(self.text(kind, depth - 2) for _ in range(self.random.choice([1, 2, 3]))) + "]"

    def variable(self, of: str) -> str:
        self.serial += 1
        name = f"x{self.serial}"
        self.variables.append((name, of))
        return name

    def scoped(self, of: str, write: Any) -> str:
        name = self.variable(of)
        try:
            return str(write(name))
        finally:
            self.variables.pop()

    def people(self, depth: int) -> str:
        members = "household.members"
        if depth > 1 and self.random.random() < 0.3:
            return self.scoped("person", lambda x: f"{members}.filter({x}, {self.text(BOOL, depth - 2)})")
        return members

    def macro(self, depth: int) -> str:
        if len(self.variables) >= 2:
            return self.leaf(BOOL)
        kind = self.random.choice(["exists", "all", "exists_one"])
        over, of = self.random.choice([
            lambda: (self.people(depth), "person"), lambda: (self.people(depth), "person"),
            lambda: (self.list_fact(), "string"), lambda: (self.items(WHOLE, depth), "int"),
            lambda: (f"({self.list_fact()} + {self.items(TEXT, depth)})", "string"),
            lambda: (f"({self.text(BOOL, 1)} ? {self.list_fact()} : {self.items(TEXT, depth)})", "string"),
            lambda: (self.mapped(NUMBER, depth), "number"),
        ])()  # fmt: skip
        return self.scoped(of, lambda x: f"{over}.{kind}({x}, {self.text(BOOL, depth - 1)})")

    def mapped(self, kind: Type, depth: int) -> str:
        over = self.people(depth)
        where = self.random.random() < 0.4

        def write(x: str) -> str:
            condition = f"{self.text(BOOL, depth - 2)}, " if where else ""
            return f"{over}.map({x}, {condition}{self.text(kind, depth - 2)})"

        return self.scoped("person", write)

    def amount_of(self, kind: Type, depth: int) -> str:
        if len(self.variables) >= 2:
            return self.leaf(kind)
        over = self.random.choice([lambda: self.mapped(kind, depth), lambda: self.items(kind, depth)])()
        return f"{over}.{self.random.choice(['sum', 'min', 'max'])}()"

    def whole(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        part = self.random.choice(
            ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfYear", "getDayOfWeek", "getHours",
             "getMinutes", "getSeconds", "getMilliseconds"]
        )  # fmt: skip
        return self.pick(
            lambda: f"({sub(WHOLE)} {self.random.choice('+-*/%')} {sub(WHOLE)})",
            lambda: f"({sub(WHOLE)} {self.random.choice('/%')} {self.random.choice(['2', '-7', '-1', '0'])})",
            lambda: f"-({sub(WHOLE)})",
            lambda: f"({sub(BOOL)} ? {sub(WHOLE)} : {sub(WHOLE)})",
            lambda: f"size({sub(TEXT)})",
            lambda: f"{self.list_fact()}.size()",
            lambda: f"size({self.people(depth)})",
            lambda: f"int({sub(self.random.choice([NUMBER, TEXT, DAY]))})",
            lambda: f"{sub(DAY)}.{part}({self.random.choice(['', chr(39) + '+08:00' + chr(39)])})",
            lambda: f"{sub(SPAN)}.{self.random.choice(['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'])}()",
            lambda: self.amount_of(WHOLE, depth),
            lambda: f"[{sub(WHOLE)}, {sub(WHOLE)}][{sub(WHOLE)}]",
        )

    def number(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        return self.pick(
            lambda: f"({sub(NUMBER)} {self.random.choice('+-*/')} {sub(NUMBER)})",
            lambda: f"({sub(NUMBER)} / {self.random.choice(['3.0', '-7.0', '0.0', '0.000003'])})",
            lambda: f"-({sub(NUMBER)})",
            lambda: f"({sub(BOOL)} ? {sub(NUMBER)} : {sub(NUMBER)})",
            lambda: f"double({sub(self.random.choice([WHOLE, TEXT]))})",
            lambda: self.amount_of(NUMBER, depth),
        )

    def words(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        return self.pick(
            lambda: f"({sub(TEXT)} + {sub(TEXT)})",
            lambda: f"({sub(BOOL)} ? {sub(TEXT)} : {sub(TEXT)})",
            lambda: f"string({sub(self.random.choice([BOOL, WHOLE, NUMBER, DAY, SPAN]))})",
            lambda: f"{self.list_fact()}[{sub(WHOLE)}]",
        )

    def moment(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        return self.pick(
            lambda: f"({sub(DAY)} {self.random.choice('+-')} {sub(SPAN)})",
            lambda: f"({sub(BOOL)} ? {sub(DAY)} : {sub(DAY)})",
            lambda: f"timestamp({sub(WHOLE)})",
        )

    def span(self, depth: int) -> str:
        sub = lambda kind: self.text(kind, depth)  # noqa: E731
        return self.pick(
            lambda: f"({sub(DAY)} - {sub(DAY)})",
            lambda: f"({sub(SPAN)} {self.random.choice('+-')} {sub(SPAN)})",
        )


PATTERNS = ["'^s'", "'r$'", "'^[a-z]+$'", "'小.'", "'a.b'", r"'\\d+'", "'^(a|x)'", "'^$'", r"r'x\.'", "'[^a-z]'",
            "'b$'", "'e{1,2}'"]  # fmt: skip


def from_column(value: Any, kind: Type) -> Any:
    """What stands in a column as the language's value; None is undecided."""
    if value is None:
        return None
    if kind == DAY:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    if kind == SPAN:
        return timedelta(microseconds=value)
    return value
