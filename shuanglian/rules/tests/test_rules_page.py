"""docs/rules.md: every example is true, and no function of the language is left out."""

import re
from pathlib import Path

from shuanglian.rules.cel.functions import LOOSE_ONLY, METHODS, PLAIN
from shuanglian.rules.cel.inferred import inferred
from shuanglian.rules.cel.language import Unknown, read
from shuanglian.rules.cel.parse import MACROS

from .test_cel_conformance import alike

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
SAMPLE = {"person": {"age": 1}}


def rows():
    """(written, example, what it gives) of the table of everything."""
    table = PAGE.split("## 三、")[1].split("## 四、")[0]
    for line in table.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 4 and cells[0].startswith("`"):
            yield cells[0], cells[2].strip("`"), cells[3].strip("`")


def test_every_example_of_the_table_gives_what_it_says():
    for written, example, gives in rows():
        found = read(example, inferred(SAMPLE), None).value({})
        assert alike(found) == alike(read(gives, inferred({}), None).value({})), written


def test_every_function_stands_in_the_table():
    named = set(re.findall(r"`(\w+)`", " ".join(written for written, _, _ in rows())))
    assert named == (METHODS | PLAIN | set(MACROS) | {"has", "in"}) - LOOSE_ONLY


def test_the_questions_about_members_can_be_read():
    from shuanglian.rules.facts.catalogue import vocabulary

    block = PAGE.split("The members of the household:")[1].split("```")[1]
    texts = [line.split("   ")[0] for line in block.strip().splitlines()]
    assert len(texts) == 5
    for text in texts:
        assert isinstance(read(text, vocabulary()).value({}), Unknown)
