"""What the made-up people say of their wellbeing at the start, after 12 and after 26 weeks. PURE: no Django.

Windows and scores are the product's own (outcomes/asking/windows.py, outcomes/scoring/). Fewer answer as time goes on,
and those who do are mostly a little better than before, some the same, some not. Not here: the rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from classes.adherence import ATTENDED_STATES
from classes.wall_time import UK
from outcomes.asking.windows import Due, Window, window_of
from outcomes.instruments.safefit_wellbeing import HELD_BACK, RECIPE
from outcomes.scoring import DECLINED, Answer
from safefit.demo.story.attending import Place, WalkIn
from safefit.demo.story.lives import PAT, QUINN, Life, Stage
from safefit.demo.story.timetable import ClassDate

PLANNED, SUBMITTED, MISSED, NOT_WANTED = "planned", "submitted", "missed", "not_wanted"
SELF, PHONE, PAPER = "self", "phone", "paper"
RATES = {0: 0.92, 84: 0.8, 182: 0.7}  # who answers, by day of the timepoint
ACT_DAYS, ACT_MINUTES, CHANGE = "act_days", "act_min", "change"


@dataclass(frozen=True)
class Form:
    """One wellbeing check of one person. `sent_at` None with answers: begun and put aside."""

    life: int
    timepoint: str
    state: str
    window: Window
    mode: str = SELF
    sent_at: datetime | None = None
    answers: tuple[tuple[str, Answer], ...] = ()


def first_classes(
    lives: Sequence[Life], dates: Sequence[ClassDate], places: Sequence[Place], walk_ins: Sequence[WalkIn]
) -> dict[int, date]:
    """The day of the first class that each of them came to."""
    came = [(dates[place.date].on, place.life) for place in places if place.mark in ATTENDED_STATES]
    came += [(dates[one.date].on, one.life) for one in walk_ins]
    return {life: on for on, life in sorted(came, reverse=True)}


def draw_forms(
    lives: Sequence[Life], firsts: Mapping[int, date], timepoints: Mapping[str, Due], today: date, seed: str
) -> tuple[Form, ...]:
    return tuple(
        form
        for life in lives
        for form in _forms_of(life, firsts.get(life.number), timepoints, today, f"{seed}/answers/{life.number}")
    )


def _forms_of(life: Life, first: date | None, timepoints: Mapping[str, Due], today: date, seed: str) -> Iterator[Form]:
    draw = random.Random(seed)  # noqa: S311  (a story, not a secret)
    for code, due in timepoints.items():
        window = window_of(due, enrolled_on=life.joined_on, first_class_on=first, pauses=life.pauses)
        on = _answered_on(life, due, window, first, draw)
        begun = draw.random() < 0.06
        answers = _answers(life, due, draw)
        if on is not None and on < today and _answers_at_all(life, due, on, draw):
            at = datetime.combine(on, time(9 + draw.randrange(11), draw.randrange(60)), UK)
            mode = SELF if life.one.uses_email else draw.choice((PHONE, PHONE, PAPER))
            yield Form(life.number, code, SUBMITTED, window, mode, at, answers)
        elif life.stage is Stage.WITHDRAWN:
            yield Form(life.number, code, NOT_WANTED, window)
        elif window.has_closed(today):
            yield Form(life.number, code, MISSED, window)
        else:
            draft = answers[:4] if begun and window.is_open(today) and life.one.opens_login and not life.slug else ()
            yield Form(life.number, code, PLANNED, window, answers=draft)


def _answered_on(life: Life, due: Due, window: Window, first: date | None, draw: random.Random) -> date | None:
    """The day on which they would answer; None where it was never due."""
    later = timedelta(days=int(draw.triangular(0, 14, 2)))
    if due.is_start:
        latest = window.closes_on or life.joined_on + timedelta(days=14)
        soonest = max(life.joined_on, first - timedelta(days=due.opens_before)) if first else life.joined_on
        return min(soonest + later, latest)
    if window.opens_on is None or window.closes_on is None:
        return None
    return min(window.opens_on + timedelta(days=due.opens_before // 2) + later, window.closes_on)


def _answers_at_all(life: Life, due: Due, on: date, draw: random.Random) -> bool:
    said = draw.random()
    if life.number == PAT:
        return due.is_start  # the second one is ready for Pat to answer
    if life.number == QUINN:
        return due.day < 182
    if (life.left_on and on >= life.left_on) or (
        life.pause and life.pause.back_on is None and on >= life.pause.starts_on
    ):
        return False
    rate = RATES.get(due.day, 0.7)
    if life.comes_until and on > life.comes_until:
        rate *= 0.45
    return said < (rate * 0.8 if life.never_came else rate)


def _answers(life: Life, due: Due, draw: random.Random) -> tuple[tuple[str, Answer], ...]:
    gone = min(1.0, due.day / 182) ** 0.5
    level = life.wellbeing + life.gain * gone
    answers: dict[str, Answer] = {}
    for item in RECIPE.items:
        if item.id == ACT_DAYS:
            answers[item.id] = _whole(draw.gauss(2.4 + life.gain * gone, 1.4), item.lo, item.hi)
        elif item.id == ACT_MINUTES:
            if answers[ACT_DAYS] != 0:
                answers[item.id] = 5 * draw.randrange(2, 10)
        elif item.id == CHANGE:
            if not due.is_start:
                answers[item.id] = _whole(draw.gauss(life.gain * gone, 0.6), item.lo, item.hi)
        elif (said := draw.random()) < 0.975:
            mean = item.hi - level if item.id in HELD_BACK else level
            answers[item.id] = _whole(draw.gauss(mean, 1.1), item.lo, item.hi)
        elif said < 0.985:
            answers[item.id] = DECLINED
    return tuple(answers.items())


def _whole(number: float, lo: int, hi: int) -> int:
    return min(hi, max(lo, round(number)))
