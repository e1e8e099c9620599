"""A mail server and a web hook on the loopback interface, for tests of what really leaves the machine."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs; keeps every letter with its envelope."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailSession)
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, tuple[str, ...]]] = []
        self.refused: set[str] = set()
        """Addresses that are answered with 550."""
        self.is_silent_after_data = False
        """True to take a letter and hang up without a word, as a server does that dies then."""
        self.connections = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def address(self, *to: str, options: str = "") -> str:
        """An Apprise address for these recipients."""
        return f"mailto://127.0.0.1:{self.port}/{'/'.join(to)}?from=motcua@mau.example&mode=insecure{options}"


class _MailSession(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self._say("220 mau.example")
        sender, recipients = "", []
        while line := self.rfile.readline():
            word = line.decode("ascii", "replace").strip()
            verb = word[:4].upper()
            if verb in ("EHLO", "HELO"):
                self._say("250 mau.example")
            elif verb == "MAIL":
                sender, recipients = word.partition("<")[2].partition(">")[0], []
                self._say("250 ok")
            elif verb == "RCPT":
                address = word.partition("<")[2].partition(">")[0]
                if address in self.server.refused:
                    self._say("550 no such user")
                else:
                    recipients.append(address)
                    self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self._take(sender, tuple(recipients))
                if self.server.is_silent_after_data:
                    return
                self._say("250 ok")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, sender: str, recipients: tuple[str, ...]) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        self.server.letters.append(letter)
        self.server.envelopes.append((sender, recipients))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class WebHook(ThreadingHTTPServer):
    """Keeps what is posted to it; ``status`` is what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.status = 200

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Post(BaseHTTPRequestHandler):
    server: WebHook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that listens until the block ends."""
    with MailServer() as server, _running(server):
        yield server


@contextmanager
def web_hook() -> Iterator[WebHook]:
    """A receiver that listens until the block ends."""
    with WebHook() as server, _running(server):
        yield server


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
