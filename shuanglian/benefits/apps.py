from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BenefitsConfig(AppConfig):
    name = "shuanglian.benefits"
    label = "benefits"

    def ready(self) -> None:
        from shuanglian.areas import rehang

        from . import tasks as tasks

        for model in ("Round", "Scenario", "Provision"):
            rehang.register(f"benefits.{model}", "area", "area_code")
        for model in ("Due", "Decision", "Step", "Payment", "Card"):
            rehang.register(f"benefits.{model}", code_field="area_code")


NAME = _("应享政策")
