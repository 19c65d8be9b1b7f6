from __future__ import annotations

import pytest

from bench.limits import rate_in
from bench.load import Trouble, cpu_of, result_in
from bench.reading import slowed, told
from bench.tables import GOALS, as_table, misses, row_of, summary

WRK = """Running 3s test @ http://127.0.0.1:4711/list/
  1 threads and 16 connections
RESULT {"requests": 30, "seconds": 3.0, "p50_ms": 4.0, "p95_ms": 9.5, "p99_ms": 12.0, "refused": 0, "lost": 0}
"""


def one_round(product: float, *, cpu_ms: float = 2.0, p95_ms: float = 30.0) -> dict[str, dict[str, dict[str, float]]]:
    figures = {
        "limit": {"per_second": 1000.0},
        "product": {"per_second": product, "cpu_ms": cpu_ms, "p95_ms": p95_ms},
        "naive": {"per_second": 100.0},
    }
    return {"hot": figures, "spread": figures, "list": figures}


def measured(*rounds: dict[str, dict[str, dict[str, float]]], **found: int) -> dict[str, object]:
    audit = {"oversold": 0, "drifted": 0, "twice": 0, "untold": 0} | found
    return {"rounds": rounds, "race": {"places": 10, "taken": audit.pop("taken", 10)}, "audit": audit}


def test_a_figure_is_the_median_of_the_ratios_within_each_round():
    row = row_of(GOALS[0], [one_round(300), one_round(100), one_round(700)])
    assert (row.middle, row.least, row.most, row.verdict) == (0.3, 0.1, 0.7, "must")


def test_how_much_a_long_export_slows_booking_is_the_middle_of_the_ratios():
    rounds = [
        {"alone": {"p95_ms": 10.0}, "beside": {"p95_ms": beside}, "rows_per_second": 5000.0}
        for beside in (12.0, 30.0, 18.0)
    ]
    assert slowed(rounds) == 1.8
    assert "In the middle 1.80 times; at most 2 are wanted." in told(rounds) and "5,000" in told(rounds)


@pytest.mark.parametrize(
    ("product", "cpu_ms", "p95_ms", "missed"),
    [
        (700, 2.5, 40, []),
        (249, 2.5, 40, ["hot booking over HTTP ÷ pgbench", "hot booking, times naive Django"]),
        (700, 2.6, 40, ["CPU per booking, app and database"]),
        (700, 2.5, 41, ["p95 of a hot booking, 16 at once"]),
    ],
)
def test_what_must_be_reached_and_is_not_is_named(product, cpu_ms, p95_ms, missed):
    found = summary(measured(one_round(product, cpu_ms=cpu_ms, p95_ms=p95_ms)))
    assert misses(found) == missed
    assert as_table(found).count("MISSED") == len(missed)


def test_what_is_aimed_at_is_told_apart_from_what_must_be():
    assert row_of(GOALS[0], [one_round(700)]).verdict == "aim"


@pytest.mark.parametrize(("what", "named"), [("oversold", "oversold"), ("drifted", "drifted"), ("untold", "untold")])
def test_a_place_too_many_or_a_message_too_few_is_a_miss_however_fast_it_was(what, named):
    assert misses(summary(measured(one_round(900), **{what: 1}))) == [named]


def test_a_race_that_gave_out_too_few_or_too_many_places_is_a_miss():
    for taken in (9, 11):
        assert misses(summary(measured(one_round(900), taken=taken))) == ["the last places"]


def test_the_result_of_wrk_is_read_from_the_line_of_our_script():
    assert result_in(WRK)["p95_ms"] == 9.5
    with pytest.raises(Trouble, match="no result"):
        result_in("unable to connect")


def test_the_rate_of_pgbench_is_read_from_what_it_says():
    assert rate_in("latency average = 1 ms\ntps = 2931.25 (without initial connection time)\n") == 2931.25
    with pytest.raises(ValueError, match="no rate"):
        rate_in("pgbench: error")


def test_the_time_of_a_process_counts_and_one_that_is_gone_is_nothing():
    import os

    sum(n * n for n in range(300_000))
    assert cpu_of(os.getpid()) > 0
    assert cpu_of(2**22 + 1) == 0
