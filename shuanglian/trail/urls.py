"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "trail"
urlpatterns = [path("", views.entries, name="entries"), path("<int:number>/", views.entry, name="entry")]
