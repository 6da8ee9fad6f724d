from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicywatchConfig(AppConfig):
    name = "shuanglian.policywatch"
    label = "policywatch"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.grievances import hooks
        from shuanglian.notifications.templates import Template, register
        from shuanglian.registry.hooks import Follower, register_follower
        from shuanglian.trail import verbs

        from . import following, panels
        from . import tasks as tasks

        menu.register(menu.Item(_("政策监督"), "policywatch:reports", "policywatch.view", 50, "scale", "grievances"))
        places.register("home", 41, panels.home_panel)
        places.register("household", 28, panels.household_panel)
        hooks.register_matter(hooks.Matter("policy", _("转为政策反映"), "policywatch.report", _start))
        register_follower(Follower("policywatch", following.preview, following.follow, following.undo))
        for code, label in VERBS.items():
            verbs.register(code, label)
        for code, (name, title, text) in TEMPLATES.items():
            register(Template(code, name, title, text))
        rehang.register("policywatch.Report", "village", "area_code")
        rehang.register("policywatch.Proposal", "area", "area_code")
        for model in ("Alike", "Step"):
            rehang.register(f"policywatch.{model}", code_field="area_code")


def _start(demand: Any) -> str:
    from django.urls import reverse

    return f"{reverse('policywatch:new')}?demand={demand.pk}"


VERBS = {
    "policywatch.raise": _("反映政策落实情况"), "policywatch.decide": _("处理政策反映"),
    "policywatch.late": _("政策反映逾期转双联办"), "policywatch.list": _("列出同类户"),
    "policywatch.check": _("核查同类户"), "policywatch.settle": _("按应享情况更新同类户"),
    "policywatch.close": _("办结政策反映"), "policywatch.export": _("导出同类户"),
    "policywatch.propose": _("提出修订建议"), "policywatch.join": _("合并修订建议"),
    "policywatch.pass_up": _("修订建议报上级"), "policywatch.weigh": _("研究修订建议"),
}  # fmt: skip
TEMPLATES = {
    "policywatch.raised": (
        _("新的政策反映"), _("有人反映政策没有落实：{title}"), _("请在 {until} 前为这一户纠正或说明，再核查同类户。"),
    ),
    "policywatch.due": (
        _("政策反映催办"), _("政策反映快到期或已逾期：{title}"), _("期限 {until}。请处理这一户或核完同类户。"),
    ),
    "policywatch.late": (
        _("政策反映逾期"), _("部门逾期，请督办：{title}"), _("主管部门没有按期处理，请在 {until} 前处理。"),
    ),
    "policywatch.decided": (
        _("政策反映有结果"), _("您反映的政策有结果了：{title}"), _("请点开看，并告诉群众。"),
    ),
    "policywatch.proposed": (
        _("新的修订建议"), _("有人建议修订政策：{title}"), _("请在 {until} 前研究并答复。"),
    ),
    "policywatch.weighed": (
        _("修订建议有结果"), _("您提的修订建议有结果了：{title}"), _("请点开看理由，并告诉群众。"),
    ),
}  # fmt: skip
