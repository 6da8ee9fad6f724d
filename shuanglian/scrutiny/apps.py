from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScrutinyConfig(AppConfig):
    name = "shuanglian.scrutiny"
    label = "scrutiny"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.notifications.templates import Template, register
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register(menu.Item(_("走访核实"), "scrutiny:flags", "scrutiny.view", 26, "search", "field"))
        menu.register(menu.Item(_("请您说明"), "scrutiny:mine", "scrutiny.answer", 27, "flag", "field"))
        places.register("home", 35, panels.home_panel)
        places.register("family_card", 5, panels.card_panel)
        for code, label in VERBS.items():
            verbs.register(code, label)
        register(Template(
            "scrutiny.asked", _("存疑走访请说明"), _("有 {n} 次走访请您说明"),
            _("存疑不等于造假。请在 {until} 前写明当时的情况；不说明的，到期后由核实人判断。"),
        ))  # fmt: skip
        register(Template(
            "scrutiny.decided", _("存疑走访已核实"), _("{on} 的走访已核实：{verdict}"),
            _("您 {on} 登记的一次走访已由本单位以外的人核实：{verdict}。点开看依据。"),
        ))  # fmt: skip
        rehang.register("scrutiny.Draw", "area", "area_code")
        for model in ("Score", "Flag", "CallBack"):
            rehang.register(f"scrutiny.{model}", code_field="area_code")


VERBS = {
    "scrutiny.scores.flag": _("提出存疑走访"), "scrutiny.reviews.answer": _("说明存疑走访"),
    "scrutiny.reviews.decide": _("核实存疑走访"), "scrutiny.call_backs.draw": _("抽取回访户"),
    "scrutiny.call_backs.answer": _("登记回访答复"),
}  # fmt: skip
