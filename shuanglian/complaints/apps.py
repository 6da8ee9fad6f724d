from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "shuanglian.complaints"
    label = "complaints"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.fieldwork.hooks import on_heard
        from shuanglian.notifications import templates
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks
        from .actions.hearing import hear
        from .actions.rounds import TEMPLATE
        from .moving import follow

        for order, (label, page, permission, icon) in enumerate(MENU):
            menu.register(menu.Item(label, f"complaints:{page}", permission, 88 + order, icon, "letters"))
        menu.register_group("letters", menu.Group(_("安全信件"), 88, "shield"))
        places.register("family_card", 12, panels.card_panel)
        places.register("board", 80, panels.board_panel)
        templates.register(templates.Template(TEMPLATE, _("安全信件"), _("请看安全信件"), MORNING))
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("complaints.Officer", code_field="area_code")
        rehang.after(follow)
        on_heard(hear)


MENU: tuple[tuple[Any, str, str, str], ...] = (
    (_("我受理的信件"), "letters", "complaints.read", "shield"),
    (_("代记来电"), "take", "complaints.take", "pencil"),
    (_("受理人"), "officers", "complaints.name", "people"),
)
MORNING = _("每个工作日都发这一条，有没有信都一样。请打开“安全信件”看一看。")
VERBS = {
    "complaints.look": _("查看安全信件"), "complaints.officers.name": _("指定安全信件受理人"),
    "complaints.officers.end": _("结束安全信件受理人"), "fieldwork.breaches.read": _("查看违规反映"),
}  # fmt: skip
