"""The addresses of this room."""

from typing import Any

app_name = "exits"
urlpatterns: list[Any] = []
