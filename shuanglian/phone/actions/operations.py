"""One operation of a phone is taken once: whole or not at all, the same again with the same answer (FIELD-1)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Model
from pydantic import ValidationError

from shuanglian.accounts.middleware import as_person
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.speech import speak
from shuanglian.kernel.words import N_, Said
from shuanglian.phone.models import Conflict, Operation
from shuanglian.phone.shapes import KINDS, Body, Op

if TYPE_CHECKING:
    from shuanglian.accounts.models import User
    from shuanglian.phone.models import Device

log = logging.getLogger(__name__)
TRIES = 3  # another phone's transaction may stand in the way


class Later(Exception):
    """Something that this operation needs is not here yet: it is not kept, the phone sends it again."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code, self.said = code, Said(sentence, {})
        super().__init__(code)


@dataclass(frozen=True)
class Sent:
    """An operation on its way to the room that takes it: who, on which phone, whose clock is how far ahead."""

    op: Op
    body: Any
    device: Device
    row: Operation
    clock_off: int | None
    by: User
    at: datetime


@dataclass
class Done:
    """What a room made of it: the row it is about; conflicts that were opened."""

    about: Model | None = None
    conflicts: list[Conflict] = field(default_factory=list)
    code: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer to one operation."""

    id: str
    status: str
    code: str = ""
    said: Said | None = None
    conflicts: tuple[Conflict, ...] = ()


Taker = Callable[[Sent], Done]
_takers: dict[str, Taker] = {}


def takes(kind: str) -> Callable[[Taker], Taker]:
    """Decorator: the function that takes a kind of operations; a Refusal of its is kept as the answer."""

    def note(taker: Taker) -> Taker:
        _takers[kind] = taker
        return taker

    return note


def read(raw: Any) -> Op:
    """An operation as it came; ValidationError when it is none."""
    return Op.model_validate(raw)


def unreadable(raw: dict[str, Any]) -> Answer:
    """The answer to what is no operation at all: refused whenever it comes."""
    number = raw.get("id")
    sentence = N_("手机传来的操作无法读取")
    return Answer(number[:64] if isinstance(number, str) else "", "refused", "bad_op", Said(sentence, {}))


def take(*, op: Op, device: Device, clock_off: int | None, by: User, at: datetime) -> Answer:
    """Take one operation in a transaction of its own, under its person's area."""
    for attempt in range(TRIES):
        try:
            with as_person(by):
                return _take(op, device, clock_off, by, at)
        except _Taken:
            return Answer(str(op.id), "refused", *_TAKEN)
        except Later as later:
            return Answer(str(op.id), "later", later.code, later.said)
        except OperationalError:  # a deadlock, the database restarting: nothing of it is kept
            log.warning("operation %s %s: try %s", op.kind, op.id, attempt + 1, exc_info=True)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
        except Exception:  # a fault of ours: the operation stays on the phone, the others go on
            log.exception("operation %s %s", op.kind, op.id)
            break
    return Answer(str(op.id), "later", "busy", Said(N_("服务器暂时没有处理成功，稍后会自动重传"), {}))


def _take(op: Op, device: Device, clock_off: int | None, by: User, at: datetime) -> Answer:
    mark = digest_of(op)
    if kept := _kept(op):
        return _again(kept, mark, by)
    row = Operation(
        id=op.id, device=device, area_code=by.area.code if by.area else "", kind=op.kind, seq=op.seq, told_at=op.at,
        digest=mark, by=by, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            done = _do(Sent(op, _body(op), device, row, clock_off, by, at))
    except Refusal as refusal:
        row.status, row.code = Operation.Status.REFUSED, refusal.code[:40]
        row.said = {"sentence": refusal.said.sentence, "params": plain(refusal.said.params)}
    else:
        row.status = Operation.Status.CONFLICT if done.conflicts else Operation.Status.DONE
        row.code = done.code[:40]
        row.about = f"{done.about._meta.label_lower}:{done.about.pk}" if done.about is not None else ""
    try:
        row.save(force_insert=True)  # what points to it (conflicts, photos) is asked for it at the end only
    except IntegrityError:
        raise _Taken from None
    return _told(row, row.status)


class _Taken(Exception):
    """The number stands for an operation that this person does not see."""


_TAKEN = ("key_taken", Said(N_("这个编号已用于另一项内容"), {}))


def _kept(op: Op) -> Operation | None:
    """The operation as it stands; whoever sends the same one at the same moment waits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7412005))", [str(op.id)])
    return Operation.objects.filter(pk=op.id).first()


def _again(kept: Operation, mark: str, by: User) -> Answer:
    """Sent twice: the answer that was given the first time; another content under the same number is refused."""
    if kept.digest != mark or kept.by_id != by.pk:
        return Answer(str(kept.pk), "refused", *_TAKEN)
    return _told(kept, "kept" if kept.status == Operation.Status.DONE else kept.status)


def _told(row: Operation, status: str) -> Answer:
    said = Said(row.said["sentence"], row.said["params"]) if row.said else None
    conflicts = tuple(row.conflicts.order_by("pk")) if row.status == Operation.Status.CONFLICT else ()
    return Answer(str(row.pk), str(status), row.code, said, conflicts)


def _body(op: Op) -> Body:
    if op.kind not in KINDS or op.kind not in _takers:
        raise Refusal("unknown_kind", N_("服务器不认识这种操作，请更新手机端"))
    try:
        return KINDS[op.kind].model_validate(op.body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "body"
        raise Refusal("bad_body", N_("手机传来的内容不对：{where}"), where=where[:60]) from None


def _do(sent: Sent) -> Done:
    return _takers[sent.op.kind](sent)


def digest_of(op: Op) -> str:
    """What must be the same when an operation is sent again: kind, time, base and body."""
    whole = [op.kind, op.at.isoformat(), op.base, op.body]
    return sha256(json.dumps(whole, ensure_ascii=True, sort_keys=True, default=str).encode()).hexdigest()


def plain(params: dict[str, Any]) -> dict[str, Any]:
    """Gaps of a sentence as they can be kept: what is no plain value is kept as it is said in Chinese."""
    plain = {}
    for key, value in params.items():
        spoken = speak(value) if isinstance(value, Said) else value
        plain[key] = spoken if isinstance(spoken, (int, float, type(None))) else str(spoken)
    return plain
