"""What of the register a roster is compared with: households and who stands where; numbers only as keyed digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Frames, Taken
from shuanglian.sheets.merging import frame_of
from shuanglian.sheets.staging import resident, taken_outside

from .derived import head_code

if TYPE_CHECKING:
    from shuanglian.areas.models import Area

_HOUSEHOLDS = """
    SELECT h.number, h.head_name, p.id_digest, h.area_code
    FROM registry_household h
    LEFT JOIN (SELECT DISTINCT ON (household_id) household_id, nullif(id_digest, '') AS id_digest
               FROM registry_person WHERE relation = %s AND left_on IS NULL ORDER BY household_id, id) p
         ON p.household_id = h.id
    WHERE h.left_on IS NULL AND h.removed_on IS NULL AND h.area_code >= %s AND h.area_code < %s"""
_PERSONS = """
    SELECT p.id_digest, h.number FROM registry_person p JOIN registry_household h ON h.id = p.household_id
    WHERE p.id_digest <> '' AND p.left_on IS NULL AND p.area_code >= %s AND p.area_code < %s"""


def households(area: Area) -> pl.DataFrame:
    """number, head_name, head_key, village_code of the households that stand in an area."""
    schema = dict.fromkeys(("number", "head_name", "head_key", "village_code"), pl.String)
    return frame_of(_HOUSEHOLDS, schema, head_code(), area.prefix, f"{area.prefix}:")


def persons(area: Area) -> pl.DataFrame:
    """id_key and household_number of everybody who stands in an area."""
    schema = {"id_key": pl.String, "household_number": pl.String}
    return frame_of(_PERSONS, schema, area.prefix, f"{area.prefix}:")


def elsewhere(frames: Frames, area: Area) -> list[Taken]:
    """Household numbers and people that stand in another area: one number stands once in the register (REG-1)."""
    found: list[Taken] = []
    if "households" in frames:
        found += taken_outside(
            frames["households"], "households", "number", table="registry_household", stored="number", area=area,
            code="number_known_outside", field="number",
        )  # fmt: skip
    if "persons" in frames:
        people = resident(frames["persons"], "id_number")
        people = people.with_columns(merging.digests(people["id_number"]).alias("id_digest"))
        found += taken_outside(
            people, "persons", "id_digest", table="registry_person", stored="id_digest", area=area,
            code="id_known_outside", field="id_number", where="left_on IS NULL",
        )  # fmt: skip
    return found
