"""What this room does with rosters: how payrolls enter, what they are compared with, what follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from shuanglian.sheets import acceptors, merging
from shuanglian.sheets.models import Batch

from .actions import following, payrolls

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.areas.models import Area

KNOWN = {"id_key": pl.String, "code": pl.String, "paid_on": pl.Date, "amount": pl.Float64}
_KNOWN = """
    SELECT id_digest, benefit, paid_on, yuan FROM benefits_payment
    WHERE id_digest <> '' AND paid_on IS NOT NULL AND area_code >= %s AND area_code < %s"""


def register() -> None:
    """Called once from ready()."""
    acceptors.register(acceptors.Acceptor("payments", payrolls.accept_payments, tables=("benefits.Payment",)))
    acceptors.register_known("payments", known)
    acceptors.after_accept(_follow)


def known(area: Area) -> pl.DataFrame:
    """Payments of an area whose payee has a number: id_key, code, paid_on, amount."""
    return merging.frame_of(_KNOWN, KNOWN, area.prefix, f"{area.prefix}:")


def _follow(*, kind: str, area: Area, batch_id: int, by: User | None, at: datetime, **_more: Any) -> None:
    """Dues, facts and the year's accounts after a payroll came in, and after one was taken back."""
    if kind == "payments":
        file = Batch.objects.filter(pk=batch_id).values_list("file_name", flat=True).first() or ""
        following.follow(area, why=file, by=by, at=at)
