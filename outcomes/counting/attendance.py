"""What the registers say of each participant, and which places they gave back: of one, or of all.

Here: the marks in force, and the places without a mark that their people gave up. Not here: taking a register
(classes/register), what a mark means (classes/adherence.py). Called by gathering.py, and by letters of one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Case, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Programme
from classes.adherence import (
    ADHERENCE,
    ATTENDED_STATES,
    GIVEN_BACK,
    GIVEN_BACK_IN_TIME,
    GIVEN_BACK_LATE,
    LATE,
    given_back,
)
from classes.models import Attendance, Booking, BookingState, Session
from classes.models.symptoms import TalkOutcome
from classes.places.booking import CANCEL_REASONS
from outcomes.counting.columns import Place, Since, columns_of, local_day, whole
from outcomes.disclosure.sheet import Bools, Ints
from participants.models import Participant

MINUTE = timedelta(minutes=1)
STATES = (*ADHERENCE, *GIVEN_BACK)


@dataclass(frozen=True, eq=False)
class Marks:
    """What became of many places: whose, the day, the number of the state among STATES, whether booked, how long."""

    whose: Ints
    on: Ints
    state: Ints
    booked: Bools
    minutes: Ints

    @property
    def attended(self) -> Bools:
        return np.isin(self.state, [STATES.index(state) for state in ATTENDED_STATES])


def states_of(participant: Participant) -> list[str]:
    """What became of each of somebody's places, by the table of adherence. Two queries."""
    gone = _given_back(Q(participant=participant)).values_list("pk", F("ended_at"), "session__starts_at")
    return [
        *_marks(Q(whose=participant.pk)).values_list("state", flat=True),
        *(given_back(gone_at, starts_at) for _, gone_at, starts_at in gone),
    ]


def all_marks(*, until: date) -> Marks:
    """Those of everybody there is, of classes up to `until`. Two queries."""
    day, length = local_day("session__starts_at"), Since(F("session__ends_at") - F("session__starts_at"))
    booked = Case(When(booking=None, then=0), default=1, output_field=IntegerField())
    marks = columns_of(_marks(Q()), "whose", day, Place("state", STATES), booked, length)
    gone = columns_of(_given_back(Q()), "participant_id", day, _kind_of_giving_back(), "pk")
    whose, on, state, was_booked, seconds = (
        np.concatenate(both)
        for both in zip(marks, (*gone[:3], np.ones(len(gone[0])), np.zeros(len(gone[0]))), strict=True)
    )
    found = on <= until.toordinal()
    minutes = whole(seconds[found] // MINUTE.total_seconds())
    return Marks(whole(whose[found]), whole(on[found]), whole(state[found]) - 1, was_booked[found] > 0, minutes)


def _marks(whose: Q) -> QuerySet[Attendance]:
    """In force."""
    named = Attendance.objects.annotate(whose=Coalesce("booking__participant_id", "guest__participant_id"))
    return named.filter(whose).in_force()


def _given_back(whose: Q) -> QuerySet[Booking]:
    """Places, not wishes, that ended before the start by the person's own choice, and have no mark.

    Each once, as long as its key is among what is read of it.
    """
    sent_away = Booking.objects.filter(symptom_checks__talks__outcome=TalkOutcome.NOT_TODAY)
    return (
        Booking.objects.filter(
            whose,
            state=BookingState.CANCELLED,
            end_reason__in=("", *CANCEL_REASONS),
            ended_at__lte=F("session__starts_at"),
            events__state=BookingState.BOOKED,
        )
        .exclude(pk__in=sent_away.values("pk"))
        .exclude(Exists(Attendance.objects.filter(booking=OuterRef("pk"))))
        .distinct()
    )


def _kind_of_giving_back() -> Case:
    """As given_back() has it."""
    late, in_time = (Value(STATES.index(state) + 1) for state in (GIVEN_BACK_LATE, GIVEN_BACK_IN_TIME))
    was_late = When(ended_at__gt=F("session__starts_at") - LATE, then=late)
    return Case(was_late, default=in_time, output_field=IntegerField())


def lengths_of_classes(programme: Programme, *, before: datetime) -> tuple[int, int] | None:
    """How many minutes the shortest and the longest class of the timetable lasted; None when there was none."""
    held = Session.objects.published().filter(programme=programme, starts_at__lt=before)
    ends = held.annotate(lasts=F("ends_at") - F("starts_at")).aggregate(Min("lasts"), Max("lasts"))
    shortest, longest = ends["lasts__min"], ends["lasts__max"]
    return None if shortest is None else (max(shortest // MINUTE, 1), max(longest // MINUTE, 1))
