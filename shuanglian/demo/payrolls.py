"""Payrolls of the demo county as departments send them: most people get theirs, some do not, some lines are wrong."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xlsxwriter

from .families import FRAIL, OLD_BEFORE
from .people import Names, Numbers

RATES = {
    "一类": (825, 738),
    "二类": (702, 576),
}  # a quarter's money in yuan: of this year, and by mistake of last year's
GRANT = 750  # yuan a term of senior middle school
LEFT_OUT, OLD_RATE, STRANGERS, DAMAGED, SLIPS, NUMBERLESS = 0.05, 0.03, 0.015, 0.02, 0.01, 0.015
SOUNDS = {"伟": "玮", "军": "君", "洋": "阳", "平": "萍", "秀": "绣", "玲": "铃", "英": "瑛", "芳": "方", "静": "婧",
          "福": "富", "明": "铭", "强": "墙", "东": "冬", "星": "兴", "花": "华", "珍": "贞", "梅": "枚"}  # fmt: skip
DIBAO = ("序号", "乡镇", "行政村", "姓名", "身份证号", "户主姓名", "低保类别", "发放金额（元）", "银行账号")
AID = ("序号", "学生姓名", "身份证号", "就读学校", "乡镇", "行政村", "户主姓名", "资助金额", "发放日期")
Lines = list[list[Any]]


def allowance(people: pl.DataFrame, quarter: int) -> Lines:
    """The minimum allowance of a quarter: the frail and the old of the households that are on it."""
    rng = np.random.default_rng(40 + quarter)
    born = pl.col("出生日期").str.to_date("%Y-%m-%d", strict=False)
    old = born < OLD_BEFORE
    due = people.filter((pl.col("贫困户属性") == "低保贫困户") & (pl.col("健康状况").is_in(FRAIL) | old))
    grave = pl.col("健康状况").is_in(("患有大病", "残疾"))
    lines = []
    for row in due.with_columns(_class=pl.when(grave).then(pl.lit("一类")).otherwise(pl.lit("二类"))).iter_rows(
        named=True
    ):
        if rng.random() < LEFT_OUT:
            continue
        now, before = RATES[row["_class"]]
        name, number = _written(row, rng)
        yuan = before if rng.random() < OLD_RATE else now
        lines.append([row["乡(镇)"], row["行政村"], name, number, row["户主姓名"], row["_class"], yuan])
    lines += _strangers(people, rng, len(lines))
    return [[at, *line, f"62170000{at:011d}"] for at, line in enumerate(lines, 1)]


def school_aid(people: pl.DataFrame) -> Lines:
    """The spring term's grant of senior middle school; now and then a pupil who is not there yet."""
    rng = np.random.default_rng(50)
    pupils = people.filter(pl.col("在校生状况").str.contains("高中"))
    others = people.filter(pl.col("在校生状况") == "九年级").head(max(1, pupils.height // 60))
    lines = []
    for row in pl.concat([pupils, others]).iter_rows(named=True):
        if rng.random() < LEFT_OUT:
            continue
        name, number = _written(row, rng)
        lines.append([name, number, f"通渭县第{1 + int(rng.integers(3))}中学（示例）", row["乡(镇)"], row["行政村"],
                      row["户主姓名"], GRANT, "2015-04-20"])  # fmt: skip
    return [[at, *line] for at, line in enumerate(lines, 1)]


def _written(row: dict[str, Any], rng: np.random.Generator) -> tuple[str, str]:
    """Name and number as a clerk typed them: mostly right."""
    name, number, chance = row["姓名"], row["证件号码"], float(rng.random())
    if chance < DAMAGED:
        return name, f"{number[:15]}000"
    if chance < DAMAGED + SLIPS:
        return name, f"{number[:16]}{(int(number[16]) + 1) % 10}{number[17]}"
    if chance < DAMAGED + SLIPS + NUMBERLESS:
        return "".join(SOUNDS.get(one, one) for one in name), ""
    return name, number


def _strangers(people: pl.DataFrame, rng: np.random.Generator, lines: int) -> Lines:
    """People who are on no register: made up like everybody, in villages of the county."""
    names, numbers = Names(rng), Numbers(division="621198")
    places = people.select("乡(镇)", "行政村").unique(maintain_order=True).rows()
    made = []
    for _at in range(max(2, int(lines * STRANGERS))):
        town, village = places[int(rng.integers(len(places)))]
        male = bool(rng.random() < 0.5)
        name = names.surnames(1)[0] + names.given(male)
        number = numbers.identity(date(int(rng.integers(1940, 1990)), int(rng.integers(1, 13)), 15), male)
        made.append([town, village, name, number, name, "二类", RATES["二类"][0]])
    return made


def write(path: Path, title: str, header: Sequence[str], lines: Lines) -> None:
    """The list as an office keeps it: title, header, lines, a sum and signatures."""
    money = next(at for at, name in enumerate(header) if "金额" in name)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("发放名册")
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#F3E6E4"})
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16}))
        for column, name in enumerate(header):
            sheet.write_string(1, column, name, head)
            sheet.set_column(column, column, 20 if "号" in name and "序" not in name else 12)
        for row, line in enumerate(lines, 2):
            for column, cell in enumerate(line):
                (sheet.write_number if isinstance(cell, int) else sheet.write_string)(row, column, cell)
        sheet.write_string(len(lines) + 2, 1, "合计")
        sheet.write_number(len(lines) + 2, money, sum(line[money] for line in lines))
        sheet.write_string(len(lines) + 4, 0, "审核人：            制表人：")


def write_all(folder: Path, people: pl.DataFrame) -> tuple[list[Path], list[Path]]:
    """(those that are loaded, those that are left to try)."""
    files = {
        "payroll_dibao_q1.xlsx": ("通渭县2015年第一季度农村低保金发放花名册（演示，人物均为虚构）", DIBAO, allowance(people, 1)),
        "payroll_senior_grant.xlsx": ("通渭县普通高中国家助学金发放花名册（演示，人物均为虚构）", AID, school_aid(people)),
        "payroll_dibao_q2.xlsx": ("通渭县2015年第二季度农村低保金发放花名册（演示，人物均为虚构）", DIBAO, allowance(people, 2)),
    }  # fmt: skip
    for name, (title, header, lines) in files.items():
        write(folder / name, title, header, lines)
    paths = [folder / name for name in files]
    return paths[:2], paths[2:]
