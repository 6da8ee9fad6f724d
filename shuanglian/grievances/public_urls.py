"""Addresses without a log-in, short enough for paper: /d/v/AREA/, /d/f/."""

from django.urls import path

from .views import public

app_name = "doors"
urlpatterns = [
    path("f/", public.follow, name="follow"),
    path("v/<str:area_code>/", public.village, name="village"),
    path("v/<str:area_code>/poster/", public.poster, name="poster"),
    path("p/<str:token>/", public.photo, name="photo"),
]
