"""Signatures: who signed which step in which post, when, on which content (REG-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shuanglian.attachments.models import Attachment
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.procedures import hooks, rules
from shuanglian.procedures.models import Case, CaseList, Signature
from shuanglian.trail import trail

from .lists import counted
from .moving import AT_ONCE, Moved, Wish, move

if TYPE_CHECKING:
    from shuanglian.accounts.models import User


@transaction.atomic
def sign(
    *, step: str, post: str, shown: Mapping[int, str], on: date, by: User, at: datetime, name: str = "",
    of: CaseList | None = None, strict: bool = True,
) -> tuple[list[Signature], Moved]:  # fmt: skip
    """Sign a sign-off step for each case in one's post. `shown`: case id → SHA-256 of the content that was shown.

    The last of the step's posts passes it. One person signs in one post only, and in none that the register knows
    another to hold, or himself not to; where it knows nobody's, the signature says that the post was declared.
    """
    known = _known(list(shown), step, post, by)
    wishes = {pk: Wish("sign", to=post, content={"shown": digest, "held": known}) for pk, digest in shown.items()}
    moved = move(wishes=wishes, step=step, on=on, by=by, at=at, strict=strict)
    made = Signature.objects.bulk_create(
        (
            Signature(
                case=case, list=of, area_code=case.area_code, step=step, post=post, name=(name or str(by))[:40],
                user=by, on=on, digest=shown[case.pk], by=by, at=at,
            )
            for case in moved.done
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip
    trail.write("procedures.sign", about=of or next(iter(moved.done), None), by=by, at=at, step=step, post=post, on=on,
                **counted(moved))  # fmt: skip
    return made, moved


def _known(pks: Sequence[int], step: str, post: str, by: User) -> str:
    """HELD or DECLARED; a Refusal when the register says that the post is not his."""
    case = Case.objects.select_related("edition").filter(pk__in=pks).first()
    procedure = rules.of_case(case) if case else None
    if procedure is None or step not in procedure:
        return hooks.DECLARED
    known = hooks.posts(procedure.step(step).signs, by).get(post, hooks.DECLARED)
    if known not in (hooks.HELD, hooks.DECLARED):
        raise Refusal("not_his_post", "{why}", why=known)
    return known


@transaction.atomic
def bring_scan(*, signature: Signature, scan: Attachment, by: User, at: datetime) -> Signature:
    """The signed paper is back: bound to its signature once, never exchanged."""
    kept = Signature.objects.select_for_update().get(pk=signature.pk)
    if kept.scan_id is not None:
        raise Refusal("scan_there", N_("签字件已经上传，不能更换"))
    kept.scan = scan
    kept.save(update_fields=["scan"])
    trail.write("procedures.paper", about=kept, by=by, at=at, scan=scan.digest)
    return kept
