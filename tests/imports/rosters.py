"""Small rosters of several makes, as uploaded files. People are made up; ID numbers use the division 621199."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from shuanglian.organisation.tests.factories import id_number, phone_number

Rows = Sequence[Sequence[Any]]

FLAT = (
    "乡镇",
    "行政村",
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "健康状况",
    "劳动技能",
    "主要致贫原因",
    "人均纯收入（元）",
    "户联系电话",
)


def xlsx(name: str, **sheets: Rows) -> SimpleUploadedFile:
    """A workbook: one sheet a keyword, every cell text but numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                if cell is not None:
                    sheet.write(n, m, cell)
    book.close()
    return SimpleUploadedFile(name, out.getvalue())


def csv(name: str, rows: Rows, encoding: str = "gb18030") -> SimpleUploadedFile:
    text = "\r\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return SimpleUploadedFile(name, text.encode(encoding))


def members(households: int = 3, *, village: str = "东关村", town: str = "马营镇", first: int = 1) -> list[list[Any]]:
    """One row a member: a head and a child each; columns of FLAT."""
    rows: list[list[Any]] = []
    for n in range(first, first + households):
        number, phone = f"62112110120{n:05d}", phone_number(n)
        rows.append(
            [
                town,
                village,
                number,
                f"张大{'甲乙丙丁戊己庚辛壬癸'[n % 10]}",
                id_number(n),
                "户主",
                "健康",
                "普通劳动力",
                "因学",
                2300 + n,
                phone,
            ]
        )
        rows.append(
            [
                town,
                village,
                number,
                f"张小{'甲乙丙丁戊己庚辛壬癸'[n % 10]}",
                id_number(9000 + n),
                "之子",
                "长期慢性病",
                "弱劳动力或半劳动力",
                "因学",
                2300 + n,
                phone,
            ]
        )
    return rows


def flat(households: int = 3, name: str = "名册.xlsx", **where: Any) -> SimpleUploadedFile:
    """A title row, a header row, one row a member."""
    return xlsx(name, 贫困户=[["通渭县建档立卡贫困户花名册"], list(FLAT), *members(households, **where)])


def units(name: str = "单位.xlsx") -> SimpleUploadedFile:
    head = ["单位名称", "隶属层级", "单位类别", "干部人数"]
    return xlsx(name, 单位=[head, ["通渭县水务局", "县直", "党政机关", 30], ["通渭县教育局", "县直", "党政机关", 50]])


def cadres(name: str = "干部.xlsx") -> SimpleUploadedFile:
    head = ["姓名", "身份证号", "单位", "职级", "联系电话", "在岗状态"]
    rows = [
        ["单主任", id_number(5001), "通渭县水务局", "副县级", phone_number(5001), "在岗"],
        ["王干事", id_number(5002), "通渭县水务局", "一般干部", phone_number(5002), "在岗"],
        ["李科长", id_number(5003), "通渭县教育局", "科级", phone_number(5003), "请假"],
    ]
    return xlsx(name, 干部=[head, *rows])
