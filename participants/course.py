"""How far somebody is in the programme: which stretch, when it ends, and the break they are having.

Here: reading rows for the pages and the API. Not here: how days are counted
(programme_time.py), changing anything (life.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.models import Programme
from participants.models import Enrolment, EnrolmentPause, Participant
from participants.rules.programme_time import Pause, Position, Stretch, position_on

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Course:
    """Where a participant stands on a date: `pause` is the break that goes on, `told` that they know of their end.

    `over`: the last day has passed. Whoever stays longer than the phases is in none of them, and not over.
    """

    started_on: date
    position: Position
    pause: EnrolmentPause | None
    told: bool = False
    over: bool = False


def with_course(participant: Participant) -> Participant:
    """Read ahead, once, what `course_of` and a page of the same person both look at."""
    prefetch_related_objects([participant], "programme__phases", "enrolments__pauses")
    return participant


def stretches_of(programme: Programme) -> list[Stretch]:
    """Its phases in order."""
    return [
        Stretch(
            name=phase.name,
            days=phase.weeks * DAYS_IN_WEEK,
            most_a_week=phase.most_a_week,
            one_to_ones_apart=phase.one_to_ones_apart,
            contacts_least=phase.contacts_least,
            contacts_most=phase.contacts_most,
            per_weeks=phase.per_weeks,
            key=phase.pk,
            talks=phase.talks,
            talks_per_weeks=phase.talks_per_weeks,
        )
        for phase in programme.phases.all()
    ]


def newest_enrolment(participant: Participant) -> Enrolment | None:
    return max(participant.enrolments.all(), key=lambda enrolment: enrolment.starts_on, default=None)


def course_of(participant: Participant, on: date | None = None) -> Course | None:
    """Where they stand on `on` (today), by their newest enrolment; None for somebody not in the programme then."""
    on = on or timezone.localdate()
    enrolment = newest_enrolment(participant)
    if enrolment is None or (enrolment.ends_on is not None and enrolment.ends_on < on):
        return None
    pauses = sorted(enrolment.pauses.all(), key=lambda pause: pause.starts_on)
    position = position_on(
        on,
        first=enrolment.starts_on,
        stretches=stretches_of(participant.programme),
        pauses=[Pause(pause.starts_on, pause.ends_on) for pause in pauses],
    )
    going_on = next((pause for pause in pauses if pause.ends_on is None), None)
    last_day = last_day_of(enrolment, position.ends_on, on_break=going_on is not None)
    return Course(
        enrolment.starts_on,
        replace(position, ends_on=last_day),
        going_on,
        told=enrolment.closes_on is not None,
        over=last_day is not None and last_day < on,
    )


def last_day_of(enrolment: Enrolment, planned: date | None, *, on_break: bool) -> date | None:
    """The last day of the programme of somebody whose phases end on `planned`: what they were told, or were let stay.

    None while a break hides it, and where a programme has no phases. A break that began after the day
    of which they were told hides nothing.
    """
    if planned is None or (on_break and enrolment.closes_on is None):
        return None
    return enrolment.closes_on or max(planned, enrolment.extended_until or planned)
