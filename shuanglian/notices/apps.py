from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "shuanglian.notices"
    label = "notices"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register(menu.Item(_("公示"), "notices:notices", "notices.view", order=27, icon="flag", group="change"))
        places.register("home", 15, panels.home_panel)
        places.register("area", 40, panels.area_panel)
        rehang.register("notices.Notice", "area", "area_code")
        rehang.register("notices.Objection", code_field="area_code")
        rehang.register("notices.Repetition", code_field="area_code")
        for code, label in VERBS.items():
            verbs.register(code, label)


VERBS = {
    "notices.publish": _("发布公示"), "notices.withdraw": _("撤回公示"), "notices.print": _("印制公示"),
    "notices.object": _("收到异议"), "notices.answer": _("答复异议"),
    "notices.repeated": _("提出重复意见认定"), "notices.repetition": _("复核重复意见认定"),
}  # fmt: skip
