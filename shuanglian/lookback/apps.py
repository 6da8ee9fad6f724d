from django.apps import AppConfig


class LookbackConfig(AppConfig):
    name = "shuanglian.lookback"
    label = "lookback"
