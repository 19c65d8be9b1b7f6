"""A database that falls silent: whoever asks reads that it is away, soon; nobody has to start anything again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.deployed.bad_line import BadLine, bad_line
from tests.deployed.programs import PROCESSES, THREADS, until, web_server
from tests.deployed.requests import get

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PAGE = "/classes/"
SILENCE = 0.5  # the web server's patience here; 4 where it runs for real
CONNECTING = 2.0
BUSY = 10.0  # what a busy machine takes; a line that nobody gives up on would be waited for much longer
MOST = SILENCE + CONNECTING + BUSY
IN_TURN = 40 * (SILENCE + CONNECTING) / 4  # a crowd of forty, each waiting for itself in one of four threads


@pytest.fixture(scope="module")
def line(django_db_setup: None) -> Iterator[BadLine]:
    with bad_line() as one:
        yield one


@pytest.fixture(scope="module")
def port(line: BadLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with web_server(line.url, Path(tmp_path_factory.mktemp("web")) / "web.log", silence=SILENCE) as port:
        yield port


@pytest.fixture(autouse=True)
def a_good_line_before_and_after(line: BadLine, port: int) -> Iterator[None]:
    until(lambda: set(crowd_reads(port)) == {200}, "every thread has a connection that works")
    yield
    line.mend()


def read(port: int, page: str = PAGE) -> tuple[int, str, float]:
    """Status, text, and after how many seconds."""
    began = time.monotonic()
    status, text = get(port, page)
    return status, text, time.monotonic() - began


def crowd_reads(port: int, people: int = 2 * PROCESSES * THREADS) -> list[int]:
    with ThreadPoolExecutor(people) as pool:
        return [status for status, _, _ in pool.map(lambda _: read(port), range(people))]


def test_between_two_requests_the_next_one_reads_in_time_that_it_is_away(line: BadLine, port: int) -> None:
    line.carries = 0
    status, page, took = read(port)
    assert status == 503 and took < MOST, f"after {took:.1f} s"
    assert "<h1>" in page and "Traceback" not in page
    status, health, took = read(port, "/healthz")
    assert status == 503 and "does not answer" in health and took < MOST


def test_in_the_middle_of_a_request_it_is_told_in_time(line: BadLine, port: int) -> None:
    line.carries = 2  # whether the connection works, and the first question
    status, _, took = read(port)
    assert status == 503 and took < MOST, f"after {took:.1f} s"


def test_a_crowd_is_told_too_and_once_the_line_is_good_everybody_is_served(line: BadLine, port: int) -> None:
    line.carries = 0
    began = time.monotonic()
    assert set(crowd_reads(port, 40)) == {503}
    assert time.monotonic() - began < IN_TURN - 5, "no thread waits for each of the others in turn"
    line.mend()
    until(lambda: set(crowd_reads(port)) == {200}, "it goes on by itself", patience=10)


def test_a_slow_line_is_no_silent_one(line: BadLine, port: int) -> None:
    line.late = SILENCE / 2  # as two seconds are to four
    status, _, _ = read(port)
    assert status == 200
