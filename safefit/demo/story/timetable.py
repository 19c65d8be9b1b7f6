"""The forty weekly and fortnightly classes of the made-up programme, and their dates. PURE: no Django, no clock.

Here: what, where, by whom, when, how liked, since when. Not here: the people in them (attending.py), the rows
(safefit/demo/timetable.py). A class keeps its clock time when the clocks change; bank holidays are left out, and so
is a date that its instructor may not lead.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, time, timedelta

from classes.wall_time import Span, bank_holidays, dates_of_series, span
from instructors.credentials import reasons_against_leading
from safefit.demo.story.class_kinds import CLASS_KINDS
from safefit.demo.story.halls import AREA_OF
from safefit.demo.story.teachers import TEACHER

WEEKS_BEHIND = 38
WEEKS_AHEAD = 12  # classes.timetable.HORIZON
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
CALLED_OFF = (
    "The hall is closed for repairs",
    "The instructor is ill",
    "The heating in the hall does not work",
    "Bad weather",
    "The ferries are not running",
)


@dataclass(frozen=True)
class Plan:
    """One class that comes back. `venue` "" is online; `liked` is how many people choose it, 1 being the usual."""

    class_type: str
    venue: str
    room: str
    teacher: str
    weekday: int
    start: time
    minutes: int
    capacity: int
    liked: float
    weeks_behind: int = WEEKS_BEHIND
    every: int = 1

    @property
    def area(self) -> str:
        """Where one goes for it; "" for online."""
        return AREA_OF.get(self.venue, "")

    @property
    def needs(self) -> tuple[str, ...]:
        own = next(kind.needs for kind in CLASS_KINDS if kind.name == self.class_type)
        return own if self.venue else tuple(dict.fromkeys((*own, "remote_insurance")))


def _online(
    class_type: str, teacher: str, day: int, at: str, minutes: int, places: int, liked: float, **rest: int
) -> Plan:
    return Plan(class_type, "", "", teacher, day, time.fromisoformat(at), minutes, places, liked, **rest)


def _in(
    where: str, class_type: str, teacher: str, day: int, at: str, minutes: int, places: int, liked: float, **rest: int
) -> Plan:
    venue, _, room = where.partition(": ")
    room = room or "Main hall"
    return Plan(class_type, venue, room, teacher, day, time.fromisoformat(at), minutes, places, liked, **rest)


POOLE, NEWPORT, TOTTON = "Hamworthy Demo Hall", "Newport Demo Centre", "Totton Demo Rooms"
SEA, GARDEN = "Weymouth Demo Pavilion: Sea room", "Weymouth Demo Pavilion: Garden room"
BRIDPORT, GOSPORT, RYDE = "Bridport Demo Rooms: Long room", "Gosport Demo Hall", "Ryde Demo Hall"
GREAT_HALL, STUDIO = "Winchester Demo Centre: Great hall", "Winchester Demo Centre: Studio"

PLANS = (
    _online("Seated strength", "ines", MON, "10:00", 45, 12, 1.6),
    _in(POOLE, "Balance and breathing", "ines", TUE, "14:00", 60, 12, 1.7),
    _in(NEWPORT, "Steady circuits", "ivor", WED, "18:30", 45, 8, 2.0),
    _in(TOTTON, "Balance and breathing", "ivor", THU, "11:00", 60, 12, 1.3),
    _online("Gentle stretch", "ines", FRI, "16:00", 30, 12, 1.0),
    _online("Seated strength", "bea.trainer", MON, "18:30", 45, 10, 1.9),
    _online("Gentle stretch", "bea.trainer", TUE, "09:30", 30, 12, 0.8),
    _online("Breathing and unwinding", "cai.athro", TUE, "19:00", 30, 14, 0.8),
    _online("Gentle stretch", "ines", WED, "10:30", 30, 12, 1.0, weeks_behind=30),
    _online("Gentle stretch", "bea.trainer", WED, "20:00", 30, 10, 0.5, weeks_behind=26),
    _online("Chair yoga", "jaya.shikshak", WED, "13:30", 45, 8, 1.5, weeks_behind=20),
    _online("Seated strength", "cai.athro", THU, "13:00", 45, 12, 1.0),
    _online("Strength with bands", "jaya.shikshak", THU, "18:00", 45, 8, 2.2),
    _online("Gentle stretch", "cai.athro", FRI, "08:30", 30, 12, 0.3),
    _online("Chair yoga", "bea.trainer", FRI, "11:00", 45, 10, 1.0, weeks_behind=16, every=2),
    _online("Seated strength", "jaya.shikshak", SAT, "10:00", 45, 12, 1.2),
    _online("Breathing and unwinding", "cai.athro", SUN, "17:00", 30, 14, 0.7, weeks_behind=24, every=2),
    _in(POOLE, "Steady circuits", "ines", THU, "10:30", 45, 8, 2.3),
    _in(POOLE, "Walk and talk", "ines", SAT, "09:30", 60, 12, 0.8, weeks_behind=24, every=2),
    _in(POOLE, "Walk and talk", "hamish.drillwell", WED, "14:00", 60, 12, 0.8, weeks_behind=20),
    _in(SEA, "Balance and breathing", "farah.ustad", MON, "11:00", 60, 10, 1.3),
    _in(SEA, "Steady circuits", "farah.ustad", WED, "18:00", 45, 8, 1.8),
    _in(GARDEN, "Chair yoga", "farah.ustad", FRI, "10:00", 45, 8, 1.5, weeks_behind=30),
    _in(BRIDPORT, "Strength with bands", "hamish.drillwell", TUE, "10:30", 45, 6, 1.5),
    _in(BRIDPORT, "Balance and breathing", "hamish.drillwell", THU, "14:30", 60, 10, 0.8),
    _in(BRIDPORT, "Floor and core", "hamish.drillwell", SAT, "11:00", 45, 8, 0.4, weeks_behind=12, every=2),
    _in(TOTTON, "Strength with bands", "emeka.nkuzi", MON, "14:00", 45, 8, 1.0),
    _in(TOTTON, "Steady circuits", "emeka.nkuzi", TUE, "18:30", 45, 8, 2.0),
    _in(GREAT_HALL, "Balance and breathing", "dolores.maestra", MON, "10:30", 60, 12, 1.4),
    _in(STUDIO, "Chair yoga", "dolores.maestra", WED, "11:30", 45, 6, 2.0, weeks_behind=28),
    _in(GREAT_HALL, "Steady circuits", "dolores.maestra", FRI, "13:30", 45, 10, 0.9),
    _in(STUDIO, "Floor and core", "kasia.trenerska", FRI, "18:00", 45, 8, 0.5, weeks_behind=14, every=2),
    _in(GOSPORT, "Balance and breathing", "kasia.trenerska", TUE, "10:00", 60, 10, 1.0, every=2),
    _in(GOSPORT, "Strength with bands", "emeka.nkuzi", THU, "18:30", 45, 8, 1.2),
    _in(GOSPORT, "Walk and talk", "emeka.nkuzi", SAT, "10:30", 60, 12, 0.7, weeks_behind=18, every=2),
    _in(NEWPORT, "Balance and breathing", "greta.lehrer", MON, "10:30", 60, 10, 1.3),
    _in(NEWPORT, "Strength with bands", "greta.lehrer", FRI, "11:30", 45, 6, 1.3, weeks_behind=26),
    _in(RYDE, "Chair yoga", "lloyd.stretchley", TUE, "14:30", 45, 6, 1.5),
    _in(RYDE, "Balance and breathing", "lloyd.stretchley", THU, "10:00", 60, 10, 1.0),
    _in(RYDE, "Walk and talk", "lloyd.stretchley", SAT, "10:00", 60, 12, 0.7, weeks_behind=22, every=2),
)


@dataclass(frozen=True)
class ClassDate:
    """One date of a plan (its place in PLANS). `called_off` says why it was cancelled, "" where it was not."""

    plan: int
    span: Span
    called_off: str = ""

    @property
    def on(self) -> date:
        return self.span.on


def first_date_of(plan: Plan, today: date) -> date:
    monday = today - timedelta(days=today.weekday(), weeks=plan.weeks_behind)
    return monday + timedelta(days=plan.weekday)


def last_date_of(today: date) -> date:
    return today + timedelta(days=364)


def left_out(plan: Plan, today: date) -> tuple[date, ...]:
    """The bank holidays on which this class would fall."""
    holidays = bank_holidays(first_date_of(plan, today), last_date_of(today))
    return tuple(on for on in holidays if on.weekday() == plan.weekday)


def horizon_of(today: date) -> date:
    return today + timedelta(weeks=WEEKS_AHEAD)


def dates_of(plan: Plan, today: date) -> list[date]:
    """Every date up to the horizon that the instructor may lead."""
    held = TEACHER[plan.teacher].holds(today)
    dates = dates_of_series(
        first_date_of(plan, today),
        horizon_of(today),
        interval_weeks=plan.every,
        excluded=left_out(plan, today),
    )
    return [on for on in dates if not reasons_against_leading(held, plan.needs, on)]


def draw_dates(today: date, seed: str) -> tuple[ClassDate, ...]:
    """Every date of every plan, a few of the past ones called off."""
    draw = random.Random(f"{seed}/dates")  # noqa: S311  (a story, not a secret)
    return tuple(
        ClassDate(number, span(on, plan.start, plan.minutes), _called_off(draw, plan, on, today))
        for number, plan in enumerate(PLANS)
        for on in dates_of(plan, today)
    )


def _called_off(draw: random.Random, plan: Plan, on: date, today: date) -> str:
    happens, why = draw.random() < 0.02, draw.choice(CALLED_OFF if plan.venue else CALLED_OFF[1:2])
    return why if happens and on < today - timedelta(days=7) else ""
