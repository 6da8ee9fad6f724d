"""What the clerks' doors register when the product starts: menu entries, verbs of the trail, tasks, the roster."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shuanglian.areas import rehang
from shuanglian.core import menu
from shuanglian.trail import verbs

from .access import TAKE

MENU: tuple[tuple[Any, str, str, int], ...] = (
    (_("热线登记"), "hotline", "pencil", 44), (_("替人查、替人回话"), "speak", "people", 45),
    (_("来信待登记"), "mails", "file", 46),
)  # fmt: skip
VERBS = {"grievances.mail.drop": _("电子来信不登记")}


def register() -> None:
    """Called once from ready()."""
    from . import rosters
    from . import tasks_mail as tasks_mail

    rosters.register()

    for label, page, icon, order in MENU:
        menu.register(menu.Item(label, f"grievances:{page}", TAKE, order, icon, "grievances"))
    for code, label in VERBS.items():
        verbs.register(code, label)
    rehang.register("grievances.Mail", code_field="area_code")
