"""How often a race is run: a few times with every run of the tests, many times by `./run campaign`."""

from __future__ import annotations

import os

import pytest

QUICK = 3


@pytest.fixture
def rounds() -> int:
    return int(os.environ.get("SAFEFIT_ROUNDS", QUICK))
