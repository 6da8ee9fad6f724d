from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "shuanglian.notifications"
    label = "notifications"
