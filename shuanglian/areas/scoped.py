"""What rows that stand somewhere have in common: they can be narrowed to a region and all below it (ORG-1)."""

from __future__ import annotations

from typing import Self

from django.db import models

from .models import Area, below


class ScopedQuerySet(models.QuerySet):
    """Rows with an `area_code`: 12 digits, C collation, an index that begins with it."""

    def within(self, area: Area | None) -> Self:
        """Rows at or below an area, as an index range; nobody's area is nothing."""
        return self.filter(below(area.prefix)) if area else self.none()
