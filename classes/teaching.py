"""Classes as those who lead or arrange them see them: the doors that their pages go through.

Here: scoped querysets, with what a list shows read at once. Not here: changing
anything (timetable, register), what the public sees. Called by frontend/ and api.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.permissions import Permission, programmes_allowing
from classes.models import (
    Attendance,
    Booking,
    BookingState,
    ClassNote,
    ClassType,
    CoverRequest,
    Guest,
    LeaderRole,
    Series,
    Session,
    SessionKind,
    SessionLeader,
    SessionStatus,
    Venue,
)
from classes.models.booking import HELD_STATES, NOT_WELL_TODAY
from classes.models.cover import CoverQuerySet
from classes.models.timetable import SessionQuerySet
from classes.places.booking import CLASS_CANCELLED
from classes.register import AMEND_FOR, KEPT_AFTER, KEPT_BEFORE, Window, bookings_on_register
from classes.same_day.symptom_content import version_in_use
from instructors.models import Instructor


def classes_led_by(user: object) -> SessionQuerySet:
    """The user's own classes: leading, assisting or covering, and only while that stands."""
    return _listed(Session.objects.led_by(user))


def reported_on_by(user: object) -> SessionQuerySet:
    """Classes of which the user may report: their own, and for a while one that was called off under way."""
    return _listed(Session.objects.reported_on_by(user))


def shown_to_leader(user: object) -> SessionQuerySet:
    """Own classes, and those they would have led that were cancelled, so that nobody travels to one."""
    would_have = Session.objects.filter(
        leaders__instructor__in=Instructor.objects.of(user), status=SessionStatus.CANCELLED
    )
    own = Session.objects.led_by(user).values("pk")
    return _listed(Session.objects.filter(Q(pk__in=own) | Q(pk__in=would_have.values("pk"))))


def classes_arranged_by(user: object) -> SessionQuerySet:
    """Classes of the programmes in which the user publishes for anybody."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    return _listed(Session.objects.filter(programme_id__in=programmes))


def walk_ins_at_desk_of(user: object) -> QuerySet[Guest]:
    """Who came without a booking to a class of the same desk."""
    guests = Guest.objects.filter(session__in=Session.objects.at_desk_of(user).values("pk"))
    return guests.select_related("session__class_type", "session__programme", "participant__person")


def series_arranged_by(user: object) -> QuerySet[Series]:
    """Classes that come back, of the same programmes."""
    return Series.objects.filter(programme_id__in=programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE))


def classes_at_desk_of(user: object) -> SessionQuerySet:
    """Classes of the programmes at whose desk the user works."""
    return _listed(Session.objects.at_desk_of(user))


def notes_at_desk_of(user: object) -> QuerySet[ClassNote]:
    """What was written to everybody of a date, at the same desk."""
    return _notes(Session.objects.at_desk_of(user))


def notes_shown_to_leader(user: object) -> QuerySet[ClassNote]:
    """The same, of the user's own classes; what the desk has written to them is among it."""
    return _notes(Session.objects.led_by(user))


def cover_put_to(user: object) -> QuerySet[CoverRequest]:
    """Dates to come that want cover, in the programmes in which the user teaches, but for their own; in order."""
    to_come = cover_asked_of(user).wanted().filter(session__starts_at__gt=timezone.now())
    return to_come.filter(session__status=SessionStatus.PUBLISHED).order_by("session__starts_at", "pk")


def cover_asked_of(user: object) -> CoverQuerySet:
    """The same, settled ones too."""
    return CoverRequest.objects.put_to(user).select_related("session__class_type", "session__venue")


def _notes(sessions: SessionQuerySet) -> QuerySet[ClassNote]:
    own = ClassNote.objects.filter(session__in=sessions.values("pk"))
    return own.select_related("by", "session__class_type", "session__venue")


def registers_to_finish(user: object) -> SessionQuerySet:
    """Own classes that have started, can still be marked, and have somebody without a mark."""
    return _markable(user).filter(_somebody_unmarked())


def finished_registers(user: object) -> SessionQuerySet:
    """Own classes in which everybody has a mark that can still be changed."""
    marked = Exists(Attendance.objects.filter(session=OuterRef("pk")))
    return _markable(user).filter(marked, ~_somebody_unmarked())


