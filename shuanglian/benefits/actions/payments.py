"""What people do with lines of payrolls: say who it is, that it is nobody of ours, leave it open, take choices back.

Each answer is traced and everything that hangs on it follows at once (dues, facts, the year's account: FUND-5).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction

from shuanglian.areas.models import Area
from shuanglian.benefits import likeness, payees
from shuanglian.benefits.models import Payment
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.organisation.changes import traced
from shuanglian.organisation.names import spelling_of
from shuanglian.registry.models import Person
from shuanglian.sheets.merging import rows
from shuanglian.sheets.models import Batch
from shuanglian.trail import trail

from . import following

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

M = Payment.Match
ANSWER = ("match", "score", "household", "person", "due", "area_code", "details", "note", "candidates")


@transaction.atomic
def choose(*, payment: Payment, person: Person, by: User | None, at: datetime, note: str = "") -> Payment:
    """It is this person, whom somebody has looked at: dues, facts and the account of the household follow."""
    payment = _locked(payment)
    if payment.person_id == person.pk and payment.match == M.CHOSEN:
        return payment
    former = payment.household_id
    payment.match, payment.person, payment.household = M.CHOSEN, person, person.household
    payment.area_code, payment.note = person.household.area_code, note.strip()[:200]
    payment.score = next((one["score"] for one in payment.candidates if one["person"] == person.pk), None)
    payment.details = {name: value for name, value in payment.details.items() if name != "nobody"}
    return _answered(payment, former, "payments.choose", by, at)


@transaction.atomic
def nobody(*, payment: Payment, by: User | None, at: datetime, note: str = "") -> Payment:
    """Nobody of the register: the line stays visible, and no later comparison asks about it again."""
    payment = _locked(payment)
    former = payment.household_id
    payment.match, payment.person, payment.household = M.NONE, None, None
    payment.note, payment.score = note.strip()[:200], None
    payment.details = {**payment.details, "nobody": True}
    return _answered(payment, former, "payments.nobody", by, at)


@transaction.atomic
def leave_open(*, payment: Payment, by: User | None, at: datetime, note: str = "") -> Payment:
    """Not known (yet): whoever was taken for it is so no longer."""
    payment = _locked(payment)
    former = payment.household_id
    payment.match, payment.person, payment.household = M.OPEN, None, None
    payment.note = note.strip()[:200]
    payment.details = {name: value for name, value in payment.details.items() if name != "nobody"}
    return _answered(payment, former, "payments.leave_open", by, at)


def _locked(payment: Payment) -> Payment:
    return Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)


def _answered(payment: Payment, former: int | None, verb: str, by: User | None, at: datetime) -> Payment:
    touched = sorted({pk for pk in (former, payment.household_id) if pk is not None})
    payment.due = None  # which it answers now is worked out below
    with traced(f"benefits.{verb}", by=by, at=at, why=payment.note):
        payment.save(update_fields=ANSWER)
        if touched:
            following.follow(touched, why=_why(payment), by=by, at=at)
    trail.write(f"benefits.{verb}", about=payment, by=by, at=at, why=payment.note, person=payment.person_id,
                household=payment.household_id)  # fmt: skip
    payment.refresh_from_db()
    return payment


def _why(payment: Payment) -> str:
    return payment.batch.file_name if payment.batch is not None else ""


@transaction.atomic
def choose_strong(*, payments: Iterable[Payment], by: User | None, at: datetime) -> int:
    """Take the first candidate of every line where he is strong (`likeness.is_strong`); how many were taken."""
    ids = sorted(one.pk for one in payments)
    taken, touched = [], set()
    for payment in Payment.objects.select_for_update(of=("self",)).filter(pk__in=ids, match=M.OPEN).order_by("pk"):
        if not likeness.is_strong(payment.candidates):
            continue
        payment.person_id = payment.candidates[0]["person"]
        payment.household_id = payment.candidates[0]["household"]
        payment.match = M.CHOSEN
        taken.append(payment)
        touched.add(payment.household_id)
    if not taken:
        return 0
    with traced("benefits.payments.choose_strong", by=by, at=at):
        Payment.objects.bulk_update(taken, ["person", "household", "match"], batch_size=500)
        following.follow(sorted(touched), why=_why(taken[0]), by=by, at=at)
    trail.write("benefits.payments.choose_strong", by=by, at=at, area_code=_common(taken), taken=len(taken))
    return len(taken)


def _common(payments: list[Payment]) -> str:
    """The code of the narrowest area that holds all of some payments."""
    first, last = min(one.area_code for one in payments), max(one.area_code for one in payments)
    for digits in (12, 9, 6, 4, 2):
        if first[:digits] == last[:digits]:
            return first[:digits].ljust(12, "0")
    return ""


@transaction.atomic
def restore(*, batch: Batch, by: User | None, at: datetime) -> int:
    """Take back what people have answered about a payroll since it came in, so that it can be undone; how many."""
    mark = batch.marks.get("benefits_paymentevent")
    if batch.kind != "payments" or mark is None or batch.state != Batch.State.ACCEPTED:
        raise Refusal("not_a_payroll", N_("这个批次不是已接收的发放名册"))
    with traced("benefits.payments.restore", by=by, at=at):
        changed = rows(
            """UPDATE benefits_payment p SET match = e.match, score = e.score, household_id = e.household_id,
                      person_id = e.person_id, due_id = e.due_id, candidates = e.candidates, details = e.details,
                      note = e.note, area_code = CASE WHEN p.household_id IS DISTINCT FROM e.household_id
                                                      THEN e.area_code ELSE p.area_code END
               FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM benefits_paymentevent
                     WHERE pgh_id <= %s AND batch_id = %s ORDER BY pgh_obj_id, pgh_id DESC) e,
                    (SELECT id, household_id FROM benefits_payment WHERE batch_id = %s) was
               WHERE e.pgh_obj_id = p.id AND was.id = p.id
                 AND (p.match, p.person_id, p.note) IS DISTINCT FROM (e.match, e.person_id, e.note)
               RETURNING p.household_id, was.household_id""",
            mark, batch.pk, batch.pk,
        )  # fmt: skip
        touched = sorted({pk for pair in changed for pk in pair if pk is not None})
        if touched:
            following.follow(touched, why=batch.file_name, by=by, at=at)
    trail.write("benefits.payments.restore", about=batch, by=by, at=at, lines=len(changed))
    return len(changed)


@transaction.atomic
def look_again(*, area: Area, by: User | None, at: datetime) -> dict[str, int]:
    """Compare once more what is open or was nobody's with the register as it is now: after new households came in.

    What a person has said is nobody's is left alone. Counts: looked, named (found by number or by likeness).
    """
    waiting = list(
        Payment.objects.select_for_update(of=("self",)).within(area)
        .filter(match__in=[M.OPEN, M.NONE]).exclude(details__has_key="nobody").order_by("pk")
    )  # fmt: skip
    found = _by_number(waiting, area)
    likely = payees.likely(_lines([one for one in waiting if one.pk not in found]), area)
    found |= {row["n"]: row for row in likely.iter_rows(named=True)}
    changed = [payment for payment in waiting if payment.pk in found and _take(payment, found[payment.pk])]
    with traced("benefits.payments.look_again", by=by, at=at):
        Payment.objects.bulk_update(changed, ANSWER, batch_size=500)
        touched = sorted({one.household_id for one in changed if one.household_id})
        if touched:
            following.follow(touched, why="", by=by, at=at)
    named = sum(one.person_id is not None for one in changed)
    trail.write("benefits.payments.look_again", by=by, at=at, area_code=area.code, looked=len(waiting), named=named)
    return {"looked": len(waiting), "named": named}


def _by_number(waiting: list[Payment], area: Area) -> dict[int, dict[str, Any]]:
    digests = {one.id_digest for one in waiting if one.id_digest}
    standing = Person.objects.within(area).filter(id_digest__in=digests, left_on=None)
    people: dict[str, list[Person]] = {}
    for person in standing.select_related("household"):
        people.setdefault(person.id_digest, []).append(person)
    return {
        one.pk: {"sure": True, "person": known[0].pk, "household": known[0].household_id, "score": 1.0,
                 "candidates": [], "exact": True}
        for one in waiting if len(known := people.get(one.id_digest, [])) == 1
    }  # fmt: skip


def _lines(payments: list[Payment]) -> pl.DataFrame:
    schema = {"n": pl.Int64, "name": pl.String, "sound": pl.String, "born": pl.Date, "digest": pl.String,
              "written": pl.String, "village_code": pl.String, "township_code": pl.String,
              "head_name": pl.String}  # fmt: skip
    told = [
        (one.pk, one.name, spelling_of(one.name), one.details.get("born"), one.id_digest or None, None,
         None if one.area_code.endswith("000") else one.area_code,
         None if one.area_code.endswith("000000") else one.area_code, one.details.get("head_name"))
        for one in payments
    ]  # fmt: skip
    frame = pl.DataFrame(told, schema={**schema, "born": pl.String}, orient="row")
    return frame.with_columns(pl.col("born").str.to_date("%Y-%m-%d", strict=False))


def _take(payment: Payment, found: dict[str, Any]) -> bool:
    """Put what a comparison found into a line; whether it says anything else than before."""
    before = (payment.match, payment.person_id, payment.score, payment.candidates)
    payment.match = M.OPEN if not found["sure"] else M.EXACT if found.get("exact") else M.NAMED
    payment.score, payment.candidates = found["score"], list(found["candidates"])
    payment.person_id = found["person"] if found["sure"] else None
    payment.household_id = found["household"] if found["sure"] else None
    if found["sure"]:
        payment.area_code = Person.objects.values_list("area_code", flat=True).get(pk=found["person"])
    return before != (payment.match, payment.person_id, payment.score, payment.candidates)
