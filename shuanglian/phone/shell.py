"""The app's shell: everything the phone keeps to open without a line. It holds nobody's data, so it is open to all.

Its parts are addressed by one digest over all of them: what stands at an address never changes, and a phone has one
version whole or another, never a mixture.
"""

from __future__ import annotations

import gettext
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse

from shuanglian.core.script_words import sentences

from . import icons

# in the order they are run; what the service worker needs too stands in CORE
CORE = ("vendor/dexie.min.js", "phone/box.js", "phone/time.js", "phone/store.js", "phone/api.js", "phone/sync.js")
SCREENS = ("households", "card", "visit", "small", "village", "work", "duties", "outbox", "me")
PAGE = (
    *(f"phone/{name}.js" for name in ("words", "dom", "place", "photo", "pending")),
    *(f"phone/screens/{name}.js" for name in SCREENS),
    "phone/app.js",
)
WORKER = "phone/sw.js"
ROOM = Path(__file__).resolve().parent
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Part:
    """One file of the shell as it is sent."""

    body: bytes
    packed: bytes
    kind: str


class Shell:
    """All parts of the shell by name, and the version that their content makes."""

    @cached_property
    def parts(self) -> dict[str, Part]:
        contents = {
            "core.js": _joined(CORE),
            "app.js": _joined(PAGE),
            "app.css": _read("phone/app.css"),
            "words.json": _words(),
            "mark.svg": _read("core/mark.svg"),
            **{f"icon-{edge}.png": icons.png(edge) for edge in icons.EDGES},
        }
        return {name: _part(name, body) for name, body in contents.items()}

    @cached_property
    def version(self) -> str:
        digest = hashlib.sha256(_read(WORKER))
        digest.update((ROOM / "templates" / "phone" / "app.html").read_bytes())
        for name, part in sorted(self.parts.items()):
            digest.update(name.encode() + part.body)
        return digest.hexdigest()[:16]

    def address(self, name: str) -> str:
        return reverse("phone:part", kwargs={"version": self.version, "name": name})

    def addresses(self) -> dict[str, str]:
        """What the page's template asks for."""
        names = {"core": "core.js", "app": "app.js", "style": "app.css", "words": "words.json", "mark": "mark.svg"}
        return {word: self.address(name) for word, name in {**names, "touch": "icon-192.png"}.items()}

    def worker(self) -> str:
        """The service worker's script: what it is to keep, then what it does."""
        told = {
            "version": self.version,
            "core": self.address("core.js"),
            "files": [reverse("phone:app"), reverse("phone:manifest"), *map(self.address, self.parts)],
        }
        return f"self.SHELL = {json.dumps(told)};\n{_read(WORKER).decode()}"


def _part(name: str, body: bytes) -> Part:
    return Part(body, gzip.compress(body, 9, mtime=0), TYPES[Path(name).suffix])


def _read(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"{name}: run `make assets` 请先运行 make assets")
    return Path(str(found)).read_bytes()


def _joined(names: tuple[str, ...]) -> bytes:
    return b"\n".join(_read(name) for name in names)


def _words() -> bytes:
    """The scripts' sentences in English; Chinese is in the scripts.

    Straight from the room's own catalogue: a short word of a tab may mean something else in another room.
    """
    said = dict.fromkeys(text for name in PAGE for text in sentences(Path(str(finders.find(name)))))
    english = gettext.translation("django", ROOM / "locale", ["en"], fallback=True)
    told = {text: english.gettext(text) for text in said}
    return json.dumps({"en": told}, ensure_ascii=False, separators=(",", ":")).encode()
