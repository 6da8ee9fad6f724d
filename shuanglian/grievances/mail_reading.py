"""A letter by e-mail as people wrote it: its words without quotation and signature, its files, who sent it (VOICE-1).

    letter = read(message)      Letter; .ignored says why it is nobody's letter (an automatic answer, a bounce)

Messages are whatever programmes make of them: wrong charsets, raw bytes in headers, HTML alone, letters in letters.
Nothing here raises for a message that can be parsed at all; what cannot be read is told in `unread`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

DEPTH, PARTS = 12, 200
LONGEST_SUBJECT, LONGEST_NAME = 200, 40
CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
ANY_BYTES = {
    "iso-8859-1",
    "latin-1",
    "latin1",
    "windows-1252",
    "us-ascii",
    "ascii",
    "unknown-8bit",
}  # tell nothing here
BLANKS = re.compile(r"[ \t\u3000\xa0]+")
QUOTED = re.compile(
    r"^\s*(?:-{2,}\s*(?:原始邮件|转发邮件|转发的邮件|回复的邮件|邮件原件|Original Message|Forwarded message)\s*-{2,}"
    r"|_{10,}|在.{4,80}(?:写道|写到)[:：]?|On .{6,120} wrote:|(?:发件人|From)[:：]\s?\S.*)\s*$",
    re.I,
)
SIGNED = re.compile(
    r"^(?:-- ?|—— ?|发自我的.{0,30}"
    r"|从.{0,20}(?:手机|iPhone|iPad|Android).{0,10}发送|Sent from my .{0,40}|获取 Outlook.*"
    r"|Get Outlook for .{0,20}|来自.{0,10}邮箱.{0,10})$",
    re.I,
)
ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?|notification)\b", re.I)


@dataclass(frozen=True)
class File:
    """What came along: its name as the sender knows it, and its bytes."""

    name: str
    data: bytes


@dataclass
class Letter:
    """key: the same letter has the same. answerable: whether a number may be sent back without feeding a loop."""

    key: UUID
    sender: str
    name: str
    subject: str
    text: str
    on: date | None
    files: list[File] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    ignored: str = ""
    answerable: bool = True

    @property
    def words(self) -> str:
        """What is asked: the subject too, unless the text says it."""
        subject = re.sub(r"^(?:(?:re|fw|fwd|回复|答复|转发)[:：]\s*)+", "", self.subject, flags=re.I).strip()
        return self.text if not subject or subject in self.text else f"{subject}\n{self.text}".strip()


def read(message: Message, own: str = "") -> Letter:
    """The letter in a message. own: our address, whose letters would go in circles."""
    name, sender = parseaddr(header(message, "From"))
    texts, files, unread = _Body(message).gathered()
    whole = "\n".join(texts)
    letter = Letter(
        key=_key(message, whole), sender=sender.strip()[:200], name=_plain(name)[:LONGEST_NAME],
        subject=_plain(header(message, "Subject"))[:LONGEST_SUBJECT], text=own_words(whole), on=_day(message),
        files=files, unread=unread,
    )  # fmt: skip
    letter.ignored = _ignored(message, letter, own)
    letter.answerable = "@" in sender and not letter.ignored and not _by_machine(message, sender)
    return letter


def _key(message: Message, whole: str) -> UUID:
    """From the Message-ID; a letter without one is known by who wrote what when."""
    told = header(message, "Message-ID").strip()
    if not told:
        parts = [header(message, name) for name in ("From", "Date", "Subject")]
        told = sha256("\x1f".join([*parts, whole]).encode("utf-8", "replace")).hexdigest()
    return uuid5(NAMESPACE_URL, f"mid:{told}")


def _day(message: Message) -> date | None:
    try:
        told = parsedate_to_datetime(header(message, "Date"))
    except (TypeError, ValueError):
        return None
    aware = told if told.tzinfo else told.replace(tzinfo=UTC)
    try:
        return timezone.localtime(aware).date() if aware > datetime(1990, 1, 1, tzinfo=UTC) else None
    except (OverflowError, ValueError):
        return None


# --- automatic letters -----------------------------------------------------------------------------------------------
def _ignored(message: Message, letter: Letter, own: str) -> str:
    """Why it is nobody's letter: said once, so that it can be looked up in the mailbox."""
    if own and letter.sender.casefold() == own.casefold():
        return "own"
    if header(message, "Auto-Submitted").split(";")[0].strip().lower() not in ("", "no"):
        return "automatic"
    if header(message, "Precedence").strip().lower() in ("auto_reply", "junk") or message.get("X-Autoreply"):
        return "automatic"
    if message.get_content_type() == "multipart/report" or header(message, "Return-Path").strip() == "<>":
        return "bounce"
    return "bounce" if re.match(r"(?:mailer-daemon|postmaster)@", letter.sender, re.I) else ""


