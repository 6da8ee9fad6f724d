"""What was confirmed is kept for ever: triggers that let the database itself refuse changes."""

import pgtrigger

# Codes of regions may be replaced by newer ones even in rows that are kept for ever; nothing else may change.
_REHUNG = "- 'area_id' - 'area_code' - 'village_id'"


def _sealed(name: str, operation: pgtrigger.Operation, rows: pgtrigger.Referencing, touched: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.After, operation=operation, referencing=rows,
        func=f"""
        IF EXISTS (SELECT 1 FROM pairing_round r JOIN ({touched}) AS touched ON touched.round_id = r.id
                   WHERE r.state IN ('confirmed', 'published')) THEN
            RAISE EXCEPTION 'a confirmed round is kept for ever';
        END IF;
        RETURN NULL;
        """,  # noqa: S608 - only constants of this module
    )  # fmt: skip


def sealed_with_its_round() -> list[pgtrigger.Trigger]:
    """Rows of a confirmed round are kept for ever: the database itself refuses additions, changes and removals.

    What was and what is are compared as sets: joined row by row, a county that gets new codes would take hours, for the
    planner knows nothing of the size of either.
    """
    was, now = (f"SELECT to_jsonb(r) {_REHUNG} AS row FROM {rows} r" for rows in ("were", "are"))  # noqa: S608
    changed = (
        "SELECT (row ->> 'round_id')::bigint AS round_id FROM "  # noqa: S608 - only constants of this module
        f"(({now} EXCEPT {was}) UNION ALL ({was} EXCEPT {now})) AS other"
    )
    return [
        _sealed("sealed_insert", pgtrigger.Insert, pgtrigger.Referencing(new="are"), "SELECT round_id FROM are"),
        _sealed("sealed_update", pgtrigger.Update, pgtrigger.Referencing(old="were", new="are"), changed),
        _sealed("sealed_delete", pgtrigger.Delete, pgtrigger.Referencing(old="were"), "SELECT round_id FROM were"),
    ]


def sealed_round() -> pgtrigger.Trigger:
    """A confirmed round may still be published, once; a published one never changes again."""
    allowed = f"{_REHUNG} - 'job_id'"
    publishing = f"{allowed} - 'state' - 'published_by_id' - 'published_at'"
    return pgtrigger.Trigger(
        name="sealed", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
        IF OLD.state IN ('confirmed', 'published') THEN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'a confirmed round is kept for ever';
            END IF;
            IF OLD.state = 'confirmed' AND NEW.state = 'published' THEN
                IF to_jsonb(OLD) {publishing} IS DISTINCT FROM to_jsonb(NEW) {publishing} THEN
                    RAISE EXCEPTION 'a confirmed round is kept for ever';
                END IF;
            ELSIF to_jsonb(OLD) {allowed} IS DISTINCT FROM to_jsonb(NEW) {allowed} THEN
                RAISE EXCEPTION 'a confirmed round is kept for ever';
            END IF;
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
        """,
    )  # fmt: skip
