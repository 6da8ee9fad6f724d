from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationConfig(AppConfig):
    name = "shuanglian.organisation"
    label = "organisation"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.trail import verbs

        from . import rosters

        menu.register_group("organisation", menu.Group(_("单位和干部"), 45, "building"))
        menu.register(
            menu.Item(
                pgettext_lazy("menu", "单位"),
                "organisation:units",
                "organisation.view",
                order=30,
                icon="building",
                group="organisation",
            )
        )
        menu.register(
            menu.Item(
                pgettext_lazy("menu", "干部"),
                "organisation:cadres",
                "organisation.view",
                order=32,
                icon="people",
                group="organisation",
            )
        )
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("organisation.Unit", "area", "area_code")
        rehang.register("organisation.Cadre", "stationed_at", "area_code")
        rosters.register()


VERBS = {
    "units.create": _("登记单位"), "units.change": _("修改单位"), "units.end": _("结束单位帮扶"),
    "cadres.create": _("登记干部"), "cadres.change": _("修改干部"), "cadres.move": _("干部调整单位"),
    "cadres.away": _("登记离岗"), "cadres.back": _("办理返岗"),
}  # fmt: skip
