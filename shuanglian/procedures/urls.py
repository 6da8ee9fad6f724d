"""The addresses of this room."""

from typing import Any

app_name = "procedures"
urlpatterns: list[Any] = []
