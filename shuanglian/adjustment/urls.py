"""The addresses of this room."""

from typing import Any

app_name = "adjustment"
urlpatterns: list[Any] = []
