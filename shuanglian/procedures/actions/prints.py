"""Paper forms: printed as shown, their signed scans taken back (REG-4, REG-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from shuanglian.accounts.rights import may, sees
from shuanglian.attachments.actions import attachments
from shuanglian.core.clock import day_of
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import facts, form_content, queries, rules
from shuanglian.procedures.models import Case, CaseList, FormPrint
from shuanglian.rules.procedure_machine import belongs
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

MOST = 500  # cases on one form; a longer list prints village by village


@transaction.atomic
def make(*, of: CaseList | Case, step: str, by: User, at: datetime) -> FormPrint:
    """Keep what the step's form shows now; the same content again gives the same print."""
    if not may(by, "procedures.view") or not sees(by, of.area_code):
        raise Refusal("not_your_area", N_("这件事项不在您的辖区"))
    cases = cases_at(of, step)
    procedure = rules.of_case(cases[0])
    if step not in procedure:
        raise Refusal("no_such_step", N_("这个程序没有这一步"))
    at_step = procedure.step(step)
    shown = form_content.content(procedure=procedure, step=at_step, cases=cases, of=of, on=day_of(at))
    digest = form_content.digest_of(shown)
    owner = {"list": of} if isinstance(of, CaseList) else {"case": of}
    if kept := FormPrint.objects.filter(step=step, digest=digest, **owner).first():
        return kept
    made = FormPrint.objects.create(
        **owner, area_code=of.area_code, step=step, form=at_step.shape.form or "",
        content_text=form_content.canonical(shown), digest=digest, by=by, at=at,
    )  # fmt: skip
    trail.write("procedures.print", about=made, by=by, at=at, step=step, form=made.form, digest=digest,
                cases=len(cases))  # fmt: skip
    return made


def cases_at(of: CaseList | Case, step: str) -> Sequence[Case]:
    """The cases that a form of this step is about: those of the list that are at it or have been through it."""
    if isinstance(of, Case):
        return [of]
    rows = queries.cases_of(of).select_related("area", "edition", "list").order_by("area_code", "pk")
    found = [case for case in rows if case.step == step or step in case.doers][: MOST + 1]
    if not found:
        raise Refusal("nothing_to_print", N_("这个批次还没有户到这一步"))
    if len(found) > MOST:
        raise Refusal("too_many_to_print", N_("一张表最多 {most} 户，请按村的批次打印"), most=MOST)
    return found


def may_bring(printed: FormPrint, by: User) -> Refusal | None:
    """Why somebody may not bring the scan of a print."""
    case = printed.case or queries.cases_of(printed.list).select_related("edition").first()  # type: ignore[arg-type]
    procedure = rules.of_case(case) if case else None
    if procedure is None or printed.step not in procedure:
        return Refusal("no_such_step", N_("这个程序没有这一步"))
    step = procedure.step(printed.step)
    return belongs(step, facts.actor_in(printed.area_code, step, by))


@attachments.whole_or_none()
@transaction.atomic
def bring_back(*, printed: FormPrint, upload: Any, by: User, at: datetime) -> FormPrint:
    """The signed paper is back: its scan stands by the print whose fingerprint it bears, once and for good.

    Only who may do the step brings it, so that nobody else spoils the one place there is for it.
    """
    kept = FormPrint.objects.select_for_update().get(pk=printed.pk)
    if (refusal := may_bring(kept, by)) is not None:
        raise refusal
    if kept.scan_id is not None:
        raise Refusal("scan_there", N_("签字件已经上传，不能更换"))
    kept.scan = attachments.keep(upload, of=kept, area_code=kept.area_code, by=by, at=at, purpose="signed_form")
    kept.scanned_by, kept.scanned_at = by, at
    kept.save(update_fields=["scan", "scanned_by", "scanned_at"])
    trail.write("procedures.scan", about=kept, by=by, at=at, step=kept.step, digest=kept.digest, scan=kept.scan.digest)
    return kept
