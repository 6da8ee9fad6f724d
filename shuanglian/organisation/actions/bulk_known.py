"""What rosters are compared with: the units and cadres of an area; numbers only as keyed digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shuanglian.sheets import merging
from shuanglian.sheets.acceptors import Frames, Taken
from shuanglian.sheets.merging import frame_of
from shuanglian.sheets.staging import resident, taken_outside

if TYPE_CHECKING:
    from shuanglian.areas.models import Area


def units(area: Area) -> pl.DataFrame:
    """name and code of the units that help in an area now."""
    query = """SELECT name, code FROM organisation_unit
               WHERE until IS NULL AND area_code >= %s AND area_code < %s ORDER BY id"""
    return frame_of(query, {"name": pl.String, "code": pl.String}, area.prefix, f"{area.prefix}:")


def cadres(area: Area) -> pl.DataFrame:
    """number, name, unit (its name), id_key, phone_key of the cadres who serve in an area now."""
    query = """SELECT c.number, c.name, u.name, nullif(c.id_digest, ''), nullif(c.phone_digest, '')
               FROM organisation_cadre c JOIN organisation_unit u ON u.id = c.unit_id
               WHERE c.until IS NULL AND c.area_code >= %s AND c.area_code < %s ORDER BY c.id"""
    schema = dict.fromkeys(("number", "name", "unit", "id_key", "phone_key"), pl.String)
    return frame_of(query, schema, area.prefix, f"{area.prefix}:")


def units_elsewhere(frames: Frames, area: Area) -> list[Taken]:
    """Unit numbers that another area uses."""
    return taken_outside(
        frames["units"], "units", "code", table="organisation_unit", stored="code", area=area,
        code="number_known_outside", field="code",
    )  # fmt: skip


def cadres_elsewhere(frames: Frames, area: Area) -> list[Taken]:
    """Cadres' numbers that another area uses, and people who serve there."""
    cadres = resident(frames["cadres"], "id_number")
    cadres = cadres.with_columns(merging.digests(cadres["id_number"]).alias("id_digest"))
    return taken_outside(
        cadres, "cadres", "number", table="organisation_cadre", stored="number", area=area,
        code="number_known_outside", field="number",
    ) + taken_outside(
        cadres, "cadres", "id_digest", table="organisation_cadre", stored="id_digest", area=area,
        code="id_known_outside", field="id_number", where="until IS NULL",
    )  # fmt: skip
