"""Production refuses to start as a demonstration; a copy without one does not serve its addresses."""

from __future__ import annotations

import pytest

from tests.production import start


def test_production_refuses_to_start_as_a_demonstration() -> None:
    done = start("-c", "import django; django.setup()", SAFEFIT_DEMO="true")
    assert done.returncode != 0
    assert "SAFEFIT_DEMO lets anybody sign in as a demo person" in done.stderr
    assert "Take SAFEFIT_DEMO out" in done.stderr


@pytest.mark.parametrize("environment", [{}, {"SAFEFIT_MODE": "local", "SAFEFIT_DEMO": "false"}])
def test_without_the_demonstration_its_addresses_do_not_exist(environment: dict[str, str]) -> None:
    done = start(
        "-c",
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "for path in ('/demo/', '/demo/sign-in/', '/demo/people.json', '/demo/releases.json'):\n"
        "    try: resolve(path)\n"
        "    except Resolver404: print('404', path)\n",
        **environment,
    )
    assert done.stdout.count("404") == 4, done.stderr
