"""A condition as it stands in a profile's file: read, or what is wrong with it told with line, place and cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuanglian.kernel.words import N_, Said

from .cel.column_limits import without_column
from .cel.faults import TextFaults
from .cel.language import Expression, read
from .cel.types import BOOL, Type
from .cel.vocabulary import Vocabulary

_AT, _AT_LINE = N_("第 {column} 个字符：{said}"), N_("第 {line} 行第 {column} 个字符：{said}")
Tell = Callable[[str, Said, Said], None]  # code, what it is, how to mend it


def read_text(
    text: str, vocabulary: Vocabulary, tell: Tell, *, kind: Type = BOOL, codes: Any = None, columns: bool = True
) -> Expression | None:
    """The text ready for use; None, with its faults told, when it is faulty.

    codes: list → codes that texts may name. columns: whether it must also run over a whole county at once.
    """
    try:
        expression = read(text, vocabulary, kind, codes=codes)
        faults = without_column(expression) if columns else []
    except TextFaults as errors:
        faults = list(errors.faults)
    for one in faults:
        where = {"line": one.line, "column": one.column, "said": one.said}
        tell(one.code, Said(_AT if one.line == 1 else _AT_LINE, where), one.cure)
    return None if faults else expression


__all__ = ["read_text"]
