"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "exits"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("households/", views.households, name="households"),
    path("households/propose/", views.propose, name="propose"),
    path("households/<int:pk>/", views.household, name="household"),
    path("areas/<str:code>/", views.area_page, name="area"),
    path("areas/<str:code>/leave/", views.village_leaves, name="village_leaves"),
    path("plan/", views.plan, name="plan"),
    path("standards/", views.standards, name="standards"),
]