def registers_to_keep(user: object, at: datetime) -> SessionQuerySet:
    """Own classes whose register a telephone that is online at `at` keeps for a hall without signal."""
    own = classes_led_by(user).filter(status=SessionStatus.PUBLISHED)
    return with_questions(own.filter(ends_at__gt=at - KEPT_AFTER, starts_at__lte=at + KEPT_BEFORE), at)


def with_questions(sessions: SessionQuerySet, at: datetime) -> SessionQuerySet:
    """Each with the version of the same-day check that is in use at `at`, which its register needs."""
    return sessions.annotate(version_in_use=version_in_use(at))


def between(sessions: SessionQuerySet, start: datetime, end: datetime) -> SessionQuerySet:
    """Those that are not over at `start` and begin before `end`."""
    return sessions.filter(ends_at__gt=start, starts_at__lt=end)


def to_call_off(sessions: SessionQuerySet, *, days: int) -> SessionQuerySet:
    """Those of `sessions` of the next `days` that can still be called off: not over, and nobody is marked."""
    now, today = timezone.now(), timezone.localdate()
    on = sessions.filter(status=SessionStatus.PUBLISHED, ends_at__gt=now)
    soon = on.filter(starts_at__date__range=(today, today + timedelta(days=days - 1)))
    unmarked = soon.exclude(Exists(Attendance.objects.filter(session=OuterRef("pk"))))
    return unmarked.prefetch_related("leaders__instructor__person")


def called_off(sessions: SessionQuerySet, *, days: int) -> SessionQuerySet:
    """Those of `sessions` of the next `days` that are off; today's stay until midnight."""
    today = timezone.localdate()
    soon = sessions.filter(starts_at__date__range=(today, today + timedelta(days=days - 1)))
    return soon.filter(status=SessionStatus.CANCELLED)


def called_off_by_leader(user: object) -> SessionQuerySet:
    """Classes that are off and that the user would have led or assisted in: not who gave one away before."""
    to_the_end = SessionLeader.objects.filter(instructor__in=Instructor.objects.of(user)).not_replaced()
    return _listed(Session.objects.filter(pk__in=to_the_end.values("session"), status=SessionStatus.CANCELLED))


def led_by(sessions: SessionQuerySet, instructor_id: int) -> SessionQuerySet:
    """Those of `sessions` that this instructor leads."""
    return sessions.filter(Exists(_leading().filter(session=OuterRef("pk"), instructor=instructor_id)))


def leaders_of(sessions: SessionQuerySet) -> list[tuple[int, str]]:
    """Who leads any of `sessions`: key and name, in the order of names."""
    leading = _leading().filter(session__in=sessions.values("pk")).select_related("instructor__person")
    named = {leader.instructor_id: leader.instructor.person.full_name for leader in leading}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def kinds_of(sessions: SessionQuerySet) -> list[tuple[int, str]]:
    """Of what kind any of `sessions` is: key and name, in the order of names."""
    kinds = ClassType.objects.filter(pk__in=sessions.values("class_type")).order_by("name", "pk")
    return list(kinds.values_list("pk", "name"))


def registers_open_to(user: object) -> SessionQuerySet:
    """Classes whose register the user may open: those they lead, and those of their desk."""
    own = Session.objects.led_by(user).values("pk")
    return Session.objects.filter(
        Q(pk__in=own) | Q(pk__in=Session.objects.at_desk_of(user).values("pk"))
    ).select_related("class_type", "venue", "programme")


def place_on_register(session: Session, line: str) -> Booking | Guest | None:
    """The place that a line of the register names, "b12" or "g3": of this class, and of nobody who only waits."""
    found = re.fullmatch(r"([bg])([0-9]{1,18})", line)
    if found is None:
        return None
    known = Q(state=BookingState.BOOKED) | Q(end_reason=NOT_WELL_TODAY) | Q(symptom_checks__isnull=False)
    rows: Any = session.bookings.filter(known).distinct() if found[1] == "b" else session.guests
    place: Booking | Guest | None = (
        rows.select_related("participant__person", "participant__programme").filter(pk=int(found[2])).first()
    )
    if place is not None:
        place.session = session
    return place


