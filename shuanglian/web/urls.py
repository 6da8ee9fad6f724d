"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "web"
urlpatterns = [path("", views.home, name="home")]
