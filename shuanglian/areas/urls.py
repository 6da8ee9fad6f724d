"""The addresses of this room."""

app_name = "areas"
urlpatterns: list = []
