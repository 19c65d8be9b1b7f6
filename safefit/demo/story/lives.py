"""What happens to each made-up participant: joining, pausing, leaving, finishing. PURE: no Django, no clock.

Nobody does anything on the day itself: all of it is over by the evening before, so that the story of a day is the
same at every hour of it. Not here: classes (attending.py), wellbeing checks (answering.py).
"""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from classes.wall_time import UK
from participants.rules.programme_time import Pause
from safefit.demo.story.health import Check, draw_check
from safefit.demo.story.names import Name
from safefit.demo.story.people import DOMAIN, Contact, Individual, Need

PROGRAMME = timedelta(weeks=26)
DAYS_BEHIND = 258
PAT, QUINN, UNREAD = 0, 1, 2  # places in the list: two of the cast, and somebody whose answers wait too long
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # those of participants.intake, which draws at random
CONSENTS = {"service": 1.0, "health": 1.0, "instructors": 0.96, "summaries": 0.94, "research": 0.7, "recording": 0.35}
ASKED_WITH = {"studies": "research"}  # whoever says yes to the one says yes to the other
LEFT_BECAUSE = (
    "moved away",
    "too far to travel",
    "back at work",
    "not the right time",
    "found something closer to home",
    "not well enough",
)
NEVER_STARTED = "never started"
PAUSED_BECAUSE = ("treatment", "an operation", "family", "away for some weeks", "not well enough")


class Stage(enum.StrEnum):
    """Where somebody stands today."""

    WAITING = "waiting for a review"
    NOT_SUITABLE = "not suitable"
    TAKING_PART = "taking part"
    NEVER_CAME = "never came"
    DRIFTED = "came no more"
    PAUSED = "paused"
    WITHDRAWN = "left"
    COMPLETED = "completed"


STATUS = {Stage.PAUSED: "paused", Stage.WITHDRAWN: "withdrawn", Stage.COMPLETED: "completed"}  # others are active


@dataclass(frozen=True)
class Break:
    """Time out. `back_on` is the first day back, None while it goes on."""

    starts_on: date
    back_on: date | None
    reason: str


@dataclass(frozen=True)
class Life:
    number: int
    reference: str
    one: Individual
    slug: str  # of the cast; "" for everybody else
    source: str
    registered_at: datetime
    stage: Stage
    checks: tuple[Check, ...]
    consents: tuple[tuple[str, bool], ...]
    took_back: tuple[str, ...]  # consents given and taken back later
    pause: Break | None
    left_on: date | None
    left_because: str
    comes_until: date | None  # the last day on which they come, where it is not the end of the programme
    keenness: float  # how much of what they might do they do
    wellbeing: float  # of ten, at the start
    gain: float  # of ten, by the end

    @property
    def joined_on(self) -> date:
        return self.registered_at.astimezone(UK).date()

    @property
    def status(self) -> str:
        return STATUS.get(self.stage, "active")

    @property
    def never_came(self) -> bool:
        return self.stage is Stage.NEVER_CAME or self.left_because == NEVER_STARTED

    @property
    def programme_end(self) -> date:
        return self.joined_on + PROGRAMME - timedelta(days=1)

    @property
    def last_day(self) -> date:
        """The last day on which this person comes."""
        end = self.programme_end
        return min(end, self.comes_until or end, self.left_on or end)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        return (Pause(self.pause.starts_on, self.pause.back_on),) if self.pause else ()

    def may_come(self, on: date) -> bool:
        """Whether they are in the programme and cleared on `on`."""
        return self.joined_on <= on <= self.last_day and self.check_for(on) is not None

    def check_for(self, on: date) -> Check | None:
        """The check that clears them on `on`: of two, the one after the pause."""
        if self.pause and self.pause.starts_on <= on and (self.pause.back_on is None or on < self.pause.back_on):
            return None
        check = self.checks[-1] if self.pause and on >= self.pause.starts_on else self.checks[0]
        start, end = check.clears_from, check.clears_until
        return check if start and end and start < on <= end else None


def draw_lives(people: list[Individual], today: date, seed: str) -> tuple[Life, ...]:
    return tuple(
        _life(number, one, today, random.Random(f"{seed}/life/{number}"))  # noqa: S311  (a story, not a secret)
        for number, one in enumerate(people)
    )


def _life(number: int, one: Individual, today: date, draw: random.Random) -> Life:
    if number == PAT:
        return _regular(number, _pat(one), "pat", today - timedelta(days=77), today, draw)
    if number == QUINN:
        return _regular(number, _quinn(one), "quinn", today - timedelta(days=143), today, draw)
    if number == UNREAD:
        return _basis(number, one, today - timedelta(days=11), today, draw, undecided=True)
    life = _basis(number, one, today - timedelta(days=1 + draw.randrange(DAYS_BEHIND)), today, draw)
    return life if life.stage is not Stage.TAKING_PART else _fate(life, today, draw)


