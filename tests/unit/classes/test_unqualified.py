"""Dates led by somebody who may not, by the day of each class: found, told to the desk, and closed when mended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System, acting
from accounts.permissions import Permission
from classes.models import BookingState, Mode
from classes.timetable import cancel_session
from classes.unqualified import (
    LEADER_LACKS,
    LEADS_SOON,
    MOST_NAMED,
    asked_for,
    led_by,
    look_again,
    look_at_everybody,
    look_at_what_is_near,
)
from instructors.checking import let_pass, record_credential, send_back, verify_credential
from instructors.models import Credential
from instructors.roster import onboard, stand_down
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from tests.factories.classes import BookingFactory, ClassTypeFactory, SessionFactory
from tests.factories.instructors import CredentialFactory, InstructorFactory

pytestmark = pytest.mark.django_db


def today(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def lin(programme):
    """Holds first aid for ten days more."""
    lin = InstructorFactory(programme=programme, credentials=[])
    CredentialFactory(instructor=lin, kind="first_aid", expires_on=today(10))
    return lin


@pytest.fixture
def kind(programme):
    return ClassTypeFactory(programme=programme, name="Chair class", credentials_needed=["first_aid"])


def date(kind, leader, days: int, people: int = 0, **facts):
    session = SessionFactory(
        programme=kind.programme,
        class_type=kind,
        leader=leader,
        starts_at=timezone.now() + dt.timedelta(days=days),
        **facts,
    )
    for _ in range(people):
        BookingFactory(session=session)
    BookingFactory(session=session, state=BookingState.WAITING)
    return session


def look(instructor) -> None:
    with acting(System.WORKER, "tests.look"):
        look_again(instructor, System.WORKER)


def every_night() -> None:
    with acting(System.WORKER, "tests.look"):
        look_at_everybody(System.WORKER)


def half_hour() -> None:
    with acting(System.WORKER, "tests.look"):
        look_at_what_is_near(System.WORKER)


def asked(kind: str = LEADER_LACKS) -> list[Task]:
    return list(Task.objects.filter(kind=kind, state=TaskState.OPEN).order_by("pk"))


def test_a_credential_that_runs_out_between_two_dates_flags_the_later_one_alone(kind, lin):
    date(kind, lin, 10, people=4)
    later = date(kind, lin, 11, people=2)
    every_night()
    (task,) = asked()
    assert (task.about, task.subject_id) == (lin.person, lin.pk)
    assert task.context == {
        "dates": 1,
        "people": 2,
        "led": [[timezone.localdate(later.starts_at).isoformat(), "Chair class", 2]],
    }


def test_the_task_follows_what_is_so_and_stays_with_whoever_has_it(kind, lin, dee):
    date(kind, lin, 12)
    look(lin)
    (task,) = asked()
    Task.objects.filter(pk=task.pk).update(owner=dee.person, taken_at=timezone.now())
    date(kind, lin, 13, people=3)
    look(lin)
    (task,) = asked()
    assert (task.context["dates"], task.context["people"], task.owner) == (2, 3, dee.person)


def test_no_more_dates_are_named_in_a_task_than_somebody_reads(kind, lin):
    for days in range(MOST_NAMED + 1):
        date(kind, lin, 20 + days)
    look(lin)
    (task,) = asked()
    assert (task.context["dates"], len(task.context["led"])) == (MOST_NAMED + 1, MOST_NAMED)


def renewed(lin, dee, date):
    new = record_credential(instructor=lin, kind="first_aid", issued_on=today(), by=lin.person)
    assert len(asked()) == 1  # what waits extends nothing
    verify_credential(credential=new, by=dee.person)


def let_through(lin, dee, date):
    let_pass(instructor=lin, kind="first_aid", ends_on=today(20), reason="Course booked.", by=dee.person)


def called_off(lin, dee, date):
    cancel_session(session=date, reason="Nobody to lead it.", by=dee.person)


def not_asked_for(lin, dee, date):
    date.class_type.credentials_needed = []
    date.class_type.save()
    every_night()


@pytest.mark.parametrize("mend", [renewed, let_through, called_off, not_asked_for])
def test_the_task_closes_itself_when_it_is_mended(mend, kind, lin, dee):
    led = date(kind, lin, 12)
    look(lin)
    assert len(asked()) == 1
    mend(lin, dee, led)
    assert asked() == []


def test_sending_back_and_standing_down_are_asked_about_at_once(kind, lin, dee, programme):
    date(kind, lin, 5)
    look(lin)
    assert asked() == []
    stand_down(instructor=lin, reason="left", by=dee.person)
    assert len(asked()) == 1 and not led_by([lin.pk])[0].teaches
    onboard(person=lin.person, programme=programme, by=dee.person)
    assert asked() == []
    send_back(credential=Credential.objects.get(instructor=lin), reason="Another name.", by=dee.person)
    assert len(asked()) == 1


def test_insurance_for_online_classes_is_looked_at_too(programme, lin):
    date(ClassTypeFactory(programme=programme), lin, 5, mode=Mode.REMOTE)
    look(lin)
    assert len(asked()) == 1


def test_who_leads_because_the_desk_lets_something_pass_is_told_as_such(kind, lin, dee):
    date(kind, lin, 12)
    let_through(lin, dee, None)
    (led,) = led_by([lin.pk])
    assert not led.lacking and led.by_override == ("first_aid",)


def test_a_date_within_48_hours_cannot_wait_and_is_asked_about_once(kind, lin, dee):
    Credential.objects.filter(instructor=lin).update(expires_on=today(-1))
    soon, late = date(kind, lin, 1), date(kind, lin, 3)
    half_hour()
    every_night()
    (alert,) = asked(LEADS_SOON)
    assert (alert.subject_id, alert.urgent_for) == (soon.pk, Permission.PUBLISH_FOR_ANYONE)
    assert alert.alerts.get().person == dee.person
    close_task(task=alert, outcome="done", by=dee.person)
    half_hour()
    every_night()
    assert asked(LEADS_SOON) == [] and len(asked()) == 1 and late.pk


def test_what_cannot_wait_is_taken_back_when_it_is_mended(kind, lin, dee):
    Credential.objects.filter(instructor=lin).update(expires_on=today(-1))
    date(kind, lin, 1)
    half_hour()
    assert len(asked(LEADS_SOON)) == 1
    let_through(lin, dee, None)
    assert asked(LEADS_SOON) == []


def test_what_every_kind_of_class_of_a_programme_asks_for_is_told_with_its_names(programme):
    for name, needs in (("B", ["dbs"]), ("A", ["dbs", "first_aid"])):
        ClassTypeFactory(programme=programme, name=name, credentials_needed=needs)
    ClassTypeFactory(programme=programme, credentials_needed=["membership"], active=False)
    assert asked_for([programme.pk, 0]) == {programme.pk: {"dbs": ["A", "B"], "first_aid": ["A"]}, 0: {}}
