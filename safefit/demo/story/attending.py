"""Who books which class, who waits, who comes: nine months back and four weeks ahead. PURE: no Django, no clock.

What the product would have refused does not happen here either: nobody is in two classes at once, no class holds
more than it has places for, nobody comes before they are cleared, and nobody does more in a week than the phase of
the programme has. All places were taken by six the evening before; waiting lists formed in the hours after that.
Not here: the class that is on while somebody looks (safefit/demo/today.py).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from classes.wall_time import UK
from safefit.demo.story.lives import QUINN, Life, Stage
from safefit.demo.story.timetable import PLANS, ClassDate

BOOKED, CANCELLED, WAITING, CLOSED = "booked", "cancelled", "waiting", "closed"
MARKS = ("attended", "attended_in_part", "absent_told", "absent_untold", "sent_home")
SHARES = (81, 6, 8, 4, 1)
WEEKS_AHEAD_BOOKED = (1.0, 0.85, 0.6, 0.35)  # of what they will do, how much is booked already
MOST_WAITING = 4
GROUP = 7  # people of the class of today
NOTES = {
    "attended": ("Took the first two rounds sitting", "Very pleased with the new balance exercise"),
    "attended_in_part": ("Left early to catch the bus", "Rested for the second half"),
    "absent_told": ("Hospital appointment", "Rang this morning"),
    "sent_home": ("Felt light-headed when they arrived. Rang their daughter, who came",),
}


@dataclass(frozen=True)
class Phase:
    """So many weeks, with so many classes at the most in each `per_weeks` of them."""

    weeks: int
    most: int
    per_weeks: int


@dataclass(frozen=True)
class Place:
    """One booking. `date` is a place in the list of dates; `mark` is what the register says, "" for nothing."""

    life: int
    date: int
    state: str
    joined_at: datetime
    source: str
    ended_at: datetime | None = None
    end_reason: str = ""
    automatically: bool = False
    mark: str = ""
    note: str = ""


@dataclass(frozen=True)
class WalkIn:
    """Somebody at the door without a booking."""

    life: int
    date: int


class Attending:
    """Goes through the lives one after another and gives out the places that are left."""

    def __init__(
        self, lives: Sequence[Life], dates: Sequence[ClassDate], phases: Sequence[Phase], today: date, seed: str
    ) -> None:
        self.lives, self.dates, self.phases, self.today, self.seed = lives, dates, phases, today, seed
        self.evening = datetime.combine(today - timedelta(days=1), time(18), UK)
        self.taken: Counter[int] = Counter()
        self.waiting: Counter[int] = Counter()
        self.busy: dict[int, list[ClassDate]] = defaultdict(list)
        self.by_plan: dict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(dates):
            self.by_plan[one.plan].append(number)
        self.group = tuple(self._choose_group())
        self.places: list[Place] = []

    def go(self) -> tuple[Place, ...]:
        for life in self.lives:
            draw = random.Random(f"{self.seed}/attending/{life.number}")  # noqa: S311  (a story, not a secret)
            self.places += self._places_of(life, draw)
        self._let_quinn_wait()
        return tuple(self._in_order_of_joining())

    def _choose_group(self) -> Iterator[int]:
        """Seven people of today's class: newcomers first, then whoever the instructor must know something about."""
        near = [
            life
            for life in self.lives
            if life.stage is Stage.TAKING_PART
            and not life.slug
            and life.one.area == "Dorset"
            and life.joined_on < self.today - timedelta(days=6)
            and all(life.may_come(self.today + timedelta(days=n)) for n in (-3, -1, 0))
            and (self.today - life.joined_on).days < 84
            and "remote_only" not in _adaptations(life, self.today)
        ]
        near.sort(key=lambda life: (-len(_adaptations(life, self.today)) - 2 * len(life.one.needs), life.number))
        newcomers = sorted(near, key=lambda life: -life.registered_at.timestamp())[:1]
        chosen = dict.fromkeys([*newcomers, *near[:4], *near[len(near) // 2 :]])
        return (life.number for life in list(chosen)[:GROUP])

    # --- one person

    def _places_of(self, life: Life, draw: random.Random) -> Iterator[Place]:
        likes = self._favourites(life, draw)
        for first_day, last_day, most in self._stretches(life):
            if first_day > self.today + timedelta(weeks=len(WEEKS_AHEAD_BOOKED)):
                return
            wanted = self._how_many(life, most, first_day, draw)
            for _ in range(wanted):
                yield from self._try(life, likes, first_day, last_day, draw)

    def _stretches(self, life: Life) -> Iterator[tuple[date, date, int]]:
        """The weeks (or four weeks) in which at most so many classes are meant, from the day they joined."""
        start = life.joined_on
        for phase in self.phases:
            end = start + timedelta(weeks=phase.weeks)
            while start < end:
                after = min(end, start + timedelta(weeks=phase.per_weeks))
                yield start, after - timedelta(days=1), phase.most
                start = after

    def _how_many(self, life: Life, most: int, first_day: date, draw: random.Random) -> int:
        if life.never_came:
            return int(first_day == life.joined_on and draw.random() < 0.5)
        if life.number in self.group[:1] and first_day <= self.today:
            return 0  # the class of today is their first
        wanted = sum(draw.random() < life.keenness * (1.0 if n == 0 else 0.6) for n in range(most))
        last_day = first_day + timedelta(days=6)
        if life.number in self.group and first_day <= self.today and last_day >= self.today - timedelta(days=1):
            return max(0, min(wanted, most - 1))  # the class of today is one of them
        return wanted

    def _favourites(self, life: Life, draw: random.Random) -> list[int]:
        """The classes that this person goes to: a few, nearby or online."""
        adaptations = _adaptations(life, self.today)
        weights = [self._weight(life, number, adaptations) for number in range(len(PLANS))]
        if life.slug:  # of the cast: the same classes every week, and sure to find another when those are full
            return [number for number, weight in enumerate(weights) if weight]
        chosen = draw.choices(range(len(PLANS)), weights, k=5)
        return list(dict.fromkeys(chosen))

    def _weight(self, life: Life, number: int, adaptations: tuple[str, ...]) -> float:
        plan = PLANS[number]
        if plan.area not in ("", life.one.area):
            return 0.0
        shut_out = "in_person_only" if not plan.area else "remote_only"
        if shut_out in adaptations:
            return 0.0
        return plan.liked * (0.5 if not plan.area else 1.0)

    # --- one place

    def _try(
        self, life: Life, likes: Sequence[int], first_day: date, last_day: date, draw: random.Random
    ) -> Iterator[Place]:
        """A place in one of their classes within these days, or a turn in a waiting list, or nothing."""
        candidates = [n for plan in likes for n in self._within(plan, first_day, last_day)]
        if not life.slug:
            draw.shuffle(candidates)
        elif draw.random() < 0.4:
            candidates = candidates[1:] + candidates[:1]
        for number in candidates[: len(candidates) if life.slug else 5]:
            one = self.dates[number]
            if not self._possible(life, one) or self._not_booked_yet(life, one, draw):
                continue
            if self.taken[number] >= PLANS[one.plan].capacity:
                if self._joins_the_queue(number, one, draw):
                    yield self._wait(life, number, one, draw)
                    return
                continue
            yield from self._take(life, number, one, draw)
            return

    def _within(self, plan: int, first_day: date, last_day: date) -> list[int]:
        return [n for n in self.by_plan[plan] if first_day <= self.dates[n].on <= last_day]

    def _possible(self, life: Life, one: ClassDate) -> bool:
        near_today = self.today - timedelta(days=1) <= one.on <= self.today
        if not life.may_come(one.on) or (life.number in self.group and near_today):
            return False
        if one.on <= life.joined_on + timedelta(days=1):
            return False
        return all(
            one.span.ends_at <= other.span.starts_at or other.span.ends_at <= one.span.starts_at
            for other in self.busy[life.number]
        )

    def _not_booked_yet(self, life: Life, one: ClassDate, draw: random.Random) -> bool:
        weeks_ahead = (one.on - self.today).days // 7
        if one.on <= self.today or (life.slug and weeks_ahead < 2):
            return False
        return weeks_ahead >= len(WEEKS_AHEAD_BOOKED) or draw.random() > WEEKS_AHEAD_BOOKED[weeks_ahead]

    def _joins_the_queue(self, number: int, one: ClassDate, draw: random.Random) -> bool:
        soon = timedelta(days=1) < one.on - self.today < timedelta(days=20)
        return soon and self.waiting[number] < MOST_WAITING and draw.random() < 0.6

    def _wait(self, life: Life, number: int, one: ClassDate, draw: random.Random) -> Place:
        self.waiting[number] += 1
        self.busy[life.number].append(one)
        return Place(life.number, number, WAITING, self.evening, _source(life, draw), automatically=draw.random() < 0.6)

    def _take(self, life: Life, number: int, one: ClassDate, draw: random.Random) -> Iterator[Place]:
        place = Place(life.number, number, BOOKED, self._joined_at(life, one, draw), _source(life, draw))
        self.busy[life.number].append(one)
        if one.called_off:
            off_at = one.span.starts_at - timedelta(hours=20)
            yield replace(place, state=CLOSED, ended_at=off_at, end_reason="class_cancelled")
            return
        if draw.random() < 0.06 and not (life.slug and one.on >= self.today):
            yield self._given_back(place, one, draw)
            return
        self.taken[number] += 1
        yield self._marked(life, place, one, draw)

    def _joined_at(self, life: Life, one: ClassDate, draw: random.Random) -> datetime:
        """Some days before the class, once they were cleared, and not later than last evening."""
        check = life.check_for(one.on)
        earliest = max(life.registered_at, check.clears_at if check else life.registered_at) + timedelta(minutes=20)
        latest = min(one.span.starts_at - timedelta(hours=2), self.evening)
        wished = one.span.starts_at - timedelta(days=1 + draw.randrange(12), minutes=draw.randrange(600))
        return wished if earliest <= wished <= latest else earliest + (latest - earliest) * draw.random()

    def _given_back(self, place: Place, one: ClassDate, draw: random.Random) -> Place:
        until = min(one.span.starts_at, self.evening)
        ended_at = place.joined_at + (until - place.joined_at) * draw.random()
        reason = draw.choice(("not_well", "not_well", "appointment", "travel", "other_plans", "prefer_not_to_say"))
        return replace(place, state=CANCELLED, ended_at=ended_at, end_reason=reason)

    def _marked(self, life: Life, place: Place, one: ClassDate, draw: random.Random) -> Place:
        if one.on >= self.today or self._register_not_taken(one):
            return place
        mark = draw.choices(MARKS, SHARES)[0]
        if life.never_came:
            mark = draw.choice(("absent_told", "absent_untold"))
        if life.slug:
            mark = "attended"
        note = draw.choice(NOTES[mark]) if mark in NOTES and draw.random() < 0.04 else ""
        return replace(place, mark=mark, note=note)

    def _register_not_taken(self, one: ClassDate) -> bool:
        """A few registers of the last days are still to be taken."""
        draw = random.Random(f"{self.seed}/register/{one.plan}/{one.on}")  # noqa: S311
        return one.on >= self.today - timedelta(days=4) and draw.random() < 0.12

    # --- all of them

    def _let_quinn_wait(self) -> None:
        """Quinn stands first in the queue of a full class, and wants the first place that is freed."""
        quinn = self.lives[QUINN]
        for number, one in enumerate(self.dates):
            days = (one.on - self.today).days
            full = self.taken[number] >= PLANS[one.plan].capacity
            if 2 < days < 20 and full and self._possible(quinn, one):
                self.places = [
                    place
                    for place in self.places
                    if place.life != QUINN or place.state != WAITING or self.dates[place.date].on < self.today
                ]
                self.places.insert(0, Place(QUINN, number, WAITING, self.evening, "self", automatically=True))
                return

    def _in_order_of_joining(self) -> Iterator[Place]:
        """Who waits joined after the last place had gone, one after another."""
        turns: Counter[int] = Counter()
        for place in self.places:
            if place.state == WAITING:
                turns[place.date] += 1
                minutes = 7 * place.date % 53 + 11 * turns[place.date]
                place = replace(place, joined_at=self.evening + timedelta(minutes=minutes))
            yield place


def walk_ins(
    lives: Sequence[Life], dates: Sequence[ClassDate], places: Sequence[Place], today: date, seed: str
) -> tuple[WalkIn, ...]:
    """A few people came to a class nearby without a booking."""
    draw = random.Random(f"{seed}/walk-ins")  # noqa: S311
    booked = {(place.life, place.date) for place in places}
    on_the_day = {(place.life, dates[place.date].on) for place in places}
    past = [n for n, one in enumerate(dates) if PLANS[one.plan].area and not one.called_off and one.on < today]
    found: dict[tuple[int, int], None] = {}
    for number in draw.sample(past, min(len(past), 40)):
        near = [life for life in lives if life.one.area == PLANS[dates[number].plan].area]
        life = draw.choice(near)
        on = dates[number].on
        free = (life.number, number) not in booked and (life.number, on) not in on_the_day
        if free and life.may_come(on) and not life.never_came:
            found[life.number, number] = None
    return tuple(WalkIn(life, number) for life, number in found)


def _adaptations(life: Life, on: date) -> tuple[str, ...]:
    """What shuts them out of some classes: as things stand, or stood at first."""
    check = life.check_for(on) or life.checks[0]
    return check.in_force


def _source(life: Life, draw: random.Random) -> str:
    if not life.one.uses_email:
        return "desk"
    return "desk" if draw.random() < 0.04 else "self"
