from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairingConfig(AppConfig):
    name = "shuanglian.pairing"
    label = "pairing"

    def ready(self) -> None:
        from shuanglian.areas import figures
        from shuanglian.core import menu, narrowing
        from shuanglian.core import panels as places
        from shuanglian.registry import hooks, ledger, queries
        from shuanglian.registry import published as registered
        from shuanglian.trail import verbs

        from . import following, panels, published, rosters
        from . import tasks as tasks

        rosters.register()
        hooks.register_follower(hooks.Follower("pairing", following.preview, following.follow, following.undo))
        hooks.register_story(hooks.Chapter("pairing", _("结对"), 30, following.story))
        places.register("file_as_of", 30, following.as_of_panel)
        menu.register(menu.Item(_("结对"), "pairing:rounds", "pairing.view", order=40, icon="link"))
        narrowing.register("registry.household", panels.own_households)
        for page in ("household", "cadre", "unit", "area", "home"):
            places.register(page, 30, getattr(panels, f"{page}_panel"))
        ledger.register_helper(panels.helpers_of)
        registered.register_columns("pairing", published.COLUMNS, published.helpers)
        queries.register_filter(
            queries.ExtraFilter("pairing", _("结对情况"), panels.pairing_choices, panels.by_pairing)
        )
        figure = figures.Figure
        figures.register(figure("paired", _("有责任人的户"), panels.household_coverage, "share", "pairing.view", 20))
        figures.register(figure("linked", _("有单位的贫困村"), panels.village_coverage, "share", "pairing.view", 21))
        for code, label in VERBS.items():
            verbs.register(code, label)
        _rehang()


def _rehang() -> None:
    """What hangs on regions goes along when a region gets a new code; figures are worked out anew."""
    from shuanglian.areas import rehang

    from .actions import coverage

    for model, field in (("VillageLink", "village"), ("LeaderLink", "township"), ("ExitVillage", "village")):
        rehang.register(f"pairing.{model}", field, "area_code")
    rehang.register("pairing.Pairing", code_field="area_code")
    rehang.register("pairing.Round", "area", "area_code")
    rehang.register("pairing.Solution", code_field="area_code")
    rehang.register("pairing.ProposedPair", code_field="area_code")
    rehang.register("pairing.ProposedLink", "village", "area_code", history=True)
    rehang.register("pairing.ProposedLeader", "township", "area_code", history=True)
    rehang.register("pairing.Wish", "village")
    rehang.after(coverage.after_regions)


VERBS = {
    "pairing.rounds.open": _("新建结对轮次"), "pairing.rounds.set_weights": _("修改权重"),
    "pairing.rounds.set_day": _("修改生效日期"), "pairing.rounds.pin": _("指定结对"),
    "pairing.rounds.forbid": _("排除结对"), "pairing.rounds.unwish": _("撤销指定或排除"),
    "pairing.rounds.note_change": _("在方案中登记离岗"), "pairing.rounds.solve": _("计算结对方案"),
    "pairing.rounds.discard": _("放弃结对轮次"), "pairing.rounds.confirm": _("确认结对方案"),
    "pairing.rounds.publish": _("公布结对结果"), "pairing.pairings.end": _("解除结对"),
    "pairing.relatives.declare": _("登记亲属回避"), "pairing.relatives.withdraw": _("撤销亲属回避"),
    "pairing.leaders.assign": _("分配联系领导"), "pairing.leaders.link": _("增加联系领导"),
    "pairing.leaders.unlink": _("解除联系领导"), "pairing.print": _("导出结对名单"),
    "pairing.public_list": _("生成公示名单"),
}  # fmt: skip
