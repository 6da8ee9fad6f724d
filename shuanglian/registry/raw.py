"""The register's columns as facts are worked out from (rules.facts.build.Raw): of one household, or of an area.

An area's rows come by COPY, a province in seconds. Of sealed numbers only what a fact needs is opened (kind and grade
of a disability card, the two digits behind the number); the number itself never leaves this module.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from shuanglian.areas.models import Area
from shuanglian.core.secrets import open_sealed
from shuanglian.kernel.ids import parse_id
from shuanglian.rules.facts.build import STATEMENTS, Raw
from shuanglian.rules.facts.village import COLUMNS as FORM_COLUMNS
from shuanglian.rules.facts.village import COUNTED, POOR_LAND

T, B, W, D = pl.String, pl.Boolean, pl.Int64, pl.Date
PEOPLE: dict[str, Any] = {
    "id": W, "household": W, "sex": T, "born_on": D, "relation": T, "ethnic": T, "education": T, "schooling": T,
    "health": T, "labour": T, "work_place": T, "work_months": W, "political": T, "medical_insurance": B,
    "serious_insurance": B, "pension_insurance": B, "dibao": B, "card": T, "id_given": B,
    "as_of": D,
}  # fmt: skip
HOUSEHOLDS: dict[str, Any] = {
    "id": W, "village": T, "kind": T, "standard": T, "main_cause": T, "other_causes": T, "status": T, "size": W,
    "exit_year": W, "relocation": B, "loan_need": T, "wish": T, "since": D, "left_on": D, "removed_on": D,
    "phone_given": B, "as_of": D,
}  # fmt: skip
EXACT = (
    "income_wage", "income_operating", "income_property", "income_transfer", "transfer_declared",
    "transfer_paid", "operating_cost", "net_income",
    "income_per_head", "land_cultivated", "land_forest", "land_returned", "land_orchard", "land_pasture", "land_water",
    "house_area", "road_km",
)  # fmt: skip
YEARS: dict[str, Any] = {
    "household": W, "year": W, **dict.fromkeys(EXACT, pl.Decimal(12, 2)), "house_unsafe": B, "house_grade": T,
    "water_safe": B, "water_hard": B, "power": B, "toilet": B, "road_kind": T, "fuel": T, "cooperative": B, "as_of": D,
}  # fmt: skip
VILLAGES: dict[str, Any] = {"id": T, "tags": T, **FORM_COLUMNS}
LISTS = {"health", "other_causes", "tags"}
COLUMNS = {  # what a column is called here → how the database gives it
    "household": "household_id", "village": "area_code", "health": "array_to_string(health, ',')",
    "other_causes": "array_to_string(other_causes, ',')", "card": "disability_card", "as_of": "since",
    "id_given": "id_digest <> ''", "phone_given": "phone_digest <> ''",
}  # fmt: skip


def of_area(area: Area, on: date) -> Raw:
    """Every household of an area that stood on the register on a day, with its members of that day."""
    inside = "{0}area_code >= %(low)s and {0}area_code < %(high)s"
    return _read(inside, {"low": area.prefix, "high": f"{area.prefix}:", "on": on})


def of_household(pk: int, on: date) -> Raw:
    """One household, whether it stands or not."""
    return of_households([pk], on)


def of_households(pks: Collection[int], on: date) -> Raw:
    """Some households, whether they stand or not. Of one alone also the day of its rows' last change."""
    return _read("", {"pks": list(pks), "on": on})


GONE = "({0} is null or {0} > %(on)s)"


