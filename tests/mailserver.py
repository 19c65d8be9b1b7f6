"""A mail server on this computer that takes mail, or fails in the ways in which mail servers fail.

Here: aiosmtpd on a free port, in a thread of its own. Not here: what SafeFit makes of a failure
(tests/unit/messaging/test_smtp.py).
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 taken"


class Trouble(StrEnum):
    """At which step it fails, and how."""

    NOT_NOW = "450 try again later"
    NO_SUCH_PERSON = "550 nobody of that name"
    FULL = "452 no room"
    SPAM = "554 not taken"
    HANGS_UP = "hangs up"
    TAKES_IT_AND_HANGS_UP = "takes it and hangs up"
    TAKES_IT_AND_IS_SILENT = "takes it and is silent"
    NEVER_COMES_TO_AN_END = "answers a little every moment, and never comes to an end"


class MailServer:
    """What arrived, and how it is to fail from now on."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.trouble: Trouble | None = None
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()

    @property
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(each.content, policy=email.policy.default) for each in self.taken]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.trouble in (Trouble.NOT_NOW, Trouble.NO_SUCH_PERSON):
            return self.trouble.value
        if self.trouble is Trouble.NEVER_COMES_TO_AN_END:
            await self._go_on_and_on(server)
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.trouble in (Trouble.FULL, Trouble.SPAM):
            return self.trouble.value
        if self.trouble is not Trouble.HANGS_UP:
            self.taken.append(envelope)
        if self.trouble in (Trouble.HANGS_UP, Trouble.TAKES_IT_AND_HANGS_UP):
            server.transport.close()
        if self.trouble is Trouble.TAKES_IT_AND_IS_SILENT:
            await self._stopped.wait()
        return TAKEN

    async def _go_on_and_on(self, server: SMTP) -> None:
        moment = threading.Event()  # its clock, unlike the loop's, is never stopped by a test
        while not self._stopped.is_set() and server.transport is not None:
            await server.push("250-one moment")
            await self._loop.run_in_executor(None, moment.wait, 0.02)

    def run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def _serve(self, ready: threading.Event) -> None:
        talks: list[SMTP] = []

        def talk() -> SMTP:
            talks.append(SMTP(self, hostname="mail.example.org", enable_SMTPUTF8=True))
            return talks[-1]

        listener = await self._loop.create_server(talk, "127.0.0.1", 0)
        self.port = listener.sockets[0].getsockname()[1]
        ready.set()
        await self._stopped.wait()
        listener.close()
        for each in talks:
            if each.transport is not None:
                each.transport.close()
        await asyncio.gather(*asyncio.all_tasks(self._loop) - {asyncio.current_task()}, return_exceptions=True)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server, ready = MailServer(), threading.Event()
    thread = threading.Thread(target=server.run, args=[ready], daemon=True)
    thread.start()
    assert ready.wait(timeout=10)
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=10)


def port_where_nobody_listens() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
