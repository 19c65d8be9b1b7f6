"""GOV.UK Notify as its papers describe it, on this computer: what SafeFit's real client talks with in the tests.

Here: three of its addresses (send a text, ask about one, or about those of a reference), who may call
them, its errors and its states.
Not here: what SafeFit makes of them (tests/unit/messaging/test_notify.py).
"""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

SERVICE, SECRET, TEMPLATE = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
KEY = f"safefit-{SERVICE}-{SECRET}"
MOST_APART = 30  # seconds
STATES = (
    "created", "sending", "pending", "sent", "delivered", "permanent-failure", "temporary-failure", "technical-failure",
)  # fmt: skip


def refusal(status: int, error: str, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


BUSY = refusal(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
SPENT = refusal(429, "TooManyRequestsError", "Exceeded send limits (LIMIT NUMBER) for today")
BROKEN = refusal(500, "Exception", "Internal server error")


@dataclass
class NotifyServer:
    """Which texts it has taken: id → what it tells of it. `trouble` is what it answers instead, until it is None.

    `trouble_after`: it takes the text first, and its answer is lost.
    """

    url: str = ""
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: tuple[int, dict[str, Any]] | None = None
    trouble_after: bool = False
    clock_ahead: int = 0

    def becomes(self, status: str) -> None:
        """Every text that it has is in this state from now on."""
        assert status in STATES
        for text in self.texts.values():
            text["status"] = status

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if refused := self._stranger(token):
            return refused
        if self.trouble and not (self.trouble_after and method == "POST"):
            return self.trouble
        if (method, path) == ("POST", "/v2/notifications/sms"):
            taken = self._take(json.loads(body))
            return self.trouble or taken
        if method == "GET" and path.startswith("/v2/notifications?"):
            return self._list(parse_qs(path.partition("?")[2]))
        if method == "GET" and (found := re.fullmatch(r"/v2/notifications/([^/]+)", path)):
            return self._tell(found[1])
        return refusal(404, "NotFound", "The requested URL was not found")

    def _stranger(self, token: str) -> tuple[int, dict[str, Any]] | None:
        kind, _, signed = token.partition(" ")
        if kind != "Bearer":
            return refusal(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            said = jwt.decode(signed, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            return refusal(403, "AuthError", "Invalid token: signature, api token not found")
        if said.get("iss") != SERVICE:
            return refusal(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() + self.clock_ahead - said.get("iat", 0)) > MOST_APART:
            return refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        return None

    def _take(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not re.fullmatch(r"\+?[\d ]{10,16}", asked.get("phone_number", "")):
            return refusal(400, "ValidationError", "phone_number Number is not valid – double check it")
        if asked.get("template_id") != TEMPLATE:
            return refusal(400, "BadRequestError", "Template not found")
        if "body" not in asked.get("personalisation", {}):
            return refusal(400, "BadRequestError", "Missing personalisation: body")
        text = {
            "id": str(uuid.uuid4()),
            "reference": asked.get("reference"),
            "phone_number": asked["phone_number"],
            "type": "sms",
            "status": "created",
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "body": asked["personalisation"]["body"],
        }
        self.texts[text["id"]] = text
        content = {"body": text["body"], "from_number": "GOVUK"}
        return 201, {"id": text["id"], "reference": text["reference"], "content": content, "uri": "", "template": {}}

    def _tell(self, pk: str) -> tuple[int, dict[str, Any]]:
        if pk not in self.texts:
            return refusal(404, "NoResultFound", "No result found")
        return 200, self.texts[pk]

    def _list(self, asked: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """The newest first, as many as fit on one page."""
        found = [text for text in self.texts.values() if [text["reference"]] == asked.get("reference")]
        return 200, {"notifications": found[::-1][:250], "links": {}}


@contextmanager
def notify_server() -> Iterator[NotifyServer]:
    notify = NotifyServer()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = notify.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = _serve

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    notify.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
