"""The addresses of the watch over policies."""

from django.urls import path

from .views import alike, proposals, reports

app_name = "policywatch"
urlpatterns = [
    path("", reports.reports, name="reports"),
    path("new/", reports.new, name="new"),
    path("overview/", reports.overview, name="overview"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/correct/", reports.correct, name="correct"),
    path("reports/<int:report_id>/explain/", reports.explain, name="explain"),
    path("reports/<int:report_id>/papers/<int:paper_id>/", reports.paper, name="paper"),
    path("reports/<int:report_id>/alike/", alike.of, name="alike_of"),
    path("reports/<int:report_id>/alike/look/", alike.look, name="look"),
    path("reports/<int:report_id>/alike/export/", alike.export, name="export"),
    path("reports/<int:report_id>/close/", alike.close, name="close"),
    path("alike/", alike.mine, name="alike"),
    path("alike/mark/", alike.mark, name="mark"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/weigh/", proposals.weigh, name="weigh"),
    path("proposals/<int:proposal_id>/pass-up/", proposals.pass_up, name="pass_up"),
    path("proposals/<int:proposal_id>/join/", proposals.join, name="join"),
]
