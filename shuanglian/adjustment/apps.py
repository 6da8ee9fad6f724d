from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdjustmentConfig(AppConfig):
    name = "shuanglian.adjustment"
    label = "adjustment"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.procedures import hooks
        from shuanglian.trail import verbs

        from .actions import items

        menu.register(menu.Item(
            _("动态调整"), "adjustment:rounds", "adjustment.view", order=36, icon="refresh", group="change",
        ))  # fmt: skip
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("adjustment.Round", "area", "area_code")
        rehang.register("adjustment.Item", code_field="area_code")
        hooks.register_after(items.note_returns)


VERBS = {
    "adjustment.start": _("发起动态调整"), "adjustment.propose": _("提出调整名单"),
    "adjustment.decide": _("处理调整对象"),
    "adjustment.add": _("列入调整名单"), "adjustment.close": _("结束动态调整"), "adjustment.export": _("导出调整结果"),
}  # fmt: skip