def _read(inside: str, given: dict[str, Any]) -> Raw:
    standing = f"since <= %(on)s and {GONE.format('left_on')}"
    if inside:
        homes = f"{inside.format('')} and {standing} and {GONE.format('removed_on')}"
        members = years = inside.format("")
    else:
        homes, members, years = "id = any(%(pks)s)", "household_id = any(%(pks)s)", "household_id = any(%(pks)s)"
    dated = not inside and len(given["pks"]) == 1
    households = _copy("registry_household", HOUSEHOLDS, homes, given, dated=dated)
    people = _copy("registry_person", PEOPLE, f"{members} and {standing}", given, dated=dated)
    account = _copy("registry_householdyear", YEARS, f"{years} and year <= extract(year from %(on)s::date)", given)
    people = people.filter(pl.col("household").is_in(households["id"].implode()))
    return Raw(_with_card(people), households, account, _villages(households, given["on"]), _statements(inside, given))


def _copy(
    table: str, schema: dict[str, Any], where: str, given: dict[str, Any], *, dated: bool = False
) -> pl.DataFrame:
    """Rows of a table. `as_of` is the day of the row's last change when `dated` (a look into its history), or since."""
    columns = dict(COLUMNS)
    if table == "registry_householdyear":
        columns["as_of"] = "make_date(year, 12, 31)"
    elif dated:
        latest = f"from {table}event e where e.pgh_obj_id = {table}.id"
        last = f"select max(pgh_created_at)::date {latest}"
        columns["as_of"] = f"coalesce(({last}), since)"
    chosen = ", ".join(f"{columns.get(name, name)} as {name}" for name in schema)
    return _typed(_csv(f"select {chosen} from {table} where {where}", given), schema)  # noqa: S608 - names of ours


def _csv(query: str, given: dict[str, Any]) -> bytes:
    """What a query gives, as CSV. Its words are names of ours, its values go in as parameters."""
    with connection.cursor() as cursor:
        inner: Any = cursor.cursor  # Django's wrapper has no copy
        with inner.copy(f"copy ({query}) to stdout (format csv, header)", given) as copy:
            return b"".join(bytes(part) for part in copy)


def _typed(data: bytes, schema: dict[str, Any]) -> pl.DataFrame:
    frame = pl.read_csv(io.BytesIO(data), schema=dict.fromkeys(schema, pl.String()))
    return frame.with_columns(_as(name, kind) for name, kind in schema.items())


def _as(name: str, kind: Any) -> pl.Expr:
    if name in LISTS:
        return pl.col(name).str.split(",").list.eval(pl.element().filter(pl.element() != "")).fill_null([])
    if kind == B:
        return pl.col(name) == "t"
    if kind is D:
        return pl.col(name).str.to_date("%Y-%m-%d")
    return pl.col(name).cast(kind)


def _with_card(people: pl.DataFrame) -> pl.DataFrame:
    """Instead of the sealed number of the disability card: whether there is one, its kind and grade."""
    read = [_card(sealed) for sealed in people["card"].to_list()]
    return people.with_columns(
        (pl.col("card").fill_null("") != "").alias("disability_card"),
        pl.Series("disability_kind", [card[0] if card else None for card in read], pl.Int64),
        pl.Series("disability_grade", [card[1] if card else None for card in read], pl.Int64),
    ).drop("card")


def _card(sealed: str | None) -> tuple[int, int] | None:
    """Kind (1–7) and grade (1–4) of a card's number: the 19th and 20th figure (domain 7)."""
    if not sealed:
        return None
    read = parse_id(open_sealed(sealed))
    if read.kind not in ("disability20", "disability22"):
        return None
    return int(read.normal[18]), int(read.normal[19])


WORKED_OUT = {*COUNTED, *POOR_LAND, "collective_income_before", "form_year"}
FORM = tuple(name for name in FORM_COLUMNS if name not in WORKED_OUT)
BEFORE = "make_date(extract(year from %(on)s::date)::int - 1, 12, 31)"


