"""Addresses without a log-in, short enough for paper: /n/CODE/, /n/v/AREA/, /n/o/."""

from django.urls import path

from .views import public

app_name = "board"
urlpatterns = [
    path("o/", public.follow, name="follow"),
    path("v/<str:area_code>/", public.board, name="board"),
    path("<str:code>/", public.notice, name="notice"),
    path("<str:code>/object/", public.object_to, name="object"),
]
