"""The sentences of scripts: `t("…")` in a room's static files, Chinese as everywhere."""

import re
from pathlib import Path

CALL = re.compile(r'\bt\("((?:[^"\\]|\\.)+)"')


def sentences(path: Path) -> list[str]:
    """Every sentence that a script says, in order, each once."""
    return list(dict.fromkeys(CALL.findall(path.read_text(encoding="utf-8"))))


def scripts(room: Path) -> list[Path]:
    return sorted((room / "static").rglob("*.js"))
