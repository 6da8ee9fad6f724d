"""The addresses of this room."""

from django.urls import path

from .views import changes, leaders, mine, pairs, printing, rounds

app_name = "pairing"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", rounds.new, name="new"),
    path("mine/", mine.mine, name="mine"),
    path("repair/<str:code>/", changes.repair, name="repair"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/villages/<str:township>/", rounds.villages, name="villages"),
    path("rounds/<int:pk>/find/<str:kind>/", rounds.find, name="find"),
    path("rounds/<int:pk>/status/", rounds.status, name="status"),
    path("rounds/<int:pk>/solve/", changes.solve, name="solve"),
    path("rounds/<int:pk>/weights/", changes.weights, name="weights"),
    path("rounds/<int:pk>/day/", changes.day, name="day"),
    path("rounds/<int:pk>/wish/", changes.wish, name="wish"),
    path("rounds/<int:pk>/leave/", changes.leave, name="leave"),
    path("rounds/<int:pk>/discard/", changes.discard, name="discard"),
    path("rounds/<int:pk>/confirm/", changes.confirm, name="confirm"),
    path("rounds/<int:pk>/publish/", changes.publish, name="publish"),
    path("rounds/<int:pk>/compare/", rounds.compare, name="compare"),
    path("rounds/<int:pk>/print/", printing.print_round, name="print"),
    path("rounds/<int:pk>/leaders/", leaders.leaders, name="leaders"),
    path("rounds/<int:pk>/leaders/assign/", leaders.assign, name="assign_leaders"),
    path("rounds/<int:pk>/leaders/unlink/", leaders.unlink, name="unlink_leader"),
    path("wishes/<int:pk>/delete/", changes.unwish, name="unwish"),
    path("pairs/<int:pk>/", pairs.pair, name="pair"),
    path("links/<int:pk>/", pairs.link, name="link"),
    path("pairs/<int:pk>/wish/", pairs.wish, name="pair_wish"),
    path("pairings/<int:pk>/end/", changes.end, name="end"),
    path("households/<int:pk>/relatives/", changes.declare, name="declare"),
    path("relatives/<int:pk>/withdraw/", changes.withdraw, name="withdraw"),
]
