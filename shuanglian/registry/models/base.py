"""What every table of the register asks: rows within an area."""

from __future__ import annotations

from typing import Self

from django.db import models

from shuanglian.areas.models import Area, below


class ScopedQuerySet(models.QuerySet):
    def within(self, area: Area | None) -> Self:
        """Rows at or below an area, as an index range; nobody's area is nothing."""
        return self.filter(below(area.prefix)) if area else self.none()
