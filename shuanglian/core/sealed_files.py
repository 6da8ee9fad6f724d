"""Files on disk: encrypted, readable by this account only, under names that tell nothing, gone after some days."""

import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from .secrets import open_bytes, seal_bytes


class SealedFolder:
    """One folder below the files folder; a file is known by its path relative to that (`rosters/3f…`)."""

    def __init__(self, name: str) -> None:
        self.name = name

    def store(self, data: bytes) -> str:
        """Write bytes encrypted, whole or not at all; the file's name."""
        name = f"{self.name}/{uuid.uuid4().hex}"
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(seal_bytes(data))
            out.flush()
            os.fsync(out.fileno())
        draft.rename(path)
        return name

    def fetch(self, name: str) -> bytes:
        """The clear bytes; FileNotFoundError when the file has been removed."""
        return open_bytes(self._path(name).read_bytes())

    def remove(self, *names: str) -> None:
        """Remove files; those that are gone, and empty names, are left alone."""
        for name in filter(None, names):
            self._path(name).unlink(missing_ok=True)

    def sweep(self, *, kept: set[str], at: datetime) -> int:
        """Remove files that nobody speaks of (a day old at least: younger ones may be in the making); how many."""
        folder = Path(settings.MEDIA_ROOT) / self.name
        if not folder.exists():
            return 0
        gone = 0
        for path in folder.iterdir():
            old = path.stat().st_mtime < (at - timedelta(days=1)).timestamp()
            if old and f"{self.name}/{path.name}" not in kept:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, name: str) -> Path:
        root = Path(settings.MEDIA_ROOT).resolve()
        path = (root / name).resolve()
        if root not in path.parents:
            raise ValueError("a file outside the files folder")
        return path
