"""Message catalogues without GNU gettext: `python -m shuanglian.core.messages extract|compile|check`.

Each room keeps its own English catalogue; Chinese is the source text.
"""

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .script_words import scripts, sentences

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None, "_t": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2),
    "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "refuse": None, "lazy": None,
}  # fmt: skip
HEADER = "# English of this room's sentences; the Chinese text is the source."
IDLE = re.compile(r'"(POT?-|Generated-By|Project-Id|Report-Msgid|Last-Translator|Language-Team)')
CHINESE = re.compile(r"[\u3400-\u9fff]")


def rooms() -> list[Path]:
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def catalogue_path(room: Path) -> Path:
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def found_in(room: Path) -> dict[tuple[str | None, Any], str]:
    """Every marked sentence of a room's Python, templates and scripts → where it stands."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: dict[tuple[str | None, Any], str] = {}
    for path in sorted([*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]):
        if {"tests", "migrations"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        for _line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
            key = message if isinstance(message, str) else tuple(message)
            sentence = key if isinstance(key, str) else key[0]
            if isinstance(sentence, str) and CHINESE.search(sentence):
                found.setdefault((context, key), str(path.relative_to(PACKAGE)))
    for path in scripts(room):
        for sentence in filter(CHINESE.search, sentences(path)):
            found.setdefault((None, sentence), str(path.relative_to(PACKAGE)))
    return found


def extract_room(room: Path) -> int:
    """Write the room's catalogue anew: new sentences in, vanished out, translations kept; the count without English."""
    found, path = found_in(room), catalogue_path(room)
    old = _read(path)
    if not found and not path.exists():
        return 0
    catalogue = Catalog(locale="en", project="shuanglian", charset="utf-8", fuzzy=False, header_comment=HEADER)
    for (context, key), _where in found.items():
        kept = old.get(key if isinstance(key, str) else key[0], context) if old else None
        catalogue.add(key, kept.string if kept else "", context=context)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as out:
        write_po(out, catalogue, width=120, omit_header=False, sort_output=False, include_previous=False)
    _drop_dates(path)
    return sum(1 for message in catalogue if message.id and not _translated(message))


def missing(room: Path) -> list[str]:
    """Sentences of a room that have no English yet."""
    catalogue = _read(catalogue_path(room))
    lost = []
    for (context, key), where in found_in(room).items():
        message = catalogue.get(key if isinstance(key, str) else key[0], context) if catalogue else None
        if message is None or not _translated(message):
            lost.append(f"{where}: {key if isinstance(key, str) else key[0]}")
    return lost


def compile_room(room: Path) -> None:
    path = catalogue_path(room)
    catalogue = _read(path)
    if catalogue is None:
        return
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return
    with open(target, "wb") as out:
        write_mo(out, catalogue)


def _read(path: Path) -> Catalog | None:
    if not path.exists():
        return None
    with open(path, "rb") as file:
        return read_po(file, locale="en", charset="utf-8")


def _translated(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]
    return bool(string) and (isinstance(string, str) or all(string))


def _drop_dates(path: Path) -> None:
    """Dates would change the file at every run, the other idle headers say nothing."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not IDLE.match(line)), encoding="utf-8")


def main(verb: str) -> int:
    if verb == "compile":
        for room in rooms():
            compile_room(room)
        return 0
    if verb == "extract":
        for room in rooms():
            if left := extract_room(room):
                print(f"{catalogue_path(room).relative_to(PACKAGE)}: {left} without English")
        return 0
    lost = [line for room in rooms() for line in missing(room)]
    print("\n".join(lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
