from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    name = "shuanglian.scrutiny"
    label = "scrutiny"
