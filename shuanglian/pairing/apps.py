from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "shuanglian.pairing"
    label = "pairing"
