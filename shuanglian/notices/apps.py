from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shuanglian.notices"
    label = "notices"
