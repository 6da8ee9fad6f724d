from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "shuanglian.web"
    label = "web"

    def ready(self) -> None:
        from shuanglian.core import menu

        from . import scope

        # Sent by the uppermost room that has tables: by then all of them are there.
        post_migrate.connect(scope.ensure, sender=apps.get_app_config("pairing"))
        menu.register(menu.Item(_("首页"), "web:home", "home.view", order=0, icon="home"))
