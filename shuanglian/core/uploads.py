"""What is sent with a form is measured before it is written to the disk: pages that take files or none alike."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class TooLarge(RequestDataTooBig):
    """More than `most` MB came at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"more than {most} MB")


class Door(FileUploadHandler):
    """The first of the upload handlers. A body larger than any page wants is not read: 413, and says how much may be.

    Every page is held to it, because the check of a form's origin reads the whole body of any POST, of strangers too.
    """

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        user = getattr(self.request, "user", None)
        known = user is not None and user.is_authenticated
        most = settings.UPLOAD_MAX_MB if known else settings.UPLOAD_MAX_MB_STRANGERS
        if content_length > most * 1024 * 1024:
            raise TooLarge(most)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
