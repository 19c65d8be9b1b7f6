"""What is answered while the database is away, and what stays a fault of ours."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from safefit.errors import server_error


def answered(trouble: Exception, cause: Exception | None = None, path: str = "/me/") -> Any:
    try:
        raise trouble from cause
    except type(trouble):
        return server_error(RequestFactory().get(path))


@pytest.mark.parametrize(
    ("trouble", "cause", "status"),
    [
        (OperationalError("refused"), psycopg.OperationalError("refused"), 503),
        (OperationalError("killed"), psycopg.errors.AdminShutdown("killed"), 503),
        (OperationalError("starting"), psycopg.errors.CannotConnectNow("starting"), 503),
        (OperationalError("full"), psycopg.errors.DiskFull("full"), 503),
        (InterfaceError("closed"), None, 503),
        (OperationalError("slow"), psycopg.errors.QueryCanceled("slow"), 500),
        (RuntimeError("ours"), None, 500),
    ],
)
def test_a_database_that_is_away_is_503_and_everything_else_a_fault_of_ours(trouble, cause, status):
    for path in ("/me/", "/api/v1/bookings/"):
        answer = answered(trouble, cause, path)
        assert answer.status_code == status
        assert ("Retry-After" in answer) is (status == 503)


def test_people_read_a_page_and_programs_a_problem():
    assert b"cannot be reached for a moment" in answered(OperationalError()).content
    assert b"look before you send it once more" in answered(OperationalError()).content
    problem = answered(OperationalError(), path="/api/v1/bookings/")
    assert problem["Content-Type"] == "application/problem+json" and b'"unavailable"' in problem.content
