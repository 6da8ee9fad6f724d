"""A department's payroll: each line with its provision, months and amount, and who it seems to be (FUND-5, BEN-8).

A number that is wrong or missing keeps no line out: who it is will be found by name and place, or by a person.
"""

from datetime import date

import polars as pl

from .check_organisation import _table
from .ids_columns import parse_ids
from .layout import Layout
from .places import told_places
from .provisions import Provisions, class_of
from .regions import locate
from .spans import Span, span_of
from .typed import Checking, twice, typed

Taken = list[tuple[Layout, pl.DataFrame]]
_ASKED = (
    "benefit", "name", "id_number", "head_name", "head_id", "village", "village_code", "township", "group", "address",
    "birth", "amount", "paid_on", "month", "year", "dibao_class", "persons", "hospital_cost", "reimbursed", "school",
)  # fmt: skip
_DATED = r"^[0-9]{6}((?:19|20)[0-9]{6})"
_SAME_LINE = ["_who", "code", "period", "paid_on", "amount"]


def check_payments(work: Checking, taken: Taken) -> dict[str, pl.DataFrame]:
    """Typed frame `payments`. Beside the columns: `code` (the provision), `resident` (an identity number that can be
    relied on), `written` (18 characters that fail), `born`, `period` (2015-03, 2015-01/03), `class` (1 to 4),
    `village_code`, `place` (as the list writes it)."""
    text = _heads_alone(_table(work, taken, *_ASKED))
    rows = typed(work, text, "payments")
    work.findings.add(rows.filter(pl.col("name").is_null()), "name", "required_missing")
    rows = _numbers(work, rows, text)
    rows = _months(work, rows)
    rows = _provisions(work, rows)
    rows = _amounts(work, rows)
    rows = _places(work, rows, text)
    _same_line(work, rows)
    _already_paid(work, rows)
    return {"payments": rows}


def _heads_alone(text: pl.DataFrame) -> pl.DataFrame:
    """A list that names only heads pays the heads."""
    nobody = pl.col("name").is_null() & pl.col("head_name").is_not_null()
    return text.with_columns(
        name=pl.coalesce("name", "head_name"),
        id_number=pl.when(nobody).then(pl.coalesce("id_number", "head_id")).otherwise(pl.col("id_number")),
        head_name=pl.when(~nobody).then(pl.col("head_name")),
    )


