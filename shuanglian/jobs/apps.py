from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "shuanglian.jobs"
    label = "jobs"
