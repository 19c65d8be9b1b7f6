"""Every answer that a test of the API gets is held against the papers, whatever else the test looks at."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.papers import API, fault_of


@pytest.fixture(autouse=True)
def _answers_are_as_the_papers_say(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Client.request

    def asked(client: Client, **request: Any) -> Any:
        answer = ask(client, **request)
        if request["PATH_INFO"].startswith(API):
            assert fault_of(request["REQUEST_METHOD"], request["PATH_INFO"], answer) == ""
        return answer

    monkeypatch.setattr(Client, "request", asked)
