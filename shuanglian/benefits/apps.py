from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "shuanglian.benefits"
    label = "benefits"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.registry import hooks
        from shuanglian.trail import verbs

        from . import chapters, moving, panels, rosters
        from . import due_export as due_export
        from . import tasks as tasks

        menu.register(menu.Item(_("应享政策"), "benefits:policies", "benefits.view", order=25, icon="scale"))
        for page in ("household", "area", "home"):
            places.register(page, 25, getattr(panels, f"{page}_panel"))
        places.register("household", 26, panels.transfers_panel)
        places.register("batch", 20, panels.batch_panel)
        places.register("board", 20, panels.board_panel)
        for code, label in {**VERBS, **PAYMENT_VERBS}.items():
            verbs.register(code, label)
        rosters.register()
        hooks.register_follower(hooks.Follower("benefits", moving.preview, moving.follow, moving.undo))
        hooks.register_story(hooks.Chapter("benefits", _("应享政策"), 40, chapters.benefits))
        hooks.register_story(hooks.Chapter("payments", _("资金发放"), 50, chapters.payments))
        places.register("file_as_of", 40, chapters.as_of_panel)

        for model in ("Round", "Scenario", "Provision"):
            rehang.register(f"benefits.{model}", "area", "area_code")
        for model in ("Due", "Decision", "Step", "Payment", "Card"):
            rehang.register(f"benefits.{model}", code_field="area_code")


VERBS = {
    "benefits.scenarios.create": _("新建政策测算"), "benefits.scenarios.change": _("修改政策测算"),
    "benefits.scenarios.run": _("完成政策测算"), "benefits.scenarios.remove": _("删除政策测算"),
    "benefits.scenarios.export": _("导出政策测算"),
    "benefits.provisions.draft": _("起草本地政策"), "benefits.provisions.write": _("修改政策草稿"),
    "benefits.provisions.propose": _("提出本地政策"), "benefits.provisions.send_back": _("退回本地政策"),
    "benefits.provisions.confirm": _("确认本地政策"), "benefits.provisions.withdraw": _("撤回本地政策"),
    "benefits.provisions.try": _("用一户试算政策草稿"),
    "benefits.cards.print": _("印制明白卡"), "benefits.cards.renew": _("换发明白卡"),
    "benefits.rounds.start": _("发起应享核查"), "benefits.rounds.run": _("完成应享核查"),
    "benefits.decide": _("认定一户应享政策"), "benefits.dues.applied": _("代为申请"),
    "benefits.dues.approved": _("登记批准"), "benefits.dues.refused": _("登记不批准"),
    "benefits.dues.appealed": _("登记申诉"), "benefits.dues.export": _("导出应享名单"),
}  # fmt: skip
PAYMENT_VERBS = {
    "benefits.payments.choose": _("核对发放：认定是谁"), "benefits.payments.nobody": _("核对发放：不在册"),
    "benefits.payments.leave_open": _("核对发放：先放着"), "benefits.payments.choose_strong": _("批量接受发放核对"),
    "benefits.payments.restore": _("放弃人工核对"), "benefits.payments.look_again": _("重新比对发放记录"),
}  # fmt: skip
