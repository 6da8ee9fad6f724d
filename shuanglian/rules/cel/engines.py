"""What DuckDB and Spark must say differently so that both reckon as numbers.py and times.py define.

Everything else of the columns is plain Ibis. Here are the few words that Ibis lacks: arithmetic that gives NULL where
it overflows (one family's odd number must not stop a whole county's query), exact division, moments as microseconds,
and functions over the elements of a list. A word is an SQL template for each engine; p0, p1 … stand for its operands.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.rules as rlz
import sqlglot
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.common.annotations import attribute
from ibis.common.typing import VarTuple

from .numbers import DIGITS, PLACES

# Words in brackets of their own: Ibis writes NOT x and x IS NOT NULL bare beside operators that bind more tightly.
_BOTH = {"same": "p0", "not": "(NOT p0)", "known": "(p0 IS NOT NULL)"}
NUMBER_COLUMN = dt.Decimal(DIGITS, PLACES)
_NUMBER = f"DECIMAL({DIGITS}, {PLACES})"
_LEAST = "CAST('-9223372036854775808' AS BIGINT)"

DUCKDB = {
    **_BOTH,
    "whole_add": "TRY(CAST(p0 AS BIGINT) + CAST(p1 AS BIGINT))",
    "whole_subtract": "TRY(CAST(p0 AS BIGINT) - CAST(p1 AS BIGINT))",
    "whole_multiply": "TRY(CAST(p0 AS BIGINT) * CAST(p1 AS BIGINT))",
    "whole_divide": "TRY(CAST(p0 AS BIGINT) // CAST(p1 AS BIGINT))",
    "whole_remainder": "TRY(CAST(p0 AS BIGINT) - CAST(p1 AS BIGINT) * (CAST(p0 AS BIGINT) // CAST(p1 AS BIGINT)))",
    "add": f"TRY_CAST(TRY(p0 + p1) AS {_NUMBER})",
    "subtract": f"TRY_CAST(TRY(p0 - p1) AS {_NUMBER})",
    "multiply": f"TRY_CAST(TRY(CAST(p0 AS {_NUMBER}) * CAST(p1 AS {_NUMBER})) AS {_NUMBER})",
    # units of a millionth as whole numbers of 128 bits, cut at seven places, the seventh rounds
    "divide": f"TRY_CAST(TRY(CAST(CAST(CAST(p0 AS DECIMAL(38, 6)) * 1000000 AS INT128) * 10000000"
    f" // CAST(CAST(p1 AS DECIMAL(38, 6)) * 1000000 AS INT128) AS DECIMAL(38, 0))"
    f" * CAST('0.0000001' AS DECIMAL(8, 7))) AS {_NUMBER})",
    "cut": "TRY_CAST(TRUNC(p0) AS BIGINT)",
    "date_moment": "EPOCH_US(CAST(p0 AS TIMESTAMP))",
    "moment": "EPOCH_US(p0)",
    "zoned_moment": "EPOCH_US(p0)",
    "date": "CAST('1970-01-01' AS DATE) + CAST(p0 AS INT)",
    "quotient": "CAST(p0 AS BIGINT) // CAST(p1 AS BIGINT)",
    "remainder": "CAST(p0 AS BIGINT) % CAST(p1 AS BIGINT)",
    "all_known": "LIST_COUNT(p0) = LEN(p0)",
    "total": "LIST_SUM(p0)",
    "matches": "REGEXP_MATCHES(p0, p1)",
    "replace": "REGEXP_REPLACE(p0, p1, p2)",
}
_OPERANDS = f"CAST(p0 AS {_NUMBER})", f"NULLIF(CAST(p1 AS {_NUMBER}), 0)"
SPARK = {
    **_BOTH,
    "whole_add": "TRY_ADD(CAST(p0 AS BIGINT), CAST(p1 AS BIGINT))",
    "whole_subtract": "TRY_SUBTRACT(CAST(p0 AS BIGINT), CAST(p1 AS BIGINT))",
    "whole_multiply": "TRY_MULTIPLY(CAST(p0 AS BIGINT), CAST(p1 AS BIGINT))",
    "whole_divide": "CASE WHEN p1 = -1 THEN TRY_SUBTRACT(CAST(0 AS BIGINT), CAST(p0 AS BIGINT))"
    " ELSE CAST(p0 AS BIGINT) DIV NULLIF(CAST(p1 AS BIGINT), 0) END",
    "whole_remainder": f"CASE WHEN p1 = -1 AND p0 = {_LEAST} THEN NULL"
    " ELSE CAST(p0 AS BIGINT) % NULLIF(CAST(p1 AS BIGINT), 0) END",
    "add": f"TRY_CAST(TRY_ADD(p0, p1) AS {_NUMBER})",
    "subtract": f"TRY_CAST(TRY_SUBTRACT(p0, p1) AS {_NUMBER})",
    "multiply": f"TRY_CAST(TRY_MULTIPLY(CAST(p0 AS {_NUMBER}), CAST(p1 AS {_NUMBER})) AS {_NUMBER})",
    # the whole part exactly, then seven places of the rest, the seventh rounds
    "divide": "TRY_CAST(TRY_ADD(CAST(TRY_DIVIDE({0} - {0} % {1}, {1}) AS DECIMAL(30, 0)),"
    " CAST(({0} % {1} * 10000000) DIV {1} AS DECIMAL(8, 0)) * CAST('0.0000001' AS DECIMAL(7, 7)))".format(*_OPERANDS)
    + f" AS {_NUMBER})",
    "cut": "TRY_CAST(p0 AS BIGINT)",
    "date_moment": "CAST(UNIX_DATE(p0) AS BIGINT) * 86400000000",
    "moment": "TIMESTAMPDIFF(MICROSECOND, CAST('1970-01-01 00:00:00' AS TIMESTAMP_NTZ), p0)",
    "zoned_moment": "UNIX_MICROS(p0)",
    "date": "DATE_FROM_UNIX_DATE(CAST(p0 AS INT))",
    "quotient": "CAST(p0 AS BIGINT) DIV CAST(p1 AS BIGINT)",
    "remainder": "CAST(p0 AS BIGINT) % CAST(p1 AS BIGINT)",
    "all_known": "NOT EXISTS(p0, e -> e IS NULL)",
    "total": "AGGREGATE(p0, CAST(0 AS DECIMAL(38, 6)), (a, e) -> CAST(a + e AS DECIMAL(38, 6)))",
    "matches": "REGEXP_LIKE(p0, p1)",
    "replace": "REGEXP_REPLACE(p0, p1, p2)",
}


class Spelled(ops.Value):
    """A word of the engines over its operands."""

    word: str
    parts: VarTuple[ops.Value]
    kind: dt.DataType

    shape = rlz.shape_like("parts")

    @attribute
    def dtype(self) -> dt.DataType:
        return self.kind


class Kept(ops.ArrayFilter):
    """The elements of a list that meet a condition."""


class Made(ops.ArrayMap):
    """What is made of every element of a list."""


def spell(word: str, kind: Any, *parts: Any) -> Any:
    """An Ibis value: a word over other values."""
    return Spelled(word, tuple(part.op() for part in parts), dt.dtype(kind)).to_expr()


def element(array: Any, depth: int) -> Any:
    """What stands for one element inside `kept` and `made`; lists within lists need different depths."""
    name, kind = f"e{depth}", array.type().value_type
    return ops.Argument(name=name, shape=array.op().shape, dtype=kind).to_expr()


def kept(array: Any, each: Any, condition: Any) -> Any:
    return Kept(array, body=condition, param=each.op(), index=None).to_expr()


def made(array: Any, each: Any, value: Any) -> Any:
    return Made(array, body=value, param=each.op(), index=None).to_expr()


@cache
def _tree(word: str, compiler: Any) -> Any:
    words = DUCKDB if compiler is DuckDBCompiler else SPARK
    return sqlglot.parse_one(words[word], dialect=compiler.dialect)


def _visit_spelled(self: Any, op: Spelled, *, word: str, parts: tuple[Any, ...], kind: Any) -> Any:
    def filled(node: Any) -> Any:
        if isinstance(node, sge.Column) and node.name[:1] == "p" and node.name[1:].isdigit():
            return sge.paren(parts[int(node.name[1:])], copy=True)
        return node

    return _tree(word, self.__class__).transform(filled)


def _lambda(word: str, *, colon: bool) -> Any:
    def visit(self: Any, op: Any, *, arg: Any, body: Any, param: Any, index: Any) -> Any:
        each = sge.Lambda(this=body, expressions=[param], **({"colon": True} if colon else {}))
        return self.f[word](arg, each)

    return visit


# Ibis finds how to write an operation by its class's name on the compiler of the engine.
for _compiler, _kept, _made, _colon in (
    (DuckDBCompiler, "list_filter", "list_transform", True),  # DuckDB 2 wants "lambda x: …", Ibis 12 writes "x -> …"
    (PySparkCompiler, "filter", "transform", False),
):
    _compiler.visit_Spelled = _visit_spelled
    _compiler.visit_Kept = _lambda(_kept, colon=_colon)
    _compiler.visit_Made = _lambda(_made, colon=_colon)


def literal(value: Any, kind: Any) -> Any:
    return ibis.literal(value, type=kind)


def null(kind: Any) -> Any:
    """NULL of a type that compares as SQL does; of its own NULL Ibis makes `x IS NULL` when it is compared with x."""
    return spell("same", kind, ibis.null(kind))
