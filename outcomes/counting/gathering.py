"""The people of a programme as releases count them, read at once.

Here: reading rows into journeys (cohort.py). Only people whose consent to be
counted in summaries is in force are read at all. Called by releases/release.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.timezone import make_aware

from accounts.models import Programme
from classes.adherence import GIVEN_BACK_LATE, adherence_of
from classes.safety_summary import CHECK_STOP, TALK_STOP, safety_summary
from outcomes.asking.windows import Due
from outcomes.counting.attendance import Mark, lengths_of_classes, marks_of
from outcomes.counting.bands import age_band
from outcomes.counting.cohort import Journey, SentForm, Timing
from outcomes.counting.forms import forms_of
from outcomes.counting.safety_figures import CHECK_STOPS, REPORTS, TALK_STOPS, Event
from outcomes.counting.taking_part import TakingPart, planned
from participants.course import stretches_of
from participants.models import (
    Clearance,
    ClearanceState,
    ConsentEvent,
    ConsentKind,
    Enrolment,
    Participant,
    Timepoint,
)
from participants.programme_time import Pause, Stretch, in_a_paused_week

OF_STOPS = {CHECK_STOP: CHECK_STOPS, TALK_STOP: TALK_STOPS}
SAID = ("sex", "ethnicity", "cancer_type", "deprivation_quintile")  # of what people said of themselves
CLEARED = (ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS)


def counted_people(programme: Programme) -> QuerySet[Participant]:
    """Participants who agree, at this moment, to be counted in anonymous summaries."""
    answers = ConsentEvent.objects.filter(text__kind=ConsentKind.SUMMARIES, participant__programme=programme)
    in_force = answers.latest_per_kind()
    agreed = ConsentEvent.objects.filter(pk__in=in_force.values("pk"), given=True)
    return Participant.objects.filter(programme=programme, pk__in=agreed.values("participant")).order_by("pk")


def timings_of(programme: Programme) -> list[Timing]:
    """The programme's timepoints in order of time; the first one is the start."""
    return [
        Timing(point.code, point.label, Due(point.day, point.opens_before, point.closes_after))
        for point in Timepoint.objects.filter(programme=programme, measures_change=True).order_by("day", "code")
    ]


def journeys_of(programme: Programme, *, as_at: date) -> list[Journey]:
    """One journey for each person who is counted, as things stood at the end of `as_at`. A fixed number of queries."""
    people = (
        counted_people(programme)
        .select_related("person", "equality")
        .prefetch_related(
            Prefetch("enrolments", Enrolment.objects.order_by("-starts_on").prefetch_related("pauses")),
            Prefetch("clearances", Clearance.objects.filter(state__in=CLEARED)),
        )
        .only("area", "registered_at", "person__date_of_birth", *(f"equality__{name}" for name in SAID))
    )
    rows = [person for person in people if timezone.localdate(person.registered_at) <= as_at]
    marks = marks_of([person.pk for person in rows], until=as_at)
    forms = forms_of(programme, {person.pk for person in rows}, until=as_at)
    phases = stretches_of(programme)
    return [_journey(person, marks.get(person.pk, []), forms[person.pk], phases, as_at) for person in rows]


def lengths_of(programme: Programme, *, as_at: date) -> tuple[int, int] | None:
    """How many minutes the shortest and the longest class up to the end of `as_at` lasted."""
    return lengths_of_classes(programme, before=_end_of(as_at))


def events_of(programme: Programme, *, as_at: date) -> list[Event]:
    """What went wrong up to the end of `as_at`, as numbers."""
    return [
        Event(line.quarter, line.kind, line.harm, OF_STOPS.get(line.kind, REPORTS), line.incidents)
        for line in safety_summary([programme.pk], end=_end_of(as_at))
    ]


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _journey(
    person: Participant,
    marks: Sequence[Mark],
    forms: Mapping[str, SentForm],
    phases: Sequence[Stretch],
    as_at: date,
) -> Journey:
    enrolment = next(iter(person.enrolments.all()), None)
    pauses = [Pause(pause.starts_on, pause.ends_on) for pause in enrolment.pauses.all()] if enrolment else []
    return Journey(
        person=person.pk,
        about=_about(person),
        enrolled_on=enrolment.starts_on if enrolment else None,
        cleared=any(clearance.valid_from <= as_at for clearance in person.clearances.all()),
        took=_taking_part(marks, pauses, _planned(enrolment, pauses, phases, as_at)),
        came_on=tuple(mark.on for mark in marks if mark.attended),
        pauses=tuple(pauses),
        forms=forms,
    )


def _planned(enrolment: Enrolment | None, pauses: Sequence[Pause], phases: Sequence[Stretch], as_at: date) -> int:
    if enrolment is None:
        return 0
    until = min(as_at, enrolment.ends_on or as_at) + timedelta(days=1)
    return planned(first=enrolment.starts_on, until=until, stretches=phases, pauses=pauses)


def _taking_part(marks: Sequence[Mark], pauses: Sequence[Pause], plan: int) -> TakingPart:
    states = [mark.state for mark in marks if mark.booked and not in_a_paused_week(mark.on, pauses)]
    adherence, came = adherence_of(states), [mark for mark in marks if mark.attended]
    return TakingPart(
        offered=max(plan, adherence.due),
        due=adherence.due,
        attended=adherence.attended,
        given_back_late=states.count(GIVEN_BACK_LATE),
        came=len(came),
        minutes=sum(mark.minutes for mark in came),
    )


def _about(person: Participant) -> dict[str, str]:
    """What is recorded of somebody by dimension; "" where nothing is. Their age is that at which they registered."""
    equality = getattr(person, "equality", None)
    fifth = equality.deprivation_quintile if equality else None
    return {
        "area": person.area,
        "age": age_band(person.person.date_of_birth, timezone.localdate(person.registered_at)),
        "sex": equality.sex if equality else "",
        "ethnicity": equality.ethnicity if equality else "",
        "cancer": equality.cancer_type if equality else "",
        "deprivation": str(fifth) if fifth else "",
    }
