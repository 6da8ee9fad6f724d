"""Addresses without a log-in, short enough for paper: /s/, /s/v/AREA/, /s/f/."""

from django.urls import path

from .views import public

app_name = "letters"
urlpatterns = [
    path("", public.write, name="write"),
    path("v/<str:area_code>/", public.from_village, name="village"),
    path("f/", public.follow, name="follow"),
    path("n/", public.figures, name="figures"),
]
