"""The rows of the demo timetable: the series and all their dates, those of the past included.

The dates are written as `classes.timetable` writes them, which makes none in the past; it is asked for the coming
ones afterwards, finds them there, and tells the desk of those that nobody may lead. Not here: who is in the classes
(bookings.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from django.utils import timezone

from accounts.history import System
from accounts.models import Programme
from classes.models import ClassType, LeaderRole, Mode, Series, Session, SessionLeader, SessionStatus, Venue
from classes.timetable import HORIZON, materialise
from instructors.models import Instructor
from safefit.demo.story import Story
from safefit.demo.story.attending import BOOKED
from safefit.demo.story.timetable import PLANS, ClassDate, Plan, first_date_of, last_date_of, left_out

LINK, DIAL_IN = "https://meet.safefit.example/demo", "01632 960 050, code 1234"


def make_series(
    programme: Programme,
    class_types: Mapping[str, ClassType],
    venues: Mapping[str, Venue],
    instructors: Mapping[str, Instructor],
) -> list[Series]:
    """The series, in the order of PLANS."""
    today = timezone.localdate()
    rooms = {(venue.name, room.name): room for venue in venues.values() for room in venue.rooms.all()}
    return Series.objects.bulk_create(
        Series(
            programme=programme,
            class_type=class_types[plan.class_type],
            mode=Mode.IN_PERSON if plan.venue else Mode.REMOTE,
            venue=venues.get(plan.venue),
            room=rooms.get((plan.venue, plan.room)),
            instructor=instructors[plan.teacher],
            start_time=plan.start,
            duration_minutes=plan.minutes,
            interval_weeks=plan.every,
            first_date=first_date_of(plan, today),
            last_date=last_date_of(today),
            excluded_dates=list(left_out(plan, today)),
            capacity=plan.capacity,
            **_ways_in(plan),
        )
        for plan in PLANS
    )


def _ways_in(plan: Plan) -> dict[str, str]:
    return {"join_url": "" if plan.venue else LINK, "dial_in": "" if plan.venue else DIAL_IN}


def make_dates(story: Story, series: list[Series]) -> list[Session]:
    """Every date of the story, in its order, with as many places taken as it tells of."""
    taken = Counter(place.date for place in story.places if place.state == BOOKED)
    sessions = Session.objects.bulk_create(
        (_session(one, series[one.plan], taken[number]) for number, one in enumerate(story.dates)), batch_size=1000
    )
    SessionLeader.objects.bulk_create(
        SessionLeader(
            session=session,
            instructor=series[one.plan].instructor,
            role=LeaderRole.LEAD,
            during=(session.starts_at, session.ends_at),
            active=not one.called_off,
        )
        for session, one in zip(sessions, story.dates, strict=True)
    )
    materialise(until=story.today + HORIZON, by=System.COMMAND)
    return sessions


def _session(one: ClassDate, series: Series, taken: int) -> Session:
    off = {"status": SessionStatus.PUBLISHED, "version": 1 + taken}
    if one.called_off:
        off = {"status": SessionStatus.CANCELLED, "cancelled_at": one.span.starts_at - dt.timedelta(hours=20)}
        off |= {"cancel_reason": one.called_off, "version": 2, "ics_sequence": 1}
    return Session(
        programme=series.programme,
        series=series,
        occurs_on=one.on,
        class_type=series.class_type,
        mode=series.mode,
        venue=series.venue,
        room=series.room,
        starts_at=one.span.starts_at,
        ends_at=one.span.ends_at,
        capacity=series.capacity,
        places_taken=taken,
        join_url=series.join_url,
        dial_in=series.dial_in,
        **off,
    )
