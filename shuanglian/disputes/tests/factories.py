"""Disputes of a small county, noticed and mediated as people do it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from shuanglian.disputes.actions import disputes, mediating
from shuanglian.disputes.models import Dispute
from shuanglian.fieldwork.tests.factories import Land

AT = datetime(2015, 7, 8, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning there
ON = date(2015, 7, 8)
WORDS = "赵大牛和钱二虎为地埂争了半个月，昨天动了手"
AGREED = "以老界石为准，赵大牛退还两垄地，钱二虎赔药费二百元"


def noticed(land: Land, **given: Any) -> Dispute:
    """A boundary in the first village, noticed by the first cadre at a visit."""
    plain: dict[str, Any] = {"key": uuid4(), "kind": "land", "village": land.first_village, "words": WORDS,
                             "by": land.cadre, "at": AT}  # fmt: skip
    return disputes.report(**{**plain, **given})


def agreed(land: Land, dispute: Dispute, **given: Any) -> Dispute:
    plain: dict[str, Any] = {"on": ON, "text": AGREED, "by": land.village, "at": AT}
    mediating.agree(dispute=dispute, **{**plain, **given})
    return Dispute.objects.get(pk=dispute.pk)


def closed(land: Land, dispute: Dispute, **given: Any) -> Dispute:
    plain: dict[str, Any] = {"end": "calmed", "why": "双方都说不争了，握了手", "by": land.village, "at": AT}
    return mediating.close(dispute=dispute, **{**plain, **given})
