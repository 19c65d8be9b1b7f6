"""The database of a test run: a private server that forgets nothing but crashes.

Loaded by `-p tests.database` before Django reads its settings. With DATABASE_URL
set nothing is started. Under xdist only the controller holds the server: workers
inherit its environment. The server stops with the last run that uses it.

The tables are made once for each set of migrations, in a database that is then
copied: to copy takes a moment, to migrate each worker's own takes half a minute.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from safefit import devdb
from safefit.postgres import ROOT, DatabaseTrouble
from safefit.steps import fingerprint

TEMPLATE = "SAFEFIT_TEST_TEMPLATE"  # handed on to the workers; absent with a DATABASE_URL of somebody's own
PREFIX = "safefit_template_"
UNFINISHED = f"{PREFIX}unfinished"  # renamed when complete, so that a run that is stopped leaves no half of one


def prepare() -> None:
    os.environ["SAFEFIT_MODE"] = "test"
    os.environ.setdefault("SAFEFIT_SECRET_KEY", "only-for-tests-" + "0" * 50)
    os.environ.setdefault("SAFEFIT_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    if "DATABASE_URL" not in os.environ:
        # A folder inside the copy's own: this server does not survive a power cut, that one must.
        state = Path(os.environ.pop("SAFEFIT_STATE", devdb.DEFAULT_STATE)) / "test"
        try:
            server = devdb.prepare_environment(state, mode="test", durable=False)
        except DatabaseTrouble as trouble:
            pytest.exit(f"SafeFit: {trouble}", returncode=4)
        assert server is not None
        with devdb.locked(state / "template.lock"):
            os.environ[TEMPLATE] = _migrated_once(server.url)


def _migrated_once(url: str) -> str:
    """The name of a database that holds every table, made unless it is there; those of other migrations are dropped."""
    migrations = sorted(path for path in ROOT.glob("*/migrations/*.py"))
    name = PREFIX + fingerprint(ROOT / "requirements.lock", *migrations)[:16]
    with psycopg.connect(url, autocommit=True) as database:
        there = {row[0] for row in database.execute("SELECT datname FROM pg_database")}
        if name not in there:
            for old in (one for one in there if one.startswith(PREFIX)):
                database.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            database.execute(f'CREATE DATABASE "{UNFINISHED}"')
            migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
            own = os.environ | {"DATABASE_URL": url.replace(f"@/{devdb.NAME}?", f"@/{UNFINISHED}?")}
            subprocess.run(migrate, env=own, check=True)
            database.execute(f'ALTER DATABASE "{UNFINISHED}" RENAME TO "{name}"')
    return name


@pytest.hookimpl(wrapper=True)  # a wrapper comes before pytest-django, which reads the settings here
def pytest_load_initial_conftests() -> Iterator[None]:
    prepare()
    return (yield)
