"""Which tables of which rooms are bound to the reader's area; applied after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from shuanglian.core import scoping
from shuanglian.core.scoping import Table

ROOMS = (
    "areas", "accounts", "trail", "jobs", "attachments", "notices", "procedures", "sheets", "organisation", "registry",
    "pairing", "benefits", "recognition", "exits", "adjustment", "lookback", "notifications",
    "plans", "fieldwork", "complaints", "grievances", "policywatch", "disputes", "scrutiny", "duties", "phone",
)  # fmt: skip

# Rows of the areas above are read too: a village must see its county's units and cadres, its round, its provisions.
BRANCH = {
    "organisation.unit",
    "organisation.cadre",
    "pairing.round",
    "benefits.provision",
    "lookback.campaign",
    "policywatch.proposal",
}
# Rows without an area of their own follow another row.
PARENT = {
    "organisation.absence": ("cadre_id", "organisation_cadre"),
    "organisation.unitaccount": ("unit_id", "organisation_unit"),
    "sheets.finding": ("batch_id", "sheets_batch"),
    "sheets.change": ("batch_id", "sheets_batch"),
    "pairing.wish": ("round_id", "pairing_round"),
    "pairing.relative": ("household_id", "registry_household"),
    "complaints.step": ("complaint_id", "complaints_complaint"),
    "complaints.photo": ("complaint_id", "complaints_complaint"),
    "complaints.opening": ("complaint_id", "complaints_complaint"),
}
# Rows at or below the reader's area, and the reader's own.
OWN = {
    "jobs.job": "by_id",
    "notifications.message": "to_id",
    "notifications.choice": "user_id",
    "complaints.officer": "user_id",
}
# Safe letters (VOICE-6): rows of the reader's own office, and only to its named officers. No area reaches them,
# not even that of an office above. Days are kept exactly by complaints.access; here a day more either way.
LETTERS = """exists (select from complaints_officer officer where officer.user_id = (select shuanglian_user())
    and officer.area_code = {table}.{column} and officer.since <= current_date + 1
    and (officer.until is null or officer.until >= current_date - 1))"""
LETTER_TABLES = {"complaints.complaint": "office_code", "complaints.attempt": "area_code"}
SHUT = {"complaints.turn"}
# Who is party to a dispute (VOICE-5): only to who mediates it and to the office that has it now, whatever its area.
MEDIATED = """exists (select from disputes_dispute dispute where dispute.id = {table}.dispute_id
    and (dispute.mediator_id = (select shuanglian_user())
         or dispute.office = rpad((select shuanglian_scope()), 12, '0')))"""
MEDIATED_TABLES = {"disputes.party", "disputes.record"}
# Public knowledge or the log-in itself: no person of the register stands in them.
OPEN = {
    "areas.area", "areas.areasuccession", "areas.areatag", "accounts.user", "sheets.mapping", "registry.areacount",
    "pairing.areacoverage", "notices.knock", "procedures.edition",
}  # fmt: skip


def table_of(model: type[Model]) -> Table | None:
    """The bound of a model's table; None when it is open or nobody has said."""
    base = _base(model)
    label, name = base._meta.label_lower, model._meta.db_table
    if label == "trail.entry":
        return scoping.by_code_or_own(name, "by_id", readonly=True)
    if label in LETTER_TABLES:
        return Table(name, LETTERS.format(table=name, column=LETTER_TABLES[label]))
    if label in MEDIATED_TABLES:
        return Table(name, MEDIATED.format(table=name))
    if label in SHUT:
        return Table(name, "false")
    if label in OWN:
        return scoping.by_code_or_own(name, OWN[label])
    if label in PARENT:
        return scoping.by_parent(name, *PARENT[label])
    if label in OPEN or not any(field.name == "area_code" for field in base._meta.fields):
        return None
    return scoping.by_branch(name) if label in BRANCH else scoping.by_code(name)


def models() -> list[type[Model]]:
    """Every model of every room that has a table of its own, the histories included."""
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models() if not model._meta.proxy]


def unsaid() -> list[str]:
    """Models that nobody has bound or declared open: a fault that a test finds."""
    silent = [model for model in models() if table_of(model) is None]
    return [model._meta.label_lower for model in silent if _base(model)._meta.label_lower not in OPEN]


def _base(model: type[Model]) -> type[Model]:
    """A history is bound like what it is the history of."""
    return getattr(model, "pgh_tracked_model", None) or model


def ensure(**_kwargs: Any) -> None:
    """After migrate: role, grants and policies (core.scoping.ensure)."""
    there = set(connection.introspection.table_names())
    tables = [table for model in models() if (table := table_of(model)) and table.name in there]
    if {"trail_entry", "registry_household"} <= there:
        scoping.ensure(tables)
