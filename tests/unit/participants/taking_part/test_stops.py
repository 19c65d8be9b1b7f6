"""A death, hospice care, a wish for no contact: everything ends at once, and a mistake is taken back that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.models import Channel, ContactPoint, Person, User
from classes.models import Booking, BookingSource, BookingState, Session
from classes.places.booking import book_place
from classes.places.places_in_doubt import PLACE_TAKEN_BACK
from classes.register.welfare import WELFARE_CALL
from classes.symptom_check import NOT_WELL_CALL
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import raise_task
from outcomes.asking.planning import plan_assessments
from outcomes.models import Assessment, AssessmentState
from participants import health, support
from participants.content import install
from participants.models import (
    ContactStop,
    Enrolment,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    StopKind,
    Supporter,
    SupporterStatus,
)
from participants.taking_part import life, stops
from participants.taking_part.pauses import ask_after_pauses
from participants.taking_part.stops import AlreadyStopped, Notice, TooLateToUndo, stop_everything, undo_stop
from tests.factories.accounts import ProgrammeFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, 0, tzinfo=dt.UTC)  # a Wednesday
DAY = dt.timedelta(days=1)
KINDS = list(StopKind)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def by(dee: User) -> Person:
    return dee.person


def stop(participant: Participant, by: Person, kind: str = StopKind.DIED, **more: Any) -> list[ContactStop]:
    return stop_everything(participant=participant, notice=Notice(StopKind(kind), **more), by=by)


def book(participant: Participant, session: Session, **rest: Any) -> Booking:
    source = BookingSource.SELF
    return book_place(participant=participant, session=session, by=participant.person, source=source, **rest)


@pytest.fixture
def busy(pat: Participant, sam: User, quinn: Participant) -> Participant:
    """Pat, with one of everything: a place, a wait, messages, calls, forms, a helper, a review, a break."""
    install(pat.programme, pat.person)
    one, full = (SessionFactory(programme=pat.programme, starts_at=NOON + n * DAY, capacity=2 - n) for n in (1, 2))
    book(pat, one)
    book(pat, full, or_wait=True)
    plan_assessments(participant=pat, by=pat.person)
    of_a_class = (WELFARE_CALL, NOT_WELL_CALL, PLACE_TAKEN_BACK)
    for kind in (health.REVIEW_CLEARANCE, health.HEALTH_DUE_CALL, life.PAUSE_REVIEW, *of_a_class):
        raise_task(
            programme=pat.programme, kind=kind, due_at=NOON, about=pat.person, subject_id=pat.pk, dedupe_key=kind,
            by=pat.person,
        )  # fmt: skip
    support.invite_supporter(
        participant=pat, given_name="Sid", family_name="Son", email="sid@example.org", relationship="son",
        scopes=[], by=pat.person,
    )  # fmt: skip
    return pat


def open_tasks(participant: Participant) -> list[str]:
    rows = Task.objects.filter(about=participant.person, state=TaskState.OPEN)
    return list(rows.order_by("kind").values_list("kind", flat=True))


# --- stopping ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_one_action_ends_everything(busy: Participant, by: Person, kind: str) -> None:
    (row,) = stop(busy, by, kind, happened_on=NOON.date() - DAY)
    busy.refresh_from_db()
    busy.person.refresh_from_db()
    assert busy.status == (ParticipantStatus.DIED if kind == StopKind.DIED else ParticipantStatus.WITHDRAWN)
    assert (row.kind, row.status_before, row.recorded_by) == (kind, ParticipantStatus.ACTIVE, by)
    assert row.happened_on == NOON.date() - DAY
    assert set(Booking.objects.filter(participant=busy).values_list("state", flat=True)) == {BookingState.CANCELLED}
    assert set(Session.objects.values_list("places_taken", flat=True)) == {0}
    assert set(Assessment.objects.values_list("state", flat=True)) == {AssessmentState.NOT_WANTED}
    assert set(Message.objects.filter(person=busy.person).values_list("state", flat=True)) == {MessageState.NOT_WANTED}
    assert set(Supporter.objects.values_list("status", flat=True)) == {SupporterStatus.ENDED}
    assert not Participant.objects.supported_by(User.objects.get(email="sam@example.org")).exists()
    assert busy.person.contact_stopped_at == NOON
    enrolment = Enrolment.objects.get(participant=busy)
    assert (enrolment.ends_on, enrolment.end_reason) == (NOON.date(), kind)
    assert open_tasks(busy) == ([] if kind == StopKind.NO_CONTACT else ["write_to_family"])


@pytest.mark.parametrize("kind", KINDS)
def test_from_then_on_nothing_goes_out_to_them_or_to_who_helped_them(busy: Participant, by: Person, kind: str) -> None:
    stop(busy, by, kind)
    deliver_due()
    assert mail.outbox == []
    assert open_tasks(busy) == ([] if kind == StopKind.NO_CONTACT else ["write_to_family"])


def test_calls_and_letters_at_the_desk_are_taken_back(pat: Participant, by: Person) -> None:
    ContactPoint.objects.filter(person=pat.person).update(channel=Channel.PHONE, value="+441632960222")
    book(pat, SessionFactory(programme=pat.programme, starts_at=NOON + DAY))
    deliver_due()
    assert open_tasks(pat) == ["call"]
    stop(pat, by)
    assert open_tasks(pat) == ["write_to_family"]


def test_the_place_is_offered_on(pat: Participant, quinn: Participant, by: Person) -> None:
    session = SessionFactory(programme=pat.programme, starts_at=NOON + 3 * DAY, capacity=1)
    book(pat, session)
    wait = book(quinn, session, or_wait=True, book_automatically=True)
    stop(pat, by)
    wait.refresh_from_db()
    assert wait.state == BookingState.BOOKED
    assert Message.objects.get(kind="placed_from_waiting").person == quinn.person


def test_the_letter_to_the_family_has_an_owner_and_a_day(pat: Participant, quinn: Participant, by: Person) -> None:
    stop(pat, by, family_letter=by)
    stop(quinn, by, StopKind.HOSPICE)
    own, free = Task.objects.filter(kind="write_to_family").order_by("id")
    assert (own.owner, free.owner) == (by, None)
    assert own.due_at == free.due_at == dt.datetime(2027, 2, 10, 17, tzinfo=dt.UTC)


def test_after_a_death_nobody_signs_in_as_them_and_otherwise_they_still_can(
    pat: Participant, quinn: Participant, by: Person, sign_in: Any
) -> None:
    browsers = {p.pk: sign_in(p.person.user) for p in (pat, quinn)}
    stop(pat, by)
    stop(quinn, by, StopKind.NO_CONTACT)
    assert browsers[pat.pk].get("/me/").status_code == 302
    assert browsers[quinn.pk].get("/me/").status_code == 200


def test_whom_they_helped_is_helped_by_them_no_more(pat: Participant, quinn: Participant, by: Person) -> None:
    support_given = SupporterFactory(participant=quinn, person=pat.person)
    stop(pat, by, StopKind.HOSPICE)
    support_given.refresh_from_db()
    assert support_given.status == SupporterStatus.ACTIVE
    stop(pat, by)
    support_given.refresh_from_db()
    assert support_given.status == SupporterStatus.ENDED


def test_it_is_about_the_person_in_every_programme(pat: Participant, by: Person) -> None:
    elsewhere = ParticipantFactory(person=pat.person, programme=ProgrammeFactory())
    assert len(stop(pat, by)) == 2
    elsewhere.refresh_from_db()
    assert elsewhere.status == ParticipantStatus.DIED
    assert Task.objects.filter(kind="write_to_family").count() == 1


@pytest.mark.parametrize("status", [ParticipantStatus.COMPLETED, ParticipantStatus.WITHDRAWN])
def test_who_had_finished_or_left_keeps_that_status_unless_they_have_died(
    pat: Participant, by: Person, status: str
) -> None:
    Participant.objects.filter(pk=pat.pk).update(status=status)
    stop(pat, by, StopKind.NO_CONTACT)
    pat.refresh_from_db()
    assert pat.status == status
    stop(pat, by)
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.DIED


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [(a, b, a == b or a == StopKind.DIED) for a in KINDS for b in KINDS],
)
def test_each_is_noted_once_and_nothing_after_a_death(
    pat: Participant, by: Person, first: str, second: str, refused: bool
) -> None:
    (there,) = stop(pat, by, first)
    if not refused:
        assert len(stop(pat, by, second)) == 1
        return
    with pytest.raises(AlreadyStopped) as late:
        stop(pat, by, second)
    assert late.value.stop == there


def test_it_is_all_or_nothing(busy: Participant, by: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> None:
        raise RuntimeError("at the very end")

    monkeypatch.setattr(stops, "_ask_for_a_letter", fails)
    with pytest.raises(RuntimeError):
        stop(busy, by)
    busy.refresh_from_db()
    busy.person.refresh_from_db()
    assert (busy.status, busy.person.contact_stopped_at) == (ParticipantStatus.ACTIVE, None)
    assert Booking.objects.filter(participant=busy).live().count() == 2
    assert Supporter.objects.exclude(status=SupporterStatus.ENDED).count() == 2


def test_the_database_keeps_one_standing_entry_of_a_kind(pat: Participant, by: Person) -> None:
    stop(pat, by)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactStop.objects.create(participant=pat, kind="died", status_before="active", recorded_by=by)
    assert str(ContactStop.objects.get()) == f"contact of participant {pat.pk} stopped"


# --- taking a mistake back ---------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", [ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED, ParticipantStatus.COMPLETED])
def test_a_mistake_is_taken_back_and_everything_but_places_messages_and_help_is_as_before(
    busy: Participant, by: Person, kind: str, before: str
) -> None:
    if before == ParticipantStatus.PAUSED:
        life.pause(participant=busy, reason="treatment", by=by)
    Participant.objects.filter(pk=busy.pk).update(status=before)
    (row,) = stop(busy, by, kind)
    sent_before = Message.objects.count()
    undo_stop(stop=row, by=by)
    busy.refresh_from_db()
    busy.person.refresh_from_db()
    assert (busy.status, busy.person.contact_stopped_at) == (before, None)
    assert User.objects.get(person=busy.person).is_active
    assert Enrolment.objects.get(participant=busy).ends_on is None
    assert set(Assessment.objects.values_list("state", flat=True)) == {AssessmentState.PLANNED}
    assert not Booking.objects.filter(participant=busy).live().exists()
    assert set(Supporter.objects.values_list("status", flat=True)) == {SupporterStatus.ENDED}
    assert open_tasks(busy) == []
    assert Message.objects.count() == sent_before
    deliver_due()
    assert mail.outbox == []
    row.refresh_from_db()
    assert (row.undone_at, row.undone_by) == (NOON, by)
    assert stops.standing_stop(busy) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_break_ends_with_everything_else_and_goes_on_when_the_mistake_is_taken_back(
    pat: Participant, by: Person, clock: time_machine.Traveller, kind: str
) -> None:
    life.pause(participant=pat, reason="treatment", by=by)
    life.resume(participant=pat, by=by)
    life.pause(participant=pat, reason="treatment", by=by)
    clock.shift(5 * DAY)
    (row,) = stop(pat, by, kind)
    ended = NOON.date() + 5 * DAY
    assert list(EnrolmentPause.objects.order_by("pk").values_list("ends_on", flat=True)) == [NOON.date(), ended]
    undo_stop(stop=row, by=by)
    assert list(EnrolmentPause.objects.order_by("pk").values_list("ends_on", flat=True)) == [NOON.date(), None]
    life.resume(participant=pat, by=by)
    assert list(life.breaks_going_on(pat)) == []


def test_a_break_that_ended_on_the_day_of_the_mistake_stays_ended(pat: Participant, by: Person) -> None:
    life.pause(participant=pat, reason="treatment", by=by)
    life.resume(participant=pat, by=by)
    (row,) = stop(pat, by)
    undo_stop(stop=row, by=by)
    assert list(life.breaks_going_on(pat)) == []


def test_who_was_being_asked_about_a_break_is_asked_again_after_the_mistake(
    pat: Participant, by: Person, clock: time_machine.Traveller
) -> None:
    life.pause(participant=pat, reason="treatment", by=by)
    clock.shift(28 * DAY)
    today = NOON.date() + 28 * DAY
    assert (ask_after_pauses(on=today), ask_after_pauses(on=today)) == (1, 0)
    (row,) = stop(pat, by, StopKind.NO_CONTACT)
    assert (ask_after_pauses(on=today), open_tasks(pat)) == (0, [])
    undo_stop(stop=row, by=by)
    assert (ask_after_pauses(on=today), open_tasks(pat)) == (1, [life.PAUSE_REVIEW])


def test_who_had_left_before_has_left_again(pat: Participant, by: Person) -> None:
    life.withdraw(participant=pat, by=by)
    (row,) = stop(pat, by)
    undo_stop(stop=row, by=by)
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.WITHDRAWN


def test_a_review_that_was_waiting_waits_again(pat: Participant, by: Person) -> None:
    health.update_health(participant=pat, answers=HEALTH | {"surgery": "yes"}, by=pat.person)
    (row,) = stop(pat, by)
    assert open_tasks(pat) == ["write_to_family"]
    undo_stop(stop=row, by=by)
    assert open_tasks(pat) == ["review_clearance"]


def test_it_is_taken_back_on_the_same_day_and_once(
    pat: Participant, quinn: Participant, by: Person, clock: time_machine.Traveller
) -> None:
    (row,), (other,) = stop(pat, by), stop(quinn, by)
    clock.move_to(NOON.replace(hour=23, minute=59))
    assert stops.may_undo(row)
    undo_stop(stop=row, by=by)
    with pytest.raises(TooLateToUndo):
        undo_stop(stop=row, by=by)
    clock.move_to(NOON.replace(hour=0, minute=0) + DAY)
    assert not stops.may_undo(other)
    with pytest.raises(TooLateToUndo):
        undo_stop(stop=other, by=by)


def test_contact_stays_stopped_while_another_reason_stands(pat: Participant, by: Person) -> None:
    stop(pat, by, StopKind.HOSPICE)
    (row,) = stop(pat, by)
    undo_stop(stop=row, by=by)
    pat.person.refresh_from_db()
    pat.refresh_from_db()
    assert pat.person.contact_stopped_at == NOON
    assert pat.status == ParticipantStatus.WITHDRAWN
    standing = stops.standing_stop(pat)
    assert standing is not None and standing.kind == StopKind.HOSPICE


def test_a_login_that_was_closed_before_stays_closed(pat: Participant, by: Person) -> None:
    User.objects.filter(person=pat.person).update(is_active=False)
    (row,) = stop(pat, by)
    undo_stop(stop=row, by=by)
    assert not User.objects.get(person=pat.person).is_active


def test_it_is_taken_back_in_every_programme_at_once(pat: Participant, by: Person) -> None:
    elsewhere = ParticipantFactory(person=pat.person, programme=ProgrammeFactory())
    there = next(row for row in stop(pat, by) if row.participant == elsewhere)
    assert len(undo_stop(stop=there, by=by)) == 2
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


def test_who_never_had_a_login_is_stopped_and_restored_too(programme: Any, by: Person) -> None:
    nobody = ParticipantFactory(programme=programme)
    (row,) = stop(nobody, by)
    assert not row.login_closed
    undo_stop(stop=row, by=by)
    nobody.refresh_from_db()
    assert nobody.status == ParticipantStatus.ACTIVE
