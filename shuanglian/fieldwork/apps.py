from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    name = "shuanglian.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.registry.hooks import Chapter, Follower, register_follower, register_story
        from shuanglian.trail import verbs

        from . import chapters, following, panels
        from . import tasks as tasks

        for order, (label, page, icon) in enumerate(MENU):
            menu.register(menu.Item(label, f"fieldwork:{page}", "fieldwork.view", 20 + order, icon, "field"))
        for page, order in (("household", 34), ("cadre", 34), ("area", 48), ("home", 33)):
            places.register(page, order, getattr(panels, f"{page}_panel"))
        places.register("family_card", 10, panels.card_panel)
        register_story(Chapter("fieldwork", _("走访"), 37, chapters.story))
        register_follower(Follower("fieldwork", following.preview, following.follow, following.undo))
        for code, label in VERBS.items():
            verbs.register(code, label)
        for model in ("Post", "Matter", "Attendance", "Service"):
            rehang.register(f"fieldwork.{model}", "village", "area_code")
        rehang.register("fieldwork.Inspection", "area", "area_code")
        for model in ("Visit", "Photo", "Given", "Ask", "IncomeNote", "AttendanceMark"):
            rehang.register(f"fieldwork.{model}", code_field="area_code")


MENU = (
    (_("工作日志"), "log", "ledger"), (_("驻村和农技"), "posts", "people"),
    (_("督查调研"), "inspections", "eye"),
)  # fmt: skip
VERBS = {
    "fieldwork.visits.record": _("登记走访"), "fieldwork.visits.withdraw": _("撤回走访"),
    "fieldwork.asks.raise": _("登记诉求"), "fieldwork.attendance.mark": _("登记驻村考勤"),
    "fieldwork.attendance.withdraw": _("撤回驻村考勤"), "fieldwork.services.record": _("登记农技服务"),
    "fieldwork.services.withdraw": _("撤回农技服务"), "fieldwork.inspections.record": _("登记督查调研"),
    "fieldwork.inspections.withdraw": _("撤回督查调研"), "fieldwork.matters.record": _("登记办实事"),
    "fieldwork.matters.withdraw": _("撤回办实事"), "fieldwork.posts.station": _("派驻人员"),
    "fieldwork.posts.end": _("结束派驻"), "fieldwork.export": _("导出工作日志"),
}  # fmt: skip
