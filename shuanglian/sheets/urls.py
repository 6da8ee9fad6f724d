"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "sheets"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("upload/", views.upload, name="upload"),
    path("template/<slug:kind>/", views.template, name="template"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/read/", views.read_again, name="read"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/marked/", views.marked, name="marked"),
]
