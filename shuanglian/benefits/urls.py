"""Addresses of the benefits room, part by part."""

from .views import cards, exits, households, lists, policies, rounds, scenarios

app_name = "benefits"
urlpatterns = [
    *policies.patterns,
    *rounds.patterns,
    *lists.patterns,
    *households.patterns,
    *exits.patterns,
    *cards.patterns,
    *scenarios.patterns,
]
