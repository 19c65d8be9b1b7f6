"""The rows of places, waiting lists and registers, of the past and of the coming weeks.

As `classes.places.booking` and `classes.register` write them, and with the same counts:
`Session.places_taken` was written with the dates (timetable.py) from the same story.
Not here: who books what (story/attending.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from accounts.models import Person
from classes.models import Attendance, AttendanceState, Booking, BookingState, Guest, Series, Session
from participants.models import Participant
from safefit.demo.story import Story
from safefit.demo.story.attending import CANCELLED, CLOSED, Place

BATCH = 1000


def make_bookings(
    story: Story, members: list[Participant], sessions: list[Session], series: list[Series], *, desk: Person
) -> list[Booking]:
    """The bookings, in the order of the story's places, and what the registers say of them."""
    bookings = Booking.objects.bulk_create(
        (_booking(place, members[place.life], sessions[place.date], desk) for place in story.places), batch_size=BATCH
    )
    _end(story, bookings)
    leaders = [one.instructor.person for one in series]
    marks = [
        _mark(place, booking, leaders[story.dates[place.date].plan])
        for place, booking in zip(story.places, bookings, strict=True)
        if place.mark
    ]
    Attendance.objects.bulk_create([*marks, *_walk_ins(story, members, sessions, leaders)], batch_size=BATCH)
    return bookings


def _booking(place: Place, member: Participant, session: Session, desk: Person) -> Booking:
    """As it was made: what was given back later was a place at first, and its history says so."""
    return Booking(
        session=session,
        participant=member,
        state=BookingState.BOOKED if place.state in (CANCELLED, CLOSED) else place.state,
        during=(session.starts_at, session.ends_at),
        source=place.source,
        made_by=desk if place.source == "desk" else member.person,
        joined_at=place.joined_at,
        book_automatically=place.automatically,
        facts_version=member.facts_version,
    )


def _end(story: Story, bookings: list[Booking]) -> None:
    for place, booking in zip(story.places, bookings, strict=True):
        if place.ended_at:
            booking.state, booking.ended_at, booking.end_reason = place.state, place.ended_at, place.end_reason
            booking.ended_by = booking.made_by if place.state == CANCELLED else None
            booking.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])


def _mark(place: Place, booking: Booking, leader: Person) -> Attendance:
    at = booking.session.starts_at + dt.timedelta(minutes=10)
    return Attendance(
        session=booking.session,
        booking=booking,
        state=place.mark,
        note=place.note,
        marked_at=at,
        received_at=at,
        by=leader,
    )


def _walk_ins(
    story: Story, members: list[Participant], sessions: list[Session], leaders: list[Person]
) -> Iterator[Attendance]:
    guests = Guest.objects.bulk_create(
        Guest(session=sessions[one.date], participant=members[one.life], screened_aloud=True) for one in story.walk_ins
    )
    for one, guest in zip(story.walk_ins, guests, strict=True):
        at = guest.session.starts_at + dt.timedelta(minutes=12)
        yield Attendance(
            session=guest.session,
            guest=guest,
            state=AttendanceState.ATTENDED,
            marked_at=at,
            received_at=at,
            by=leaders[story.dates[one.date].plan],
        )
