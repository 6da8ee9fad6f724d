"""Members of households, one by one and against each other: numbers, birth, sex, relation, one head (REG-1)."""

from datetime import date

import polars as pl

from .typed import Checking, shown, twice, typed

_SEX_ZH = {"male": "男", "female": "女"}
_YOUNGER, _OLDER = ("之子", "之女", "之孙子", "之孙女"), ("之父", "之母", "之祖父", "之祖母")


def check_persons(work: Checking, people: pl.DataFrame) -> pl.DataFrame:
    """`people`: `_at`, `_household`, `_label`, text columns → typed, with `age`; the number fills sex and birth."""
    for name in ("name", "id_number", "sex", "birth", "relation"):
        if name not in people.columns:
            people = people.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    shown_sex, shown_birth = people["sex"], people["birth"]
    persons = typed(work, people, "persons")
    work.findings.add(persons.filter(pl.col("name").is_null()), "name", "required_missing")
    _missing_numbers(work, persons)
    persons = _birth_and_sex(work, persons, shown_sex, shown_birth)
    _twice_in_file(work, persons)
    return _relations(work, persons)


def _missing_numbers(work: Checking, persons: pl.DataFrame) -> None:
    """Rule 10, in sheets that have a column for the number at all."""
    here = sorted({part for part, _, field, _, _ in work.origin.places if field.endswith(("id_number", "head_id"))})
    if severity := work.severity("id_missing"):
        rows = persons.filter(pl.col("id_number_problem") == "empty", pl.col("_part").is_in(here))
        work.findings.add(rows, "id_number", "id_missing", severity=severity)


def _birth_and_sex(work: Checking, persons: pl.DataFrame, sex: pl.Series, birth: pl.Series) -> pl.DataFrame:
    """The number's birth date and sex against the columns; they fill what is empty. Ages against the limit."""
    same_day = pl.col("birth") == pl.col("id_number_birth")
    month = pl.col("birth").dt.strftime("%Y%m") == pl.col("id_number_birth").dt.strftime("%Y%m")
    year = pl.col("birth").dt.year() == pl.col("id_number_birth").dt.year()
    agrees = (
        pl.when(pl.col("birth_precision") == "month").then(month)
        .when(pl.col("birth_precision") == "year").then(year).otherwise(same_day)
    )  # fmt: skip
    differ = persons.with_columns(value=birth).filter((~agrees).fill_null(False))
    work.findings.add(differ, "birth", "birth_differs")
    codes = {group: code for group, code in _sex_codes(work).items() if code}
    of_number = pl.col("id_number_sex").replace_strict(codes, default=None, return_dtype=pl.String)
    said = pl.col("id_number_sex").replace_strict(_SEX_ZH, default=None, return_dtype=pl.String)
    stated = pl.col("sex").is_in(list(codes.values()))
    differ = persons.with_columns(value=sex, _of=of_number, sex_=said).filter(
        stated & (pl.col("sex") != pl.col("_of")).fill_null(False)
    )
    work.findings.add(differ.drop("sex").rename({"sex_": "sex"}), "sex", "sex_differs", columns=["sex"])
    persons = persons.with_columns(
        birth=pl.coalesce("birth", "id_number_birth"),
        sex=pl.when(stated).then(pl.col("sex")).otherwise(pl.coalesce(of_number, "sex")),
    )
    persons = persons.with_columns(age=age_on(work.on))
    _ages(work, persons)
    groups = {code: group for group, code in codes.items()}
    return persons.with_columns(_sex=pl.col("sex").replace_strict(groups, default=None, return_dtype=pl.String))


def _sex_codes(work: Checking) -> dict[str, str | None]:
    known = work.profile.codes["sex"]
    return {"male": known.find("男"), "female": known.find("女")}


def age_on(day: date) -> pl.Expr:
    """Full years on a day."""
    born = pl.col("birth")
    before = (born.dt.month() > day.month) | ((born.dt.month() == day.month) & (born.dt.day() > day.day))
    return (day.year - born.dt.year() - before.cast(pl.Int32)).cast(pl.Int32)


def _ages(work: Checking, persons: pl.DataFrame) -> None:
    field = pl.when(pl.col("id_number_birth").is_not_null()).then(pl.lit("id_number")).otherwise(pl.lit("birth"))
    ahead = persons.with_columns(_where=field).filter(pl.col("birth") > work.on)
    limit = work.limit("age")
    low, high, severity, _ = limit if limit else (None, None, "error", "")
    beyond = persons.with_columns(_where=field).filter(
        (pl.col("birth") <= work.on) & (pl.col("age") > high if high is not None else pl.lit(False))
    )
    for where in ("id_number", "birth"):
        work.findings.add(ahead.filter(pl.col("_where") == where), where, "birth_in_future")
        work.findings.add(
            beyond.filter(pl.col("_where") == where), where, "age_out_of_range", severity=severity,
            params={"low": shown(low), "high": shown(high)}, columns=["age"],
        )  # fmt: skip


def _twice_in_file(work: Checking, persons: pl.DataFrame) -> None:
    """The same person twice, whichever card the number was taken from."""
    again = twice(persons, ["id_number_resident"]).with_columns(value=pl.col("id_number"))
    work.findings.add(again, "id_number", "id_twice", columns=["count", "rows"])


