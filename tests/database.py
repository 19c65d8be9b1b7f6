"""The database of a test run: a private server that forgets nothing but crashes.

Loaded by `-p tests.database` before Django reads its settings. With DATABASE_URL
set nothing is started. Under xdist only the controller holds the server: workers
inherit its environment. The server stops with the last run that uses it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from safefit import devdb
from safefit.postgres import DatabaseTrouble


def prepare() -> None:
    os.environ["SAFEFIT_MODE"] = "test"
    os.environ.setdefault("SAFEFIT_SECRET_KEY", "only-for-tests-" + "0" * 50)
    os.environ.setdefault("SAFEFIT_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    if "DATABASE_URL" not in os.environ:
        # A folder inside the copy's own: this server does not survive a power cut, that one must.
        state = Path(os.environ.pop("SAFEFIT_STATE", devdb.DEFAULT_STATE)) / "test"
        try:
            devdb.prepare_environment(state, mode="test", durable=False)
        except DatabaseTrouble as trouble:
            pytest.exit(f"SafeFit: {trouble}", returncode=4)


@pytest.hookimpl(wrapper=True)  # a wrapper comes before pytest-django, which reads the settings here
def pytest_load_initial_conftests() -> Iterator[None]:
    prepare()
    return (yield)
