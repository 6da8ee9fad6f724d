from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SheetsConfig(AppConfig):
    name = "shuanglian.sheets"
    label = "sheets"

    def ready(self) -> None:
        from shuanglian.core import menu

        menu.register(menu.Item(_("名册导入"), "sheets:batches", "imports.run", order=30, icon="upload"))
