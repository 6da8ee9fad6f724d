"""The sheet for a village's board: how to ask, by telephone camera, telephone or mouth; A4 by Typst (VOICE-1)."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.pdf import typeset
from shuanglian.core.profile import active, language
from shuanglian.notices.showing import supervision

from .showing import offices


def poster(area: Area, *, address: str, letters: str, follow: str) -> bytes:
    """The PDF. address, letters: what the two codes open; follow: typed by whoever has a number."""
    return typeset("grievances/poster.typ", given(area, address=address, letters=letters, follow=follow))


def given(area: Area, *, address: str, letters: str, follow: str) -> dict[str, Any]:
    """What the template is handed: every word that stands on the sheet."""
    office, phone = supervision()
    return {
        "lang": language(), "title": _("有事您说话"), "place": area.name, "qr": _svg(address), "letters": _svg(letters),
        "steps": [
            _("用手机扫这个码，说是什么事。不用登录，不写名字也行。"),
            _("记下给您的查询号。凭号看谁在办、最迟哪天答复。"),
            _("有了答复，您说行才算办完；说不行，转到上一级重新办。"),
        ],
        "without": _("没有手机？告诉联户干部、村干部，或者打电话，一样登记、一样答复。"),
        "nevers": _("揭不开锅、娃娃上不起学、有病看不起：马上说，当急事办。") if active().grievances.nevers else "",
        "safe": _("干部作风、造假、钱物的事：扫右边的码写安全信件，村里、乡里都看不到。"),
        "asked": _("扫码提诉求"), "sealed": _("扫码写安全信件"), "who": _("也可以直接找："), "offices": offices(area),
        "number": _("凭号查询：{address}").format(address=follow), "phone": phone, "office": office,
        "call": _("监督电话"),
    }  # fmt: skip


def _svg(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=4, border=2)
    return drawn.getvalue().decode()
