"""The long form of tests that walk at random or race, for `./run campaign`.

Here: which tests make up a campaign, and how long each is. Their quick form runs with
all other tests: they read the size from the environment, and are quick without it.
"""

from __future__ import annotations

import argparse
import os
import sys

import pytest

CAMPAIGNS = {
    "waiting": ["tests/unit/classes/waiting_list/test_waiting_machine.py", "tests/concurrency/test_offer_races.py"],
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run campaign", description=__doc__)
    parser.add_argument("name", choices=sorted(CAMPAIGNS))
    parser.add_argument("--histories", type=int, default=10_000, help="how many random histories (10,000)")
    parser.add_argument("--rounds", type=int, default=500, help="how many rounds of each race (500)")
    given = parser.parse_args(arguments)
    os.environ |= {"SAFEFIT_HISTORIES": str(given.histories), "SAFEFIT_ROUNDS": str(given.rounds)}
    return int(pytest.main(["-n", "2", "--durations", "10", *CAMPAIGNS[given.name]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
