from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhoneConfig(AppConfig):
    name = "shuanglian.phone"
    label = "phone"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.registry import hooks
        from shuanglian.trail import verbs

        from . import following
        from . import tasks as tasks
        from .actions import editing as editing
        from .actions import photos as photos
        from .actions import planning as planning
        from .actions import taking as taking

        menu.register(menu.Item(_("手机端"), "phone:app", "phone.use", order=5, icon="phone"))
        menu.register(menu.Item(
            _("手机管理"), "phone:devices", "phone.lock", order=60, icon="lock", group="field",
        ))  # fmt: skip
        hooks.register_follower(
            hooks.Follower("phone", preview=following.preview, follow=following.follow, undo=following.undo)
        )
        for code, label in VERBS.items():
            verbs.register(code, label)
        for model in ("Device", "Known", "Operation", "Edit", "Conflict", "Upload", "Piece"):
            rehang.register(f"phone.{model}", code_field="area_code")


VERBS = {
    "phone.devices.enrol": _("启用手机"), "phone.devices.leave": _("手机退出"), "phone.devices.lock": _("锁定手机"),
    "phone.devices.unlock": _("解锁手机"), "phone.states.send": _("下发手机数据"),
    "phone.conflicts.settle": _("处理手机冲突"), "phone.conflicts.look": _("查看手机冲突"),
}  # fmt: skip
