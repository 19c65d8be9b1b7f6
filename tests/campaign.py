"""The long form of tests that walk at random, race, or kill, for `./run campaign`.

Here: which tests make up a campaign, and how long each is. Their quick form runs with
all other tests: they read the sizes from the environment, and are quick without it.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass

import pytest

# One test at a time for each core, the long ones first: the second half of a walk never waits for the end of the first.
IN_ORDER = ["-n", "2", "--dist", "loadgroup", "-p", "no:randomly"]


@dataclass(frozen=True)
class Campaign:
    """`sizes` are what may be asked for, and what is done when nothing is said."""

    tests: list[str]
    sizes: dict[str, int]
    options: list[str]


# Under a storm nothing else runs: its programs need every core, and figures would be of the neighbour.
ALONE = ["-n", "0"]
CAMPAIGNS = {
    "waiting": Campaign(
        ["tests/unit/classes/waiting_list/test_waiting_machine.py", "tests/concurrency/test_offer_races.py"],
        {"histories": 10_000, "rounds": 500},
        IN_ORDER,
    ),
    "oversell": Campaign(["tests/deployed/test_oversell.py"], {"rounds": 20, "people": 200, "places": 10}, ALONE),
    "kill": Campaign(
        ["tests/deployed/test_everything_killed.py", "tests/deployed/test_worker_killed.py"], {"rounds": 20}, ALONE
    ),
    "disclosure": Campaign(
        ["tests/unit/outcomes/releases/test_many_populations.py"], {"minutes": 10}, ["-n", "0", "-s"]
    ),
    "enumeration": Campaign(["tests/pages/test_alike_in_time.py"], {"rounds": 500}, [*ALONE, "-s"]),
    "requests": Campaign(["tests/structure/test_drawn_requests.py"], {"examples": 200}, ALONE),
    "malformed": Campaign(["tests/structure/test_bad_input.py"], {"values": 60}, [*ALONE, "-s"]),
    "crash": Campaign(["tests/deployed/test_database_killed.py"], {"rounds": 20, "people": 200}, ALONE),
}
SIZES = {
    "histories": "how many random histories",
    "rounds": "how often each race, storm, kill or measurement",
    "people": "how many want a place at once",
    "places": "how many places there are",
    "examples": "how many requests are drawn for each operation of the API",
    "values": "how many malformed values each field of each form and each operation meets",
    "minutes": "how long random programmes are made, published and attacked",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run campaign", description=__doc__)
    parser.add_argument("name", choices=sorted(CAMPAIGNS))
    for size, meaning in SIZES.items():
        usual = ", ".join(f"{name}: {one.sizes[size]:,}" for name, one in CAMPAIGNS.items() if size in one.sizes)
        parser.add_argument(f"--{size}", type=int, help=f"{meaning} ({usual})")
    given = parser.parse_args(arguments)
    chosen = CAMPAIGNS[given.name]
    asked = {size: number for size in SIZES if (number := getattr(given, size)) is not None}
    if stray := asked.keys() - chosen.sizes:
        parser.error(f"{given.name} has no size {', '.join(sorted(stray))}; it has {', '.join(chosen.sizes)}")
    sizes = chosen.sizes | asked
    os.environ |= {f"SAFEFIT_{size.upper()}": str(number) for size, number in sizes.items()}
    return int(pytest.main([*chosen.options, "--durations", "10", *chosen.tests]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
