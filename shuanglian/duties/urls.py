"""The addresses of duties."""

from django.urls import path

from . import views

app_name = "duties"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("mine/", views.mine, name="mine"),
    path("people/", views.people, name="people"),
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("cadres/<int:pk>/", views.person, {"kind": "cadre"}, name="cadre"),
    path("users/<int:pk>/", views.person, {"kind": "user"}, name="user"),
    path("cadres/<int:pk>/<slug:duty>/", views.known, {"kind": "cadre"}, name="known_cadre"),
    path("users/<int:pk>/<slug:duty>/", views.known, {"kind": "user"}, name="known_user"),
    path("units/<int:pk>/<slug:duty>/", views.known, {"kind": "unit"}, name="known_unit"),
]
