"""From rounds to figures: medians with their range, the ratios within each round, and what must be reached. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Round = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True)
class Goal:
    """A figure of one round, and what of it must be reached and is aimed at."""

    name: str
    of: Callable[[Round], float]
    must: float
    aim: float
    at_most: bool = False
    unit: str = ""

    def reached(self, value: float, wanted: float) -> bool:
        return value <= wanted if self.at_most else value >= wanted


def rate(what: str, who: str) -> Callable[[Round], float]:
    return lambda one: one[what][who]["per_second"]


def over(what: str, who: str, other: str) -> Callable[[Round], float]:
    return lambda one: one[what][who]["per_second"] / one[what][other]["per_second"]


GOALS = (
    Goal("hot booking over HTTP ÷ pgbench", over("hot", "product", "limit"), 0.25, 0.7),
    Goal("spread booking over HTTP ÷ pgbench", over("spread", "product", "limit"), 0.05, 0.15),
    Goal("public list of 20 ÷ pgbench", over("list", "product", "limit"), 0.04, 0.10),
    Goal("CPU per booking, app and database", lambda one: one["spread"]["product"]["cpu_ms"], 2.5, 1.0, True, " ms"),
    Goal("hot booking, times naive Django", over("hot", "product", "naive"), 2.5, 6),
    Goal("p95 of a hot booking, 16 at once", lambda one: one["hot"]["product"]["p95_ms"], 40, 12, True, " ms"),
)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    middle: float
    least: float
    most: float
    unit: str = ""
    must: float | None = None
    aim: float | None = None
    verdict: str = ""


def row_of(goal: Goal, rounds: Sequence[Round]) -> Row:
    values = [goal.of(one) for one in rounds]
    middle = median(values)
    verdict = "MISSED" if not goal.reached(middle, goal.must) else "aim" if goal.reached(middle, goal.aim) else "must"
    return Row(goal.name, middle, min(values), max(values), goal.unit, goal.must, goal.aim, verdict)


def rates(rounds: Sequence[Round]) -> list[Row]:
    """How often a second each did each thing."""
    found = []
    for what in ("hot", "spread", "list"):
        for who in ("limit", "product", "naive"):
            values = [rate(what, who)(one) for one in rounds]
            found.append(Row(f"{what}, {who}", median(values), min(values), max(values), " /s"))
    return found


def summary(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is told of a whole run, as JSON has it."""
    rounds = measured["rounds"]
    return {
        "rates": [vars(row) for row in rates(rounds)],
        "goals": [vars(row_of(goal, rounds)) for goal in GOALS],
        "race": dict(measured["race"]),
        "audit": dict(measured["audit"]),
    }


def misses(found: Mapping[str, Any]) -> list[str]:
    """What must hold and does not: goals, the last places, and every line of the audit."""
    missed = [row["name"] for row in found["goals"] if row["verdict"] == "MISSED"]
    missed += [name for name, count in found["audit"].items() if count]
    return missed + (["the last places"] if found["race"]["taken"] != found["race"]["places"] else [])


def as_table(found: Mapping[str, Any]) -> str:
    """The same as Markdown."""
    lines = ["| how often a second | median | range |", "|---|---|---|"]
    lines += [
        f"| {r['name']} | {_say(r['middle'])} | {_say(r['least'])} to {_say(r['most'])} |" for r in found["rates"]
    ]
    lines += ["", "| measure | median | range | must | aim | reached |", "|---|---|---|---|---|---|"]
    for r in found["goals"]:
        lines.append(
            f"| {r['name']} | {_say(r['middle'])}{r['unit']} | {_say(r['least'])} to {_say(r['most'])} "
            f"| {_say(r['must'])} | {_say(r['aim'])} | {r['verdict']} |"
        )
    race, audit = found["race"], found["audit"]
    lines += [
        "",
        f"The last places: {race['taken']} of {race['places']} taken. "
        + ", ".join(f"{k} {v}" for k, v in audit.items()),
    ]
    return "\n".join(lines)


def _say(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
