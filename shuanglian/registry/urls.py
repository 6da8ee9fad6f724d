"""The addresses of this room."""

from django.urls import path

from .views import edits, files, ledgers, lists, quality, villages

app_name = "registry"
urlpatterns = [
    path("", lists.households, name="households"),
    path("new/", edits.enrol, name="enrol"),
    path("<int:pk>/", files.household, name="household"),
    path("<int:pk>/reveal/", files.reveal, name="reveal"),
    path("<int:pk>/change/", edits.change, name="change"),
    path("<int:pk>/move/", edits.move, name="move"),
    path("<int:pk>/close/", edits.close, name="close"),
    path("<int:pk>/reinstate/", edits.reinstate, name="reinstate"),
    path("<int:pk>/head/", edits.change_head, name="change_head"),
    path("<int:pk>/people/new/", edits.add_person, name="add_person"),
    path("<int:pk>/years/new/", edits.record_year, name="new_year"),
    path("<int:pk>/years/<int:year>/", edits.record_year, name="year"),
    path("people/<int:pk>/", edits.change_person, name="change_person"),
    path("people/<int:pk>/leave/", edits.person_leaves, name="person_leaves"),
    path("villages/", villages.village_list, name="villages"),
    path("villages/<str:code>/", villages.village, name="village"),
    path("villages/<str:code>/<int:year>/", villages.village_year, name="village_year"),
    path("ledger/", ledgers.ledger_page, name="ledger"),
    path("ledger/print/", ledgers.print_ledger, name="print_ledger"),
    path("quality/", quality.overview, name="quality"),
    path("quality/recount/", quality.recount, name="recount"),
    path("quality/<slug:code>/", quality.worklist, name="worklist"),
    path("suspicions/", quality.queue, name="suspicions"),
    path("suspicions/look/", quality.look_for_duplicates, name="look_for_duplicates"),
    path("suspicions/<int:pk>/", quality.decide, name="decide"),
]
