"""A gateway on the loopback that takes what is sent, or fails as long as it is told to; a mail server beside it."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Sink:
    """what: everything that came in. broken: the next sends are answered with an error."""

    def __init__(self) -> None:
        self.what: list[dict[str, Any]] = []
        self.broken = False
        self.port = 0


@contextmanager
def http() -> Iterator[Sink]:
    """An SMS gateway."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not sink.broken:
                sink.what.append({"path": self.path, **json.loads(body)})
            self.send_response(500 if sink.broken else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        yield from _serving(server, sink)


@contextmanager
def smtp() -> Iterator[Sink]:
    """A mail server that knows as much of the protocol as a client needs."""
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 sink\r\n")
            told: dict[str, Any] = {"to": []}
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"RCPT":
                    told["to"].append(line.decode().partition(":")[2].strip().strip("<>"))
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    rows = []
                    while (row := self.rfile.readline()) != b".\r\n":
                        rows.append(row)
                    sink.what.append({**told, "data": b"".join(rows)})
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        yield from _serving(server, sink)


def _serving(server: Any, sink: Sink) -> Iterator[Sink]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
