from django.apps import AppConfig


class ExitsConfig(AppConfig):
    name = "shuanglian.exits"
    label = "exits"
