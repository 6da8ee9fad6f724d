from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AreasConfig(AppConfig):
    name = "shuanglian.areas"
    label = "areas"

    def ready(self) -> None:
        from shuanglian.core import maps, menu

        from .maps import scene_of

        maps.register_source(scene_of)
        menu.register(menu.Item(_("区域"), "areas:index", "areas.view", order=15, icon="map"))
