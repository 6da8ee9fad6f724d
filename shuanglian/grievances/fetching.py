"""Letters from our mailbox, from files, from folders of files: each by itself, so that one that fails keeps no other.

What comes of them is counted; nothing of a letter is logged.
"""

from __future__ import annotations

import logging
import mailbox as boxes
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from email import message_from_binary_file
from email.message import Message
from pathlib import Path

from shuanglian.kernel.refusal import Refusal
from shuanglian.kernel.words import N_

from . import inbox
from .actions import mail, writing_back

LOG = logging.getLogger(__name__)
FAILED = "failed"


def one(message: Message, *, at: datetime, own: str = "") -> str:
    """Take one letter in and write back; what became of it."""
    try:
        received = mail.receive(message, at=at, own=own)
    except Refusal as refusal:
        LOG.warning("a letter was not taken in: %s", refusal.code)
        return FAILED
    except Exception as error:  # the next letter must not wait for this one; it stays unread in the mailbox
        LOG.error("a letter was not taken in: %s", type(error).__name__)
        return FAILED
    writing_back.write_back(received)
    return received.what


def from_inbox(*, at: datetime) -> Counter[str]:
    """Everything unread in the mailbox of the settings; nothing without one."""
    found: Counter[str] = Counter()
    if (box := inbox.configured()) is None:
        return found
    with inbox.opened(box) as unread:
        for mark, message in unread:
            what = one(message, at=at, own=box.own)
            found[what] += 1
            if what != FAILED:
                unread.done(mark)
    return found


def from_files(paths: Iterable[Path], *, at: datetime) -> Iterator[tuple[str, str]]:
    """(name, what became of it) of every letter in files (.eml) and folders (Maildir, or any folder of .eml)."""
    box = inbox.configured()
    for path in paths:
        for name, message in _messages(path):
            yield name, one(message, at=at, own=box.own if box else "")


def _messages(path: Path) -> Iterator[tuple[str, Message]]:
    if (path / "cur").is_dir() and (path / "new").is_dir():
        yield from boxes.Maildir(path, create=False).iteritems()
        return
    if not path.exists():
        raise Refusal(
            "file_missing", N_("打不开文件“{filename}”：文件不存在或没有读取权限。请检查路径。"), filename=str(path)
        )
    for file in sorted(path.rglob("*.eml")) if path.is_dir() else [path]:
        with file.open("rb") as opened:
            yield file.name, message_from_binary_file(opened)


__all__ = ["FAILED", "from_files", "from_inbox", "one"]
