from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "shuanglian.registry"
    label = "registry"

    def ready(self) -> None:
        from shuanglian.areas import figures, rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.trail import verbs

        from . import history, panels, rosters, story, tasks

        menu.register_group("registry", menu.Group(_("贫困户"), 20, "house"))
        menu.register(menu.Item(
            _("贫困户"), "registry:households", "registry.view", order=20, icon="house", group="registry",
        ))  # fmt: skip
        menu.register(menu.Item(
            _("扶贫台账"), "registry:ledger", "registry.view", order=24, icon="ledger", group="registry",
        ))  # fmt: skip
        menu.register(menu.Item(
            _("村情况表"), "registry:villages", "registry.view", order=26, icon="map", group="registry",
        ))  # fmt: skip
        menu.register(menu.Item(
            _("统计"), "registry:statistics", "statistics.view", order=26, icon="chart", group="registry",
        ))  # fmt: skip
        menu.register(menu.Item(
            _("数据质量"), "registry:quality", "quality.view", order=60, icon="check", group="registry",
        ))  # fmt: skip
        places.register("area", 20, panels.area_panel)
        places.register("household", 5, panels.quality_panel)
        places.register("home", 20, panels.home_panel)
        figure = figures.Figure
        figures.register(figure("households", _("贫困户数"), panels.households_of, permission="areas.view", order=10))
        figures.register(figure("people", _("贫困人口"), panels.people_of, permission="areas.view", order=11))
        for code, label in {**history.VERBS, **MORE_VERBS}.items():
            verbs.register(code, label)
        rehang.register("registry.Household", "village", "area_code")
        rehang.register("registry.VillageYear", "village", "area_code")
        for model in (
            "Person",
            "HouseholdYear",
            "AccountPart",
            "Suspicion",
            "Statement",
            "Transfer",
            "Flag",
            "FlagException",
            "HouseholdLink",
            "HouseholdSuspicion",
        ):
            rehang.register(f"registry.{model}", code_field="area_code")
        rehang.after(tasks.after_regions)
        rosters.register()
        story.register()


MORE_VERBS = {
    "quality.accept": _("认可数据质量例外"), "quality.withdraw": _("收回数据质量例外"),
    "registry.search": _("按号码查找"), "registry.export": _("导出台账"),
    "registry.statistics": _("导出统计表"), "statements.state": _("申明情况"),
    "statements.withdraw": _("撤回申明"), "households.transfers": _("发放记入年度账"),
    "statements.from_lists": _("部门名册申明情况"),
    "villages.record": _("填写村情况表"),
}  # fmt: skip
