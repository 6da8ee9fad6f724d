"""The addresses of this room."""

from typing import Any

app_name = "lookback"
urlpatterns: list[Any] = []