def _by_machine(message: Message, sender: str) -> bool:
    """A list or a machine may carry a demand, but nobody there reads an answer."""
    bulk = header(message, "Precedence").strip().lower() in ("bulk", "list")
    return bulk or bool(message.get("List-Id") or message.get("X-Auto-Response-Suppress") or ROBOTS.match(sender))


# --- words -----------------------------------------------------------------------------------------------------------
def own_words(text: str) -> str:
    """Without what was quoted and without the signature; of a letter that is nothing but a quotation, all of it."""
    lines = [BLANKS.sub(" ", line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if QUOTED.match(line) or SIGNED.match(line.strip()) or line == "--":
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    told = "\n".join(kept).strip()
    return re.sub(r"\n{3,}", "\n\n", told or "\n".join(lines).strip())


class _Text(HTMLParser):
    """The words of a page of HTML: lines where they break, nothing of scripts, styles and quotations."""

    SILENT = {"script", "style", "head", "title", "blockquote", "template", "noscript"}
    BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent.append(tag)
        elif tag in self.BREAKS and not self.silent:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        elif tag in self.BREAKS and not self.silent:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data.replace("\n", " "))


def text_of(page: str) -> str:
    """HTML as text; what is all quotation is taken with its quotation."""
    for silent in (_Text.SILENT, _Text.SILENT - {"blockquote", "head"}):
        reader = _Text()
        reader.SILENT = silent
        reader.feed(page)
        reader.close()
        lines = [BLANKS.sub(" ", line).strip() for line in "".join(reader.parts).split("\n")]
        if found := re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip():
            return found
    return ""


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes as text: by the charset that is told if it fits, else by those that are met here."""
    told = (charset or "utf-8").strip().strip("\"'").lower()
    first = CHARSETS.get(told, told)
    tried = ("utf-8", "gb18030", first) if first in ANY_BYTES else (first, "utf-8", "gb18030")
    for name in dict.fromkeys(tried):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("gb18030" if first == "gb18030" else "utf-8", "replace")


def header(message: Message, name: str) -> str:
    """A header as text, also one that is written in raw bytes."""
    raw = next((value for told, value in message.raw_items() if told.lower() == name.lower()), "")
    try:
        parts = decode_header(str(raw).replace("\r", "").replace("\n", ""))
    except Exception:  # the library stumbles over headers in ways that nobody has listed
        return ""
    return "".join(decoded(_bytes(part), charset) for part, charset in parts)


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")


def _plain(text: str) -> str:
    """One line without what cannot be seen."""
    return " ".join("".join(one if unicodedata.category(one)[0] != "C" else " " for one in text).split())


# --- parts -----------------------------------------------------------------------------------------------------------
class _Body:
    """The words and files of a message, letters inside letters included."""

    def __init__(self, message: Message) -> None:
        self.message, self.files, self.unread = message, list[File](), list[str]()
        self.seen = 0

    def gathered(self) -> tuple[list[str], list[File], list[str]]:
        return list(self._texts(self.message, 0)), self.files, self.unread

    def _texts(self, part: Message, depth: int) -> Iterator[str]:
        self.seen += 1
        if depth > DEPTH or self.seen > PARTS:
            if self.seen == PARTS + 1 or depth == DEPTH + 1:
                self.unread.append("…")
            return
        if part.is_multipart():
            inner = [one for one in part.get_payload() if isinstance(one, Message)]
            if part.get_content_type() == "multipart/alternative":
                inner = self._best(inner)
            for one in inner:
                yield from self._texts(one, depth + 1)
            return
        yield from self._leaf(part)

    def _best(self, inner: list[Message]) -> list[Message]:
        """Of several forms of one text: plain if it says something, else the last one that can be read."""
        plain = [one for one in inner if one.get_content_type() == "text/plain" and (_payload(one) or b"").strip()]
        return plain[:1] or inner[-1:]

    def _leaf(self, part: Message) -> Iterator[str]:
        kind, name = part.get_content_type(), _name(part)
        told = part.get_content_disposition() == "attachment" or bool(name)
        data = _payload(part)
        if kind.startswith("multipart/"):  # it says so and is not
            kind = "text/plain"
        if kind in ("text/plain", "text/html") and not told:
            text = decoded(data or b"", part.get_content_charset())
            yield text_of(text) if kind == "text/html" else text
        elif data is None:
            self.unread.append(name or kind)
        elif told or kind.startswith(("image/", "application/")):
            self.files.append(File(name or kind.replace("/", "."), data))


def _payload(part: Message) -> bytes | None:
    try:
        found = part.get_payload(decode=True)
    except Exception:
        return None
    return found if isinstance(found, bytes) else None


def _name(part: Message) -> str:
    try:
        raw = part.get_filename() or ""
    except Exception:
        return ""
    holder = Message()
    holder["X"] = raw.replace("\n", " ").replace("\r", " ")
    return _plain(header(holder, "X")).replace("\\", "/").rpartition("/")[2][-120:]


__all__ = ["File", "Letter", "decoded", "own_words", "read", "text_of"]
