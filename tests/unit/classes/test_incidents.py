"""Reporting what went wrong: kept, locked, and asked of somebody in the same transaction."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from classes.incident_rules import Harm, IncidentKind
from classes.incidents import (
    BadReport,
    NotThisPerson,
    add_to_incident,
    report_incident,
    review_incident,
    review_task_of,
)
from classes.judging.refusals import IdUsed
from classes.models import Guest, Incident, IncidentAddendum, IncidentReview
from messaging.models import Message, Task, TaskAlert
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory
from tests.factories.incidents import written

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)  # a Wednesday
NIGHT = dt.datetime(2026, 11, 25, 23, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def session(clock, programme, ines):
    return SessionFactory(programme=programme, leader=ines, starts_at=NOON - dt.timedelta(minutes=30))


@pytest.fixture
def report(session, ines):
    def report(**differs):
        return report_incident(session=session, report=written(**differs), by=ines.person)

    return report


def test_a_report_is_kept_as_it_was_written_with_its_class_and_whoever_sent_it(report, session, ines):
    incident = Incident.objects.get(pk=report(called_999=True).pk)
    assert (incident.session, incident.programme, incident.reported_by) == (session, session.programme, ines.person)
    assert (incident.kind, incident.harm, incident.called_999) == ("incident", "none", True)
    assert incident.what_happened == "A chair slid on the wet floor."
    assert incident.reference == f"{incident.pk.hex[:4]}-{incident.pk.hex[4:8]}".upper()


def test_its_words_are_not_readable_in_the_database(report):
    report(what_happened="CANARY words", what_was_done="CANARY deed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT what_happened, what_was_done FROM classes_incident")
        assert all("CANARY" not in column for column in cursor.fetchone())


def test_sent_twice_it_is_one_report_and_one_task(report, session, ines):
    given = written(harm=Harm.SEVERE)
    first, again = (report_incident(session=session, report=given, by=ines.person) for _ in range(2))
    assert first.pk == again.pk and Incident.objects.count() == 1
    assert Task.objects.count() == 1 and Message.objects.filter(kind="alert").count() == TaskAlert.objects.count()


def test_the_same_id_with_other_words_is_refused(report):
    id = uuid4()
    report(id=id)
    with pytest.raises(IdUsed):
        report(id=id, what_happened="Something else.")
    assert Incident.objects.get().what_happened == "A chair slid on the wet floor."


def test_two_reports_alike_are_two_tasks(report, dee):
    report(harm=Harm.SEVERE), report(harm=Harm.SEVERE)
    assert Task.objects.filter(kind="incident_review").count() == 2
    assert TaskAlert.objects.values("task").distinct().count() == 2


@pytest.mark.parametrize("what", ["booking", "guest", "walk_in"])
def test_it_is_about_somebody_on_the_register_or_a_guest(report, session, pat, what):
    if what == "booking":
        incident = report(booking_id=BookingFactory(session=session, participant=pat).pk)
    elif what == "walk_in":
        incident = report(guest_id=GuestFactory(session=session, name="", participant=pat).pk)
    else:
        incident = report(guest_id=GuestFactory(session=session).pk)
        assert incident.guest == Guest.objects.get() and review_task_of(incident).about is None
        return
    assert incident.participant == pat and review_task_of(incident).about == pat.person


def test_somebody_of_another_class_is_refused_and_nothing_is_kept(report, pat):
    with pytest.raises(NotThisPerson):
        report(booking_id=BookingFactory(participant=pat).pk)
    with pytest.raises(NotThisPerson):
        report(guest_id=GuestFactory().pk)
    assert not Incident.objects.exists() and not Task.objects.exists()


@pytest.mark.parametrize(
    ("differs", "problem"),
    [
        ({"kind": IncidentKind.NEAR_MISS, "harm": Harm.LOW}, "near_miss_with_harm"),
        ({"what_happened": "  "}, "no_words"),
        ({"what_happened": "a" * 4001}, "too_many_words"),
        ({"what_was_done": "a" * 4001}, "too_many_words"),
        ({"happened_at": NOON + dt.timedelta(hours=1)}, "not_yet"),
        ({"happened_at": NOON - dt.timedelta(days=1)}, "before_the_class"),
    ],
)
def test_what_cannot_be_is_refused_by_name(report, differs, problem):
    with pytest.raises(BadReport) as refused:
        report(**differs)
    assert refused.value.details == {"problem": problem}
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("harm", "called_999", "due"),
    [
        (Harm.NONE, False, dt.datetime(2026, 12, 2, 17, tzinfo=dt.UTC)),
        (Harm.LOW, False, dt.datetime(2026, 11, 27, 17, tzinfo=dt.UTC)),
        (Harm.LOW, True, NIGHT + dt.timedelta(hours=1)),
        (Harm.MODERATE, False, NIGHT + dt.timedelta(hours=4)),
        (Harm.FATAL, False, NIGHT),
    ],
)
def test_harm_is_told_at_night_and_what_did_none_waits_for_working_hours(
    report, session, dee, clock, harm, called_999, due
):
    clock.move_to(NIGHT)
    task = review_task_of(report(harm=harm, called_999=called_999))
    at_once = harm in (Harm.MODERATE, Harm.FATAL) or called_999
    assert task.due_at == due and bool(task.urgent_for) == at_once
    assert [alert.person for alert in task.alerts.all()] == ([dee.person] if at_once else [])
    assert task.meant_for == dee.person and task.owner is None


def test_a_report_and_its_message_stand_or_fall_together(report, dee):
    with transaction.atomic():
        report(harm=Harm.SEVERE)
        transaction.set_rollback(True)
    assert not any(model.objects.exists() for model in (Incident, Task, TaskAlert, Message))


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("classes_incident", "kind"), ("classes_incidentaddendum", "words"), ("classes_incidentreview", "learned")],
)
def test_nothing_that_was_sent_is_changed_or_removed_not_even_by_hand(report, ines, dee, statement, table, column):
    incident = report()
    add_to_incident(incident=incident, id=uuid4(), words="It was the left leg.", by=ines.person)
    review_incident(incident=incident, outcome="changed", learned="A mat by the door.", by=dee.person)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


def test_what_was_added_names_who_and_when_and_sent_twice_it_is_added_once(report, ines, dee):
    incident, id = report(), uuid4()
    for _ in range(2):
        add_to_incident(incident=incident, id=id, words=" It was the left leg. ", by=ines.person)
    addendum = IncidentAddendum.objects.get()
    assert (addendum.words, addendum.by, addendum.at) == ("It was the left leg.", ines.person, timezone.now())
    with pytest.raises(IdUsed):
        add_to_incident(incident=incident, id=id, words="The right one.", by=ines.person)
    with pytest.raises(BadReport):
        add_to_incident(incident=incident, id=uuid4(), words=" ", by=ines.person)


def test_closing_needs_words_and_closes_the_task(report, dee):
    incident = report()
    with pytest.raises(BadReport):
        review_incident(incident=incident, outcome="changed", learned=" ", by=dee.person)
    assert review_task_of(incident) is not None and not IncidentReview.objects.exists()
    review_incident(incident=incident, outcome="changed", learned="A mat lies by the door now.", by=dee.person)
    assert review_task_of(incident) is None
    assert Incident.objects.with_review().get().closed


def test_looking_into_it_takes_the_task_and_leaves_it_open(report, dee):
    incident = report(harm=Harm.SEVERE)
    review_incident(incident=incident, outcome="goes_on", learned="I have spoken with Ines.", by=dee.person)
    assert review_task_of(incident).owner == dee.person
    assert not Incident.objects.with_review().get().closed


def test_whoever_learns_more_after_it_was_closed_adds_a_word(report, dee, clare):
    incident = report()
    for who, outcome in ((dee, "nothing_to_change"), (clare, "passed_on")):
        review_incident(incident=incident, outcome=outcome, learned="As it says.", by=who.person)
    found = Incident.objects.with_review().get()
    assert found.closed and found.outcome == "passed_on" and found.reviews.count() == 2


def test_what_goes_on_after_it_was_closed_is_open_again_and_asked_of_somebody(report, dee, clare):
    incident = report(harm=Harm.SEVERE)
    for who, outcome in ((dee, "changed"), (clare, "goes_on")):
        review_incident(incident=incident, outcome=outcome, learned="As it says.", by=who.person)
    assert not Incident.objects.with_review().get().closed
    assert review_task_of(incident).owner == clare.person


def test_what_the_reporter_adds_after_it_was_closed_is_looked_into_again(report, ines, dee, clock):
    incident = report(harm=Harm.SEVERE)
    add = {"incident": incident, "words": "She is in hospital.", "by": ines.person}
    add_to_incident(**add, id=uuid4())
    assert Task.objects.count() == 1 and TaskAlert.objects.count() == 1
    review_incident(incident=incident, outcome="changed", learned="A mat.", by=dee.person)
    add_to_incident(**add | {"by": dee.person}, id=uuid4())
    assert review_task_of(incident) is None
    clock.shift(dt.timedelta(hours=3))
    add_to_incident(**add, id=uuid4())
    task = review_task_of(incident)
    assert task.due_at >= timezone.now() and task.alerts.get().person == dee.person
    assert not Incident.objects.with_review().get().closed


def test_of_two_who_look_into_it_the_second_waits_before_anything_is_written(report, dee):
    incident = report()
    with CaptureQueriesContext(connection) as sent:
        review_incident(incident=incident, outcome="changed", learned="A mat.", by=dee.person)
    said = [query["sql"] for query in sent]
    locked = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql and "messaging_task" in sql)
    assert locked < next(n for n, sql in enumerate(said) if 'INSERT INTO "classes_incidentreview"' in sql)


def test_a_report_is_opened_by_the_desk_and_by_its_reporter_while_they_lead_the_class(report, session, ines, ivor, dee):
    incident = report()
    assert list(Incident.objects.at_desk_of(dee)) == [incident]
    assert list(Incident.objects.reported_by_leader(ines.person.user)) == [incident]
    assert not Incident.objects.reported_by_leader(ivor.person.user).exists()
    assert not Incident.objects.at_desk_of(ines.person.user).exists()
    session.leaders.update(active=False)
    assert not Incident.objects.reported_by_leader(ines.person.user).exists()


def test_another_leader_of_the_class_does_not_read_the_report(report, session, ines, ivor):
    report()
    session.leaders.create(instructor=ivor, role="second", during=(session.starts_at, session.ends_at))
    assert not Incident.objects.reported_by_leader(ivor.person.user).exists()
