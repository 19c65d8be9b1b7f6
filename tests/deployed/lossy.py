"""A connection on which answers are lost: the request arrives, is done, and its answer never comes back."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = ("Content-Type", "Cookie", "X-CSRFToken", "Idempotency-Key")


@contextmanager
def answers_lost(behind: int) -> Iterator[tuple[int, list[bytes]]]:
    """A port that hands POSTs on to the port `behind`, and the answers that it kept for itself."""
    lost: list[bytes] = []

    class Swallow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in HOP if name in self.headers}
            server = http.client.HTTPConnection("127.0.0.1", behind, timeout=30)
            try:
                server.request("POST", self.path, body, headers)
                lost.append(server.getresponse().read())
            finally:
                server.close()
            self.close_connection = True

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Swallow)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield proxy.server_port, lost
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
