"""The addresses of field work."""

from django.urls import path

from .views import log, posts, records

app_name = "fieldwork"
urlpatterns = [
    path("", log.log, name="log"),
    path("mine/", records.mine, name="mine"),
    path("villages/<str:code>/", log.village, name="village"),
    path("cadres/<int:pk>/", log.cadre, name="cadre"),
    path("households/<int:pk>/", log.household, name="household"),
    path("households/<int:pk>/visit/", records.new_visit, name="new_visit"),
    path("households/<int:pk>/ask/", records.new_ask, name="new_ask"),
    path("entries/<int:visit_id>/", records.visit, name="visit"),
    path("entries/<int:visit_id>/correct/", records.correct, name="correct"),
    path("entries/<int:visit_id>/withdraw/", records.withdraw, name="withdraw"),
    path("entries/<int:visit_id>/photo/<int:place>/", records.photo, name="photo"),
    path("unentered/", log.unentered, name="unentered"),
    path("asks/", log.asks, name="asks"),
    path("days/new/", records.new_day, name="new_day"),
    path("services/new/", records.new_service, name="new_service"),
    path("matters/new/", records.new_matter, name="new_matter"),
    path("inspections/", records.inspection_list, name="inspections"),
    path("inspections/new/", records.new_inspection, name="new_inspection"),
    path("posts/", posts.posts, name="posts"),
    path("posts/new/", posts.new, name="new_post"),
    path("posts/<int:post_id>/end/", posts.end, name="end_post"),
    path("export/", log.export, name="export"),
]
