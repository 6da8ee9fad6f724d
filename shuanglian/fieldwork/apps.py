from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "shuanglian.fieldwork"
    label = "fieldwork"
