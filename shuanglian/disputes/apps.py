from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    name = "shuanglian.disputes"
    label = "disputes"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.grievances import hooks
        from shuanglian.notifications.templates import Template, register
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register(menu.Item(_("矛盾调处"), "disputes:cases", "disputes.mediate", 51, "people", "grievances"))
        menu.register(menu.Item(_("矛盾排查"), "disputes:screening", "disputes.view", 52, "eye", "grievances"))
        places.register("home", 42, panels.home_panel)
        hooks.register_matter(hooks.Matter("dispute", _("转为矛盾调处"), "disputes.report", _start))
        for code, label in VERBS.items():
            verbs.register(code, label)
        for code, (name, title, text) in TEMPLATES.items():
            register(Template(code, name, title, text))
        for model in ("Dispute", "Screening"):
            rehang.register(f"disputes.{model}", "village", "area_code")
        for model in ("Party", "Record", "Step"):
            rehang.register(f"disputes.{model}", code_field="area_code")


def _start(demand: Any) -> str:
    from django.urls import reverse

    return f"{reverse('disputes:new')}?demand={demand.pk}"


VERBS = {
    "disputes.report": _("登记矛盾纠纷"), "disputes.assign": _("指定调解人"), "disputes.parties": _("登记、删除当事人"),
    "disputes.meet": _("登记调解"), "disputes.agree": _("登记调解协议"), "disputes.visit": _("登记协议回访"),
    "disputes.pass_up": _("纠纷报上级"), "disputes.climb": _("纠纷逾期上转"), "disputes.close": _("办结纠纷"),
    "disputes.forget": _("删除纠纷的姓名和记录"), "disputes.screen": _("登记排查没有发现纠纷"),
}  # fmt: skip
TEMPLATES = {
    "disputes.noticed": (
        _("新的矛盾纠纷"), _("{village}有一件纠纷：{kind}"), _("请在 {until} 前调处，到期自动转上一级。"),
    ),
    "disputes.many": (
        _("群体性、倾向性纠纷"), _("{village}有一件涉及多人或倾向性的纠纷：{kind}"), _("请关注，必要时直接接手。"),
    ),
    "disputes.assigned": (_("请您调解"), _("请您调解{village}的一件纠纷：{kind}"), _("请在 {until} 前调解。")),
    "disputes.due": (_("纠纷快到期"), _("{village}的纠纷快到期：{kind}"), _("期限 {until}，到期自动转上一级。")),
    "disputes.follow": (
        _("协议该回访了"), _("{village}的调解协议该回访了：{kind}"), _("请去看看协议履行了没有，再登记。"),
    ),
    "disputes.screen": (
        _("本月排查"), _("{month} 的矛盾纠纷排查还没有登记"), _("请登记“排查过，没有发现”，或者登记发现的纠纷。"),
    ),
}  # fmt: skip
