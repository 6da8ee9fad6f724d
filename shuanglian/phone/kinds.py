"""What kinds of operations are called."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "visit.record": _("登记走访"), "visit.photo": _("走访照片"), "attendance.mark": _("驻村考勤"),
    "service.record": _("农技服务"), "inspection.record": _("督查调研"), "ask.raise": _("登记诉求"),
    "household.edit": _("更正档案"), "plan.progress": _("登记措施进展"), "plan.agree": _("农户签字认可计划"),
    "conflict.settle": _("处理冲突"),
}  # fmt: skip
