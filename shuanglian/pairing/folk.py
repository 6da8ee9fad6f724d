"""Rosters from files into the plain tables of `stating`: recognised in any layout, checked, keyed. No database.

Who has no number gets a key from what is known (identity number, else unit or village and name), so that the result
does not hang on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.matching.roads import Roads
from shuanglian.rules import quotas
from shuanglian.rules.profile import Profile
from shuanglian.sheets.engine import headers, workbook
from shuanglian.sheets.engine.check import Checked, check
from shuanglian.sheets.engine.known import Known
from shuanglian.sheets.engine.regions import locate
from shuanglian.sheets.engine.rows import records

from . import stating
from .places import Places

BESIDE = {"households": ("households", "persons")}
YES = {"是", "1", "√", "✓", "☑", "true", "yes", "y", "有"}
FINDINGS = {"file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "header": pl.String,
            "field": pl.String, "value": pl.String, "code": pl.String, "severity": pl.String, "params": pl.String,
            "personal": pl.Boolean}  # fmt: skip


@dataclass(frozen=True, eq=False)
class FileRows:
    """The same as `facts.Rows`, out of files: row numbers stand where the database has ids."""

    on: date
    cadres: pl.DataFrame  # + id, name
    units: pl.DataFrame  # + size
    households: pl.DataFrame  # + id, head_name, open, last_id, paired_at
    links: pl.DataFrame
    villages: pl.DataFrame
    forbidden: pl.DataFrame
    pinned: pl.DataFrame
    roads: Roads
    findings: pl.DataFrame
    ending: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(
        schema={"id": pl.Int64, "household_id": pl.Int64, "cadre_id": pl.Int64, "village": pl.String, "why": pl.String}
    ))  # fmt: skip
    wished_links: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(
        schema={"kind": pl.String, "unit": pl.String, "village": pl.String}
    ))  # fmt: skip

    @cached_property
    def villages_to_link(self) -> pl.DataFrame:
        return self.villages

    @property
    def blocked(self) -> bool:
        """Whether a finding stands that must be mended."""
        return bool((self.findings["severity"] == "error").any())

    def county(self, links: pl.DataFrame) -> stating.County:
        return stating.County(
            cadres=self.cadres, units=self.units.select(*stating.UNITS), links=links.select(*stating.LINKS),
            households=self.households, roads=self.roads, forbidden=self.forbidden.select(*stating.PAIRS),
            pinned=self.pinned.select(*stating.PAIRS),
        )  # fmt: skip


@dataclass(frozen=True)
class Given:
    """The files: households and cadres are needed, the rest is taken when given."""

    households: Path
    cadres: Path
    persons: Path | None = None
    units: Path | None = None
    links: Path | None = None
    villages: Path | None = None
    last: Path | None = None
    relatives: Path | None = None


def read_all(given: Given, *, profile: Profile, places: Places, on: date) -> FileRows:
    """Read, check and key every roster; rows with an error are left out and told."""
    desk = _Desk(profile, places, on)
    folk = desk.read("households", given.households, given.persons)
    households = _households(folk, profile, on)
    units = _units(desk.read("units", given.units)["units"], places) if given.units else None
    known_units = None if units is None else units.select("name", "code")
    cadres = _cadres(desk.read("cadres", given.cadres, known=Known(str, units=known_units))["cadres"], profile)
    units = _all_units(units, cadres, places)
    codes = _unit_codes(units)
    cadres = cadres.with_columns(unit=pl.col("unit").map_elements(codes, return_dtype=pl.String))
    known = Known(
        str, units=units.select("name", "code"),
        households=households.select("number", "head_name", head_key="head_id", village_code="village"),
        cadres=cadres.select("number", "name", unit="unit_name", id_key="id_key", phone_key="phone_key"),
    )  # fmt: skip
    links = desk.links(given.links, known, codes)
    last = desk.pairs(given.last, known)
    forbidden = desk.pairs(given.relatives, known).with_columns(why=pl.lit("relative"))
    households = _with_last(households, last, cadres)
    villages = desk.villages(given.villages, households, links)
    return FileRows(
        on=on, cadres=cadres, units=_sized(units, cadres), households=households, links=links, villages=villages,
        forbidden=forbidden, pinned=stating.empty({**stating.PAIRS, "why": pl.String}),
        roads=places.roads(
            _counties(households["village"], links["village"], villages["code"], units["home"])
        ), findings=desk.told(),
    )  # fmt: skip


class _Desk:
    """Reads rosters one after the other and gathers what is wrong with them."""

    def __init__(self, profile: Profile, places: Places, on: date) -> None:
        self.profile, self.places, self.on = profile, places, on
        self.findings: list[pl.DataFrame] = []

    def told(self) -> pl.DataFrame:
        return pl.concat(self.findings) if self.findings else pl.DataFrame(schema=FINDINGS)

    def read(
        self, kind: str, path: Path, second: Path | None = None, known: Known | None = None
    ) -> dict[str, pl.DataFrame]:
        """The typed rows of a roster without those in which an error stands."""
        parts = []
        for number, file in enumerate([path, *([second] if second else [])]):
            sheets = [sheet for sheet in workbook.read(file) if sheet.cells.height]
            guesses = headers.guess_kind(sheets)
            fitting = ("persons",) if number else BESIDE.get(kind, (kind,))
            chosen = [sheet for sheet in sheets if guesses.get(sheet.name) in fitting]
            for sheet in chosen or [sheet for sheet in sheets if not sheet.hidden]:
                guess = guesses.get(sheet.name)
                as_kind = guess if guess in fitting else ("persons" if number else kind)
                parts.append((sheet, headers.recognise(sheet, str(as_kind), self.profile)))
        found = check(kind, parts, profile=self.profile, regions=self.places.table, on=self.on, known=known)
        self._note(path, found)
        if not found.rows:
            raise Refusal("empty_roster", N_("{file} 里没有数据行"), file=str(path))
        return {name: frame.filter(~pl.col("_blocked")) for name, frame in found.rows.items()}

    def _note(self, path: Path, found: Checked) -> None:
        told = found.findings.with_columns(file=pl.lit(path.name), row=pl.col("row").cast(pl.Int64))
        self.findings.append(told.select(*FINDINGS))

    def links(self, path: Path | None, known: Known, codes: Callable[[str], str]) -> pl.DataFrame:
        if path is None:
            return stating.empty(stating.LINKS)
        rows = self.read("links", path, known=known)["links"].filter(pl.col("village_code").is_not_null())
        unit = pl.col("unit").map_elements(codes, return_dtype=pl.String)
        return rows.select(unit=unit, village="village_code").unique(maintain_order=True).sort("unit", "village")

    def pairs(self, path: Path | None, known: Known) -> pl.DataFrame:
        if path is None:
            return stating.empty(stating.PAIRS)
        rows = self.read("pairs", path, known=known)["pairs"]
        rows = rows.filter(pl.col("cadre_number").is_not_null() & pl.col("household_number").is_not_null())
        return rows.select(cadre="cadre_number", household="household_number").unique(maintain_order=True)

    def villages(self, path: Path | None, households: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
        """code, name, poor, exit, households, people: the poor villages of a list, else those where families live."""
        listed = self._listed(path) if path else None
        counts = households.group_by(code="village").agg(households=pl.len(), people=pl.col("size").sum())
        codes = set(counts["code"]) | set(links["village"]) | set(listed or ())
        rows = [
            (
                code,
                self.places.name_of(code),
                code in listed if listed is not None else True,
                bool((listed or {}).get(code)),
            )
            for code in sorted(codes)
        ]
        frame = pl.DataFrame(
            rows, schema={"code": pl.String, "name": pl.String, "poor": pl.Boolean, "exit": pl.Boolean}, orient="row"
        )
        joined = frame.join(counts, on="code", how="left", maintain_order="left")
        joined = joined.with_columns(pl.col("households", "people").fill_null(0).cast(pl.Int64))
        if listed is None:  # nobody said which are poor: those where poor families live
            joined = joined.with_columns(poor=pl.col("households") > 0)
        return joined

    def _listed(self, path: Path) -> dict[str, bool]:
        """Poor villages of a list: code → due to exit this year (a column about 退出 or 脱贫 that says so)."""
        found: dict[str, bool] = {}
        for sheet in (sheet for sheet in workbook.read(path) if sheet.cells.height and not sheet.hidden):
            layout = headers.recognise(sheet, "links", self.profile)
            rows = records(sheet, layout).frame
            places = locate(rows, self.places.table)
            letters = [column.letter for column in layout.columns
                       if not column.field and any(word in column.header for word in ("退出", "脱贫"))]  # fmt: skip
            cells = dict(sheet.cells.select("row", *letters[:1]).iter_rows()) if letters else {}
            for row, village, problem in zip(rows["_row"], places["_village"], places["_problem"], strict=True):
                if village is None:
                    self._lost(path, sheet.name, row, problem)
                    continue
                said = str(cells.get(row) or "").strip().casefold()
                found[village] = said in YES or said.removesuffix("年") == str(self.on.year)
        if not found:
            raise Refusal("empty_roster", N_("{file} 里没有数据行"), file=str(path))
        return found

    def _lost(self, path: Path, sheet: str, row: int, problem: str | None) -> None:
        line = (path.name, sheet, int(row), "", "", "village", "", problem or "village_unknown", "error", "{}", False)
        self.findings.append(pl.DataFrame([line], schema=FINDINGS, orient="row"))


def _or_empty(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).cast(pl.String).fill_null("") if name in frame.columns else pl.lit("").alias(name)
        for name in names
    )


def _keyed(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """`number` where given, else a key from the first of `names` that is known; doubles are told apart by order."""
    key = pl.lit("")
    for name in reversed(names):
        key = pl.when(pl.col(name) != "").then(pl.col(name)).otherwise(key)
    key = pl.when(pl.col("number") != "").then(pl.col("number")).otherwise(key)
    nth = pl.int_range(pl.len()).over("_key")
    frame = frame.with_columns(_key=key)
    again = pl.when(nth > 0).then(pl.concat_str("_key", pl.lit("#"), (nth + 1).cast(pl.String))).otherwise("_key")
    return frame.with_columns(number=again).drop("_key")


def _households(folk: Mapping[str, pl.DataFrame], profile: Profile, on: date) -> pl.DataFrame:
    rows = _or_empty(folk["households"], "number", "head_name", "head_id_resident", "main_cause", "village_code")
    rows = rows.with_columns(
        head_id=pl.col("head_id_resident"), _named=pl.concat_str("village_code", pl.lit("/"), "head_name")
    )
    rows = _keyed(rows, "head_id", "_named")
    people = _members(folk.get("persons"), profile)
    rows = rows.join(people, on="_household", how="left", maintain_order="left") if people is not None else rows
    bands = [quotas.need_band(profile, _facts(row), on) for row in rows.iter_rows(named=True)]
    size = pl.coalesce(*[pl.col(name) for name in ("size", "members") if name in rows.columns], pl.lit(0)).cast(
        pl.Int64
    )
    return rows.with_columns(band=pl.Series(bands, dtype=pl.Int64), size=size).select(
        "number", village="village_code", cause="main_cause", band="band", head_name="head_name", head_id="head_id",
        size="size",
    )  # fmt: skip


def _members(persons: pl.DataFrame | None, profile: Profile) -> pl.DataFrame | None:
    """Per household: members, able ones, ill, disabled, at school, for the rules of need (PAIR-5)."""
    if persons is None or "_household" not in persons.columns or not persons.height:
        return None
    groups = {
        name: [item.code for item in profile.codes[lists] if item.group == group]
        for name, lists, group in (("ill", "health", "ill"), ("disabled", "health", "disabled"),
                                   ("able", "labour_skill", "able"), ("weak", "labour_skill", "weak"),
                                   ("small", "schooling", "preschool"))
    }  # fmt: skip
    counted: list[pl.Expr] = [pl.len().cast(pl.Int64).alias("members")]
    if "labour" in persons.columns:
        fit = pl.col("labour").is_in(groups["able"] + groups["weak"])
        told = pl.col("labour").is_not_null().any()
        counted.append(pl.when(told).then(fit.sum().cast(pl.Int64)).alias("labour"))
    if "health" in persons.columns:
        kind = persons.schema["health"]
        for name in ("ill", "disabled"):
            one = pl.col("health").list.set_intersection(groups[name]).list.len() > 0
            counted.append(
                (one if isinstance(kind, pl.List) else pl.col("health").is_in(groups[name])).sum().alias(name)
            )
    if "schooling" in persons.columns:
        at_school = pl.col("schooling").is_not_null() & ~pl.col("schooling").is_in(groups["small"])
        counted.append(at_school.sum().alias("pupils"))
    return persons.group_by("_household").agg(counted)


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    safe = row.get("water_safe")
    return {
        "income_per_head": row.get("income_per_head"), "members": row.get("members") or row.get("size"),
        **{name: row.get(name) for name in ("labour", "ill", "disabled", "pupils")},
        "unsafe_house": row.get("house_unsafe"), "unsafe_water": row.get("water_hard") if safe is None else not safe,
        "main_cause": row.get("main_cause") or None, "other_causes": len(row.get("other_causes") or ()),
        "household_class": row.get("kind") or None, "exit_mark": row.get("status") or None,
    }  # fmt: skip


def _units(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    rows = _or_empty(rows, "code", "name", "kind", "tier", "trade", "area_code")
    rows = rows.with_columns(number=pl.col("code"))
    rows = _keyed(rows, "name")
    staff = pl.col("staff").cast(pl.Int64) if "staff" in rows.columns else pl.lit(None, pl.Int64)
    home = pl.when(pl.col("area_code") != "").then("area_code").otherwise(pl.lit(places.table.within or ""))
    return rows.select(code="number", name="name", kind="kind", tier="tier", trade="trade", home=home, staff=staff)


def _cadres(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    rows = _or_empty(rows, "number", "name", "unit", "rank", "occupation", "status", "post", "trade", "township_code",
                     "id_number_resident", "phone")  # fmt: skip
    rows = rows.with_columns(_named=pl.concat_str("unit", pl.lit("/"), "name"))
    rows = _keyed(rows, "id_number_resident", "_named")
    posts, first = profile.codes["fallback"], next(iter(profile.fallback), "")
    found = {text: posts.find(text) or "" for text in rows["post"].unique()}
    post = pl.col("post").replace_strict(found, default="", return_dtype=pl.String)
    stationed = pl.col("township_code") != ""
    post = pl.when(post != "").then(post).when(stationed).then(pl.lit(first)).otherwise(pl.lit(""))
    return rows.with_row_index("id").select(
        "number", "unit", "rank", "occupation", "status", post=post, trade="trade", stationed="township_code",
        id=pl.col("id").cast(pl.Int64), name="name", unit_name="unit", id_key="id_number_resident", phone_key="phone",
    )  # fmt: skip


def _all_units(units: pl.DataFrame | None, cadres: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Units of the roster, and those that only the cadres name."""
    if units is not None:
        return units
    named = cadres.select("unit").unique().filter(pl.col("unit") != "").sort("unit")
    return named.select(
        code="unit", name="unit", kind=pl.lit(""), tier=pl.lit(""), trade=pl.lit(""),
        home=pl.lit(places.table.within or ""), staff=pl.lit(None, pl.Int64),
    )  # fmt: skip


