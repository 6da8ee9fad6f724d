"""The officers' addresses: random keys, no numbers."""

from django.urls import path

from .views import letters, offices

app_name = "complaints"
ONE = "letters/<uuid:pk>/"
urlpatterns = [
    path("", letters.letters, name="letters"),
    path(ONE, letters.letter, name="letter"),
    path(f"{ONE}photos/<uuid:photo_pk>/", letters.photo, name="photo"),
    path(f"{ONE}take-up/", letters.take_up, name="take_up"),
    path(f"{ONE}ask/", letters.ask, name="ask"),
    path(f"{ONE}answer/", letters.answer, name="answer"),
    path(f"{ONE}pass-up/", letters.pass_up, name="pass_up"),
    path(f"{ONE}identity/", letters.open_identity, name="open_identity"),
    path(f"{ONE}openings/<uuid:opening_pk>/", letters.answer_opening, name="answer_opening"),
    path(f"{ONE}openings/<uuid:opening_pk>/look/", letters.identity, name="identity"),
    path("officers/", offices.officers, name="officers"),
    path("officers/<uuid:pk>/end/", offices.end_officer, name="end_officer"),
    path("attempts/", offices.attempts, name="attempts"),
    path("take/", offices.take, name="take"),
]
