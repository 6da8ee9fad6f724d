"""Uploaded rosters and what was read from them, on disk: encrypted, for this account's eyes, gone after some days."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

import polars as pl

from shuanglian.core.sealed_files import SealedFolder

_kept = SealedFolder("rosters")
store, fetch, remove, sweep = _kept.store, _kept.fetch, _kept.remove, _kept.sweep


def store_frames(frames: Mapping[str, pl.DataFrame]) -> str:
    """Keep typed frames: a line of JSON with names and lengths, then one Arrow file each, encrypted together."""
    blobs: dict[str, bytes] = {}
    for name, frame in frames.items():
        out = io.BytesIO()
        frame.write_ipc(out, compression="zstd")
        blobs[name] = out.getvalue()
    head = json.dumps({name: len(blob) for name, blob in blobs.items()}).encode()
    return store(b"".join([head, b"\n", *blobs.values()]))


def fetch_frames(name: str) -> dict[str, pl.DataFrame]:
    """The typed frames as they were kept."""
    head, _line, rest = fetch(name).partition(b"\n")
    frames, start = {}, 0
    for key, length in json.loads(head).items():
        frames[key] = pl.read_ipc(io.BytesIO(rest[start : start + length]))
        start += length
    return frames