def _unit_codes(units: pl.DataFrame) -> Callable[[str], str]:
    """Code of a unit by name or code, blanks and brackets aside."""

    def plain(text: str) -> str:
        return "".join(text.split()).replace("（", "(").replace("）", ")")

    by = {plain(name): code for code, name in units.select("code", "name").iter_rows()}
    by |= {plain(code): code for code in units["code"]}
    return lambda text: by.get(plain(text), text)


def _sized(units: pl.DataFrame, cadres: pl.DataFrame) -> pl.DataFrame:
    heads = cadres.group_by(code="unit").agg(heads=pl.len().cast(pl.Int64))
    joined = units.join(heads, on="code", how="left", maintain_order="left")
    return joined.with_columns(size=pl.coalesce("heads", "staff", pl.lit(0))).drop("heads", "staff").sort("code")


def _with_last(households: pl.DataFrame, last: pl.DataFrame, cadres: pl.DataFrame) -> pl.DataFrame:
    """Last year's cadre beside each household; the first that is told counts."""
    ids = cadres.select(last="number", last_id="id")
    told = last.unique("household", keep="first", maintain_order=True).select(number="household", last="cadre")
    joined = households.join(told, on="number", how="left", maintain_order="left")
    joined = joined.join(ids, on="last", how="left", maintain_order="left").sort("number").with_row_index("id")
    return joined.with_columns(
        pl.col("id").cast(pl.Int64), pl.col("last").fill_null(""), pl.col("last_id").fill_null(-1),
        open=pl.lit(-1, pl.Int64), paired_at=pl.lit(""),
    )  # fmt: skip


def _counties(*columns: pl.Series) -> set[str]:
    """Six-digit prefixes of every place that is named anywhere."""
    return {code[:6] for column in columns for code in column if code and len(code) == 12 and code.isdigit()}
