"""What is done to phones: enrolled by their person, heard of, left, locked and unlocked by the office (REG-1)."""

from __future__ import annotations

import base64
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shuanglian.core.scoping import unscoped
from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_
from shuanglian.phone.models import Device
from shuanglian.trail import trail

if TYPE_CHECKING:
    from shuanglian.accounts.models import User

KEY_BYTES = 32


@transaction.atomic
def enrol(*, install: UUID, name: str, about: dict[str, Any], by: User, at: datetime) -> Device:
    """This person on this phone: the same again gets the same row and key, so that unsent work opens again.

    Refusal `locked` when the office has locked it. A person whose area changed takes his phone along.
    """
    area_code = by.area.code if by.area else ""
    with unscoped():  # the row may stand in the area that the person had before
        device = Device.objects.select_for_update().filter(install=install, user=by).first()
        if device is None:
            return _fresh(install, name, about, by=by, at=at)
        if device.locked_at is not None:
            raise Refusal("locked", N_("这部手机已被双联办锁定，请与双联办联系"))
        device.area_code, device.name, device.about = area_code, name or device.name, about or device.about
        device.contact_at, device.left_at = at, None
        device.save(update_fields=["area_code", "name", "about", "contact_at", "left_at"])
    trail.write("phone.devices.enrol", about=device, by=by, at=at, again=True)
    return device


def _fresh(install: UUID, name: str, about: dict[str, Any], *, by: User, at: datetime) -> Device:
    try:
        with transaction.atomic():
            device = Device.objects.create(
                install=install, user=by, area_code=by.area.code if by.area else "", name=name, about=about,
                key=base64.b64encode(os.urandom(KEY_BYTES)).decode(), at=at, contact_at=at,
            )  # fmt: skip
    except IntegrityError:  # the same phone asked twice at once
        return Device.objects.get(install=install, user=by)
    trail.write("phone.devices.enrol", about=device, by=by, at=at)
    return device


def heard(*, device: Device, at: datetime, clock_off: int | None = None, waiting: int | None = None) -> None:
    """The phone was in contact; how far its clock is ahead (seconds) and how much it still holds, when it said so."""
    said: dict[str, Any] = {"contact_at": at}
    if clock_off is not None:
        said["clock_off"] = max(-(2**31), min(2**31 - 1, clock_off))
    if waiting is not None:
        said["waiting"] = min(waiting, 2**31 - 1)
    with unscoped():
        Device.objects.filter(pk=device.pk).update(**said)


@transaction.atomic
def leave(*, device: Device, waiting: int | None, by: User, at: datetime) -> None:
    """The person logs out on the phone: its key is dropped there; what it knows must be sent anew."""
    with unscoped():
        Device.objects.filter(pk=device.pk).update(left_at=at, contact_at=at, waiting=waiting)
        device.known.all().delete()
    trail.write("phone.devices.leave", about=device, by=by, at=at, waiting=waiting)


@transaction.atomic
def lock(*, device: Device, why: str, by: User, at: datetime) -> Device:
    """The phone is lost or its person has gone: at its next contact it wipes itself, and sends nothing any more."""
    why = why.strip()
    if not why:
        raise Refusal("no_reason", N_("请写明锁定原因"))
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.locked_at is not None:
        return device
    device.locked_at, device.locked_by, device.locked_why, device.told_at = at, by, why[:200], None
    device.save(update_fields=["locked_at", "locked_by", "locked_why", "told_at"])
    device.known.all().delete()
    trail.write("phone.devices.lock", about=device, by=by, at=at, why=why)
    return device


@transaction.atomic
def unlock(*, device: Device, why: str, by: User, at: datetime) -> Device:
    """Found again: its person may enrol it once more, with the same key, so that unsent work still opens."""
    why = why.strip()
    if not why:
        raise Refusal("no_reason", N_("请写明解锁原因"))
    device = Device.objects.select_for_update().get(pk=device.pk)
    if device.locked_at is None:
        return device
    device.locked_at = device.locked_by = device.told_at = None
    device.locked_why = ""
    device.save(update_fields=["locked_at", "locked_by", "locked_why", "told_at"])
    trail.write("phone.devices.unlock", about=device, by=by, at=at, why=why)
    return device


def told(*, device: Device, at: datetime) -> None:
    """The phone asked and was told to wipe itself: the office sees that it has heard."""
    with unscoped():
        Device.objects.filter(pk=device.pk, told_at=None).update(told_at=at)
