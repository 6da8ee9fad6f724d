"""Our mailbox, by IMAP: unread letters one by one, marked as read once they are kept (VOICE-1).

SHUANGLIAN_INBOX=imaps://user:password@host/folder, special characters written as %40 and so on; `?delete=1` removes a
letter from the mailbox when it is kept. The address is never logged: what goes wrong is told without it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from imaplib import IMAP4
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

SECONDS = 60
BATCH = 200  # letters in one go; the next go takes the next
PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True)
class Box:
    """Where letters are fetched."""

    secure: bool
    host: str
    port: int
    user: str
    password: str
    folder: str
    delete: bool

    def __repr__(self) -> str:
        return f"Box({self.host})"

    @property
    def own(self) -> str:
        """Our own address, as far as it is told: letters from it would go in circles."""
        return self.user if "@" in self.user else ""


def configured() -> Box | None:
    """The mailbox of the settings; None without one, a Refusal for one that nobody can read."""
    told = settings.INBOX
    if not told:
        return None
    try:
        parts = urlsplit(told)
        port = parts.port or PORTS[parts.scheme]
        user, password, host = unquote(parts.username or ""), unquote(parts.password or ""), parts.hostname or ""
    except (ValueError, KeyError):
        user = password = host = ""
    if not (user and password and host):
        raise Refusal(
            "bad_inbox", N_("SHUANGLIAN_INBOX 应写成 imaps://用户名:密码@服务器/文件夹，特殊字符写成 %40 的样子")
        )
    folder, wishes = unquote(parts.path.strip("/")) or "INBOX", parse_qs(parts.query)
    return Box(parts.scheme == "imaps", host, port, user, password, folder, wishes.get("delete") == ["1"])


class Unread:
    """The unread letters of an opened mailbox: (mark, message); `done(mark)` once it is kept."""

    def __init__(self, mailbox: Any, box: Box) -> None:
        self.mailbox, self.box = mailbox, box

    def __iter__(self) -> Iterator[tuple[str, Message]]:
        for uid in self.mailbox.uids("UNSEEN")[:BATCH]:
            raw = self.mailbox.client.uid("fetch", uid, "(BODY.PEEK[])")
            body = next((one[1] for one in raw[1] if isinstance(one, tuple)), None)
            if body is not None:
                yield uid, message_from_bytes(body)

    def done(self, uid: str) -> None:
        from imap_tools import MailMessageFlags

        self.mailbox.flag(uid, MailMessageFlags.SEEN, True)
        if self.box.delete:
            self.mailbox.delete(uid)


@contextmanager
def opened(box: Box) -> Iterator[Unread]:
    """The mailbox while it is open; a Refusal that names neither password nor address when it cannot be."""
    from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
    from imap_tools.errors import ImapToolsError

    mailbox: BaseMailBox | None = None
    try:
        mailbox = (
            MailBox(box.host, box.port, timeout=SECONDS, ssl_context=ssl.create_default_context())
            if box.secure else MailBoxUnencrypted(box.host, box.port, timeout=SECONDS)
        )  # fmt: skip
        mailbox.login(box.user, box.password, initial_folder=box.folder)
    except (OSError, IMAP4.error, ImapToolsError) as error:
        if mailbox is not None:
            mailbox.client.shutdown()
        raise Refusal(
            "inbox_shut", N_("收信邮箱打不开（{why}）：请核对 SHUANGLIAN_INBOX"), why=type(error).__name__
        ) from None
    with mailbox:
        yield Unread(mailbox, box)


__all__ = ["Box", "Unread", "configured", "opened"]