def of_villages(codes: Collection[str], on: date) -> pl.DataFrame:
    """Villages by their codes: the tags of all the areas they lie in, their latest form up to the day, and how many
    households and people of theirs stood on the register that day and at the end of the year before."""
    form = ", ".join(f"f.{name}" for name in FORM)
    land = ", ".join(f"sum(y.{name.removeprefix('poor_')}) as {name}" for name in POOR_LAND)
    gone = "(h.left_on is null or h.left_on > {0}) and (h.removed_on is null or h.removed_on > {0})"
    query = f"""
        select {", ".join(VILLAGES)} from (with tagged as (
            select v.code as id, string_agg(distinct t.tag, ',') as tags from areas_area v
            left join areas_area a on a.until is null and a.code = any (array[v.code, rpad(left(v.code, 9), 12, '0'),
                rpad(left(v.code, 6), 12, '0'), rpad(left(v.code, 4), 12, '0'), rpad(left(v.code, 2), 12, '0')])
            left join areas_areatag t on t.area_id = a.id
                and t.since <= %(on)s and (t.until is null or t.until >= %(on)s)
            where v.code = any (%(codes)s) and v.until is null group by v.code
        ), poor as (
            select h.area_code, count(*) filter (where h.since <= %(on)s and {gone.format("%(on)s")}) as households,
                sum(h.size) filter (where h.since <= %(on)s and {gone.format("%(on)s")}) as people,
                sum(h.size) filter (where h.since <= {BEFORE} and {gone.format(BEFORE)}) as before
            from registry_household h where h.area_code = any (%(codes)s) group by h.area_code
        ), land as (
            select h.area_code, {land} from registry_household h join lateral (
                select * from registry_householdyear y where y.household_id = h.id
                    and y.year <= extract(year from %(on)s::date) order by y.year desc limit 1) y on true
            where h.area_code = any (%(codes)s) and h.since <= %(on)s and {gone.format("%(on)s")} group by h.area_code
        ), form as (
            select distinct on (area_code) * from registry_villageyear
            where area_code = any (%(codes)s) and year <= extract(year from %(on)s::date) order by area_code, year desc
        )
        select tagged.id, tagged.tags, coalesce(poor.households, 0) as poor_households,
            coalesce(poor.people, 0) as poor_people, coalesce(poor.before, 0) as poor_people_before,
            (select b.collective_income from registry_villageyear b where b.area_code = f.area_code
                and b.year = f.year - 1 limit 1) as collective_income_before, f.year as form_year, {form},
            {", ".join(f"land.{name}" for name in POOR_LAND)}
        from tagged left join poor on poor.area_code = tagged.id left join form f on f.area_code = tagged.id
            left join land on land.area_code = tagged.id) told
    """  # noqa: S608 - names of ours
    return _typed(_csv(query, {"codes": list(codes), "on": on}), VILLAGES)


def _villages(households: pl.DataFrame, on: date) -> pl.DataFrame:
    """The villages of some households."""
    return of_villages(households["village"].unique().drop_nulls().to_list(), on)


def statements_of_villages(codes: Collection[str]) -> pl.DataFrame:
    """What is stated about some villages."""
    query = """
        select s.id, s.record, s.area_code as subject, s.fact, s.value, s."on", s.until, s.source
        from registry_statement s
        where s.withdrawn_at is null and s.record = 'village' and s.area_code = any (%(codes)s)
    """
    return _typed(_csv(query, {"codes": list(codes)}), STATEMENTS)


def _statements(inside: str, given: dict[str, Any]) -> pl.DataFrame:
    mine = (
        inside.format("s.")
        if inside
        else """(s.household_id = any(%(pks)s)
        or s.person_id in (select id from registry_person where household_id = any(%(pks)s))
        or s.record = 'village'
            and s.area_code in (select area_code from registry_household where id = any(%(pks)s)))"""
    )
    query = f"""
        select s.id, s.record, coalesce(s.person_id::text, s.household_id::text, s.area_code) as subject, s.fact,
            s.value, s."on", s.until, s.source from registry_statement s
        where s.withdrawn_at is null and {mine}
    """  # noqa: S608 - conditions of ours
    return _typed(_csv(query, given), STATEMENTS)
