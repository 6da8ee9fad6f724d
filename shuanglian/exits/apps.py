from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExitsConfig(AppConfig):
    name = "shuanglian.exits"
    label = "exits"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.procedures import hooks
        from shuanglian.trail import verbs

        from . import panels, proposing

        menu.register(menu.Item(_("退出"), "exits:overview", "exits.view", order=33, icon="flag", group="change"))
        places.register("household", 45, panels.household_panel)
        places.register("area", 45, panels.area_panel)
        places.register("village_form", 20, panels.village_panel)
        for code, label in VERBS.items():
            verbs.register(code, label)
        for model, field in (("ExitCheck", "area"), ("AreaFigure", "area"), ("PlanTarget", "area")):
            rehang.register(f"exits.{model}", field, "area_code")
        rehang.register("exits.VillageExit", "village", "area_code")
        rehang.register("exits.Standing", code_field="area_code")
        hooks.register_guard("exit", proposing.decided)


VERBS = {
    "exits.checks.start": _("发起退出核对"), "exits.checks.run": _("完成退出核对"),
    "exits.plans.set_target": _("编制退出计划"), "exits.figures.give": _("登记区域认定数"),
    "exits.villages.leave": _("登记村退出"), "exits.propose": _("提名退出"),
}  # fmt: skip
