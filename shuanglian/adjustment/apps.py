from django.apps import AppConfig


class AdjustmentConfig(AppConfig):
    name = "shuanglian.adjustment"
    label = "adjustment"
