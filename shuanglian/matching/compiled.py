"""`@compiled` and `@bare`: numba's njit with a cache on disk that notices every change.

Numba looks only at the file of the function itself, so a cached caller would keep an old copy of what it calls in
another file. Here the cache folder carries a digest of all sources with compiled functions: a change to any of them
begins a new folder.

A `bare` function neither makes arrays nor keeps any beyond its call, so nobody need count who still uses them. The
search passes a dozen tables through some ten thousand small calls; with counting it would take three times as long.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb

HERE = Path(__file__).parent


def _digest() -> str:
    sources = hashlib.sha256(nb.__version__.encode())
    for path in sorted(HERE.glob("*.py")):
        text = path.read_bytes()
        if b"@compiled" in text or b"@bare" in text:
            sources.update(path.name.encode() + b"\0" + text)
    return sources.hexdigest()[:16]


FOLDER = str(HERE / "__pycache__" / f"compiled-{_digest()}")


def compiled(function: Callable[..., Any]) -> Any:
    """Compile on first use, without Python objects; kept in FOLDER (or numba's own place if that cannot be written)."""
    return _kept(function)


def bare(function: Callable[..., Any]) -> Any:
    """The same for a function that only reads and writes the arrays it is given, without counting references."""
    return _kept(function, _nrt=False)


def _kept(function: Callable[..., Any], **options: Any) -> Any:
    config: Any = nb.config
    before, config.CACHE_DIR = config.CACHE_DIR, FOLDER
    try:
        return nb.njit(cache=True, **options)(function)
    finally:
        config.CACHE_DIR = before
