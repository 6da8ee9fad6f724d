"""The addresses of this room."""

app_name = "sheets"
urlpatterns: list = []
