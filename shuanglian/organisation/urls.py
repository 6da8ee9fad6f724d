"""The addresses of this room."""

from django.urls import path

from .views import cadres, units

app_name = "organisation"
urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/new/", units.create, name="create_unit"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/change/", units.change, name="change_unit"),
    path("units/<int:pk>/end/", units.end, name="end_unit"),
    path("units/<int:pk>/cadres/new/", cadres.create, name="create_cadre"),
    path("cadres/", cadres.cadres, name="cadres"),
    path("cadres/<int:pk>/", cadres.cadre, name="cadre"),
    path("cadres/<int:pk>/reveal/", cadres.reveal, name="reveal"),
    path("cadres/<int:pk>/change/", cadres.change, name="change_cadre"),
    path("cadres/<int:pk>/move/", cadres.move, name="move_cadre"),
    path("cadres/<int:pk>/away/", cadres.away, name="away"),
    path("absences/<int:pk>/back/", cadres.back, name="back"),
]
