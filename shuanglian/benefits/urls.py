"""Addresses of the benefits room, part by part."""

from .views import cards, exits, households, lists, payments, policies, provisions, rounds, scenarios

app_name = "benefits"
urlpatterns = [
    *policies.patterns,
    *rounds.patterns,
    *lists.patterns,
    *households.patterns,
    *exits.patterns,
    *cards.patterns,
    *payments.patterns,
    *scenarios.patterns,
    *provisions.patterns,
]
