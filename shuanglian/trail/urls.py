"""The addresses of this room."""

app_name = "trail"
urlpatterns: list = []
