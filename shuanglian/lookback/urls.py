"""The addresses of the look-back."""

from django.urls import path

from .views import campaigns, draws, lists, results, visits

app_name = "lookback"
urlpatterns = [
    path("", campaigns.campaigns, name="campaigns"),
    path("new/", campaigns.new, name="new"),
    path("mine/", visits.mine, name="mine"),
    path("campaigns/<int:campaign_id>/", campaigns.overview, name="campaign"),
    path("campaigns/<int:campaign_id>/refresh/", campaigns.refresh, name="refresh"),
    path("campaigns/<int:campaign_id>/close/", campaigns.close, name="close"),
    path("campaigns/<int:campaign_id>/lists/", lists.lists, name="lists"),
    path("campaigns/<int:campaign_id>/reassign/", lists.reassign, name="reassign"),
    path("campaigns/<int:campaign_id>/claim/", lists.claim, name="claim"),
    path("campaigns/<int:campaign_id>/waiting/", results.waiting, name="waiting"),
    path("campaigns/<int:campaign_id>/follow/", results.follow, name="follow"),
    path("campaigns/<int:campaign_id>/results/", results.results, name="results"),
    path("campaigns/<int:campaign_id>/results/<slug:rate>/", results.behind, name="behind"),
    path("campaigns/<int:campaign_id>/doubts/", results.doubts, name="doubts"),
    path("campaigns/<int:campaign_id>/export/", results.export, name="export"),
    path("campaigns/<int:campaign_id>/draws/", draws.draws, name="draws"),
    path("draws/<int:draw_id>/", draws.draw, name="draw"),
    path("draws/<int:draw_id>/frame/", draws.frame, name="frame"),
    path("draws/<int:draw_id>/hand-out/", draws.hand_out, name="hand_out"),
    path("assignments/<int:assignment_id>/", visits.assignment, name="assignment"),
    path("assignments/<int:assignment_id>/visit/", visits.first, name="visit"),
    path("assignments/<int:assignment_id>/recheck/", visits.recheck, name="recheck"),
    path("visits/<int:visit_id>/", visits.visit, name="seen"),
    path("visits/<int:visit_id>/photo/", visits.photo, name="photo"),
    path("visits/<int:visit_id>/confirm/", visits.confirm, name="confirm"),
    path("visits/<int:visit_id>/open/", results.open_case, name="open_case"),
    path("visits/<int:visit_id>/reject/", visits.reject, name="reject"),
]