def _numbers(work: Checking, rows: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """What a number tells, also one that is wrong: its birth date, its characters to look for slips of the pen."""
    if text["id_number"].null_count() < text.height:
        empty = rows.filter(pl.col("id_number_problem") == "empty")
        work.findings.add(empty, "id_number", "payment_id_missing")
    written = parse_ids(text["id_number"])["normal"]
    dated = written.str.extract(_DATED).str.to_date("%Y%m%d", strict=False)
    good = pl.col("id_number_problem").is_null()
    rows = rows.with_columns(_written=written, _dated=dated).with_columns(
        resident=pl.when(good).then(pl.col("id_number_resident")),
        written=pl.when(~good & pl.col("_written").str.contains(r"^[0-9]{17}[0-9X]$")).then(pl.col("_written")),
        born=pl.coalesce("birth", "id_number_birth", "_dated"),
    )
    ahead = rows.filter(pl.col("born") > work.on)
    work.findings.add(ahead, "birth", "birth_in_future", severity="warning")
    return rows


def _amounts(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """The amount, in a medical list what was reimbursed; nobody is paid nothing, or less. A register pays nothing."""
    unpaid = pl.col("code").is_in(list(Provisions(work.profile).registers)).fill_null(False)
    money = pl.coalesce("amount", "reimbursed")
    paid_too = rows.filter(unpaid & (money != 0)).with_columns(value=money.cast(pl.String))
    work.findings.add(paid_too, "amount", "register_pays")
    whole = rows.with_columns(_paid=pl.when(unpaid).then(pl.lit(0, money_type(rows))).otherwise(money))
    rows = whole.filter(~unpaid)
    work.findings.add(rows.filter(pl.col("_paid").is_null()), "amount", "required_missing")
    nothing = rows.filter(pl.col("_paid") == 0).with_columns(value=pl.lit("0"))
    work.findings.add(nothing, "amount", "nothing_paid")
    more = rows.filter(pl.col("reimbursed") > pl.col("hospital_cost"))
    more = more.with_columns(cost=pl.col("hospital_cost"), value=pl.col("reimbursed").cast(pl.String))
    work.findings.add(more, "reimbursed", "reimbursed_too_much", columns=["cost"])
    apart = pl.col("amount").is_not_null()  # an amount of its own: what was reimbursed is told beside it
    told = apart | pl.col("hospital_cost").is_not_null()
    return whole.with_columns(amount=pl.col("_paid").round(2), reimbursed=pl.when(told).then("reimbursed"))


def money_type(rows: pl.DataFrame) -> pl.DataType:
    return rows.schema["amount"]


def _months(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """Year, day and months of each line; a list of a month without a day is paid on the month's first day."""
    spans = {text: span_of(text) for text in rows["month"].drop_nulls().unique()}
    odd = [text for text, span in spans.items() if span is None]
    work.findings.add(rows.filter(pl.col("month").is_in(odd)), "month", "month_unknown")
    by_default = work.on.year
    told = [
        _span(spans.get(text or ""), text, year or (day.year if day else by_default))
        for text, year, day in rows.select("month", "year", "paid_on").iter_rows()
    ]
    rows = rows.with_columns(
        period=pl.Series([words for _year, words, _first in told], dtype=pl.String),
        year=pl.coalesce("year", pl.Series([year for year, _words, _first in told], dtype=pl.Int64)),
        paid_on=pl.coalesce("paid_on", pl.Series([first for _year, _words, first in told], dtype=pl.Date)),
    )
    work.findings.add(rows.filter(pl.col("paid_on") > work.on), "paid_on", "date_in_future")
    other = rows.filter(pl.col("paid_on").dt.year() != pl.col("year"), pl.col("paid_on") <= work.on)
    work.findings.add(other, "paid_on", "paid_other_year", columns=["year"])
    if rows.height and rows["paid_on"].null_count() == rows.height:
        work.findings.add(rows.head(1).with_columns(value=pl.lit("")), "paid_on", "payments_undated")
    return rows


def _span(span: Span | None, text: str | None, year: int) -> tuple[int, str | None, date | None]:
    """(year, one spelling of the months, a day in the last of them)."""
    if span is None:
        return year, text, None
    of_year = span.year or year
    return of_year, span.words(year), date(of_year, span.last, 1)


def _provisions(work: Checking, rows: pl.DataFrame) -> pl.DataFrame:
    """The provision of each line, in force on the day it was paid."""
    known = Provisions(work.profile)
    found = {text: known.find(text) for text in rows["benefit"].drop_nulls().unique()}
    classes = {text: class_of(text) for text in rows["dibao_class"].drop_nulls().unique()}
    odd = [text for text, number in classes.items() if number is None]
    rows = rows.with_columns(
        _named=pl.col("benefit").replace_strict(found, default=None, return_dtype=pl.String),
        **{"class": pl.col("dibao_class").replace_strict(classes, default=None, return_dtype=pl.Int64)},
    )
    work.findings.add(rows.filter(pl.col("benefit").is_null()), "benefit", "required_missing")
    choices = "、".join(title for _code, title in known.choices("zh"))
    unknown = rows.filter(pl.col("benefit").is_not_null() & pl.col("_named").is_null())
    work.findings.add(unknown, "benefit", "benefit_unknown", params={"choices": choices})
    pairs = rows.select("_named", "class").unique().rows()
    codes = pl.DataFrame(
        [(named, number, known.resolve(named, number)) for named, number in pairs],
        schema={"_named": pl.String, "class": pl.Int64, "code": pl.String}, orient="row",
    )  # fmt: skip
    rows = rows.join(codes, on=["_named", "class"], how="left", nulls_equal=True, maintain_order="left")
    lost = rows.filter(pl.col("_named").is_not_null() & pl.col("code").is_null())
    work.findings.add(lost, "dibao_class", "class_missing")
    beside = rows.filter(pl.col("dibao_class").is_in(odd) & pl.col("code").is_not_null())
    work.findings.add(beside, "dibao_class", "class_unknown")
    _in_force(work, known, rows)
    return rows


def _in_force(work: Checking, known: Provisions, rows: pl.DataFrame) -> None:
    """Money for a day on which the provision did not stand."""
    dated = rows.filter(pl.col("code").is_not_null()).with_columns(
        _day=pl.coalesce("paid_on", pl.date(pl.col("year").cast(pl.Int32), 12, 31))
    )
    days = [
        (code, day, known.title(code, "zh")) for code, day in dated.select("code", "_day").unique().iter_rows()
        if day is not None and code in known.benefits and known.benefits[code].in_force(day) is None
    ]  # fmt: skip
    late = pl.DataFrame(days, schema={"code": pl.String, "_day": pl.Date, "title": pl.String}, orient="row")
    outside = dated.join(late, on=["code", "_day"], maintain_order="left").with_columns(
        value=pl.col("_day").cast(pl.String)
    )
    work.findings.add(outside, "paid_on", "not_in_force", columns=["title"])


def _places(work: Checking, rows: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """The village where one is named; one that is not found stops nothing."""
    names = [name for name in ("village", "village_code") if text[name].null_count() < text.height]
    found = locate(text, work.regions)
    if names:
        named = text.select(pl.any_horizontal(pl.col(names).is_not_null())).to_series()
        told_places(work, text.select("_at").hstack(found).filter(named), text.filter(named), mild=True)
    said = [pl.col(name).fill_null("") for name in ("township", "village", "group", "address") if name in rows.columns]
    place = pl.concat_str(said, separator=" ").str.replace_all(r"\s+", " ").str.strip_chars()
    town = _towns(work, text)
    return rows.with_columns(
        village_code=found["_village"], township_code=pl.coalesce(found["_township"], town),
        line=pl.col("_label"),
        place=pl.when(place != "").then(place),
    )  # fmt: skip


def _towns(work: Checking, text: pl.DataFrame) -> pl.Series:
    """The township alone, where the village is not told or not found."""
    towns = {
        name: codes[0] if len(codes := work.regions.named(name, "township", work.regions.within)) == 1 else None
        for name in text["township"].drop_nulls().unique()
    }
    return text.select(pl.col("township").replace_strict(towns, default=None, return_dtype=pl.String))["township"]


def _who() -> pl.Expr:
    blank = pl.lit("")
    by_name = pl.concat_str(pl.col("name", "head_name", "village_code", "place").fill_null(blank), separator="/")
    return pl.coalesce("resident", "written", by_name)


def _same_line(work: Checking, rows: pl.DataFrame) -> None:
    """The same line again: the first counts, the others are told."""
    keyed = rows.with_columns(
        _who=_who(), paid_on=pl.col("paid_on").fill_null(date.min), period=pl.col("period").fill_null("-")
    )
    again = twice(keyed, _SAME_LINE)
    if again.height:
        later = again.filter(~pl.struct(_SAME_LINE).is_first_distinct()).with_columns(value=pl.col("name"))
        work.findings.add(later, "name", "line_twice", columns=["count", "rows"])


def _already_paid(work: Checking, rows: pl.DataFrame) -> None:
    """Paid on that day already, another amount: a correction would count twice."""
    if work.known is None or work.known.payments is None or not work.known.payments.height:
        return
    ours = rows.with_columns(_key=work.known.keys(rows["resident"]))
    theirs = work.known.payments.select(
        "code", "paid_on", _key=pl.col("id_key"), kept=pl.col("amount").cast(pl.Float64)
    ).unique(["code", "paid_on", "_key"], keep="last", maintain_order=True)  # fmt: skip
    both = ours.join(theirs, on=["_key", "code", "paid_on"], maintain_order="left").filter(
        pl.col("kept") != pl.col("amount")
    )
    work.findings.add(
        both.with_columns(value=pl.col("amount").cast(pl.String)), "amount", "paid_otherwise", columns=["kept"]
    )
