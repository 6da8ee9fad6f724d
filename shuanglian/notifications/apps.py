from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "shuanglian.notifications"
    label = "notifications"

    def ready(self) -> None:
        from shuanglian.areas import rehang
        from shuanglian.core import menu
        from shuanglian.core import panels as places
        from shuanglian.trail import verbs

        from . import panels
        from . import tasks as tasks

        menu.register(menu.Item(_("我的通知"), "notifications:inbox", order=10, icon="info", group=menu.OWN))
        places.register("home", 5, panels.home_panel)
        places.register("me", 50, panels.me_panel)
        verbs.register("notifications.choices.choose", _("设置通知方式"))
        for model in ("Message", "Choice"):
            rehang.register(f"notifications.{model}", code_field="area_code")
