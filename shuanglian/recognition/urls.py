"""Addresses of this room: opening cases of the register's procedures, kinship."""

from .views import kin, opening

app_name = "recognition"
urlpatterns = [*opening.patterns, *kin.patterns]
