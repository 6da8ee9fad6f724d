from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "shuanglian.registry"
    label = "registry"
