from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    name = "shuanglian.duties"
    label = "duties"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.notifications.templates import Template, register
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register(menu.Item(_("工作任务"), "duties:overview", "duties.view", 30, "check", "field"))
        for page, order in (("home", 32), ("cadre", 33), ("unit", 33)):
            places.register(page, order, getattr(panels, f"{page}_panel"))
        verbs.register("duties.settle", _("核定任务"))
        rehang.register("duties.Tally", "area", "area_code")
        rehang.register("duties.Settled", code_field="area_code")
        register(Template(
            "duties.period_ends", _("任务提醒"), _("任务快到期：{duty}"),
            _("“{duty}”截至 {until} 应完成 {need}{unit}，已做 {done}，还差 {left}{unit}。"
              "请假、调离等情况已扣除；不对请告诉双联办。"),
        ))  # fmt: skip
