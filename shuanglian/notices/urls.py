"""The addresses of this room for staff; those without a log-in are in public_urls."""

from django.urls import path

from .views import objections, staff

app_name = "notices"
urlpatterns = [
    path("", staff.listing, name="notices"),
    path("new/", staff.new, name="new"),
    path("objections/", objections.listing, name="objections"),
    path("objections/<int:pk>/", objections.detail, name="objection"),
    path("objections/<int:pk>/answer/", objections.answer, name="answer"),
    path("objections/<int:pk>/repeated/", objections.repeated, name="repeated"),
    path("objections/<int:pk>/repetition/", objections.repetition, name="repetition"),
    path("objections/<int:pk>/look/", objections.look, name="look"),
    path("objections/<int:pk>/photos/<int:photo>/", objections.photo, name="photo"),
    path("<int:pk>/", staff.detail, name="notice"),
    path("<int:pk>/withdraw/", staff.withdraw, name="withdraw"),
    path("<int:pk>/poster/", staff.poster, name="poster"),
]
