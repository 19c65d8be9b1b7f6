"""What is too large is refused before anybody reads it: whoever sends it, and before their token is looked at."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

pytestmark = pytest.mark.django_db  # the handler looks whether a connection stands open, where one did
MOST = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
PAGES = ("/join/", "/api/v1/bookings/")


class Untouched(BytesIO):
    """A body that nobody may read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("it was read")

    readline = read  # type: ignore[assignment]


def sent(path: str, **headers: str) -> Any:
    environ = RequestFactory().post(path).environ | {"wsgi.input": Untouched(), "CONTENT_TYPE": "multipart/form-data"}
    said: dict[str, Any] = {}
    environ = {name: value for name, value in environ.items() if name != "CONTENT_LENGTH"} | headers
    body = b"".join(WSGIHandler()(environ, lambda status, fields: said.update(status=status, **dict(fields))))
    return said, body.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("length", [str(MOST + 1), "9" * 5000])
def test_too_much_is_refused_unread_with_what_to_do(path: str, length: str) -> None:
    said, body = sent(path, CONTENT_LENGTH=length)
    assert said["status"].startswith("413")
    assert "Send less at once" in body if "api" in path else "choose a smaller file" in body
    assert said["Content-Security-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_a_body_of_which_nobody_says_how_long_it_is_is_refused_unread(path: str) -> None:
    said, body = sent(path, HTTP_TRANSFER_ENCODING="chunked")
    assert said["status"].startswith("411")
    assert "Content-Length" in body if "api" in path else "choose a smaller file" in body


def test_what_fits_is_read(programme: Any) -> None:
    browser = Client()
    assert browser.post("/join/", {"file": BytesIO(b"x" * (MOST - 1000))}).status_code in (200, 302)
    said, _ = sent("/join/", CONTENT_LENGTH="nonsense")
    assert said["status"].startswith("403"), "no token"
