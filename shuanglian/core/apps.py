from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    name = "shuanglian.core"
    label = "core"

    def ready(self) -> None:
        # whitenoise warns when the folder of collected files is not there; without collectstatic it stays empty
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
