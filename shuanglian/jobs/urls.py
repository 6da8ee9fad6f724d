"""The addresses of this room."""

app_name = "jobs"
urlpatterns: list = []
