"""The addresses of this room: cases, lists, meetings, paper forms."""

from .views import cases, lists, meetings, prints

app_name = "procedures"
urlpatterns = [*cases.patterns, *lists.patterns, *meetings.patterns, *prints.patterns]
