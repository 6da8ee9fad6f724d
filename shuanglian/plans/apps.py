from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "shuanglian.plans"
    label = "plans"
