"""Letters as programmes make them, and a mailbox that speaks enough of IMAP to be read."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import SMTP
from io import BytesIO
from typing import Any

from PIL import Image


def letter(text: str = "", *, subject: str = "", sender: str = "张三 <zhang@example.cn>", mark: str = "<1@example.cn>",
           charset: str = "utf-8", files: Any = (), **headers: str) -> Message:  # fmt: skip
    """A letter as it is sent, parsed as it comes in."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "诉求 <inbox@county.example>", subject
    made["Date"] = "Wed, 08 Jul 2015 09:30:00 +0800"
    if mark:
        made["Message-ID"] = mark
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text, charset=charset)
    for name, kind, data in files:
        main, _slash, sub = kind.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message_from_bytes(made.as_bytes(policy=SMTP))


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


class _Session(socketserver.StreamRequestHandler):
    """One client: LOGIN, SELECT, UID SEARCH UNSEEN, FETCH, STORE, LOGOUT."""

    server: Mailbox

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _blank, rest = line.decode().strip().partition(" ")
            verb = rest.split(" ", 1)[0].upper()
            getattr(self, f"do_{verb.lower()}", self.do_other)(tag, rest)
            if verb == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def do_other(self, tag: str, rest: str) -> None:
        self.say(f"{tag} OK done")

    def do_capability(self, tag: str, rest: str) -> None:
        self.say("* CAPABILITY IMAP4rev1")
        self.say(f"{tag} OK done")

    def do_login(self, tag: str, rest: str) -> None:
        right = rest.replace('"', "") == f"LOGIN {self.server.user} {self.server.password}"
        self.say(f"{tag} OK in" if right else f"{tag} NO wrong")

    def do_select(self, tag: str, rest: str) -> None:
        self.say(f"* {len(self.server.letters)} EXISTS")
        self.say(f"{tag} OK [READ-WRITE] done")

    def do_logout(self, tag: str, rest: str) -> None:
        self.say("* BYE")
        self.say(f"{tag} OK done")

    def do_uid(self, tag: str, rest: str) -> None:
        words, box = rest.upper().split(), self.server
        if words[1] == "SEARCH":
            unseen = [str(n) for n in sorted(box.letters) if n not in box.seen]
            self.say(f"* SEARCH {' '.join(unseen)}".strip())
        elif words[1] == "FETCH":
            number = int(words[2])
            data = box.letters[number]
            self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{len(data)}}}\r\n".encode() + data + b")\r\n")
        elif words[1] == "STORE":
            box.seen |= {int(one) for one in re.findall(r"\d+", words[2])} if "SEEN" in rest.upper() else set()
            box.deleted |= {int(one) for one in re.findall(r"\d+", words[2])} if "DELETED" in rest.upper() else set()
        self.say(f"{tag} OK done")


class Mailbox(socketserver.ThreadingTCPServer):
    """Letters by number; which are seen, which deleted."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, letters: list[bytes], user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters = dict(enumerate(letters, 1))
        self.user, self.password = user, password
        self.seen, self.deleted = set[int](), set[int]()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mailbox(
    letters: list[Message], user: str = "inbox@county.example", password: str = "p@ss/word"
) -> Iterator[Mailbox]:
    with Mailbox([one.as_bytes() for one in letters], user, password) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
