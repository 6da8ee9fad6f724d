"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "areas"
urlpatterns = [
    path("", views.index, name="index"),
    path("search/", views.search, name="search"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/children/", views.children, name="children"),
    path("<str:code>/tags/", views.edit_tags, name="tags"),
    path("<str:code>/tags/<int:pk>/end/", views.end_tag, name="end_tag"),
]
