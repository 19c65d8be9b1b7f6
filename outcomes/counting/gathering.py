"""The people of a programme as releases count them, read at once.

Here: reading rows into columns (cohort.py). Only people whose consent to be
counted in summaries is in force are read at all. Called by releases/release.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import make_aware

from accounts.models import Programme
from classes.adherence import ADHERENCE, GIVEN_BACK, GIVEN_BACK_LATE
from classes.safety_summary import CHECK_STOP, TALK_STOP, safety_summary
from outcomes.asking.windows import Due
from outcomes.counting.attendance import STATES, Marks, all_marks, lengths_of_classes
from outcomes.counting.bands import AGE_BANDS, BY_NAME, age_numbers
from outcomes.counting.cohort import NEVER, Cohort, Pauses, Timing
from outcomes.counting.columns import Day, Place, Turned, columns_of, rows_of, whole
from outcomes.counting.forms import forms_of, others_of
from outcomes.counting.instruments import Instrument
from outcomes.counting.measured import tries_of
from outcomes.counting.safety_figures import CHECK_STOPS, REPORTS, TALK_STOPS, Event
from outcomes.counting.taking_part import TakingPart, planned
from outcomes.counting.truth import OWN
from outcomes.disclosure.sheet import NONE, Bools, Ints, Labels
from participants.course import stretches_of
from participants.models import (
    Clearance,
    ClearanceState,
    ConsentEvent,
    ConsentKind,
    Enrolment,
    EnrolmentPause,
    Participant,
    Timepoint,
)
from participants.rules.programme_time import Pause, Stretch, in_a_paused_week

OF_STOPS = {CHECK_STOP: CHECK_STOPS, TALK_STOP: TALK_STOPS}
SAID = {  # by dimension: where it is recorded of a participant, which of a list of words it is
    "sex": "equality__sex", "ethnicity": "equality__ethnicity", "cancer": "equality__cancer_type", "source": "source",
}  # fmt: skip
CLEARED = (ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS)


def counted_people(programme: Programme) -> QuerySet[Participant]:
    """Participants who agree, at this moment, to be counted in anonymous summaries, and have not taken back that we
    hold health facts."""
    agreeing = ConsentEvent.objects.agreeing_to(ConsentKind.SUMMARIES)
    refusing = ConsentEvent.objects.refusing(ConsentKind.HEALTH)
    people = Participant.objects.filter(programme=programme, pk__in=agreeing)
    return people.exclude(pk__in=refusing).order_by("pk")


def counted_now(programme: Programme) -> frozenset[int]:
    """The numbers of those people, as a sheet tells them apart."""
    return frozenset(counted_people(programme).values_list("pk", flat=True))


def timings_of(programme: Programme) -> list[Timing]:
    """The programme's timepoints in order of time; the first one is the start."""
    return [
        Timing(point.code, point.label, Due(point.day, point.opens_before, point.closes_after))
        for point in Timepoint.objects.filter(programme=programme, measures_change=True).order_by("day", "code")
    ]


def cohort_of(programme: Programme, *, as_at: date, instruments: Sequence[Instrument] = ()) -> Cohort:
    """Everybody who is counted, as things stood at the end of `as_at`. A fixed number of queries.

    `instruments`: those that are counted beside our own check.
    """
    people, about = _about(programme, as_at)
    marks = all_marks(until=as_at)
    enrolled = _enrolled(programme, people)
    cleared = Clearance.objects.filter(
        participant__programme=programme, state__in=CLEARED, valid_from__lte=as_at
    ).order_by()
    codes = list(Timepoint.objects.filter(programme=programme).values_list("code", flat=True))
    rows = rows_of(marks.whose, people)
    first = np.full(len(people), NEVER)
    came = marks.attended & (rows != NONE)
    np.minimum.at(first, rows[came], marks.on[came])
    return Cohort(
        people=people,
        about=about,
        cleared=np.isin(people, whole(columns_of(cleared, "participant_id")[0])),
        took=_taking_part(marks, rows, enrolled, _planned(enrolled, stretches_of(programme), as_at)),
        first_class=first,
        pauses=enrolled.pauses,
        forms=forms_of(people, codes=codes, scales=[told.scale for told in OWN], until=as_at),
        others=others_of(people, programme=programme, codes=codes, of=instruments, until=as_at),
        measured=tries_of(people, programme=programme, of=instruments, until=as_at),
    )


def lengths_of(programme: Programme, *, as_at: date) -> tuple[int, int] | None:
    """How many minutes the shortest and the longest class up to the end of `as_at` lasted."""
    return lengths_of_classes(programme, before=_end_of(as_at))


def events_of(programme: Programme, *, as_at: date) -> list[Event]:
    """What went wrong up to the end of `as_at`, as numbers."""
    return [
        Event(
            line.quarter,
            line.kind,
            line.harm,
            OF_STOPS.get(line.kind, REPORTS),
            line.incidents,
            line.reviewed_in_a_week or 0,
            line.reviewed or 0,
        )
        for line in safety_summary([programme.pk], end=_end_of(as_at))
    ]


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day + timedelta(days=1), time.min))


@dataclass(frozen=True, eq=False)
class _Enrolled:
    """By row: the day on which the latest enrolment of each began, and ended; and the breaks within it."""

    starts: Ints  # NONE: nobody enrolled them
    ends: Ints  # NONE: it goes on
    pauses: dict[int, Pauses]


