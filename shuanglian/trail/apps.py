from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "shuanglian.trail"
    label = "trail"
