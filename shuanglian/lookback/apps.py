from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LookbackConfig(AppConfig):
    name = "shuanglian.lookback"
    label = "lookback"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.registry import hooks
        from shuanglian.trail import verbs

        from . import chapters, following, panels
        from . import tasks as tasks

        menu.register(menu.Item(
            _("回头看"), "lookback:campaigns", "lookback.view", order=46, icon="search", group="change",
        ))  # fmt: skip
        places.register("home", 46, panels.home_panel)
        places.register("household", 46, panels.household_panel)
        hooks.register_story(hooks.Chapter("lookback", _("回头看"), 55, chapters.story))
        hooks.register_follower(hooks.Follower("lookback", following.preview, following.follow, following.undo))
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("lookback.Campaign", "area", "area_code")
        rehang.register("lookback.Draw", "area", "area_code")
        for model in ("Assignment", "Visit", "Drawn"):
            rehang.register(f"lookback.{model}", code_field="area_code")


VERBS = {
    "lookback.campaigns.open": _("部署回头看"), "lookback.campaigns.close": _("结束回头看"),
    "lookback.campaigns.refresh": _("补齐核查名单"), "lookback.assignments.propose": _("分配核查名单"),
    "lookback.assignments.reassign": _("调整核查人"), "lookback.assignments.claim": _("登记未建档户"),
    "lookback.visits.record": _("登记入户核查"), "lookback.visits.confirm": _("确认核查结论"),
    "lookback.visits.reject": _("不采纳核查结论"), "lookback.visits.open_case": _("按核查结论提出办理"),
    "lookback.draws.announce": _("公告抽查"),
    "lookback.draws.draw": _("抽取抽查户"), "lookback.draws.hand_out": _("分配抽查户"),
    "lookback.export": _("导出回头看"),
}  # fmt: skip
