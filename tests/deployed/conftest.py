"""Sizes of a storm: small with every run of the tests, as large as one likes with `./run campaign`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployed.programs import this_database, web_server


@pytest.fixture
def rounds() -> int:
    return int(os.environ.get("SAFEFIT_ROUNDS", 2))


@pytest.fixture
def people() -> int:
    return int(os.environ.get("SAFEFIT_PEOPLE", 60))


@pytest.fixture
def places() -> int:
    return int(os.environ.get("SAFEFIT_PLACES", 10))


@pytest.fixture(scope="session")
def web(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web server on this run's test database: what a test commits there, it serves."""
    with web_server(this_database(), Path(tmp_path_factory.mktemp("web")) / "web.log") as port:
        yield port
