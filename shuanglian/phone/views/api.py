"""What the phone asks: hello, enrol, state, ops, photos, leave (docs/phone.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shuanglian.accounts.middleware import stepwise
from shuanglian.accounts.models import User
from shuanglian.accounts.rights import SignedIn, may
from shuanglian.core import clock
from shuanglian.core.errors import told
from shuanglian.core.forms import says, translated
from shuanglian.core.profile import active, label
from shuanglian.kernel.refusal import Refusal
from shuanglian.organisation.models import Cadre
from shuanglian.phone.actions import devices, operations, photos, states
from shuanglian.phone.models import Device
from shuanglian.phone.shapes import Batch, Op

from .doors import answer, content, device_of, door, shut

PAGES = {
    "visit": "fieldwork.record", "attendance": "fieldwork.record", "service": "fieldwork.record",
    "ask": "fieldwork.record", "edit": "fieldwork.record", "inspect": "fieldwork.inspect", "plan": "plans.write",
}  # fmt: skip


def hello(request: HttpRequest) -> HttpResponse:
    """Is there a line, who is logged in, may this phone go on; sets the cookie that POSTs need."""
    get_token(request)
    if (closed := shut(request, device_of(request))) is not None:
        return closed
    user = request.user if request.user.is_authenticated else None
    return answer(request, {
        "now": _now(clock.now()), "signed_in": user is not None,
        "user": _person(user) if isinstance(user, User) else None,
        "language": getattr(request, "LANGUAGE_CODE", ""),
    })  # fmt: skip


@door("POST", known=False)
def enrol(request: SignedIn) -> HttpResponse:
    """This person on this phone from now on: its number, the key of its data, what it may show, its limits."""
    sent = content(request)
    if isinstance(sent, HttpResponse):
        return sent
    try:
        install = UUID(str(sent.get("install", "")))
    except ValueError:
        return told(400, "bad", _("手机传来的内容无法读取。"))
    at = clock.now()
    try:
        device = devices.enrol(
            install=install, name=_text(sent.get("name"), 60), about=_about(sent.get("about")), by=request.user, at=at
        )
    except Refusal as refusal:
        return told(410, refusal.code, says(refusal), wipe=True)
    limit = active().phone.limit
    return answer(request, {
        "device": str(device.pk), "key": device.key, "user": _person(request.user), "days": limit("kept_days"),
        "batch": limit("batch"), "now": _now(at),
        "photo": {
            "edge": limit("photo_edge"), "chunk": limit("photo_chunk"), "most": limit("photo_bytes"),
            "per_visit": active().fieldwork.limit("photos") or 6,
        },
    })  # fmt: skip


@door("GET")
def state(request: SignedIn, device: Device) -> HttpResponse:
    """Everything the first time; what has changed since the cursor afterwards; at most so many households whole."""
    get_token(request)
    at = clock.now()
    asked = _text(request.GET.get("most"), 4)
    most = max(1, int(asked)) if asked.isascii() and asked.isdecimal() else None
    cursor = _text(request.GET.get("cursor"), 32)
    sent = states.send(device=device, cursor=cursor, by=request.user, at=at, most=most)
    devices.heard(device=device, at=at)
    return answer(request, sent)


@stepwise
@door("POST")
def ops(request: SignedIn, device: Device) -> HttpResponse:
    """A batch: every operation in a transaction of its own, in the phone's order; those that wait for another last."""
    sent = content(request)
    if isinstance(sent, HttpResponse):
        return sent
    try:
        batch = Batch.model_validate(sent)
    except ValidationError:
        return told(400, "bad", _("手机传来的内容无法读取。"))
    if len(batch.ops) > active().phone.limit("batch"):
        return told(413, "too_large", _("一次上传的内容太多。"))
    at = clock.now()
    off = round((batch.clock - at).total_seconds())
    devices.heard(device=device, at=at, clock_off=off, waiting=batch.waiting)
    answers = _taken(batch, device, off, request.user, at)
    return answer(request, {"now": _now(clock.now()), "results": [_result(one) for one in answers]})


