from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrievancesConfig(AppConfig):
    name = "shuanglian.grievances"
    label = "grievances"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.fieldwork import hooks as fieldwork
        from shuanglian.trail import verbs

        from .actions import coming

        fieldwork.on_asks(coming.from_asks)
        for code, label in VERBS.items():
            verbs.register(code, label)
        rehang.register("grievances.Demand", "village", "area_code")
        for model in ("Step", "Answer", "Reply", "Desk"):
            rehang.register(f"grievances.{model}", code_field="area_code")


VERBS = {
    "grievances.raise": _("登记诉求"), "grievances.release": _("受理筛查过的诉求"),
    "grievances.refuse": _("不受理（不是诉求）"), "grievances.sort": _("改诉求类别"), "grievances.join": _("诉求并案"),
    "grievances.part": _("取消并案"), "grievances.note": _("登记办理情况"), "grievances.pass_up": _("诉求上报"),
    "grievances.send_back": _("诉求退回下级"), "grievances.move": _("诉求转部门"),
    "grievances.climb": _("诉求逾期上转"),
    "grievances.remind": _("诉求到期提醒"), "grievances.answer": _("答复诉求"), "grievances.tell": _("告知答复"),
    "grievances.word": _("登记群众意见"), "grievances.silence": _("到期没有回话"),
    "grievances.desk": _("指定部门经办人"),
    "grievances.open": _("由诉求另立一件事"),
}  # fmt: skip