def places_held_in(session: Session) -> list[Booking]:
    """Booked, or kept while somebody answers: those who came last first."""
    held = session.bookings.filter(state__in=HELD_STATES).select_related("participant__person")
    return list(held.order_by("-joined_at", "-pk"))


def shows_facts(session: Session) -> bool:
    """Whether whoever leads it may see health facts of its people now."""
    return Window(session.starts_at, session.ends_at).shows_facts(timezone.now())


def places_in(session: Session) -> dict[str, Booking | Guest]:
    """Whoever the register of this class shows or has shown, by their line; in order of names. Also who came without a
    place, whom today's check has stopped, and of a class that was called off whoever had a place until then."""
    booked = [
        *bookings_on_register([session], {session.pk}),
        *(_places_called_off(session) if session.is_cancelled else ()),
    ]
    guests = session.guests.select_related("participant__person")
    lines: dict[str, Booking | Guest] = {f"b{place.pk}": place for place in booked}
    lines |= {f"g{guest.pk}": guest for guest in guests}
    return dict(sorted(lines.items(), key=lambda line: (name_of(line[1]), line[0])))


def _places_called_off(session: Session) -> QuerySet[Booking]:
    """That it was a place and no wait, its history says."""
    ended = session.bookings.filter(end_reason=CLASS_CANCELLED, events__state=BookingState.BOOKED)
    return ended.select_related("participant__person").distinct()


def name_of(place: Booking | Guest) -> str:
    """As the register shows it: a guest may be only a name."""
    if place.participant is not None:
        return place.participant.person.full_name
    return place.name if isinstance(place, Guest) else ""


def class_types_for(instructor: Instructor) -> list[ClassType]:
    """What may be published in the instructor's programme."""
    return list(ClassType.objects.filter(programme=instructor.programme_id, active=True))


def last_led_by(instructor: Instructor) -> QuerySet[Session]:
    """Their own classes, the latest first, of a kind and in a hall that may be published again."""
    led = Session.objects.published().filter(
        Q(venue=None) | Q(venue__active=True),
        kind=SessionKind.GROUP,
        class_type__active=True,
        leaders__instructor=instructor,
        leaders__active=True,
        leaders__role=LeaderRole.LEAD,
    )
    return led.select_related("class_type", "venue", "room", "series").order_by("-starts_at", "-pk")


def classes_for(instructor: Instructor) -> list[ClassType]:
    """Those of them that are held for a group."""
    return [kind for kind in class_types_for(instructor) if not kind.one_to_one]


def one_to_ones_for(instructor: Instructor) -> list[ClassType]:
    """Those of them that are held with one person at a time."""
    return [kind for kind in class_types_for(instructor) if kind.one_to_one]


def venues_for(instructor: Instructor) -> list[Venue]:
    """Where it may be held, with the rooms of each place; not where the hall is closed for good."""
    open_yet = Q(closed_from=None) | Q(closed_from__gt=timezone.localdate())
    return list(
        Venue.objects.filter(open_yet, programme=instructor.programme_id, active=True).prefetch_related("rooms")
    )


def to_change(sessions: SessionQuerySet) -> SessionQuerySet:
    """`sessions` with everything that changing one of them asks about, read at once."""
    series = [f"series__{name}" for name in ("class_type", "venue", "room", "instructor__person")]
    return sessions.select_related("series__instructor__programme", *series).prefetch_related(
        "leaders__instructor__person", "leaders__instructor__programme"
    )


def _markable(user: object) -> SessionQuerySet:
    now = timezone.now()
    return classes_led_by(user).filter(starts_at__lte=now, ends_at__gt=now - AMEND_FOR, status=SessionStatus.PUBLISHED)


def _somebody_unmarked() -> Exists:
    marked = Attendance.objects.filter(booking__isnull=False, session=OuterRef("session")).values("booking")
    return Exists(Booking.objects.filter(session=OuterRef("pk"), state=BookingState.BOOKED).exclude(pk__in=marked))


def _leading() -> QuerySet[SessionLeader]:
    return SessionLeader.objects.filter(active=True)


def _listed(sessions: SessionQuerySet) -> SessionQuerySet:
    return (
        sessions.select_related("class_type", "venue", "room", "programme", "series")
        .annotate(waiting=Count("bookings", filter=Q(bookings__state=BookingState.WAITING), distinct=True))
        .order_by("starts_at", "pk")
    )
