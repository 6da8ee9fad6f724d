"""The addresses of this room."""

from typing import Any

app_name = "notices"
urlpatterns: list[Any] = []
