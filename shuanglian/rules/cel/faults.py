"""What is wrong with a text, said so that somebody who never programmed can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shuanglian.kernel.words import Said

from .syntax import Span


@dataclass(frozen=True)
class TextFault:
    """One fault: a code for machines, where it stands (line and column from 1), what it is and how to mend it."""

    code: str
    line: int
    column: int
    span: Span
    said: Said
    cure: Said


class TextFaults(Exception):
    """A text that cannot be used; `faults` says everything that is wrong with it, in the order written."""

    def __init__(self, text: str, faults: Iterable[TextFault]) -> None:
        self.text = text
        once = {(fault.span, fault.code): fault for fault in faults}
        self.faults = tuple(sorted(once.values(), key=lambda fault: fault.span))
        super().__init__("\n".join(f"{f.line}:{f.column}: {f.said} — {f.cure}" for f in self.faults))


class Complaints:
    """Collects faults of one text; places come as spans and leave as lines and columns."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[TextFault] = []

    def add(self, code: str, span: Span, said: Said, cure: Said) -> None:
        before = self.text[: span[0]]
        line, column = before.count("\n") + 1, span[0] - (before.rfind("\n") + 1) + 1
        self.found.append(TextFault(code, line, column, span, said, cure))

    def stop_if_any(self) -> None:
        if self.found:
            raise TextFaults(self.text, self.found)
