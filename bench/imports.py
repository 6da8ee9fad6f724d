"""Import of a roster of 100,000 rows with all checks, against the bare reader, in one run.

    python -m bench.imports [--rows N] [--rounds N] [--markdown FILE]

Baselines, library only, no checks: fastexcel into Polars; and the same written out as CSV, which is what a COPY would
be fed with. Each round runs every contestant in a process of its own, interleaved; medians and ratios are printed.
Goal: everything in at most three times the bare read.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

HEADERS = [
    "乡(镇)",
    "行政村",
    "村民小组",
    "户编号",
    "人编号",
    "姓名",
    "证件号码",
    "性别",
    "出生日期",
    "与户主关系",
    "民族",
    "文化程度",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "务工所在地",
    "务工时间（月）",
    "是否参加大病保险",
    "是否参加城乡居民基本医疗保险",
    "贫困户属性",
    "主要致贫原因",
    "脱贫标志",
    "人数",
    "工资性收入",
    "人均纯收入（元）",
    "是否危房户",
    "是否解决安全饮用水",
    "住房面积",
    "耕地面积（亩）",
    "户联系电话",
]
GOAL = 3.0


def make(path: Path, rows: int) -> None:
    """A roster of a county: four members a household, one cell in two hundred spoilt."""
    import xlsxwriter

    from shuanglian.kernel.ids import check_digit

    rng = random.Random(7)
    villages = _villages()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("贫困户")
    sheet.write_row(0, 0, ["2015年贫困户名册"])
    sheet.write_row(1, 0, HEADERS)
    for at in range(rows):
        household, member = divmod(at, 4)
        sheet.write_row(at + 2, 0, _row(rng, villages, household, member, check_digit))
    book.close()


def _regions() -> Any:
    """A county of 18 townships with 19 villages each."""
    import polars as pl

    rows = [("620000000000", "甘肃省", "province", None), ("621100000000", "定西市", "city", "620000000000"),
            ("621121000000", "通渭县", "county", "621100000000")]  # fmt: skip
    for town in range(18):
        code = f"621121{100 + town}000"
        rows.append((code, f"{'甲乙丙丁戊己庚辛壬癸'[town % 10]}{'东西'[town // 10]}镇", "township", "621121000000"))
        rows += [
            (f"621121{100 + town}{200 + at}", f"{chr(0x5B50 + town)}{chr(0x5F00 + at)}村", "village", code)
            for at in range(19)
        ]
    return pl.DataFrame(rows, schema=["code", "name", "level", "parent_code"], orient="row")


def _villages() -> list[tuple[str, str]]:
    """(township, village) of the county."""
    frame = _regions()
    names = dict(frame.select("code", "name").iter_rows())
    here = frame.filter(frame["level"] == "village")
    return [(names[parent], name) for name, parent in here.select("name", "parent_code").iter_rows()]


Digit = Callable[[str], str]


def _row(rng: random.Random, villages: list[tuple[str, str]], household: int, member: int, check: Digit) -> list[str]:
    same = random.Random(household)  # what all members share
    town, village = villages[household % len(villages)]
    pupil, male = member == 3, member in (0, 2)
    year = (1950 + household % 30, 1952 + household % 30, 1980 + household % 12, 2001 + household % 3)[member]
    born = f"{year}{1 + rng.randrange(12):02d}{1 + rng.randrange(28):02d}"
    body = f"62{household % 10000:04d}{born}{household // 10000 * 200 + member * 2 + (1 if male else 0) + 100:03d}"
    cells = [
        town, village, f"{1 + household % 8}社", f"621121{household:08d}", f"621121{household:08d}{member:02d}",
        "李王张刘陈杨赵黄周吴"[household % 10] + rng.choice("建国秀英玉兰志强桂芳") + chr(0x4E00 + household % 3000),
        body + check(body), "男" if male else "女", born, ("户主", "配偶", "之子", "之女")[member], "汉族",
        "" if pupil else rng.choice(["小学", "初中", "高中"]), rng.choice(["七年级", "八年级"]) if pupil else "",
        "健康" if member else "长期慢性病", "无劳动力" if pupil else "普通劳动力", "省外" if member == 2 else "",
        "6" if member == 2 else "0", "是", "是", "一般贫困户", same.choice(["因病", "缺技术", "缺资金", "因学"]), "未脱贫", "4",
        str(same.randrange(2000, 20000)), str(same.randrange(800, 4000)), same.choice(["是", "否"]), "是",
        str(same.randrange(40, 160)), str(same.randrange(0, 30)), f"13{household % 10**9:09d}",
    ]  # fmt: skip
    if rng.random() < 0.15:  # about one cell in two hundred
        cells[rng.randrange(len(cells))] = rng.choice(["", "?", "6.21121E+17", "无此项", "-5"])
    return cells


def bare(path: Path) -> dict[str, Any]:
    """fastexcel into Polars, nothing else."""
    import fastexcel

    frame = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    return {"rows": frame.height}


def bare_csv(path: Path) -> dict[str, Any]:
    """The same, written out as the CSV that a COPY would be fed with."""
    import fastexcel

    frame = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    with tempfile.TemporaryFile() as out:
        frame.write_csv(out)
        return {"rows": frame.height, "bytes": out.tell()}


def importer(path: Path) -> dict[str, Any]:
    """Read under limits, recognise, check everything."""
    from shuanglian.rules.profile import load
    from shuanglian.sheets.engine.check import check
    from shuanglian.sheets.engine.headers import guess_kind, recognise
    from shuanglian.sheets.engine.regions import RegionTable
    from shuanglian.sheets.engine.workbook import read

    profile, regions = load("tongwei_2015"), RegionTable(_regions(), within="621121000000")
    begin = time.perf_counter()
    sheets = read(path)
    after_read = time.perf_counter()
    kind = guess_kind(sheets)[sheets[0].name]
    layout = recognise(sheets[0], kind or "households", profile)
    after_layout = time.perf_counter()
    done = check("households", [(sheets[0], layout)], profile=profile, regions=regions, on=date(2015, 12, 31))
    end = time.perf_counter()
    return {
        "rows": done.counts["rows"], "households": done.counts["households"], "findings": done.findings.height,
        "read_s": round(after_read - begin, 2), "recognise_s": round(after_layout - after_read, 2),
        "check_s": round(end - after_layout, 2), "seconds": end - begin,
    }  # fmt: skip


CONTESTANTS = {"fastexcel": bare, "fastexcel + csv": bare_csv, "importer, all checks": importer}


def one(name: str, path: str) -> None:
    """Run one contestant in this process and print what it took, as JSON."""
    begin = time.perf_counter()
    told = CONTESTANTS[name](Path(path))
    told.setdefault("seconds", time.perf_counter() - begin)
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({**told, "peak_mib": kib // 1024}, ensure_ascii=False))


def measure(rows: int, rounds: int) -> str:
    """Run all contestants and tell the result as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        make(path, rows)
        size = path.stat().st_size / 2**20
        taken: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTESTANTS}
        for _ in range(rounds):
            for name in CONTESTANTS:
                command = [sys.executable, "-m", "bench.imports", "--one", name, str(path)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                taken[name].append(json.loads(done.stdout))
    base = statistics.median(run["seconds"] for run in taken["fastexcel"])
    last = taken["importer, all checks"][-1]
    lines = [
        f"Roster of {rows:,} rows x {len(HEADERS)} columns ({size:.1f} MiB xlsx), median of {rounds} rounds, interleaved.",
        "", "| contestant | seconds | ratio | peak MiB |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, runs in taken.items():
        seconds, peak = statistics.median(run["seconds"] for run in runs), max(run["peak_mib"] for run in runs)
        lines.append(f"| {name} | {seconds:.2f} | {seconds / base:.2f} | {peak} |")
    ratio = statistics.median(run["seconds"] for run in taken["importer, all checks"]) / base
    lines += [
        "", f"Of which read {last['read_s']} s, recognise {last['recognise_s']} s, check {last['check_s']} s: "
        f"{last['households']:,} households, {last['findings']:,} findings.",
        f"Goal: everything in at most {GOAL:g} x the bare read. Reached {ratio:.2f}{'' if ratio <= GOAL else ' (missed)'}.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path, help="also write the result to a file")
    parser.add_argument("--full", action="store_true", help="nothing more to run here")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    told = measure(options.rows, options.rounds)
    print(told)
    if options.markdown:
        options.markdown.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
