"""Mail over SMTP, with one limit on the whole of it.

Here: Django's backend, with an end. EMAIL_TIMEOUT bounds each answer of a mail server, and one that
sends a line every few seconds would keep the worker for ever. Not here: which backend a copy has
(settings.py). Used through Django's mail, by senders.py and by the sign-in library.
"""

from __future__ import annotations

import smtplib
import socket
import threading
from contextlib import suppress
from time import monotonic
from typing import Any

from django.core.mail.backends import smtp


class _Bounded(smtplib.SMTP):
    """A talk that is cut off EMAIL_TIMEOUT seconds after it began: whoever reads then sees a closed connection."""

    _end: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        began = monotonic()
        connected: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._end = threading.Timer(max(timeout - (monotonic() - began), 0), self._cut_off)
        self._end.daemon = True
        self._end.start()
        return connected

    def _cut_off(self) -> None:
        with suppress(OSError, AttributeError):  # it has ended by itself in this moment
            self.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def close(self) -> None:
        if self._end is not None:
            self._end.cancel()
        super().close()


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same, where the connection is encrypted from its first byte."""


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> Any:
        return _BoundedTLS if self.use_ssl else _Bounded
