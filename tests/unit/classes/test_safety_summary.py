"""What went wrong, in numbers: by quarter, kind and harm, with how long it took."""

import datetime as dt

import pytest
import time_machine

from classes.incident_rules import Harm, IncidentKind
from classes.incidents import report_incident, review_incident, review_task_of
from classes.safety_summary import COLUMNS, quarter_of, row_of, safety_summary, summary_at_desk_of
from messaging.worklist import take_task
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.incidents import written
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def reported(clock, programme, ines):
    session = SessionFactory(programme=programme, leader=ines, starts_at=NOON - 30 * MINUTES)

    def reported(**differs):
        clock.move_to(NOON)
        return report_incident(session=session, report=written(**differs), by=ines.person)

    return reported


def taken(clock, incident, minutes, by):
    clock.move_to(NOON + minutes * MINUTES)
    take_task(task=review_task_of(incident), by=by.person, instead_of=review_task_of(incident).owner)


def reviewed(clock, incident, hours, by):
    clock.move_to(NOON + hours * 60 * MINUTES)
    review_incident(incident=incident, outcome="changed", learned="As it says.", by=by.person)


def test_a_line_for_each_quarter_kind_and_harm_with_medians_of_those_that_got_so_far(
    reported, clock, programme, dee, clare
):
    three = [reported(harm=Harm.SEVERE) for _ in range(3)]
    for incident, minutes in zip(three, (2, 10, 40), strict=True):
        taken(clock, incident, minutes, dee)
    taken(clock, three[0], 50, clare)  # taken over: the first acknowledgement stays
    for incident, hours in zip(three, (1, 7 * 24, 7 * 24 + 1), strict=True):
        reviewed(clock, incident, hours, dee)
    reported(kind=IncidentKind.NEAR_MISS)
    lines = [row_of(line) for line in safety_summary([programme.pk])]
    assert lines == [
        ("2026-Q4", "incident", "severe", "3", "3", "10", "3", "2", "168"),
        ("2026-Q4", "near_miss", "none", "1", "0", "", "0", "0", ""),
    ]
    assert len(COLUMNS) == len(lines[0])


def test_who_reviews_at_once_has_acknowledged_it_with_that(reported, clock, programme, dee):
    reviewed(clock, reported(), 2, dee)
    line = safety_summary([programme.pk])[0]
    assert (line.median_minutes_to_acknowledgement, line.median_hours_to_review) == (120, 2)


def test_only_what_happened_in_the_time_that_is_asked_for_the_end_not_in_it(reported, programme):
    happened = reported().happened_at
    ids = [programme.pk]
    assert len(safety_summary(ids, start=happened, end=happened + MINUTES)) == 1
    assert safety_summary(ids, start=happened + MINUTES) == [] == safety_summary(ids, end=happened)


def test_days_on_which_a_check_or_a_talk_stopped_somebody_are_counted_and_nothing_else_of_them(
    reported, programme, pat
):
    reported()
    session = SessionFactory(programme=programme, starts_at=NOON + 60 * MINUTES)
    for result in ("emergency", "cancer_line", "ready"):
        SymptomCheckFactory(booking=BookingFactory(session=session), result=result)
    talk = SymptomCheckFactory(booking=BookingFactory(session=session, participant=pat), result="talk_first")
    SymptomTalkFactory(check_of=talk, outcome="not_today", by=pat.person)
    SymptomTalkFactory(
        check_of=SymptomCheckFactory(booking=BookingFactory(), result="emergency"), outcome="not_today", by=pat.person
    )
    rows = {row[1]: row for row in (row_of(line) for line in safety_summary([programme.pk]))}
    assert rows["same_day_check_stop"] == ("2026-Q4", "same_day_check_stop", "", "2", *[""] * 5)
    assert rows["same_day_talk_not_today"] == ("2026-Q4", "same_day_talk_not_today", "", "1", *[""] * 5)
    assert len(rows) == 3
    assert [line.kind for line in safety_summary([programme.pk], start=NOON + MINUTES)] == []


def test_the_desk_counts_its_own_programmes_alone(reported, dee, ines):
    reported()
    assert len(summary_at_desk_of(dee)) == 1 and summary_at_desk_of(ines.person.user) == []


@pytest.mark.parametrize(
    ("at", "quarter"),
    [
        (dt.datetime(2026, 3, 31, 22, 59, tzinfo=dt.UTC), "2026-Q1"),
        (dt.datetime(2026, 3, 31, 23, 0, tzinfo=dt.UTC), "2026-Q2"),  # summer time: April has begun
        (dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC), "2026-Q4"),
    ],
)
def test_a_quarter_is_one_of_uk_time(at, quarter):
    assert quarter_of(at) == quarter
