"""A worker on a computer whose clock is wrong, until somebody sets it: `moved_clock.py MINUTES`, then SIGUSR1."""

from __future__ import annotations

import datetime as dt
import signal
import sys

import time_machine
from django.core.management import execute_from_command_line


def main() -> None:
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=float(sys.argv[1]))
    clock = time_machine.travel(wrong, tick=True)
    signal.signal(signal.SIGUSR1, lambda *_: clock.stop())
    clock.start()
    execute_from_command_line(["manage.py", "work"])


if __name__ == "__main__":
    main()
