"""Addresses of the benefits room, part by part."""

from .views import cards

app_name = "benefits"
urlpatterns = [*cards.patterns]
