"""A mail server of a few lines, which a test may stop at the two moments that matter.

Here: what a worker needs to hand over a message, and no more. `met` is called when
somebody connects, `taken` when a whole message has arrived and before that is said.
"""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message


def goes_on() -> None:
    """Nothing stops it."""


class Mailbox:
    def __init__(self) -> None:
        self.received: list[Message] = []
        self.met: Callable[[], None] = goes_on
        self.taken: Callable[[], None] = goes_on
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            mailbox.met()
            self.say("220 ready")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.say("354 go on")
                    mailbox.received.append(email.message_from_bytes(self.message()))
                    mailbox.taken()
                self.say("221 bye" if word == b"QUIT" else "250 fine")

        def message(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return b"".join(lines)

        def say(self, words: str) -> None:
            try:
                self.wfile.write(f"{words}\r\n".encode())
            except OSError:  # whoever called is gone, as the test wanted
                self.rfile.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A conversation that was cut off is what these tests are about."""

    with Server(("127.0.0.1", 0), Conversation) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
