from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "shuanglian.benefits"
    label = "benefits"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.trail import verbs

        from . import tasks as tasks

        for code, label in VERBS.items():
            verbs.register(code, label)

        for model in ("Round", "Scenario", "Provision"):
            rehang.register(f"benefits.{model}", "area", "area_code")
        for model in ("Due", "Decision", "Step", "Payment", "Card"):
            rehang.register(f"benefits.{model}", code_field="area_code")


VERBS = {
    "benefits.cards.print": _("印制明白卡"), "benefits.cards.renew": _("换发明白卡"),
    "benefits.rounds.start": _("发起应享核查"), "benefits.rounds.run": _("完成应享核查"),
    "benefits.decide": _("认定一户应享政策"), "benefits.dues.applied": _("代为申请"),
    "benefits.dues.approved": _("登记批准"), "benefits.dues.refused": _("登记不批准"),
    "benefits.dues.appealed": _("登记申诉"),
}  # fmt: skip
