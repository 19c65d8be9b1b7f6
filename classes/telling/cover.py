"""Who is told that a date wants cover, and that somebody leads it instead of who usually does.

Here: which messages and tasks follow, and whether a message is still wanted at the moment of sending.
Not here: the words (frontend/jinja2/messages/), who may cover and who gets it (classes/cover).
People with a place are told the first name alone. Whoever asked for an instructor of their own sex is
told as well, and the desk calls them: nobody finds that out in the hall.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.history import Actor
from classes.models import Booking, BookingState, CoverRequest, CoverState, Session, SessionLeader
from classes.telling.in_time import cannot_wait, news_by
from classes.telling.leaders import booked_with
from classes.telling.notices import CLASS_COVERED, about_class
from instructors.models import Instructor, Unavailability
from messaging.kinds import Content, register_kind
from messaging.models import Matter, Message
from messaging.outbox import cancel, enqueue
from messaging.worklist import cancel_tasks, raise_task
from participants.models import AccessNeed, AccessNeedKind

WANTED, YOURS, FOUND = "cover_wanted", "cover_yours", "cover_found"  # to instructors; subject: the request
NOT_COVERED = "cover_not_found"  # kind of the desk's task; its subject is the date
OWN_SEX = "cover_own_sex"  # kind of the desk's task; its subject is the booking


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(WANTED, still_wanted)
    register_kind(YOURS, still_yours)
    register_kind(FOUND, still_found)
    register_kind(CLASS_COVERED, still_covered, matter=Matter.CHANGES)


# --- events: called inside the transaction of an action ----------------------


def ask_to_cover(request: CoverRequest, able: Collection[Instructor]) -> None:
    """Whoever was asked about this date as it is now is not asked again; one that has moved is asked about anew."""
    for one in able:
        _tell(request, one, WANTED, as_it_is=f":{request.session.ics_sequence}")


def cover_found(request: CoverRequest, session: Session, leader: SessionLeader, by: Actor) -> None:
    """Whoever takes it, whoever asked and everybody with a place are told; the others are asked no more."""
    _end(request.pk, session.pk, by)
    _tell(request, leader.instructor, YOURS)
    _tell(request, request.instructor, FOUND)
    booked = session.bookings.filter(state=BookingState.BOOKED)
    for booking in booked.select_related("participant__person", "participant__programme"):
        enqueue(
            programme=booking.participant.programme,
            person=booking.participant.person,
            kind=CLASS_COVERED,
            subject_id=booking.pk,
            context={"leader": leader.pk},
            dedupe_key=f"{CLASS_COVERED}:{booking.pk}:{leader.pk}",
        )
    ask_about_own_sex([leader], by)


def ask_about_own_sex(leaders: Sequence[SessionLeader], by: Actor) -> None:
    """Somebody else leads these dates: whoever has a place and asked for an instructor of their own sex is called,
    once however many of the dates are theirs. The call names the first.
    """
    asked = AccessNeed.objects.current().filter(kind=AccessNeedKind.OWN_SEX_INSTRUCTOR)
    booked = booked_with(leaders).filter(participant__person__in=asked.values("person"))
    called: set[int] = set()
    for booking in booked.select_related("session__class_type", "participant__person", "participant__programme"):
        if booking.participant_id not in called:
            called.add(booking.participant_id)
            _call_about_own_sex(booking, min(leader.pk for leader in leaders), by)


def _call_about_own_sex(booking: Booking, change: int, by: Actor) -> None:
    on = timezone.localdate(booking.session.starts_at)
    raise_task(
        programme=booking.participant.programme,
        kind=OWN_SEX,
        due_at=timezone.now(),
        about=booking.participant.person,
        subject_id=booking.pk,
        context={"class": booking.session.class_type.name, "on": on.isoformat()},
        dedupe_key=f"{OWN_SEX}:{booking.participant_id}:{change}",
        by=by,
    )


def no_cover_wanted(sessions: Collection[int], by: Actor) -> bool:
    """Whoever leads these dates goes on, somebody else was found by hand, or they are off; inside an action.

    Returns whether cover was wanted for any of them.
    """
    wanted = list(CoverRequest.objects.wanted().filter(session__in=sessions))
    for request in wanted:
        request.state, request.settled_at = CoverState.WITHDRAWN, timezone.now()
        request.save(update_fields=["state", "settled_at"])
        _end(request.pk, request.session_id, by)
    return bool(wanted)


def _end(request_pk: int, session_pk: int, by: Actor) -> None:
    cancel(kinds=[WANTED], subject_id=request_pk)
    cancel_tasks(kinds=[NOT_COVERED], subject_id=session_pk, by=by)


def _tell(request: CoverRequest, instructor: Instructor, kind: str, *, as_it_is: str = "") -> None:
    enqueue(
        programme=request.session.programme,
        person=instructor.person,
        kind=kind,
        subject_id=request.pk,
        context={"instructor": instructor.pk},
        dedupe_key=f"{kind}:{request.pk}:{instructor.pk}{as_it_is}",
    )


# --- the moment of sending ----------------------------------------------------


def still_wanted(message: Message) -> Content | None:
    """While nobody has taken it, to who still teaches and is free at that time."""
    request = _request(message)
    if request is None or request.state != CoverState.OPEN:
        return None
    session, free = request.session, Instructor.objects.teaching().filter(pk=message.context["instructor"])
    during = (session.starts_at, session.ends_at)
    busy = SessionLeader.objects.filter(active=True, during__overlap=during).exclude(session=session)
    away = Unavailability.objects.filter(during__overlap=during)
    if not free.exclude(pk__in=busy.values("instructor")).exclude(pk__in=away.values("instructor")).exists():
        return None
    return _about(session, link=reverse("teach:cover", args=[request.pk]))


def still_yours(message: Message) -> Content | None:
    request = _request(message)
    if request is None or not _leads(request.session, message.context["instructor"]):
        return None
    return _about(request.session, link=reverse("teach:session", args=[request.session_id]))


def still_found(message: Message) -> Content | None:
    request = _request(message)
    if request is None or request.taken_by is None or not _leads(request.session, request.taken_by_id):
        return None
    return _about(request.session, covers=request.taken_by.person.full_name)


def still_covered(message: Message) -> Content | None:
    """To who still has the place, while that person still leads it."""
    rows = Booking.objects.filter(pk=message.subject_id or 0, state=BookingState.BOOKED)
    booking = rows.select_related("session__class_type", "session__venue", "session__room").first()
    leaders = SessionLeader.objects.filter(pk=message.context["leader"], active=True)
    leader = leaders.select_related("instructor__person").first()
    if booking is None or leader is None or booking.session.has_started(timezone.now()):
        return None
    return _about(
        booking.session,
        leads=leader.instructor.person.first_name,
        link=reverse("me:booking", args=[booking.pk]),
    )


def _request(message: Message) -> CoverRequest | None:
    """Of a date that is to come."""
    read = ("session__class_type", "session__venue", "session__room", "taken_by__person")
    request = CoverRequest.objects.select_related(*read).filter(pk=message.subject_id or 0).first()
    if request is None or request.session.is_cancelled or request.session.has_started(timezone.now()):
        return None
    return request


def _leads(session: Session, instructor: int | None) -> bool:
    return session.leaders.filter(active=True, instructor=instructor).exists()


def _about(session: Session, *, link: str = "", **facts: object) -> Content:
    now = timezone.now()
    said = {**about_class(session), "link": settings.PUBLIC_URL + link if link else "", **facts}
    urgent = cannot_wait(session.starts_at, now)
    return Content(said, urgent=urgent, needed_by=news_by(session.starts_at, now))
