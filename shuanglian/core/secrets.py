"""Personal numbers: encrypted at rest, found by exact value through a keyed digest, never in clear in the database."""

import base64
import hmac
import os
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

PREFIX = "v1:"


@lru_cache
def _key(purpose: str, source: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(source.encode())


@lru_cache
def _cipher(source: str) -> AESGCM:
    return AESGCM(_key("shuanglian encrypt", source))


def seal(clear: str) -> str:
    """Encrypt one text (AES-256-GCM, fresh nonce); the same text never looks the same twice."""
    nonce = os.urandom(12)
    return PREFIX + base64.b64encode(nonce + _cipher(settings.DATA_KEY).encrypt(nonce, clear.encode(), None)).decode()


def open_sealed(sealed: str) -> str:
    """The clear text; a wrong key or a changed value raises ValueError."""
    if not sealed.startswith(PREFIX):
        raise ValueError("not a sealed value")
    raw = base64.b64decode(sealed[len(PREFIX) :])
    try:
        return _cipher(settings.DATA_KEY).decrypt(raw[:12], raw[12:], None).decode()
    except InvalidTag:
        raise ValueError("a sealed value does not open with this SHUANGLIAN_DATA_KEY") from None


def seal_bytes(clear: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + _cipher(settings.DATA_KEY).encrypt(nonce, clear, None)


def open_bytes(sealed: bytes) -> bytes:
    return _cipher(settings.DATA_KEY).decrypt(sealed[:12], sealed[12:], None)


def digest(clear: str) -> str:
    """A keyed digest (HMAC-SHA256, 32 hex characters) to find an exact value by; empty for an empty text."""
    if not clear:
        return ""
    return hmac.new(_key("shuanglian digest", settings.DATA_KEY), clear.encode(), sha256).hexdigest()[:32]


class SealedTextField(models.TextField):
    """A text that the database only ever holds encrypted; empty stays empty. Pair it with a `…_digest` to search."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(str(value)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return open_sealed(value) if value else ""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return self.get_prep_value(value)
