"""The made-up story by itself, without a row: the same on every computer."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys

from outcomes.asking.windows import Due
from safefit.demo.story import Story, tell
from safefit.demo.story.attending import Phase

TELL = """
import django
django.setup()
from tests.unit.safefit.test_demo_story import a_story, fingerprint
print(fingerprint(a_story()))
"""


def a_story(today: dt.date = dt.date(2027, 1, 15)) -> Story:
    return tell(
        today,
        phases=[Phase(4, 3, 1), Phase(9, 1, 1), Phase(13, 1, 4)],
        timepoints={"start": Due(0, 28, 7), "w12": Due(84, 21, 21), "w26": Due(182, 28, 28)},
        people=80,
    )


def fingerprint(story: Story) -> str:
    return hashlib.sha256(repr(story).encode()).hexdigest()


def test_a_day_has_one_story_wherever_it_is_told() -> None:
    # Another process, whose sets and dictionaries hash in another way, tells the same.
    hash_seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "DJANGO_SETTINGS_MODULE": "safefit.settings"}
    done = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == fingerprint(a_story())


def test_another_day_tells_of_the_same_people() -> None:
    names = [[life.one.name for life in a_story(day).lives] for day in (dt.date(2027, 1, 15), dt.date(2027, 1, 16))]
    assert names[0] == names[1]


def test_everything_is_over_by_the_evening_before() -> None:
    story = a_story()
    midnight = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
    moments = [place.joined_at for place in story.places] + [place.ended_at for place in story.places if place.ended_at]
    assert max(moments) < midnight
    assert max(life.registered_at for life in story.lives) < midnight
    assert max(form.sent_at for form in story.forms if form.sent_at) < midnight
