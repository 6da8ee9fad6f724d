"""Rows of a sheet as the XML of a workbook, column by column: cells by the million, one by one, would take minutes."""

from collections.abc import Iterator, Mapping, Set

import polars as pl

from .letters import letter, number
from .mark_text import LONGEST

PIECE = 10_000  # rows written at a time: bounds the memory of their text
# as `mark_text.like_formula` and `mark_text.clean` say it, in the words of the other regular expressions
_FORMULA = "^[\\s\\x{200b}\\x{feff}'\"]*[=+\\-@＝＋－＠\\t\\r|%]"
_NUMBER = r"^[+\-]?[0-9]+(?:\.[0-9]+)?%?$"
_NOT_TEXT = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_ESCAPED = "(_x[0-9a-fA-F]{4}_)"  # a spreadsheet reads it as a character

Marks = Mapping[int, Mapping[int, str]]  # row → column → severity, all from 1


def rows(
    cells: pl.DataFrame, marks: Marks, heads: Set[int], *, filled: Mapping[str, int], quoted: Mapping[str, int],
    bold: int,
) -> Iterator[str]:  # fmt: skip
    """`<row>` elements of `cells` (`row` and columns by letter, as text) in order, marked rows without text among them.

    `filled` and `quoted` (a text that looks like a formula): severity, or "" without a mark → number of the style;
    `bold` is the style of heading rows.
    """
    frame = _with_marked(cells, marks)
    severities = _by_column(marks)
    for piece in frame.iter_slices(PIECE):
        parts = [
            _cells(name, severities.get(number(name), {}), heads, filled, quoted, bold)
            for name in frame.columns if name != "row"
        ]  # fmt: skip
        here = pl.concat_str(
            [pl.lit('<row r="'), pl.col("row").cast(pl.String), pl.lit('">'), *parts, pl.lit("</row>")]
        )
        yield "".join(piece.select(text=here)["text"].to_list())


def _with_marked(cells: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    """The cells in the order of rows and letters, with an empty row or column for each mark that hits none."""
    known = {number(name) for name in cells.columns if name != "row"}
    wanted = known | {column for here in marks.values() for column in here}
    frame = cells.with_columns(
        pl.lit(None, dtype=pl.String).alias(letter(column)) for column in sorted(wanted - known)
    ).select(pl.col("row").cast(pl.Int64), *(letter(column) for column in sorted(wanted)))
    missing = sorted(set(marks) - set(frame["row"].to_list()))
    empty = pl.DataFrame({"row": missing}, schema={"row": pl.Int64})
    return pl.concat([frame, empty], how="diagonal").sort("row") if missing else frame


def _by_column(marks: Marks) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row, here in marks.items():
        for column, severity in here.items():
            found.setdefault(column, {})[row] = severity
    return found


def _cells(
    name: str, marked: Mapping[int, str], heads: Set[int], filled: Mapping[str, int], quoted: Mapping[str, int],
    bold: int,
) -> pl.Expr:  # fmt: skip
    """The `<c>` of one column: its text as it is, its style by mark, form and place."""
    text, row = pl.col(name), pl.col("row")
    mark = row.replace_strict(dict(marked), default="", return_dtype=pl.String) if marked else pl.lit("")
    formula = (text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)).fill_null(False)
    head = pl.when(row.is_in(list(heads))).then(pl.lit(str(bold)))
    style = pl.when(formula).then(_style(mark, quoted)).otherwise(pl.coalesce(_style(mark, filled), head))
    place = pl.concat_str([pl.lit(f'<c r="{name}'), row.cast(pl.String), pl.lit('"')])
    styled = (
        pl.when(style.is_not_null()).then(pl.concat_str([pl.lit(' s="'), style, pl.lit('"')])).otherwise(pl.lit(""))
    )
    before, after = pl.lit(' t="inlineStr"><is><t xml:space="preserve">'), pl.lit("</t></is></c>")
    return (
        pl.when(text.is_not_null()).then(pl.concat_str([place, styled, before, _escaped(text), after]))
        .when(mark != "").then(pl.concat_str([place, styled, pl.lit("/>")])).otherwise(pl.lit(""))
    )  # fmt: skip


def _style(mark: pl.Expr, styles: Mapping[str, int]) -> pl.Expr:
    numbers = {key: str(style) for key, style in styles.items()}
    return mark.replace_strict(numbers, default=None, return_dtype=pl.String)


def _escaped(text: pl.Expr) -> pl.Expr:
    shown = text.str.replace_all(_NOT_TEXT, "").str.slice(0, LONGEST - 1).str.replace_all(_ESCAPED, "_x005F${1}")
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "_x000D_")):
        shown = shown.str.replace_all(sign, name, literal=True)
    return shown
