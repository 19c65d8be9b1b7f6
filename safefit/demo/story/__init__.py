"""The made-up story: who the people of the demonstration are and what they did. PURE: no Django, no clock.

`tell(today, …)` is the whole of it, drawn with a fixed seed: the same day gives the same story on every computer, at
every hour. Here: what happened. Not here: the rows (the modules beside this package), the named cast of staff
(safefit/demo/cast.py), and what the cast does today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from outcomes.asking.windows import Due
from safefit.demo.story.answering import Form, draw_forms, first_classes
from safefit.demo.story.attending import Attending, Phase, Place, WalkIn, walk_ins
from safefit.demo.story.lives import Life, draw_lives
from safefit.demo.story.people import Individual, draw_people
from safefit.demo.story.timetable import ClassDate, draw_dates

SEED = "safefit-2026"
PEOPLE = 597  # with the three who register on the day itself, 600
DRAFTS = 14  # people who have begun to register


@dataclass(frozen=True)
class Story:
    """Lists that speak of each other by place: a Place names a life and a date by their numbers."""

    today: date
    dates: tuple[ClassDate, ...]
    lives: tuple[Life, ...]
    drafts: tuple[Individual, ...]
    places: tuple[Place, ...]
    walk_ins: tuple[WalkIn, ...]
    forms: tuple[Form, ...]
    group: tuple[int, ...]  # who is in the class of today


def tell(
    today: date, *, phases: Sequence[Phase], timepoints: Mapping[str, Due], people: int = PEOPLE, seed: str = SEED
) -> Story:
    """The story as it stands on the morning of `today`. `phases` and `timepoints` are those of the programme."""
    drawn = draw_people(people + DRAFTS, today, seed)
    lives = draw_lives(drawn[:people], today, seed)
    dates = draw_dates(today, seed)
    attending = Attending(lives, dates, phases, today, seed)
    places = attending.go()
    guests = walk_ins(lives, dates, places, today, seed)
    firsts = first_classes(lives, dates, places, guests)
    forms = draw_forms(lives, firsts, timepoints, today, seed)
    return Story(today, dates, lives, tuple(drawn[people:]), places, guests, forms, attending.group)
