from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "shuanglian.sheets"
    label = "sheets"
