from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "shuanglian.notices"
    label = "notices"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.trail import verbs

        rehang.register("notices.Notice", "area", "area_code")
        rehang.register("notices.Objection", code_field="area_code")
        for code, label in VERBS.items():
            verbs.register(code, label)


VERBS = {
    "notices.publish": _("发布公示"), "notices.withdraw": _("撤回公示"), "notices.print": _("印制公示"),
    "notices.object": _("收到异议"), "notices.answer": _("答复异议"),
}  # fmt: skip
