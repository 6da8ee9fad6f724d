from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "shuanglian.procedures"
    label = "procedures"
