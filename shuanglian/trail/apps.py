from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrailConfig(AppConfig):
    name = "shuanglian.trail"
    label = "trail"

    def ready(self) -> None:
        from shuanglian.core import menu, panels, record

        from . import database, trail
        from . import panels as own_panels

        record.register(trail.write)
        post_migrate.connect(database.ensure, sender=self)
        panels.register("me", 50, own_panels.recent_logins)
        menu.register(menu.Item(_("操作留痕"), "trail:entries", "trail.view", order=90, icon="shield"))
