"""What the organisation does with rosters: how units and cadres enter, and what rosters that name them see of them."""

from __future__ import annotations

from shuanglian.sheets import acceptors

from .actions import bulk, bulk_cadres, bulk_known


def register() -> None:
    """Called once from ready()."""
    acceptors.register(
        acceptors.Acceptor(
            "units", bulk.accept_units, tables=("organisation.Unit",), elsewhere=bulk_known.units_elsewhere
        )
    )  # fmt: skip
    acceptors.register(
        acceptors.Acceptor(
            "cadres", bulk_cadres.accept_cadres, tables=("organisation.Cadre", "organisation.Absence"),
            elsewhere=bulk_known.cadres_elsewhere,
        )
    )  # fmt: skip
    acceptors.register_known("units", bulk_known.units)
    acceptors.register_known("cadres", bulk_known.cadres)