def _enrolled(programme: Programme, people: Ints) -> _Enrolled:
    rows = Enrolment.objects.filter(participant__programme=programme)
    latest = rows.order_by("participant_id", "-starts_on", "-pk").distinct("participant_id")
    columns = columns_of(latest, "participant_id", Day("starts_on"), Day("ends_on"), "pk")
    row = rows_of(columns[0], people)
    here = row != NONE
    starts, ends, keys = (np.full(len(people), NONE) for _ in range(3))
    for whose, column in zip((starts, ends, keys), columns[1:], strict=True):
        whose[row[here]] = whole(column[here])
    return _Enrolled(starts, ends, _pauses(programme, keys))


def _pauses(programme: Programme, enrolments: Ints) -> dict[int, Pauses]:
    """By row, the breaks of those enrolments."""
    paused = EnrolmentPause.objects.filter(enrolment__participant__programme=programme).order_by("pk")
    rows = list(paused.values_list("enrolment_id", "starts_on", "ends_on"))
    order = np.argsort(enrolments, kind="stable")
    found: dict[int, Pauses] = {}
    places = rows_of([float(row[0]) for row in rows], enrolments[order]).tolist()
    for place, (_, starts_on, ends_on) in zip(places, rows, strict=True):
        if place != NONE:
            row = int(order[place])
            found[row] = (*found.get(row, ()), Pause(starts_on, ends_on))
    return found


def _planned(enrolled: _Enrolled, phases: Sequence[Stretch], as_at: date) -> Ints:
    """What was offered to each: the same to all who began and ended on the same days without a break."""
    last = as_at.toordinal()
    until = np.minimum(np.where(enrolled.ends == NONE, last, enrolled.ends), last) + 1
    kinds, of_each = np.unique((enrolled.starts - NONE) * NEVER + until, return_inverse=True)
    each = (divmod(kind, NEVER) for kind in kinds.tolist())
    plans = np.array([_plan(first + NONE, end, phases, ()) for first, end in each], np.int64)[of_each]
    for row, pauses in enrolled.pauses.items():
        plans[row] = _plan(int(enrolled.starts[row]), int(until[row]), phases, pauses)
    return plans


def _plan(first: int, until: int, phases: Sequence[Stretch], pauses: Pauses) -> int:
    if first == NONE:
        return 0
    return planned(first=date.fromordinal(first), until=date.fromordinal(until), stretches=phases, pauses=pauses)


def _taking_part(marks: Marks, rows: Ints, enrolled: _Enrolled, plan: Ints) -> TakingPart:
    """Whoever was paused in the week of a class was not due there, and has come to it all the same."""
    table = [(ADHERENCE | GIVEN_BACK)[state] for state in STATES]
    due, attended = (np.array([getattr(of, name) for of in table]) for name in ("due", "attended"))
    here = rows != NONE
    counts = here & marks.booked & ~_in_a_break(marks, rows, enrolled.pauses)
    late = marks.state == STATES.index(GIVEN_BACK_LATE)

    def of_each(which: Bools, weights: Ints | None = None) -> Ints:
        more = None if weights is None else weights[which]
        return np.bincount(rows[which], weights=more, minlength=len(plan)).astype(np.int64)

    were_due, came = of_each(counts & due[marks.state]), here & marks.attended
    return TakingPart(
        offered=np.maximum(plan, were_due),
        due=were_due,
        attended=of_each(counts & attended[marks.state]),
        given_back_late=of_each(counts & late),
        came=of_each(came),
        minutes=of_each(came, marks.minutes),
    )


def _in_a_break(marks: Marks, rows: Ints, pauses: Mapping[int, Pauses]) -> Bools:
    found = np.isin(rows, list(pauses))
    for mark in np.flatnonzero(found).tolist():
        found[mark] = in_a_paused_week(date.fromordinal(int(marks.on[mark])), pauses[int(rows[mark])])
    return found


def _about(programme: Programme, as_at: date) -> tuple[Ints, dict[str, Labels]]:
    """Who is counted, and what is recorded of them by dimension. Their age is that at which they registered."""
    areas = Participant.objects.filter(programme=programme).exclude(area="").order_by("area")
    words = {"area": list(areas.values_list("area", flat=True).distinct())}
    words |= {name: list(BY_NAME[name].bands) for name in SAID}
    registered = TruncDate("registered_at")
    columns = columns_of(
        counted_people(programme),
        "pk",
        Day(registered),
        Turned(registered),
        Turned("person__date_of_birth"),
        "equality__deprivation_quintile",
        Place("area", words["area"]),
        *(Place(column, words[name]) for name, column in SAID.items()),
    )
    there = columns[1] <= as_at.toordinal()
    people, _, on, born, fifth, *said = (column[there] for column in columns)
    ages = np.where(np.isnan(born), NONE, age_numbers(np.nan_to_num(born), on))
    return whole(people), {
        "age": Labels(AGE_BANDS, ages),
        "deprivation": Labels(tuple(BY_NAME["deprivation"].bands), np.maximum(whole(fifth) - 1, NONE)),
        **{
            name: Labels(tuple(words[name]), np.maximum(whole(n) - 1, NONE))
            for name, n in zip(words, said, strict=True)
        },
    }
