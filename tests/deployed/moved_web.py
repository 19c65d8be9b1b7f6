"""The web server on a computer whose clock is wrong by MOVED_MINUTES: what granian loads instead of safefit.wsgi."""

from __future__ import annotations

import datetime as dt
import os

import time_machine

wrong = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=float(os.environ["MOVED_MINUTES"]))
time_machine.travel(wrong, tick=True).start()

from safefit.wsgi import application  # noqa: E402  its clock is wrong from the first line on

__all__ = ["application"]