def _relations(work: Checking, persons: pl.DataFrame) -> pl.DataFrame:
    """Relation given, one head and at most one spouse a household, relation and sex agree (rules 7, 17, 19)."""
    known = work.profile.codes["relation"]
    head, spouse = known.find("户主"), known.find("配偶")
    persons = persons.with_columns(_no_head=pl.lit(False))
    if persons["relation"].null_count() == persons.height:
        return persons
    if severity := work.severity("relation_required"):
        empty = persons.filter(pl.col("relation").is_null())
        told = work.findings.severities().filter(pl.col("_worst") == "error")  # an unknown relation is told already
        work.findings.add(empty.join(told, on="_at", how="anti"), "relation", "relation_required", severity=severity)
    if severity := work.severity("one_head"):
        persons = _count_heads(work, persons, head, severity)
        _several(work, persons, spouse, "two_spouses", severity)
    if severity := work.severity("sex_and_relation"):
        _sexes(work, persons, severity)
        _couples(work, persons, head, spouse, severity)
    _generations(work, persons, head)
    return persons


def _household_name() -> pl.Expr:
    return pl.coalesce(pl.col("household_number"), pl.col("_label")).alias("household")


def _named(persons: pl.DataFrame) -> pl.DataFrame:
    if "household_number" not in persons.columns:
        persons = persons.with_columns(household_number=pl.lit(None, dtype=pl.String))
    return persons


def _count_heads(work: Checking, persons: pl.DataFrame, head: str | None, severity: str) -> pl.DataFrame:
    counted = persons.group_by("_household", maintain_order=True).agg(
        heads=(pl.col("relation") == head).sum(), _at=pl.col("_at").first()
    )
    none = counted.filter(pl.col("heads") == 0).select("_household")
    first = (
        _named(persons)
        .join(none, on="_household", how="semi", maintain_order="left")
        .unique("_household", keep="first", maintain_order=True)
    )
    first = first.filter(pl.col("_household").is_not_null()).with_columns(_household_name())
    work.findings.add(
        first.with_columns(value=pl.lit("")), "relation", "no_head", severity=severity, columns=["household"]
    )
    _several(work, persons, head, "two_heads", severity)
    return persons.with_columns(_no_head=pl.col("_household").is_in(first["_household"].implode()))


def _several(work: Checking, persons: pl.DataFrame, code: str | None, finding: str, severity: str) -> None:
    """Each of several heads, or spouses, of one household."""
    those = _named(persons).filter((pl.col("relation") == code).fill_null(False) & pl.col("_household").is_not_null())
    many = twice(those.with_columns(value=pl.col("relation")), ["_household"]).with_columns(_household_name())
    many = many.with_columns(value=pl.lit(work.profile.codes["relation"].label(code)))
    work.findings.add(many, "relation", finding, severity=severity, columns=["household", "count", "rows"])


def _sexes(work: Checking, persons: pl.DataFrame, severity: str) -> None:
    known = work.profile.codes["relation"]
    implied = {item.code: item.sex for item in known if getattr(item, "sex", None)}
    labels = {item.code: item.label.zh for item in known}
    rows = persons.with_columns(
        _implied=pl.col("relation").replace_strict(implied, default=None, return_dtype=pl.String),
        _said=pl.col("relation").replace_strict(labels, default=None, return_dtype=pl.String),
        _sex_said=pl.col("_sex").replace_strict(_SEX_ZH, default=None, return_dtype=pl.String),
    ).filter((pl.col("_implied") != pl.col("_sex")).fill_null(False))
    told = rows.select(
        "_at", "_prefixed", value=pl.col("_said"), relation=pl.col("_said"), sex=pl.col("_sex_said")
    )  # fmt: skip
    work.findings.add(told, "relation", "relation_sex", severity=severity, columns=["relation", "sex"])


def _couples(work: Checking, persons: pl.DataFrame, head: str | None, spouse: str | None, severity: str) -> None:
    """Head and spouse of one sex, told at the spouse."""
    heads = (
        persons.filter(pl.col("relation") == head)
        .unique("_household", keep="none")
        .select("_household", _head_sex="_sex")
    )
    spouses = persons.filter(pl.col("relation") == spouse).unique("_household", keep="none")
    same = spouses.join(heads, on="_household").filter((pl.col("_sex") == pl.col("_head_sex")).fill_null(False))
    told = same.select(
        "_at", "_prefixed", sex=pl.col("_sex").replace_strict(_SEX_ZH, default=None, return_dtype=pl.String),
        value=pl.lit(work.profile.codes["relation"].label(spouse)),
    )  # fmt: skip
    work.findings.add(told, "relation", "spouse_same_sex", severity=severity, columns=["sex"])


def _generations(work: Checking, persons: pl.DataFrame, head: str | None) -> None:
    """Children younger than the head, parents older, the head grown up."""
    known = work.profile.codes["relation"]
    heads = persons.filter(pl.col("relation") == head)
    young = heads.filter(pl.col("age") < work.param("child_labour", "adult", 16))
    work.findings.add(young, "birth", "head_young", columns=["age"])
    ages = heads.unique("_household", keep="none").select("_household", head_age="age")
    both = persons.join(ages, on="_household", how="left", maintain_order="left")
    younger, older = ([known.find(word) for word in words] for words in (_YOUNGER, _OLDER))
    wrong = (pl.col("relation").is_in(younger) & (pl.col("age") >= pl.col("head_age"))) | (
        pl.col("relation").is_in(older) & (pl.col("age") <= pl.col("head_age"))
    )
    labels = {item.code: item.label.zh for item in known}
    rows = both.filter(wrong.fill_null(False)).with_columns(
        relation=pl.col("relation").replace_strict(labels, default=None, return_dtype=pl.String)
    )
    work.findings.add(rows, "relation", "generations", columns=["relation", "head_age", "age"])
