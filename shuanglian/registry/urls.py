"""The addresses of this room."""

app_name = "registry"
urlpatterns: list = []
