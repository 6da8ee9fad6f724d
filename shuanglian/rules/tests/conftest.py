"""A copy of the built-in profile that a test may break."""

import shutil
from pathlib import Path

import pytest

from shuanglian.rules.profile import BUILT_IN, Fault, ProfileErrors, load


class Copy:
    """A profile folder of one's own, changed by replacing text in its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str) -> Path:
        return self.folder / name

    def change(self, name: str, old: str, new: str) -> int:
        """Replace the first occurrence; the line on which the replaced text begins."""
        text = self.file(name).read_text("utf-8")
        assert old in text, f"{name} does not contain {old!r}"
        self.file(name).write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, name: str, text: str) -> None:
        self.folder.mkdir(exist_ok=True)
        self.file(name).write_text(text, "utf-8")

    def faults(self) -> tuple[Fault, ...]:
        try:
            load(self.folder)
        except ProfileErrors as errors:
            return errors.faults
        return ()

    def found(self) -> list[tuple[str, int, str]]:
        """(file, line, code) of every fault."""
        return [(fault.file.name, fault.line, fault.code) for fault in self.faults()]


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of tongwei_2015."""
    shutil.copytree(BUILT_IN / "tongwei_2015", tmp_path / "own")
    return Copy(tmp_path / "own")


@pytest.fixture
def child(tmp_path: Path) -> Copy:
    """A small profile over tongwei_2015."""
    own = Copy(tmp_path / "child")
    own.write(
        "profile.toml",
        'title = { zh = "子方案", en = "Child" }\nprogramme = { zh = "项目", en = "Programme" }\n'
        'year = 2016\narea_code = "621121"\nbase = "tongwei_2015"\nlanguage = "zh"\nlanguages = ["zh", "en"]\n',
    )
    return own


SOURCE = '[source]\ncites = ["PAIR-2"]\ndocument = "default"\nsince = 2016-01-01\n\n'
