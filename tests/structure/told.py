"""One message of every kind, in a world that two people share: what test_nothing_of_another.py reads.

Here: what has to be so for each kind to be wanted, as rows that stand there, with nothing sent. Not here: the two
people (marked.py), what is looked for. A kind that somebody registers and that no case here makes is named by the test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import timezone

from accounts.models import Channel, ContactPoint, Person
from accounts.permissions import Role
from classes.judging.eligibility import Reason
from classes.models import (
    Booking,
    BookingState,
    ClassNote,
    ClassType,
    CoverRequest,
    CoverState,
    RunningLate,
    Session,
    SessionLeader,
    SessionStatus,
    SymptomCheck,
    Venue,
)
from classes.models.booking import TOO_LATE_TO_OFFER
from classes.telling import block_notices, change_notices, cover, leaders, notices
from instructors.models import Instructor
from instructors.notices import RUNS_OUT_NOTICE, SENT_BACK_NOTICE
from messaging.alerts import ALERT
from messaging.models import Message, Task
from messaging.role_ends import ROLE_ENDS, last_day_of
from messaging.work_numbers import NUMBER_TRY
from outcomes.asking.open_forms import WRITTEN
from outcomes.models import Study, StudyState
from outcomes.releases.notices import SUMMARY_OUT
from outcomes.studies.running import INVITATION
from participants import notices as told
from participants.desk_sign_in import SIGN_IN_CHANGED
from participants.earlier_address import CONTACT_CHANGED
from participants.models import Clearance, ConsentKind, EnrolmentPause, Participant, ParticipantStatus, Supporter
from participants.needs import NEEDS_DUE
from participants.taking_part import ending_notices
from records.erasing.asking import BEGUN, CODE
from records.models import ErasureRequest
from tests.factories.accounts import someone
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.instructors import CredentialFactory, InstructorFactory
from tests.factories.outcomes import consents
from tests.factories.participants import ClearanceFactory, SupporterFactory
from tests.factories.symptoms import SymptomCheckFactory
from tests.structure.routes import World

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


class Shared(Protocol):
    """What test_nothing_of_another.py has of the two."""

    world: World
    reads: Participant
    hidden: Participant


@dataclass(frozen=True)
class Told:
    """`of`: the participant of whom it may speak; None for a message to staff, which speaks of nobody."""

    message: Message
    of: Participant | None
    at: dt.datetime | None = None  # when its turn is, where that is not now


def every_message(two: Shared) -> Iterator[Told]:
    """Breaks come last: whoever has one is told of nothing else."""
    both = (two.reads, two.hidden)
    bookings = Booking.objects.filter(participant__in=both).select_related("participant__person", "session")
    for session in Session.objects.all():
        _named(session)
    make_every_state(two)
    # The last of those that are alike is read: one whose class is still to come.
    bookings = bookings.order_by("session__starts_at", "pk")
    alike = {(one.participant_id, one.state, one.end_reason, one.session.status): one for one in bookings}
    for booking in alike.values():
        yield from of_a_place(booking)
    for case in (with_helpers, of_several_dates, of_the_day_itself, of_somebody, of_questions, to_staff):
        yield from case(two)
    for one in both:
        yield from of_a_break(one)


def _to(participant: Participant, kind: str, subject: int, *, person: Person | None = None, **fields: Any) -> Told:
    who = person or participant.person
    message = Message(kind=kind, subject_id=subject, person=who, programme=participant.programme, **fields)
    return Told(message, participant)


def _staff(person: Person, programme: Any, kind: str, subject: int, **context: Any) -> Told:
    return Told(Message(kind=kind, subject_id=subject, person=person, programme=programme, context=context), None)


# --- places ------------------------------------------------------------------


def make_every_state(two: Shared) -> None:
    """Each way in which a place or a turn can end, for both in one class."""
    ended = {
        BookingState.CANCELLED: (notices.NOT_CLEARED, notices.FEWER_PLACES),
        BookingState.EXPIRED: ("",),
        BookingState.CLOSED: (notices.NO_PLACE_CAME_FREE,),
    }
    number = 0
    for state, reasons in ended.items():
        for reason in reasons:
            number += 1
            session = _session(two, number)
            for one in (two.reads, two.hidden):
                at = {"ended_at": timezone.now(), "end_reason": reason}
                BookingFactory(session=session, participant=one, state=state, **at)
    passes_by = _session(two, 8)
    for one in (two.reads, two.hidden):
        turn = BookingFactory(session=passes_by, participant=one, state=BookingState.WAITING)
        Booking.objects.filter(pk=turn.pk).update(skipped_reason=Reason.BEING_CHECKED)


def _session(two: Shared, days: int) -> Session:
    leader = Instructor.objects.get(person__user=two.world.users["ines"])
    return _named(
        SessionFactory(programme=two.reads.programme, leader=leader, starts_at=timezone.now() + (30 + days) * DAY)
    )


def _named(session: Session) -> Session:
    """By names that say why people come."""
    ClassType.objects.filter(pk=session.class_type_id).update(name=f"Breast cancer yoga {session.pk}")
    Venue.objects.filter(pk=session.venue_id).update(
        name=f"Oncology Gym {session.pk}",
        entrance="The door of the clinic",
        getting_there="The hospital bus",
    )
    return session


OF_A_PLACE = (
    *(notices.CONFIRMED, notices.PLACED, notices.WAITING, notices.PASSED_BY, notices.OFFERED),
    *(notices.RAN_OUT, notices.NONE_CAME_FREE, notices.GIVEN_UP, notices.CLASS_OFF, notices.FREED),
    notices.TAKEN_BACK,
)


def of_a_place(booking: Booking) -> Iterator[Told]:
    """Each kind about one place, whether or not it was ever put in the outbox, and those of the days before."""
    for kind in OF_A_PLACE:
        yield _to(booking.participant, kind, booking.pk, context={"by_oneself": False})
    context = {"by_oneself": False, "party": booking.party}
    yield _to(booking.participant, notices.WHO_COMES, booking.pk, context=context)
    if booking.state == BookingState.BOOKED:
        for kind, before in ((notices.REMINDER, 40), (notices.SOON, 2), (notices.SAME_DAY_CHECK, 2)):
            key = f"{kind}:{booking.pk}:{booking.session.starts_at.isoformat()}"
            due = booking.session.starts_at - before * HOUR
            yield Told(_to(booking.participant, kind, booking.pk, dedupe_key=key).message, booking.participant, at=due)


def with_helpers(two: Shared) -> Iterator[Told]:
    """Copies, a free place of tomorrow for whoever waits, and an invitation that nobody has answered."""
    tomorrow = _session(two, -29)
    for one in (two.reads, two.hidden):
        helper = one.supporters.get().person
        for booking in one.bookings.filter(state=BookingState.BOOKED):
            context = {"of": booking.state, "by_oneself": False}
            yield _to(one, notices.COPY, booking.pk, person=helper, context=context)
        for booking in one.bookings.filter(state=BookingState.OFFERED):
            context = {"offer": booking.offers.get().pk, "by_oneself": False}
            yield _to(one, notices.OFFER_COPY, booking.pk, person=helper, context=context)
        invited = someone(f"Ira{one.pk} Invited", Role.SUPPORTER, programme=one.programme).person
        row: Supporter = SupporterFactory(participant=one, person=invited, status="invited", starts_at=None)
        yield from _open_to_all(tomorrow, one, helper)
        yield _to(one, told.SUPPORTER_INVITED, row.pk, person=invited)


def _open_to_all(session: Session, one: Participant, helper: Person) -> Iterator[Told]:
    turn = BookingFactory(session=session, participant=one, state=BookingState.WAITING)
    Booking.objects.filter(pk=turn.pk).update(skipped_reason=TOO_LATE_TO_OFFER)
    for reader in (one.person, helper):
        yield _to(one, notices.OPEN_TO_ALL, turn.pk, person=reader, context={"by_oneself": False})


def of_several_dates(two: Shared) -> Iterator[Told]:
    off = Session.objects.filter(status=SessionStatus.CANCELLED, bookings__participant=two.reads).latest("pk")
    for one in (two.reads, two.hidden):
        held = [row.pk for row in one.bookings.filter(state=BookingState.BOOKED, session__starts_at__gt=timezone.now())]
        ended = [row.pk for row in one.bookings.filter(end_reason=notices.FEWER_PLACES)]
        said = {"by_oneself": False}
        refused = [[off.pk, "session_full"]]
        yield _to(one, block_notices.BOOKED, one.pk, context={"bookings": held, "refused": refused, **said})
        yield _to(one, block_notices.GIVEN_BACK, one.pk, context={"bookings": ended, **said})
        yield _to(one, block_notices.MOVED, one.pk, context={"bookings": [ended[0], held[0]], **said})
        both = {"bookings": [row.pk for row in off.bookings.filter(participant=one)]}
        yield _to(one, change_notices.SEVERAL_OFF, one.pk, context=both)
    for changed in Message.objects.filter(kind=change_notices.CHANGED).exclude(context__changes=[]):
        yield Told(changed, Participant.objects.get(person=changed.person))


def of_the_day_itself(two: Shared) -> Iterator[Told]:
    """A class that both are in: a word to everybody, late, led by somebody else."""
    session, ines = _session(two, 9), Instructor.objects.get(person__user=two.world.users["ines"])
    desk = two.world.users["dee"].person
    late = RunningLate.objects.create(session=session, starts_at=session.starts_at, minutes=10, by=ines.person)
    note = ClassNote.objects.create(session=session, about="bring", words="Bring a coat.", request_key="told", by=desk)
    leads = SessionLeader.objects.get(session=session)
    for one in (two.reads, two.hidden):
        place = BookingFactory(session=session, participant=one)
        yield _to(one, notices.RUNNING_LATE, place.pk, context={"delay": late.pk})
        yield _to(one, notices.CLASS_NOTE, place.pk, context={"note": note.pk})
        yield _to(one, notices.CLASS_COVERED, place.pk, context={"leader": leads.pk})
        changed = {"bookings": [place.pk], "instructor": ines.pk}
        yield _to(one, leaders.LEADER_CHANGED, one.pk, context=changed)


# --- people ------------------------------------------------------------------


def of_somebody(two: Shared) -> Iterator[Told]:
    for one in (two.reads, two.hidden):
        Participant.objects.filter(pk=one.pk).update(entered_by=two.world.users["dee"].person)
        decided = Clearance.objects.filter(participant=one).in_force().get()
        yield _to(one, told.REGISTERED, one.pk)
        yield _to(one, told.CLEARANCE_DECIDED, decided.pk)
        yield _to(one, told.HEALTH_DUE, decided.pk)
        yield _to(one, told.REFERRED_BACK, one.pk)
        yield _to(one, told.LETTER_SENT, one.clinical_letters.latest("pk").pk)
        yield _to(one, NEEDS_DUE, one.pk)
        yield _to(one, told.SUPPORTER_ACCEPTED, one.supporters.live().earliest("pk").pk)
        earlier = ContactPoint.objects.create(
            person=one.person, channel=Channel.EMAIL, value=f"earlier.{one.pk}@example.org", ended_at=timezone.now()
        )
        yield _to(one, CONTACT_CHANGED, earlier.pk)
        yield _to(one, SIGN_IN_CHANGED, one.person.user.pk)
        request = ErasureRequest.objects.create(person=one.person, asked_by=one.person, fingerprint="0" * 64)
        yield _to(one, CODE, request.pk)
        yield from _of_the_end(one)
        request.confirmed_at, request.confirmed_by = timezone.now(), one.person
        request.save()
        yield _to(one, BEGUN, request.pk)


def _of_the_end(one: Participant) -> Iterator[Told]:
    enrolment, last = one.enrolments.get(ends_on=None), timezone.localdate() + 20 * DAY
    enrolment.closes_on = enrolment.extended_until = last
    enrolment.save(update_fields=["closes_on", "extended_until"])
    for kind in (ending_notices.ENDS_SOON, ending_notices.EXTENDED, ending_notices.ENDED):
        yield _to(one, kind, enrolment.pk, context={"day": str(last)})


def of_questions(two: Shared) -> Iterator[Told]:
    """What the world made for one of the two."""
    for kind in WRITTEN:
        yield _to(two.reads, kind, two.world.assessment.pk)
    consents(two.reads, ConsentKind.STUDIES)
    Study.objects.filter(pk=two.world.study.pk).update(state=StudyState.OPEN)
    yield _to(two.reads, INVITATION, two.world.invitation.pk)


def of_a_break(one: Participant) -> Iterator[Told]:
    today = timezone.localdate()
    ClearanceFactory(participant=one, state="paused")
    yield _to(one, told.RESUMED, one.pk)
    for booking in one.bookings.filter(state=BookingState.BOOKED, session__starts_at__gt=timezone.now()):
        yield _to(one, notices.IN_DOUBT, booking.pk, context={"by_oneself": False})
    enrolment = one.enrolments.get(ends_on=None)
    pause = EnrolmentPause.objects.create(enrolment=enrolment, starts_on=today, reason="rest", review_on=today + DAY)
    Participant.objects.filter(pk=one.pk).update(status=ParticipantStatus.PAUSED)
    yield _to(one, told.PAUSED, pause.pk)
    yield _to(one, told.PAUSE_REVIEW, pause.pk)


# --- staff and partners ------------------------------------------------------


def to_staff(two: Shared) -> Iterator[Told]:
    """Of what is about both: an alert, a talk before a class, a date that wants cover."""
    programme, users = two.reads.programme, two.world.users
    ines, dee = Instructor.objects.get(person__user=users["ines"]), users["dee"].person
    for one in (two.reads, two.hidden):
        task = Task.objects.create(
            programme=programme, kind="not_well_call", about=one.person, due_at=timezone.now(),
            urgent_for="work_at_desk", dedupe_key=f"told:{one.pk}",
        )  # fmt: skip
        yield _staff(dee, programme, ALERT, task.pk, on_call=True)
    yield from _of_a_talk(two, ines)
    yield from _of_cover(two, ines)
    number = ContactPoint.objects.create(person=dee, channel=Channel.TEXT, value="+447700900999")
    yield _staff(dee, programme, NUMBER_TRY, number.pk)
    role = two.world.role_held
    role.ends_at = timezone.now() + 7 * DAY
    role.save(update_fields=["ends_at"])
    yield _staff(dee, programme, ROLE_ENDS, role.pk, until=last_day_of(role).isoformat())
    yield _staff(users["omar"].person, programme, SUMMARY_OUT, two.world.release.pk)
    yield from _of_papers(two, ines)


def _of_a_talk(two: Shared, ines: Instructor) -> Iterator[Told]:
    today = _named(SessionFactory(programme=two.reads.programme, leader=ines, starts_at=timezone.now() + 3 * HOUR))
    for one in (two.reads, two.hidden):
        check: SymptomCheck = SymptomCheckFactory(
            booking=BookingFactory(session=today, participant=one), result="talk_first"
        )
        yield _staff(ines.person, one.programme, notices.TALK_WANTED, check.session_id)


def _of_cover(two: Shared, ines: Instructor) -> Iterator[Told]:
    request, programme = two.world.cover, two.reads.programme
    other = InstructorFactory(person=someone("Olga Other").person, programme=programme)
    yield _staff(other.person, programme, cover.WANTED, request.pk, instructor=other.pk)
    session = _session(two, 10)
    for one in (two.reads, two.hidden):
        BookingFactory(session=session, participant=one)
    taken = CoverRequest.objects.create(
        session=session, instructor=other, reason="ill", asked_by=other.person, state=CoverState.TAKEN,
        taken_by=ines, settled_at=timezone.now(),
    )  # fmt: skip
    yield _staff(ines.person, programme, cover.YOURS, taken.pk, instructor=ines.pk)
    yield _staff(other.person, programme, cover.FOUND, taken.pk, instructor=other.pk)


def _of_papers(two: Shared, ines: Instructor) -> Iterator[Told]:
    yield _staff(ines.person, ines.programme, SENT_BACK_NOTICE, two.world.paper.pk)
    last = timezone.localdate() + 20 * DAY
    ending = InstructorFactory(person=someone("Edda Ending").person, programme=ines.programme, credentials=[])
    CredentialFactory(instructor=ending, kind="first_aid", expires_on=last)
    yield _staff(ending.person, ines.programme, RUNS_OUT_NOTICE, ending.pk, until=last.isoformat(), step=30)