def _basis(
    number: int, one: Individual, on: date, today: date, draw: random.Random, *, undecided: bool = False
) -> Life:
    """Somebody who has registered and been checked."""
    check = draw_check(draw, on, today, undecided=undecided)
    cleared = check.clears_from is not None
    stage = Stage.TAKING_PART if cleared else Stage.WAITING if check.waits else Stage.NOT_SUITABLE
    by_phone = not one.uses_email
    given = {kind: draw.random() < share for kind, share in CONSENTS.items()}
    consents = (*given.items(), *((kind, given[other]) for kind, other in ASKED_WITH.items()))
    takes_back = draw.random() < 0.03 and on < today - timedelta(days=30)
    return Life(
        number=number,
        reference="SF-{}-{}".format(*("".join(draw.choices(LETTERS, k=4)) for _ in range(2))),
        one=one,
        slug="",
        source="desk" if by_phone or draw.random() < 0.12 else "self",
        registered_at=datetime.combine(on, time(8 + draw.randrange(9), draw.randrange(60)), UK),
        stage=stage,
        checks=(check,),
        consents=consents,
        took_back=("summaries",) if takes_back and dict(consents)["summaries"] else (),
        pause=None,
        left_on=None,
        left_because="",
        comes_until=None,
        keenness=min(1.0, max(0.4, draw.gauss(0.85, 0.13))),
        wellbeing=draw.gauss(5.3, 1.3),
        gain=draw.gauss(0.75, 0.9),
    )


def _fate(life: Life, today: date, draw: random.Random) -> Life:
    """What becomes of somebody who may come: most go on to the end, some leave, pause, drift away or never come."""
    fate, joined = draw.random(), life.joined_on
    if fate < 0.09:
        life = replace(life, stage=Stage.NEVER_CAME)
        return _left(life, joined + timedelta(days=70 + draw.randrange(40)), NEVER_STARTED, today)
    if fate < 0.26:
        day = joined + timedelta(days=int(draw.triangular(12, 175, 40)))
        return _finished(_left(life, day, draw.choice(LEFT_BECAUSE), today), today)
    if fate < 0.35:
        day = joined + timedelta(days=int(draw.triangular(10, 160, 50)))
        life = replace(life, stage=Stage.DRIFTED, comes_until=day) if day < today else life
        return _finished(_left(life, day + timedelta(days=63), "no answer to our calls", today), today)
    if fate < 0.47:
        return _finished(_pausing(life, today, draw), today)
    return _finished(life, today)


def _left(life: Life, on: date, because: str, today: date) -> Life:
    if on >= min(today, life.joined_on + PROGRAMME):
        return life
    return replace(life, stage=Stage.WITHDRAWN, left_on=on, left_because=because)


def _pausing(life: Life, today: date, draw: random.Random) -> Life:
    """A pause stops clearance; coming back begins with new answers."""
    start = life.joined_on + timedelta(days=21 + draw.randrange(105))
    back = start + timedelta(days=21 + draw.randrange(42))
    if start >= today:
        return life
    reason = draw.choice(PAUSED_BECAUSE)
    if back >= today - timedelta(days=7):
        return replace(life, stage=Stage.PAUSED, pause=Break(start, None, reason))
    was_decided = life.checks[0].decision is not None
    check = draw_check(draw, back, today, again=was_decided)
    life = replace(life, pause=Break(start, back, reason), checks=(*life.checks, check))
    if check.clears_from:
        return life
    return replace(life, stage=Stage.WAITING if check.waits else Stage.NOT_SUITABLE)


def _finished(life: Life, today: date) -> Life:
    """Whoever has been there for 26 weeks has completed the programme, unless they left or are paused."""
    over = life.joined_on + PROGRAMME <= today
    goes_on = life.stage in (Stage.TAKING_PART, Stage.DRIFTED)
    return replace(life, stage=Stage.COMPLETED) if over and goes_on else life


def _regular(number: int, one: Individual, slug: str, on: date, today: date, draw: random.Random) -> Life:
    """One of the cast: plain answers, everything agreed to, and at nearly every class."""
    life = _basis(number, one, on, today, draw)
    return replace(
        life,
        slug=slug,
        source="self",
        stage=Stage.TAKING_PART,
        checks=(draw_check(draw, on, today, plain=True),),
        consents=tuple((kind, kind != "recording") for kind in (*CONSENTS, *ASKED_WITH)),
        took_back=(),
        keenness=1.0,
        wellbeing=5.0,
        gain=1.2,
    )


def _pat(one: Individual) -> Individual:
    needs = (Need("lip_reads", "Face Pat when you speak"),)
    return _named(one, Name("Pat", "Example"), "pat", needs)


def _quinn(one: Individual) -> Individual:
    return _named(one, Name("Quinn", "Sample"), "quinn", ())


def _named(one: Individual, name: Name, slug: str, needs: tuple[Need, ...]) -> Individual:
    mailbox = Contact("email", f"{slug}@{DOMAIN}", preferred=True)
    return replace(
        one, name=name, area="Dorset", postcode="BH15 9ZX", contacts=(mailbox,), opens_login=True, needs=needs,
        shares_needs=bool(needs),
    )  # fmt: skip