def _taken(batch: Batch, device: Device, off: int, by: User, at: datetime) -> list[operations.Answer]:
    """One answer an operation, in the order they were sent."""
    answers: dict[int, operations.Answer] = {}
    read: list[tuple[int, Op]] = []
    for place, raw in enumerate(batch.ops):
        try:
            read.append((place, operations.read(raw)))
        except (ValidationError, RecursionError):
            answers[place] = operations.unreadable(raw)
    order = sorted(read, key=lambda one: (one[1].seq, one[0]))
    for again in (False, True):
        for place, op in order:
            if not again or (answers[place].status == "later" and answers[place].code != "busy"):
                answers[place] = operations.take(op=op, device=device, clock_off=off, by=by, at=at)
    return [answers[place] for place in range(len(batch.ops))]


def _result(one: operations.Answer) -> dict[str, Any]:
    met = {
        conflict.field: {
            "id": conflict.pk, "mine": conflict.mine, "theirs": conflict.theirs, "by": conflict.their_name,
            "at": conflict.their_at,
        }
        for conflict in one.conflicts
    }  # fmt: skip
    return {
        "id": one.id, "status": one.status, "code": one.code, "message": translated(one.said) if one.said else "",
        "conflict": met or None,
    }  # fmt: skip


@door("GET", "POST")
def photo(request: SignedIn, device: Device, operation: UUID) -> HttpResponse:
    """A photo, piece by piece; GET says how far it is."""
    at = clock.now()
    if request.method == "GET":
        upload = photos.find(operation=operation, by=request.user)
        found = photos.stand(upload) if upload else None
    else:
        offset = request.headers.get("X-Offset", "")
        if not (offset.isascii() and offset.isdecimal() and len(offset) < 10):
            return told(400, "bad", _("手机传来的内容无法读取。"))
        if int(request.headers.get("Content-Length") or 0) > 4 * active().phone.limit("photo_chunk"):
            return told(413, "too_large", _("一次上传的内容太多。"))
        try:
            found = photos.take(operation=operation, offset=int(offset), data=request.body, by=request.user, at=at)
        except photos.WrongOffset as wrong:
            return told(409, "offset", _("照片要从中断处接着传。"), have=wrong.have)
        devices.heard(device=device, at=at)
    if found is None:
        return told(404, "unknown_photo", _("没有这张照片的登记。"))
    message = translated(found.said) if found.said else ""
    return answer(request, {"have": found.have, "status": found.status, "code": found.code, "message": message})


@door("POST")
def leave(request: SignedIn, device: Device) -> HttpResponse:
    """Logged out on the phone."""
    sent = content(request)
    waiting = sent.get("waiting") if isinstance(sent, dict) else None
    told_waiting = waiting if isinstance(waiting, int) and 0 <= waiting < 2**31 else None
    devices.leave(device=device, waiting=told_waiting, by=request.user, at=clock.now())
    return answer(request, {"ok": True})


def _person(user: User) -> dict[str, Any]:
    return {
        "id": user.pk, "name": str(user), "role": user.role, "role_label": label("role", user.role),
        "language": user.language, "cadre": Cadre.objects.filter(user=user).values_list("pk", flat=True).first(),
        "area": {"code": user.area.code, "name": user.area.name} if user.area else None,
        "may": [page for page, permission in PAGES.items() if may(user, permission)],
    }  # fmt: skip


def _text(told_: Any, most: int) -> str:
    text = told_ if isinstance(told_, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:most]


def _about(told_: Any) -> dict[str, str]:
    """What the phone says it is: a few short texts."""
    if not isinstance(told_, dict):
        return {}
    return {_text(key, 20): _text(value, 200) for key, value in list(told_.items())[:10] if isinstance(value, str)}


def _now(at: datetime) -> str:
    return timezone.localtime(at).isoformat()
