"""What booking costs while somebody reads for long: the same load alone, and beside an export that never ends.

The export reads every booking with its person, its class and its history, in one transaction with one snapshot, and
begins again: more than any page of ours does. It runs in a process of its own, as a command would.
`python -m bench.reading` is that process. Not here: the load (rounds.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import django

from safefit.postgres import ROOT

MOST_SLOWED = 2.0  # times the p95 of booking alone
AT_A_TIME = 2000  # rows


def slowed(rounds: Sequence[Mapping[str, Mapping[str, float]]]) -> float:
    """How many times longer booking takes (p95) beside the export: the middle of the ratios of the rounds."""
    return median(one["beside"]["p95_ms"] / one["alone"]["p95_ms"] for one in rounds)


def told(rounds: Sequence[Mapping[str, Any]]) -> str:
    lines = ["", "  p95 alone   beside an export   times   rows read a second"]
    for one in rounds:
        alone, beside = one["alone"]["p95_ms"], one["beside"]["p95_ms"]
        lines.append(f"{alone:8.1f} ms {beside:15.1f} ms {beside / alone:8.2f} {one['rows_per_second']:20,.0f}")
    return "\n".join([*lines, "", f"In the middle {slowed(rounds):.2f} times; at most {MOST_SLOWED:.0f} are wanted."])


@contextmanager
def an_export_runs() -> Iterator[dict[str, float]]:
    """Until the end of the block; then the dictionary says how many rows it has read in a second."""
    found: dict[str, float] = {}
    with tempfile.TemporaryFile("w+") as said:
        export = subprocess.Popen([sys.executable, "-m", "bench.reading"], cwd=ROOT, stdout=said)
        try:
            yield found
        finally:
            export.send_signal(signal.SIGTERM)
            export.wait(20)
        said.seek(0)
        done = [line.split() for line in said if line.strip()]
    if done:
        found["per_second"] = int(done[-1][0]) / float(done[-1][1])


def export_without_end() -> None:
    """Prints, after each batch, how many rows it has read so far and in how many seconds."""
    from django.db import connection, transaction

    from classes.models import Booking

    began, rows = time.monotonic(), 0
    everything = Booking.objects.select_related("participant__person", "session__class_type")
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for booking in everything.prefetch_related("events").iterator(chunk_size=AT_A_TIME):
                rows += 1 + len(booking.events.all())  # type: ignore[attr-defined]
                if rows % 100 == 0:
                    print(rows, time.monotonic() - began, flush=True)


def rounds_beside(bench: Any, rounds: int) -> list[dict[str, Any]]:
    """`bench` as of rounds.py. The first load is thrown away: it makes the bookings that the export reads."""
    from bench.load import Trouble
    from bench.rounds import PRODUCT

    if (1 + 2 * rounds) * bench.sent_at_most > len(bench.world.cookies) * len(bench.world.spread):
        raise Trouble("Not enough pairs of a person and a class: take more people or classes, or shorter rounds.")
    bench.spread(PRODUCT)
    found = []
    for _ in range(rounds):
        alone = bench.spread(PRODUCT)
        with an_export_runs() as export:
            beside = bench.spread(PRODUCT)
        found.append({"alone": alone, "beside": beside, "rows_per_second": export.get("per_second", 0.0)})
    return found


if __name__ == "__main__":
    os.chdir(Path(__file__).parent.parent)
    django.setup()
    export_without_end()
