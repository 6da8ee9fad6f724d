from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "shuanglian.organisation"
    label = "organisation"
