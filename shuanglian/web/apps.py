from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "shuanglian.web"
    label = "web"
