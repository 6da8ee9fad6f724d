"""The line of every key of a TOML text."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from shuanglian.rules.profile_lines import Scanner, line_of

TEXT = '''# a comment with [brackets] and "quotes
top = "a # not a comment" # a comment
"quoted key" = 1
'with.dot' = 2
a.b.c = 3
a.b.d = """
many
lines = 5
"""
literal = \'\'\'
[not.a.table]
\'\'\'
list = [ 1,
  2, # two
  { x = 1, "y z" = [
    "p", "q]",
  ] },
]
day = 2015-01-01
[table]
key = "\\" ]"
[table.inner]
key = 1
[[many]]
name = "first"
[[many.inner]]
code = 1
[[many.inner]]
code = 2
[[many]]
name = "second"
[many.only]
key = { a.b = 1, c = { d = [ [ 1 ], [ 2 ] ] } }
[[many.inner]]
code = 3
'''
LINES = {
    ("top",): 2, ("quoted key",): 3, ("with.dot",): 4, ("a",): 5, ("a", "b", "c"): 5, ("a", "b", "d"): 6,
    ("literal",): 10, ("list",): 13, ("list", 0): 13, ("list", 1): 14, ("list", 2): 15, ("list", 2, "x"): 15,
    ("list", 2, "y z"): 15, ("list", 2, "y z", 0): 16, ("list", 2, "y z", 1): 16, ("day",): 19, ("table",): 20,
    ("table", "key"): 21, ("table", "inner"): 22, ("table", "inner", "key"): 23, ("many",): 24, ("many", 0): 24,
    ("many", 0, "name"): 25, ("many", 0, "inner"): 26, ("many", 0, "inner", 0): 26, ("many", 0, "inner", 0, "code"): 27,
    ("many", 0, "inner", 1): 28, ("many", 0, "inner", 1, "code"): 29, ("many", 1): 30, ("many", 1, "name"): 31,
    ("many", 1, "only"): 32, ("many", 1, "only", "key"): 33, ("many", 1, "only", "key", "a", "b"): 33,
    ("many", 1, "only", "key", "c", "d", 1, 0): 33, ("many", 1, "inner", 0): 34, ("many", 1, "inner", 0, "code"): 35,
}  # fmt: skip


def test_every_way_of_writing_a_key_has_its_line():
    lines = Scanner(TEXT).lines
    assert {path: lines.get(path) for path in LINES} == LINES


def test_a_key_that_is_missing_has_the_line_of_what_is_around_it():
    assert line_of(Scanner(TEXT).lines, ("table", "inner", "none")) == 22
    assert line_of(Scanner(TEXT).lines, ("many", 1, "none", "deeper")) == 30
    assert line_of(Scanner(TEXT).lines, ("none",)) == 1


def paths(value, path=()):
    """Every key path of a parsed text."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from paths(one, (*path, key))


def test_every_key_that_the_parser_sees_is_found():
    assert set(paths(tomllib.loads(TEXT))) <= set(Scanner(TEXT).lines)


KEYS = st.text(st.sampled_from("abc-_9 .é户\"'#[]="), min_size=1, max_size=6)
SCALARS = st.one_of(
    st.integers(-9, 9),
    st.booleans(),
    st.text(st.sampled_from("ab#[]{},='\"\\ \n户"), max_size=8),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=4)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class Writer:
    """Writes tables as TOML with line breaks wherever they are allowed, and notes the line of every path."""

    def __init__(self) -> None:
        self.text, self.lines = "", {}

    def line(self) -> int:
        return self.text.count("\n") + 1

    def pairs(self, table, path, breaks):
        for key, value in table.items():
            self.lines[(*path, key)] = self.line()
            self.text += f"{quoted(key)} = "
            self.value(value, (*path, key), breaks)
            self.text += " # ]}\n" if breaks else "\n"

    def value(self, value, path, breaks):
        if isinstance(value, dict):
            self.text += "{"
            for number, (key, one) in enumerate(value.items()):
                self.text += ", " if number else ""
                self.lines[(*path, key)] = self.line()
                self.text += f"{quoted(key)} = "
                self.value(one, (*path, key), False)
            self.text += "}"
        elif isinstance(value, list):
            self.text += "["
            for number, one in enumerate(value):
                self.text += ("\n  # , ]\n" if breaks else "") + ("" if number == 0 else ", ")
                self.lines[(*path, number)] = self.line()
                self.value(one, (*path, number), breaks)
            self.text += ",]" if value else "]"
        else:
            self.text += quoted(value) if isinstance(value, str) else str(value).lower()


@given(st.dictionaries(KEYS, st.one_of(TABLES, st.lists(TABLES, min_size=1, max_size=3)), max_size=4), st.booleans())
def test_lines_of_any_text_are_where_the_writer_put_them(document, breaks):
    writer = Writer()
    for name, tables in document.items():
        several = isinstance(tables, list)
        if several:
            writer.lines[(name,)] = writer.line()
        for number, table in enumerate(tables if several else [tables]):
            path = (name, number) if several else (name,)
            writer.lines[path] = writer.line()
            writer.text += f"[[{quoted(name)}]]\n" if several else f"[{quoted(name)}]\n"
            writer.pairs(table, path, breaks)
    assert tomllib.loads(writer.text) == document
    found = Scanner(writer.text).lines
    assert {path: found.get(path) for path in writer.lines} == writer.lines
