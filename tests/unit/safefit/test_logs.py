"""Keys in addresses never reach the logs, whoever writes the line."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Person
from safefit.logs import Formatter, mask
from tests.structure.addresses import addresses

CANARY = "cAnArY-kEy_0123456789"
ADDRESSES = (
    f"/join/return/{CANARY}/",
    f"/help/{CANARY}/",
    f"/account/password/new/1a-{CANARY}/",
    f"/reply/{CANARY}/",
    f"/feed/{CANARY}/",
)
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged from here on, formatted as in production, with every level on."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def read() -> list[dict[str, Any]]:
        assert CANARY not in stream.getvalue()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        *((f"GET {address}", f"GET {address.rsplit('/', 2)[0]}/[hidden]/") for address in ADDRESSES),
        (f"https://example.org/help/{CANARY}", "https://example.org/help/[hidden]"),
        (f"/account/sign-in/?next=/help/{CANARY}/", "/account/sign-in/?next=/help/[hidden]/"),
        (f"?next=%2Fjoin%2freturn%2F{CANARY}%2F&a=1", "?next=%2Fjoin%2freturn%2F[hidden]%2F&a=1"),
        (f"/HELP/{CANARY}?again", "/HELP/[hidden]?again"),
        (f"/help/%41{CANARY}/", "/help/[hidden]/"),
        (f"/help/\\u00e9{CANARY}/ and more", "/help/[hidden]/ and more"),
        (f'"/help/{CANARY}"', '"/help/[hidden]"'),
        ("/classes/12/ /help/ /helpers/12/", "/classes/12/ /help/ /helpers/12/"),
    ],
)
def test_the_key_is_taken_out_and_the_rest_of_the_line_stays(written: str, kept: str) -> None:
    assert mask(written) == kept


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_request_through_the_real_middleware_leaves_no_key(address: str, lines: Lines, programme: Any) -> None:
    for url in (address, f"/account/sign-in/?next={address}", address.rstrip("/"), f"{address}nothing-here/"):
        Client().get(url)
    written = lines()
    paths = [line["request"] for line in written if line["event"] == "request_finished"]
    assert len(paths) == 4 and all("[hidden]" in path for path in paths)
    assert any(line["logger"] == "django.request" and "[hidden]" in line["event"] for line in written)
    assert all(line["timestamp"].endswith("Z") and line["level"] for line in written)


@pytest.mark.django_db
def test_a_fault_leaves_no_key_in_its_traceback(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*given: Any, **named: Any) -> None:
        raise RuntimeError(f"no row for https://safefit.example/help/{CANARY}/ of {ADDRESSES[0]!r}")

    monkeypatch.setattr("frontend.views.public.help.render", fault)
    Client(raise_request_exception=False).get(ADDRESSES[1])
    faults = [line for line in lines() if "exception" in line]
    assert faults and all("RuntimeError" in line["exception"] and "[hidden]" in line["exception"] for line in faults)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [CANARY, f"{CANARY} 'quoted\" \\ {CANARY}", f"{CANARY}\n\nThe above line\n\n{CANARY}"],
    ids=["plain", "quotes", "lines"],
)
def test_a_row_that_the_database_refuses_leaves_none_of_its_values(
    name: str, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*given: Any, **named: Any) -> None:
        try:
            with transaction.atomic():
                Person.objects.create(given_name=name, family_name="")
        except IntegrityError as refused:
            raise RuntimeError("could not be kept") from refused

    monkeypatch.setattr("frontend.views.public.help.render", fault)
    Client(raise_request_exception=False).get(ADDRESSES[1])
    faults = [line["exception"] for line in lines() if "exception" in line]
    assert faults
    for told in faults:
        assert "person_has_a_family_name" in told and "DETAIL:  [hidden]" in told
        assert told.endswith("RuntimeError: could not be kept")


def test_arguments_and_nested_values_are_searched_too(lines: Lines) -> None:
    logging.getLogger("library").warning("%s went to %s", "Somebody", ADDRESSES[0])
    structlog.get_logger("ours").info("done", at={"paths": [ADDRESSES[1], (ADDRESSES[2],)]}, by=Path(ADDRESSES[0]))
    first, second = lines()
    assert first["event"] == "Somebody went to /join/return/[hidden]/"
    assert second["at"]["paths"] == ["/help/[hidden]/", ["/account/password/new/[hidden]/"]]
    assert "[hidden]" in second["by"]


def test_what_structlog_writes_obeys_the_level(lines: Lines) -> None:
    logging.getLogger("quiet").setLevel(logging.ERROR)
    structlog.get_logger("quiet").info("not worth a line")
    assert lines() == []


class Path:
    """A value that JSON does not know: it is written as it shows itself."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __repr__(self) -> str:
        return f"<Path {self.address}>"


def test_every_address_that_carries_a_token_is_one_whose_token_is_masked():
    # Those of libraries are regular expressions; the one with a key is in ADDRESSES.
    ours = [a for a in addresses() if "^" not in a.route]
    carrying = [a.route for a in ours if {"token", "key"} & set(a.arguments)]
    assert len(carrying) > 3
    written = ["/" + re.sub(r"<[^>]*(?:token|key)>", CANARY, route) for route in carrying]
    assert [address for address in written if CANARY in mask(address)] == []
