from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "shuanglian.areas"
    label = "areas"
