from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "shuanglian.phone"
    label = "phone"
