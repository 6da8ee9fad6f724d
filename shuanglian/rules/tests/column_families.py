"""Small families with holes in what is known of them, as facts of one family and as tables; and texts to try on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from random import Random
from typing import Any

import pyarrow as pa

from shuanglian.rules.cel.columns import Sheet, Tables
from shuanglian.rules.cel.language import Expression, TextFaults, read
from shuanglian.rules.cel.outcomes import Failed, Unknown
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


KINDS = [BOOL, BOOL, BOOL, WHOLE, NUMBER, TEXT, DAY, SPAN]


def written(random: Random, count: int, *, person: bool, depth: int = 4) -> list[Expression]:
    """So many texts of the writer's that can be read: one that is written out whole may be faulty."""
    found: list[Expression] = []
    while len(found) < count:
        kind = random.choice(KINDS)
        try:
            found.append(read(Writer(random, person=person).text(kind, depth), WORDS, kind))
        except TextFaults:
            continue
    return found


BY_HAND = """
H.registered && H.size > 2 | H.registered || H.size > 2 | !H.registered | H.registered ? H.size : 1
H.size + 1 == 6 | H.size - 9223372036854775807 | H.size * 4611686018427387904 | H.size / 2 | H.size / -1 | H.size / 0
H.size % 3 | H.size % -1 | H.size % 0 | -H.size | H.size < 5 | H.size <= 5 | H.size > 5 | H.size >= 5 | H.size != 5
H.area + 0.000001 | H.area - given.grant | H.area * given.rate | H.area / 3.0 | H.area / 0.0 | -H.area
H.area * 99999999999999999999.0 | H.area * H.area | 1.0 / H.area | H.area > H.size | H.area == 1500 | H.size == H.area
H.kind + 'a' | H.kind < 'primary' | size(H.kind) | H.kind.contains('a') | H.kind.startsWith('s') | H.kind.endsWith('')
H.kind.matches('^s.*r$') | H.kind.matches('a.b') | H.kind.matches('b$') | H.kind.matches('[小学]+') | H.kind == '😀'
H.kind in ['senior', '小学'] | H.kind in H.causes | H.kind in [] | 'ill' in H.causes | H.size in [0.0, 5.0] | H.size in [5]
H.causes == ['ill'] | H.causes != [] | H.causes[0] | H.causes[H.size] | [1, 2][H.size] | size(H.causes) | H.causes.size()
H.causes.exists(c, c == H.kind) | H.causes.all(c, c.size() > 2) | H.causes.exists_one(c, c.startsWith('i'))
H.causes.filter(c, c != 'ill').size() | H.causes.map(c, c.size()).sum() | H.causes.map(c, c + H.kind).exists(c, c > 'b')
(H.causes + ['12', H.kind]).exists(c, int(c) == 12) | (H.registered ? H.causes : ['a']).size()
has(H.size) | has(H.causes) | has(H.registered) == has(H.kind) | !has(H.size) || H.size > 0 | (!H.registered) < H.registered
int(H.area) | int(H.kind) | int(H.built) | double(H.size) | double(H.kind) | bool(H.kind) | string(H.size) | string(H.area)
string(H.registered) | string(H.built) | string(H.built - day) | string(H.kind) | int('12') + H.size | timestamp(H.size)
H.built.getFullYear() | H.built.getMonth() | H.built.getDate() | H.built.getDayOfMonth() | H.built.getDayOfYear()
H.built.getDayOfWeek() | H.built.getHours() | H.built.getMinutes() | H.built.getSeconds() | H.built.getMilliseconds()
H.built.getHours('+08:00') | H.built.getDate('-08:00') | H.built + duration('36h') | H.built - duration('36h') | H.built < day
day - H.built | H.built - H.built == duration('0s') | duration('1h') + H.built | H.built > timestamp('2000-01-01T00:00:00Z')
(day - H.built).getHours() | (H.built - day).getMinutes() | (day - H.built).getSeconds() | (H.built - day).getMilliseconds()
(H.built - day) + duration('1h') | (H.built - day) - (day - H.built) | H.built == date('2015-09-01') | H.built != day
M.exists(m, m.age > 60) | M.all(m, m.ill) | M.exists_one(m, m.head) | M.filter(m, m.ill).size() | size(M)
M.map(m, m.income).sum() | M.map(m, m.age).sum() | M.map(m, m.ill, m.cost).sum() | M.map(m, m.cost).min()
M.map(m, m.age).max() | M.filter(m, m.age >= 0).map(m, m.age).min() | H.size in M.map(m, m.age) | M.map(m, m.stage).exists(s, s == '')
M.exists(m, 'ill' in m.health) | M.exists(m, m.health.exists(h, h == m.stage)) | M.all(m, m.age < H.size) | M.exists(m, H.registered)
M.exists(m, M.exists(n, n.age > m.age)) | M.exists(m, M.all(n, n.head) && m.ill) | M.exists(m, [1, 60].exists(k, m.age == k))
M.map(m, m.cost / 3.0).sum() | M.map(m, m.age / 0).sum() | M.filter(m, m.age / 0 > 1).size() | M.map(m, H.size).sum()
village.poor && village.homes > 3 | 'ill' in village.tags | year.number - 2000 | year.poverty_line > H.area | given.grant * 2.0
[H.area, 1500.0].min() | [H.size, 3].max() | [H.area, given.grant].sum() | [H.size, H.size].sum() | [1, 2].sum()
H.registered && H.size / 0 > 1 | H.registered || H.size / 0 > 1 | H.size / 0 > 1 ? 1 : 2 | true ? H.size : 1 / 0
"""
OF_PERSON = """
M.exists(m, m.age > person.age) | M.all(m, m.head || m.income <= person.income) | M.filter(m, m.stage == person.stage).size()
M.map(m, m.age > person.age, m.income).sum() | M.map(m, m.cost).max() == person.cost | person.age in M.map(m, m.age)
M.exists(m, m.head && m.born < person.born) | [person.age, 3].exists(k, M.exists(m, m.age == k)) | M.exists_one(m, has(person.born))
"""


