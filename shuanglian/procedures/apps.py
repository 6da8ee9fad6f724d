from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "shuanglian.procedures"
    label = "procedures"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register_group("change", menu.Group(_("动态管理"), 23, "refresh"))
        menu.register(menu.Item(
            _("办理事项"), "procedures:cases", "procedures.view", order=22, icon="list", group="change",
        ))  # fmt: skip
        places.register("home", 5, panels.home_panel)

        for model in ("CaseList", "Case", "Evaluation"):
            rehang.register(f"procedures.{model}", "area", "area_code")
        for model in ("Act", "Vote", "Posting", "Draw", "Drawn", "Signature"):
            rehang.register(f"procedures.{model}", code_field="area_code")
        for code, label in VERBS.items():
            verbs.register(code, label)


VERBS = {
    "procedures.open": _("受理事项"), "procedures.list": _("建立批次"), "procedures.join": _("并入批次"),
    "procedures.post": _("张榜公示"), "procedures.pass": _("办结一步"), "procedures.refuse": _("记为未通过"),
    "procedures.check": _("登记抽查复核"), "procedures.sign": _("签字背书"), "procedures.back": _("退回"),
    "procedures.hold": _("扣下"), "procedures.release": _("解除扣下"), "procedures.withdraw": _("撤回申请"),
    "procedures.draw": _("抽取复核户"), "procedures.meet": _("登记评议会"), "procedures.paper": _("上传材料"),
}  # fmt: skip
