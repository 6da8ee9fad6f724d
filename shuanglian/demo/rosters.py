"""Rosters to try the import with: as an office sends them, one clean and one with mistakes planted in it."""

from pathlib import Path

import polars as pl
import xlsxwriter

from .county import County

TOWNSHIP = "平襄镇"


def write_samples(folder: Path, drawn: County) -> None:
    """`new_households.xlsx` (clean) and `with_mistakes.xlsx`: title row, merged headings, people by household."""
    people = drawn.people.filter(pl.col("乡(镇)") == TOWNSHIP).head(60)
    fresh = _renumbered(people)
    _write(folder / "new_households.xlsx", fresh)
    _write(folder / "with_mistakes.xlsx", _spoilt(fresh))


def _renumbered(people: pl.DataFrame) -> pl.DataFrame:
    """The same families under other numbers, other people: they are new to the register."""
    whole = people.filter(pl.col("户编号").is_in(people["户编号"].unique(maintain_order=True)[:-1].implode()))
    return whole.with_columns(
        pl.col("户编号").str.slice(0, 12) + "9" + pl.col("户编号").str.slice(13),
        pl.col("人编号").str.slice(0, 12) + "9" + pl.col("人编号").str.slice(13),
        _other_division(pl.col("证件号码")).alias("证件号码"),
        pl.when(pl.col("残疾证号") != "")
        .then(_other_division(pl.col("证件号码")) + pl.col("残疾证号").str.slice(18))
        .otherwise(pl.lit(""))
        .alias("残疾证号"),
        ("1998" + pl.col("户联系电话").str.slice(4)).alias("户联系电话"),
    )


def _other_division(number: pl.Expr) -> pl.Expr:
    return number.map_elements(_in_division, return_dtype=pl.String)


def _in_division(number: str) -> str:
    """The same birth date and serial in the other division that does not exist, with its own check character."""
    from .people import CHECK, WEIGHTS

    body = "621198" + number[6:17]
    return body + CHECK[sum(int(c) * int(w) for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def _spoilt(people: pl.DataFrame) -> pl.DataFrame:
    """Mistakes of real offices, one a family: a wrong check digit, a damaged number, two heads, an unknown village …"""
    rows = people.to_dicts()
    families: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        families.setdefault(row["户编号"], []).append(row)
    large = [family for family in families.values() if len(family) > 1]
    digit = large[0][1]["证件号码"]
    large[0][1]["证件号码"] = digit[:-1] + ("1" if digit[-1] != "1" else "2")
    large[1][0]["证件号码"] = "6.21198E+17"
    large[2][1]["与户主关系"] = "户主"
    large[3][1]["出生日期"] = "2031-02-30"
    for column, value, family in (
        ("行政村", "东山村民委员会", large[4]), ("主要致贫原因", "运气不好", large[5]),
        ("人均纯收入（元）", "250000", large[6]), ("户联系电话", "12345", large[7]),
    ):  # fmt: skip
        for row in family:
            row[column] = value
    rows.append(dict(large[8][0]))
    return pl.DataFrame(rows, schema=people.schema)


def _write(path: Path, people: pl.DataFrame) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("贫困户")
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#F3E6E4"})
        sheet.merge_range(
            0, 0, 0, len(people.columns) - 1, "通渭县2015年新增贫困户信息采集表（演示，人物均为虚构）", title
        )
        sheet.write(1, 0, "填报单位：平襄镇双联办    填报日期：2015年3月")
        for column, name in enumerate(people.columns):
            sheet.write_string(2, column, name, head)
            sheet.set_column(column, column, max(8, 2 * len(name) + 2))
        for row, values in enumerate(people.iter_rows(), 3):
            for column, value in enumerate(values):
                sheet.write_string(row, column, value or "")
        sheet.write(people.height + 4, 0, "审核人：            填表人：")
        sheet.freeze_panes(3, 0)
