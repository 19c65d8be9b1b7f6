"""What waits at the desk of the demonstration, beside answers to read and messages to pass on.

Done by the product's own actions, as if people had done it today. Not here: the words of a task (frontend).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import product
from uuid import uuid4

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Person, Programme, User
from classes.interpreters import BOOK_INTERPRETER, BOOKED, ask_for_interpreter
from classes.judging.refusals import Refusal
from classes.models import AttendanceState, Booking, BookingSource, BookingState, Mode, Session
from classes.places.booking import book_place, cancel_booking
from classes.register import NewMark, take_register
from classes.waiting_list.priority import set_priority
from messaging import on_call
from messaging.calls import end_call
from messaging.models import Caller, Task
from messaging.rota import UK
from messaging.worklist import NO_ANSWER, close_task, record_attempt, take_task
from participants.callers import Fact, note_caller
from participants.health import update_health
from participants.models import AccessNeed, Clearance, ClearanceState, Participant, SupporterScope
from participants.support import add_verified_supporter
from safefit.demo.people import WELL
from safefit.demo.story import Story
from safefit.demo.story.lives import Stage

HELPERS = (("Hal", "Helper", "son"), ("Hetty", "Helper", "daughter"), ("Hugo", "Helper", "husband"))


def make_work(story: Story, members: Sequence[Participant], cast: Sequence[Participant], *, by: Person) -> None:
    """A handful of tasks; nobody of `cast` is touched."""
    ask_for_interpreters(by=by)
    put_a_place_in_doubt(cast)
    free_a_place(_who_has_only_a_telephone(story, members)[len(HELPERS) :], cast, by=by)
    mark_somebody_without_a_place()
    begin_a_task(by=by)
    let_some_be_helped(_who_has_only_a_telephone(story, members)[: len(HELPERS)], by=by)


def keep_a_rota(programme: Programme, staff: Mapping[str, User], *, by: Person) -> None:
    """Two weeks of on-call: two names, one after the other; after them somebody must still be found."""
    week = dt.timedelta(days=7)
    monday = timezone.now().astimezone(UK).replace(hour=9, minute=0, second=0, microsecond=0)
    monday -= dt.timedelta(days=monday.weekday())
    for starts_at, names in ((monday, ("dee", "clare")), (monday + week, ("dot", "colin"))):
        for line, name in enumerate(names, start=on_call.FIRST):
            on_call.add_shifts(
                programme=programme,
                person=staff[name].person,
                line=line,
                starts_at=starts_at,
                ends_at=starts_at + week,
                by=by,
            )


def ask_for_interpreters(*, by: Person) -> None:
    """Of the places ahead of whoever needs one: booked for the nearest, and to see to for the others."""
    ahead = Booking.objects.filter(state=BookingState.BOOKED, session__starts_at__gt=timezone.now())
    needed = ahead.filter(participant__person__in=AccessNeed.objects.all().for_professionals().values("person"))
    for booking in needed.select_related("session__programme", "participant__person").order_by("session__starts_at"):
        ask_for_interpreter(booking, by)
    for task in Task.objects.to_do().filter(kind=BOOK_INTERPRETER, due_at__lte=timezone.now()):
        close_task(task=task, outcome=BOOKED, note="Booked through the agency", by=by)


def put_a_place_in_doubt(cast: Sequence[Participant]) -> None:
    """Somebody with one place ahead, in some days, says today that something has changed."""
    now = timezone.now()
    ahead = Booking.objects.live().filter(session__starts_at__gt=now)
    others = ahead.filter(participant=OuterRef("participant")).exclude(pk=OuterRef("pk"))
    places = ahead.filter(state=BookingState.BOOKED, session__starts_at__gt=now + dt.timedelta(days=3))
    places = places.exclude(Exists(others)).exclude(participant__in=cast)
    plain = Clearance.objects.in_force().filter(participant__in=places.values("participant"))
    cleared = {row.participant_id for row in plain if row.state == ClearanceState.CLEARED}
    booking = places.filter(participant__in=cleared, source="self").order_by("session__starts_at", "pk").first()
    if booking is not None:
        answers = {**WELL, "symptoms": "yes"}
        update_health(participant=booking.participant, answers=answers, by=booking.participant.person)


def free_a_place(by_phone: Sequence[Participant], cast: Sequence[Participant], *, by: Person) -> None:
    """A place comes free for somebody who comes first and has only a telephone: the desk is to call."""
    in_days = timezone.now() + dt.timedelta(days=2, hours=1)  # there is time for an offer
    turns = Booking.objects.waiting().filter(session__starts_at__gt=in_days)
    full = Session.objects.filter(pk__in=turns.values("session")).exclude(bookings__participant__in=cast)
    for session, participant in product(full.order_by("starts_at", "pk")[:5], by_phone):
        try:
            turn = book_place(participant=participant, session=session, by=by, source=BookingSource.DESK, or_wait=True)
        except Refusal:
            continue  # not cleared for this one, or elsewhere at that time
        set_priority(booking=turn, first=True, reason="An operation in three weeks", by=by)
        given_up = session.bookings.filter(state=BookingState.BOOKED, party=1).order_by("pk")[0]
        cancel_booking(booking=given_up, by=given_up.participant.person, reason="not_well")
        return


def mark_somebody_without_a_place() -> None:
    """Somebody gave a place back and came all the same; the instructor marks them."""
    now = timezone.now()
    ended = Booking.objects.filter(
        state=BookingState.CANCELLED,
        session__mode=Mode.IN_PERSON,
        session__starts_at__gt=now - dt.timedelta(days=12),
        session__ends_at__lt=now,
    )
    regulars = ended.filter(participant__bookings__attendances__state=AttendanceState.ATTENDED)
    booking = regulars.select_related("session").order_by("-session__starts_at", "pk").first()
    if booking is not None:
        mark = NewMark(uuid4(), AttendanceState.ATTENDED, now, booking_id=booking.pk, note="Felt better and came")
        leader = booking.session.leaders.get().instructor.person
        take_register(session=booking.session, marks=[mark], by=leader)


def begin_a_task(*, by: Person) -> None:
    """One of the desk has taken a call and has not got through yet."""
    task = Task.objects.to_do().filter(kind="call", owner=None).first()
    if task is not None:
        take_task(task=task, by=by)
        record_attempt(task=task, outcome=NO_ANSWER, note="Rang twice, will try after lunch", by=by)


def _who_has_only_a_telephone(story: Story, members: Sequence[Participant]) -> list[Participant]:
    """Those who take part and cannot be written to by email."""
    able = (life for life in story.lives if life.stage is Stage.TAKING_PART and not life.one.uses_email)
    return [members[life.number] for life in able]


def let_some_be_helped(participants: Sequence[Participant], *, by: Person) -> None:
    """A few people have somebody who helps them and whom the desk has spoken to."""
    for number, (participant, (given, family, relationship)) in enumerate(zip(participants, HELPERS, strict=False)):
        note_caller(participant=participant, caller=Caller.SELF, checked=[Fact.BORN, Fact.POSTCODE, Fact.PHONE], by=by)
        add_verified_supporter(
            participant=participant,
            given_name=given,
            family_name=family,
            relationship=relationship,
            scopes=[SupporterScope.BOOK, SupporterScope.BE_CONTACTED],
            phone=f"+4416329608{number:02}",
            by=by,
        )
    end_call(by=by)
