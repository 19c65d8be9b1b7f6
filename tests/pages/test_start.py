"""Where signing in leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("dee", "/desk/"),
        ("ines", "/teach/"),
        ("omar", "/partner/summaries/"),
        ("pat", "/me/"),
        ("sam", "/me/"),
        ("ada", "/content/"),
    ],
)
def test_everybody_begins_where_their_work_is(who: str, first: str, request: Any, sign_in: Any) -> None:
    assert sign_in(request.getfixturevalue(who).person.user).get("/start/")["Location"] == first


def test_who_has_no_page_yet_is_told_so(nell: Any, sign_in: Any) -> None:
    answer = sign_in(nell).get("/start/")
    assert answer.status_code == 200
    assert "No page is open to you yet" in answer.content.decode()


def test_who_is_not_signed_in_begins_at_the_public_page(client: Client) -> None:
    assert client.get("/start/")["Location"] == "/"