def by_hand(*, person: bool) -> list[Expression]:
    """Every operator and function; over people those of the person too."""
    lines = BY_HAND + (OF_PERSON if person else "")
    texts = [text.strip() for line in lines.split("\n") for text in line.split(" | ") if text.strip()]
    names = (("H.", "household."), ("M.", "household.members."), ("size(M)", "size(household.members)"))
    return [read(reduce(lambda text, one: text.replace(*one), names, text), WORDS, None) for text in texts]


def alone(expression: Expression, facts: dict[str, Any]) -> Any:
    value = expression.value(facts)
    return None if isinstance(value, Unknown | Failed) else value


def compare(
    them: Families, of_people: list[Expression], of_households: list[Expression], *, into: Any, out: Any
) -> None:
    """Every text over every person and household: as columns and alone. into, out: Arrow to a table and back."""
    people, households = (into(one) for one in them.tables())
    found = Sheet(Tables(people, households), day=ON, year=YEAR).worked(
        lambda column: {f"c{number}": column(one, GIVEN) for number, one in enumerate(of_people)},
        lambda column: {f"c{number}": column(one, GIVEN) for number, one in enumerate(of_households)},
    )
    for table, texts, is_person in zip(found, (of_people, of_households), (True, False), strict=True):
        if not texts:
            continue
        rows = {row["id"]: row for row in out(table).to_pylist()}
        for household, person, facts in them.each():
            if (person is not None) != is_person:
                continue
            row = rows[person if is_person else household]
            for number, expression in enumerate(texts):
                came, should = from_column(row[f"c{number}"], expression.type), alone(expression, facts)
                assert came == should, f"{expression.text}: as a column {came!r}, alone {should!r}; {facts}"
