"""The blank paper form of demands as PDF by Typst: one A4 sheet, in the reader's language, for a village or any."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuanglian.areas.models import Area
from shuanglian.core.pdf import typeset
from shuanglian.core.profile import active, language
from shuanglian.notices.showing import supervision


def blank(area: Area | None) -> bytes:
    """A sheet to write on; of a village its name stands on it. What goes the safe road is not on it, only the way."""
    programme, lang = active().grievances, language()
    office, phone = supervision()
    village = area is not None and area.level >= Area.Level.TOWNSHIP
    return typeset("grievances/blank.typ", {
        "lang": lang, "title": _("群众诉求登记表"), "words": _words(office), "phone": phone,
        "place": (f"{area.parent.name} {area.name}" if area.parent else area.name) if village and area else "",
        "categories": [one.plain.in_(lang) for one in programme.open_categories.values()],
        "nevers": [one.plain.in_(lang) for one in programme.nevers.values()],
    })  # fmt: skip


def _words(office: str) -> dict[str, Any]:
    return {
        "village": _("村"), "who": _("姓名（可以不写）"), "day": _("日期"), "phone": _("电话（可以不写）"),
        "group": _("哪个社"), "about": _("是什么事（打勾，不清楚就空着）"),
        "urgent": _("是不是等不得的急事（是就打勾）"),
        "text": _("请写：什么事、在哪里、多久了"), "slip": _("回执（撕下自己留着）"), "number": _("查询号"),
        "hint": _("写好交给村委会、联户干部或乡镇。不写名字一样办、一样答复。不会写字的，请别人照您说的写。"),
        "safe": _(
            "反映干部作风、造假、钱物的事，不要写在这张表上：请打监督电话，或者直接交给{office}，村里看不到。"
        ).format(office=office or _("县双联办")),
        "taken_on": _("收表日期"), "taken_by": _("收表人"), "telephone": _("监督电话"),
        "follow": _("凭查询号可以到村委会、打监督电话或上网查办到哪一步，答复以后可以说认可不认可。"),
    }  # fmt: skip
