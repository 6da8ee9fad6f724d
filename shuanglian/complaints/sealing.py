"""Who complained, under a key of its own: what opens households' numbers and letters does not open this (VOICE-6).

An identity is sealed as one block of a fixed length, so that its length tells nothing. It is never opened by reading a
row: only `open_identity` opens it, and only actions.openings calls that.
"""

from __future__ import annotations

import base64
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX, BLOCK = "i1:", 512  # bytes


@lru_cache
def _cipher(source: str) -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shuanglian identity of a complaint")
    return AESGCM(key.derive(source.encode()))


def seal_identity(told: dict[str, Any], *, about: str) -> str:
    """Sealed for one letter (`about`): moved to another letter's row it does not open. Nothing told is nothing kept."""
    if not any(told.values()):
        return ""
    clear = json.dumps(told, ensure_ascii=False).encode()
    clear = clear.ljust(-(-len(clear) // BLOCK) * BLOCK)
    nonce = os.urandom(12)
    sealed = _cipher(settings.IDENTITY_KEY).encrypt(nonce, clear, about.encode())
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def open_identity(sealed: str, *, about: str) -> dict[str, Any]:
    """What was told of the person; ValueError for a wrong key, a changed value or another letter's."""
    if not sealed.startswith(PREFIX):
        raise ValueError("not a sealed identity")
    raw = base64.b64decode(sealed[len(PREFIX) :])
    try:
        clear = _cipher(settings.IDENTITY_KEY).decrypt(raw[:12], raw[12:], about.encode())
    except InvalidTag:
        raise ValueError("a sealed identity does not open with this SHUANGLIAN_IDENTITY_KEY") from None
    told: dict[str, Any] = json.loads(clear)
    return told
