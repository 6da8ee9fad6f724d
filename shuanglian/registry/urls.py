"""The addresses of this room."""

from django.urls import path

from .views import duplicates, edits, files, flags, ledgers, lists, moves, quality, statistics, stories, villages

app_name = "registry"
urlpatterns = [
    path("", lists.households, name="households"),
    path("new/", edits.enrol, name="enrol"),
    path("<int:pk>/", files.household, name="household"),
    path("<int:pk>/reveal/", files.reveal, name="reveal"),
    path("<int:pk>/change/", edits.change, name="change"),
    path("<int:pk>/move/", edits.move, name="move"),
    path("<int:pk>/close/", edits.close, name="close"),
    path("<int:pk>/story/", stories.whole, name="story"),
    path("<int:pk>/as-of/", stories.as_of, name="as_of"),
    path("<int:pk>/split/", moves.split, name="split"),
    path("<int:pk>/merge/", moves.merge, name="merge"),
    path("<int:pk>/reinstate/", edits.reinstate, name="reinstate"),
    path("<int:pk>/head/", edits.change_head, name="change_head"),
    path("<int:pk>/people/new/", edits.add_person, name="add_person"),
    path("<int:pk>/years/new/", edits.record_year, name="new_year"),
    path("<int:pk>/years/<int:year>/", edits.record_year, name="year"),
    path("people/<int:pk>/", edits.change_person, name="change_person"),
    path("people/<int:pk>/leave/", edits.person_leaves, name="person_leaves"),
    path("people/<int:pk>/move/", moves.person_moves, name="person_moves"),
    path("merged/<int:pk>/undo/", duplicates.undo, name="undo_merge"),
    path("villages/", villages.village_list, name="villages"),
    path("villages/<str:code>/", villages.village, name="village"),
    path("villages/<str:code>/<int:year>/", villages.village_year, name="village_year"),
    path("statistics/", statistics.tables, name="statistics"),
    path("statistics/export/", statistics.export, name="export_statistics"),
    path("ledger/", ledgers.ledger_page, name="ledger"),
    path("ledger/print/", ledgers.print_ledger, name="print_ledger"),
    path("quality/", flags.overview, name="quality"),
    path("quality/export/", flags.export, name="export_flags"),
    path("quality/exceptions/", flags.exceptions, name="exceptions"),
    path("quality/exceptions/<int:pk>/withdraw/", flags.withdraw, name="withdraw_exception"),
    path("quality/flags/<int:pk>/", flags.accept, name="except"),
    path("quality/recount/", quality.recount, name="recount"),
    path("quality/<slug:code>/", flags.worklist, name="worklist"),
    path("suspicions/", duplicates.queue, name="suspicions"),
    path("suspicions/look/", quality.look_for_duplicates, name="look_for_duplicates"),
    path("suspicions/<int:pk>/", duplicates.decide, name="decide"),
    path("suspicions/<int:pk>/merge/", duplicates.merge_people, name="merge_people"),
    path("alike/<int:pk>/", duplicates.decide_files, name="decide_files"),
    path("alike/<int:pk>/merge/", duplicates.merge_files, name="merge_files"),
]
