"""`python -m bench`: called by `./run bench`, which has set the environment and started the database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import django


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--people", type=int, default=2000, help="how many take part (default 2000)")
    parser.add_argument("--classes", type=int, default=10_000, help="over how many classes places are spread")
    parser.add_argument("--rounds", type=int, default=3, help="how often each thing is measured (default 3)")
    parser.add_argument("--seconds", type=int, default=5, help="how long each time (default 5)")
    parser.add_argument(
        "--while-reading", action="store_true", help="instead: booking alone, and while a long export reads"
    )
    parser.add_argument(
        "--scores", type=int, help="instead: a summary for a partner, built from so many scores (1000000, say)"
    )
    parser.add_argument("--json", type=Path, help="also write every figure here")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    django.setup()
    from bench.load import Trouble
    from bench.reading import rounds_beside
    from bench.rounds import measure, prepared
    from bench.tables import as_table, misses, summary

    if given.scores:
        return _summary(given.scores, given.json)
    try:
        bench = prepared(people=given.people, classes=given.classes, seconds=given.seconds)
        if given.while_reading:
            return _beside(rounds_beside(bench, given.rounds), given.json)
        rounds = measure(bench, given.rounds)
    except Trouble as trouble:
        print(f"SafeFit: {trouble}", file=sys.stderr)
        return 2
    found = summary(rounds)
    if given.json:
        given.json.write_text(json.dumps({"rounds": rounds, "summary": found}, indent=1))
    print(as_table(found))
    missed = misses(found)
    print("Missed: " + ", ".join(missed) if missed else "Every figure that must be reached is reached.")
    return 1 if missed else 0


def _summary(scores: int, file: Path | None) -> int:
    from bench.release import measured, reached, told

    found = measured(scores)
    if file:
        file.write_text(json.dumps(found, indent=1))
    print(told(found))
    return int(not reached(found))


def _beside(rounds: list[dict[str, Any]], file: Path | None) -> int:
    from bench.reading import MOST_SLOWED, slowed, told

    if file:
        file.write_text(json.dumps({"rounds": rounds, "slowed": slowed(rounds)}, indent=1))
    print(told(rounds))
    return int(slowed(rounds) > MOST_SLOWED)


if __name__ == "__main__":
    sys.exit(main())
