"""The door of the phone's programming interface: who asks on which phone; errors as docs/phone.md has them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from shuanglian.accounts.rights import may, requires
from shuanglian.core import clock
from shuanglian.core.errors import told
from shuanglian.core.scoping import unscoped
from shuanglian.phone.actions import devices
from shuanglian.phone.models import Device

View = Callable[..., HttpResponseBase]
SMALLEST = 600  # bytes: less is not worth packing
MOST_BODY = 4_000_000


def device_of(request: HttpRequest) -> Device | None:
    """The phone that a request names, whoever's it is; read as the owner: it may be locked, its person gone."""
    try:
        number = UUID(request.headers.get("X-Device", ""))
    except ValueError:
        return None
    with unscoped():
        return Device.objects.select_related("user").filter(pk=number).first()


def shut(request: HttpRequest, device: Device | None) -> HttpResponse | None:
    """410 for a phone that is locked or whose person's account is closed: it must wipe itself, logged in or not."""
    if device is None or (device.locked_at is None and device.user.is_active):
        return None
    devices.told(device=device, at=clock.now())
    if device.locked_at is not None:
        return told(410, "locked", _("这部手机已被双联办锁定，手机上的数据将被清除。"), wipe=True)
    return told(410, "ended", _("您的账户已停用，手机上的数据将被清除。"), wipe=True)


def door(*methods: str, known: bool = True) -> Callable[[View], View]:
    """View decorator: the method, a phone that is not locked, its own person logged in who may use the phone.

    The view is called with the phone (None where `known` is False: it is not enrolled yet).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            device = device_of(request)
            if (answer := shut(request, device)) is not None:
                return answer
            return guarded(request, device, *args, **kwargs)

        @requires()
        def guarded(request: HttpRequest, device: Device | None, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, "phone.use"):
                raise PermissionDenied(_("您的角色不能使用手机端。"))
            if not known:
                return view(request, *args, **kwargs)
            if device is None:
                return told(404, "unknown_device", _("这部手机还没有启用，请重新登录。"))
            if device.user_id != request.user.pk:
                return told(409, "other_user", _("这部手机上次由别人登录，请重新启用。"))
            return view(request, device, *args, **kwargs)

        inside.permissions = ("phone.use",)  # type: ignore[attr-defined]
        return inside

    return decorate


def content(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """The JSON object in a request's body; an answer when there is none."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BODY:
        return told(413, "too_large", _("一次上传的内容太多。"))
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    return sent if isinstance(sent, dict) else told(400, "bad", _("手机传来的内容无法读取。"))


def answer(request: HttpRequest, body: Any, status: int = 200) -> HttpResponse:
    """JSON, packed for slow lines when the phone can unpack it."""
    text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(content_type="application/json", status=status)
    response["Cache-Control"] = "no-store, private"
    patch_vary_headers(response, ["Accept-Encoding"])
    if len(text) >= SMALLEST and "gzip" in request.headers.get("Accept-Encoding", ""):
        text = gzip.compress(text, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
    response.content = text
    return response
