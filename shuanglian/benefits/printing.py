"""Cards on paper: one A4 sheet a family, large type, as PDF by Typst."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import segno
from django.utils.translation import gettext as _

from shuanglian.core.pdf import typeset
from shuanglian.core.profile import language
from shuanglian.registry.models import Household

from .sheets import Sheet, sheets


def pdf(households: Sequence[Household], *, on: date, address: str) -> bytes:
    """The cards of some households, each on its own sheet. `address`: what a QR code begins with."""
    made = sheets(households, on=on, masked=False)
    return typeset("benefits/card.typ", {
        "lang": language(), "title": _("明白卡"), "words": _words(), "on": on.isoformat(),
        "cards": [_given(one, address) for one in made],
    })  # fmt: skip


def _given(sheet: Sheet, address: str) -> dict[str, Any]:
    return {
        "head": sheet.head, "place": sheet.place, "number": sheet.household.number, "code": _spaced(sheet.code),
        "qr": _qr(address + sheet.code + "/") if sheet.code else "", "helper": list(sheet.helper or ()),
        "office": sheet.office, "phone": sheet.phone, "gets": [asdict(one) for one in sheet.gets],
        "asks": [asdict(one) for one in sheet.asks], "questions": [asdict(one) for one in sheet.questions],
    }  # fmt: skip


def _spaced(code: str) -> str:
    """In fours, to be read aloud over the telephone."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=4, border=1)
    return drawn.getvalue().decode()


def _words() -> dict[str, str]:
    return {
        "helps": _("谁帮您"), "nobody": _("还没有帮扶责任人，请问村委会。"), "gets": _("您家已经享受"),
        "gets_nothing": _("目前没有登记到已经领到的政策。"), "asks": _("您家还可以申请"),
        "asks_nothing": _("目前没有查到还可以申请的政策。"), "where": _("到哪里办"), "papers": _("带什么"),
        "questions": _("请告诉干部（说清以后才能认定）"), "object": _("有意见怎么办"),
        "object_text": _("对谁享受、享受多少、干部帮得怎样有意见，可以向村委会或乡镇反映，也可以直接找："),
        "object_safe": _("反映意见不影响您享受政策，反映的内容不会告诉被反映的人。"), "phone": _("监督电话"),
        "code": _("卡号"), "number": _("户编号"), "scan": _("手机扫码看最新情况"), "telephone": _("电话"),
        "made": _("制卡日期"), "for": _("谁"), "state": _("办到哪一步"),
        "keep": _("请保管好这张卡。卡丢了请告诉村委会换新卡，旧卡号随即作废。"),
    }  # fmt: skip
