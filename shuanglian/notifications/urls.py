"""The addresses of notifications."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read, name="read"),
    path("messages/<int:pk>/", views.follow, name="follow"),
    path("messages/<int:pk>/retry/", views.retry, name="retry"),
    path("choices/", views.choices, name="choices"),
    path("failures/", views.failures, name="failures"),
]
