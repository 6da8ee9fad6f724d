"""The addresses of this room."""

app_name = "organisation"
urlpatterns: list = []
