"""`shuanglian match`: a transportation or assignment problem from three tables, solved and explained."""

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said

from .transport import TransportResult, transport


class BadTable(Exception):
    """A table that cannot be used: file, row (heading is 1), column, what is wrong and the cure."""

    def __init__(self, path: Path, row: int | None, column: str, said: Said) -> None:
        self.path, self.row, self.column, self.said = path, row, column, said
        super().__init__(str(said))


@click.command()
@click.option("--capacities", required=True, type=click.Path(path_type=Path), help="csv: supplier,capacity")
@click.option("--requirements", required=True, type=click.Path(path_type=Path), help="csv: demander,need")
@click.option(
    "--costs",
    required=True,
    type=click.Path(path_type=Path),
    help="csv: supplier,demander,cost; a pair without a row is impossible",
)
@click.option("--ship-all", is_flag=True, help="every capacity must be used up 能力须全部用完")
@click.option("--json", "as_json", is_flag=True, help="machine-readable answer on standard output")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None)
def match(capacities: Path, requirements: Path, costs: Path, ship_all: bool, as_json: bool, lang: str | None) -> None:
    """Solve a transportation or assignment problem to the proven optimum 运输与指派问题求最优.

    Exit status: 0 everything is met, 1 not everything can be, 2 unreadable.
    """
    lang = lang or ("en" if os.environ.get("LANG", "").startswith("en") else "zh")
    try:
        supply = dict(_amounts(capacities, "supplier", "capacity"))
        demand = dict(_amounts(requirements, "demander", "need"))
        price = dict(_costs(costs, supply, demand))
        result = transport(supply, demand, price, ship_all=ship_all)
    except BadTable as bad:
        _refuse(speak(bad.said, lang), as_json, file=str(bad.path), row=bad.row, column=bad.column)
    except Refusal as refusal:
        _refuse(speak(refusal.said, lang), as_json, file=str(costs), row=None, column="")
    if as_json:
        click.echo(json.dumps(as_dict(result, lang), ensure_ascii=False, indent=1))
    else:
        _show(result, lang)
    sys.exit(0 if result.status == "optimal" else 1)


def as_dict(result: TransportResult, lang: str) -> dict[str, Any]:
    return {
        "status": result.status,
        "total": number(result.total),
        "assignment": [
            {"supplier": s.supplier, "demander": s.demander, "amount": s.amount, "cost": number(s.cost)}
            for s in result.shipments
        ],
        "duals": {
            "suppliers": {name: number(value) for name, value in result.suppliers.items()},
            "demanders": {name: number(value) for name, value in result.demanders.items()},
        },
        "uncovered": [
            {"name": lack.name, "amount": lack.amount, "code": lack.code, "why": speak(lack.why, lang)}
            for lack in result.uncovered
        ],
    }  # fmt: skip


def number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _show(result: TransportResult, lang: str) -> None:
    states = {"optimal": N_("最优：全部满足"), "partial": N_("部分满足：已尽可能多地满足，且费用最低")}
    click.echo(speak(Said(states[result.status]), lang))
    click.echo(f"{speak(Said(N_('总费用')), lang)}: {result.total.normalize():f}")
    for s in result.shipments:
        click.echo(f"{s.supplier}\t{s.demander}\t{s.amount}\t× {s.cost.normalize():f}")
    for lack in result.uncovered:
        click.echo(f"! {lack.name}\t{lack.amount}\t{speak(lack.why, lang)}")


def _refuse(what: str, as_json: bool, *, file: str, row: int | None, column: str) -> None:
    place = ":".join(str(part) for part in (file, row, column) if part not in (None, ""))
    click.echo(f"{place}: {what}", err=True)
    if as_json:
        click.echo(
            json.dumps(
                {"status": "unreadable", "error": what, "file": file, "row": row, "column": column}, ensure_ascii=False
            )
        )
    sys.exit(2)


# --- reading --------------------------------------------------------------------------------------------------------


def _amounts(path: Path, key: str, amount: str) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for row, cells in _rows(path, (key, amount)):
        name = _named(path, row, key, cells[key])
        if name in seen:
            raise BadTable(path, row, key, Said(N_("“{name}”出现了两次；请合并为一行。"), {"name": name}))
        seen.add(name)
        yield name, _whole(path, row, amount, cells[amount])


def _costs(path: Path, supply: dict[str, int], demand: dict[str, int]) -> Iterator[tuple[tuple[str, str], Decimal]]:
    seen: set[tuple[str, str]] = set()
    for row, cells in _rows(path, ("supplier", "demander", "cost")):
        pair = _named(path, row, "supplier", cells["supplier"]), _named(path, row, "demander", cells["demander"])
        if pair[0] not in supply:
            raise BadTable(
                path, row, "supplier", Said(N_("供方“{name}”不在能力表中；请改正名称或补上能力。"), {"name": pair[0]})
            )
        if pair[1] not in demand:
            raise BadTable(
                path, row, "demander", Said(N_("需方“{name}”不在需求表中；请改正名称或补上需求。"), {"name": pair[1]})
            )
        if pair in seen:
            raise BadTable(
                path,
                row,
                "cost",
                Said(N_("“{one}”到“{two}”的费用出现了两次；请只留一行。"), {"one": pair[0], "two": pair[1]}),
            )
        seen.add(pair)
        yield pair, _number(path, row, "cost", cells["cost"])


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    heading = [name.strip().lower() for name in next(reader, [])]
    if not heading:
        raise BadTable(
            path, None, "", Said(N_("文件是空的；第一行应为列名 {columns}。"), {"columns": ",".join(columns)})
        )
    for column in columns:
        if column not in heading:
            raise BadTable(
                path,
                1,
                column,
                Said(
                    N_("缺少列“{column}”；第一行应为列名 {columns}。"), {"column": column, "columns": ",".join(columns)}
                ),
            )
    place = {column: heading.index(column) for column in columns}
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield (
                reader.line_num,
                {column: cells[at].strip() if at < len(cells) else "" for column, at in place.items()},
            )


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadTable(path, None, "", Said(N_("文件打不开：{why}。"), {"why": error.strerror or str(error)})) from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadTable(path, None, "", Said(N_("文件不是 csv 文本；请另存为 UTF-8 编码的 csv。")))


def _named(path: Path, row: int, column: str, cell: str) -> str:
    if not cell:
        raise BadTable(path, row, column, Said(N_("名称为空；请填写。")))
    return cell


def _whole(path: Path, row: int, column: str, cell: str) -> int:
    value = _number(path, row, column, cell)
    if value != value.to_integral_value():
        raise BadTable(path, row, column, Said(N_("“{cell}”不是整数；请换用更小的单位。"), {"cell": cell}))
    if value < 0:
        raise BadTable(path, row, column, Said(N_("“{cell}”为负数；请填写 0 或正数。"), {"cell": cell}))
    if value > 2**53:
        raise BadTable(path, row, column, Said(N_("“{cell}”过大；请换用更大的单位。"), {"cell": cell}))
    return int(value)


def _number(path: Path, row: int, column: str, cell: str) -> Decimal:
    try:
        value = Decimal(cell)
    except ArithmeticError:
        raise BadTable(path, row, column, Said(N_("“{cell}”不是数；请填写数字。"), {"cell": cell})) from None
    if not value.is_finite() or abs(value) > Decimal(10) ** 17:
        raise BadTable(path, row, column, Said(N_("“{cell}”不是可用的数；请填写一般大小的数字。"), {"cell": cell}))
    return value
