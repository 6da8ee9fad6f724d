from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "shuanglian.accounts"
    label = "accounts"

    def ready(self) -> None:
        from shuanglian.core import menu

        from . import events  # noqa: F401 - receivers

        menu.register(menu.Item(_("账户管理"), "accounts:users", "accounts.manage", order=95, icon="settings"))
