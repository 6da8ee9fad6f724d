"""Procedures of the profile and the editions that cases were opened under, as rules.procedures knows them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from shuanglian.core.profile import active
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.rules.cel.faults import TextFaults
from shuanglian.rules.facts.catalogue import vocabulary
from shuanglian.rules.procedure_files import procedure_of
from shuanglian.rules.procedures import Procedure

from .models import Case, Edition


def in_force(code: str, on: date) -> Procedure:
    """The procedure of a day with its steps of that day; a Refusal when there is none."""
    found = active().on(on).procedures.get(code)
    if found is None:
        raise Refusal("no_such_procedure", N_("这一天没有“{procedure}”这个程序"), procedure=code)
    return found


def edition_of(procedure: Procedure, *, at: datetime) -> Edition:
    """The kept edition of what a procedure demands; made once, whoever opens the first case."""
    edition, _made = Edition.objects.get_or_create(
        version=procedure.version,
        defaults={
            "procedure": procedure.code, "profile": active().name, "written": procedure.written(), "at": at,
        },
    )  # fmt: skip
    return edition


def of_case(case: Case) -> Procedure:
    return of_edition(case.edition)


def of_edition(edition: Edition) -> Procedure:
    """What an edition demands: read once for all its cases."""
    return _read(edition.version)


@lru_cache(maxsize=256)
def _read(version: str) -> Procedure:
    written = Edition.objects.only("written").get(version=version).written
    try:
        return procedure_of(written, vocabulary(), active().codes)
    except TextFaults as error:
        raise Refusal(
            "edition_unreadable", N_("这件事项所依据的规程已经读不出来：{detail}"), detail=str(error)
        ) from error
