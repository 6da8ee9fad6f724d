"""What every table of field work asks: rows within an area; rows that stand; rows that are never changed."""

from __future__ import annotations

from typing import Self

import pgtrigger

from shuanglian.areas.scoped import ScopedQuerySet

WITHDRAWAL = ("withdrawn_at", "withdrawn_why", "withdrawn_by_id")


class KeptQuerySet(ScopedQuerySet):
    """Of rows that are withdrawn, never removed."""

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


def never_changed(name: str, *but: str) -> list[pgtrigger.Trigger]:
    """Rows of the log stay as they were written: only columns named, and the area's code, may follow."""
    columns = ",".join(f"'{column}'" for column in ("area_code", *but))
    return [
        pgtrigger.Protect(name=f"{name}_never_removed", operation=pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_never_changed", level=pgtrigger.Row, when=pgtrigger.Before, operation=pgtrigger.Update,
            func=f"""
            IF (to_jsonb(OLD) - ARRAY[{columns}]) IS DISTINCT FROM (to_jsonb(NEW) - ARRAY[{columns}])
            THEN RAISE EXCEPTION 'what was logged is never changed'; END IF;
            RETURN NEW;
            """,
        ),
    ]  # fmt: skip
