"""The address without a log-in: what became of proposals."""

from django.urls import path

from .views import proposals

app_name = "policies_public"
urlpatterns = [path("", proposals.fates, name="fates")]
