from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "shuanglian.plans"
    label = "plans"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.registry.hooks import Chapter, Follower, register_follower, register_story
        from shuanglian.trail import verbs

        from . import chapters, following, panels
        from . import tasks as tasks
        from . import village_tasks as village_tasks

        menu.register_group("field", menu.Group(_("规划与走访"), 40, "clipboard"))
        menu.register(menu.Item(_("户帮扶计划"), "plans:overview", "plans.view", order=10, icon="list", group="field"))
        menu.register(
            menu.Item(_("村规划和年度计划"), "plans:villages", "plans.view", order=11, icon="map", group="field")
        )
        register_follower(Follower("plans", following.preview, following.follow, following.undo))
        register_story(Chapter("plans", _("帮扶计划"), 35, chapters.story))
        places.register("household", 32, panels.household_panel)
        places.register("home", 32, panels.home_panel)
        places.register("area", 47, panels.area_panel)
        places.register("area", 48, panels.village_panel)
        for code, label in VERBS.items():
            verbs.register(code, label)
        for model in MODELS:
            rehang.register(f"plans.{model}", code_field="area_code")
        rehang.register("plans.VillagePlan", "village", "area_code")


MODELS = (
    "HouseholdPlan",
    "Measure",
    "Agreement",
    "Approval",
    "Progress",
    "Review",
    "VillageLine",
    "VillageAct",
    "VillageResult",
)
VERBS = {
    "plans.write": _("编制帮扶计划"), "plans.agree": _("农户认可帮扶计划"), "plans.approve": _("审定帮扶计划"),
    "plans.send_back": _("退回帮扶计划"), "plans.review": _("回顾帮扶计划"), "plans.progress": _("登记措施进展"),
    "plans.progress.withdraw": _("撤回措施进展"), "plans.print": _("打印帮扶计划"),
    "plans.export": _("导出帮扶计划名单"), "plans.village.write": _("编制村计划"),
    "plans.village.submitted": _("提交村计划"), "plans.village.agreed": _("村民会议通过村计划"),
    "plans.village.approved": _("审定村计划"), "plans.village.returned": _("退回村计划"),
    "plans.village.result": _("登记村级项目进展"),
}  # fmt: skip
