"""What a person reads who loses a wait for others on a page that has no words of its own for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg.errors
import pytest
from django.db import OperationalError
from django.test import Client

from classes.judging.refusals import TryAgain
from participants.consequences import WITHDRAWN, register_consequence
from participants.models import Participant, ParticipantStatus

pytestmark = pytest.mark.django_db
LEAVE = "/me/details/leave/"


@pytest.fixture
def trouble() -> Iterator[Callable[[Exception], None]]:
    """`trouble(error)`: whoever leaves meets `error` at the end, when their places have been given back."""

    def meet(error: Exception) -> None:
        def consequence(participant: Participant, by: Any) -> None:
            raise error

        register_consequence(WITHDRAWN, "tests.trouble", consequence)

    yield meet
    register_consequence(WITHDRAWN, "tests.trouble", lambda participant, by: None)


def database_says(error: type[Exception]) -> OperationalError:
    trouble = OperationalError()
    trouble.__cause__ = error()
    return trouble


@pytest.mark.parametrize(
    "error",
    [
        TryAgain(),
        database_says(psycopg.errors.LockNotAvailable),
        database_says(psycopg.errors.DeadlockDetected),
    ],
    ids=["try again", "lock", "deadlock"],
)
def test_a_lost_wait_is_said_and_nothing_was_changed(
    pat: Participant, sign_in: Any, trouble: Callable[[Exception], None], error: Exception
) -> None:
    browser = sign_in(pat.person.user)
    trouble(error)
    answer = browser.post(LEAVE, {"reason": ""})
    assert answer.status_code == 409
    assert "Nothing was changed" in answer.content.decode()
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


def test_any_other_trouble_stays_a_fault_of_ours(
    pat: Participant, sign_in: type[Client], trouble: Callable[[Exception], None]
) -> None:
    browser = sign_in(pat.person.user, raise_request_exception=False)  # type: ignore[call-arg]
    trouble(database_says(psycopg.errors.QueryCanceled))
    assert browser.post(LEAVE, {"reason": ""}).status_code == 500
