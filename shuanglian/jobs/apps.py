from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "shuanglian.jobs"
    label = "jobs"

    def ready(self) -> None:
        from shuanglian.core import menu

        menu.register(menu.Item(_("我的任务"), "jobs:jobs", order=20, icon="clock", group=menu.OWN))
