"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "adjustment"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("<int:pk>/", views.round_page, name="round"),
    path("<int:pk>/items/", views.items, name="items"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/movement/", views.movement, name="movement"),
    path("<int:pk>/movement/households/", views.moved, name="moved"),
    path("<int:pk>/export/", views.export, name="export"),
]
