"""Asking for cover of a date, or of all dates of a day, and taking that back.

Here: the request, who is told of it, and an alert at once where it is late or nobody may. Not here:
who may (candidates.py), who gets it (taking.py). Called by the pages of the instructor and the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from accounts.history import Actor, System, acting
from accounts.models import Person
from classes.cover.candidates import candidates_for
from classes.cover.deadline import alert_if_late
from classes.locks import bound_waits, lock_session, settled
from classes.models import CoverInvitation, CoverRequest, Session, SessionLeader, SessionStatus
from classes.telling.cover import ask_to_cover, no_cover_wanted
from instructors.models import Instructor
from messaging.one_by_one import one_by_one

LONGEST_REASON = 200


class CoverReasonNeeded(Exception):
    """Whoever is asked, and the desk, read why: in a word, and no more than LONGEST_REASON characters."""


class NothingToCover(Exception):
    """The date is off, has begun, or nobody leads it."""


def ask_for_cover(*, sessions: Sequence[Session], reason: str, by: Person) -> list[CoverRequest]:
    """Somebody else is wanted for each of these dates; all of them or none. What is asked for already stays as it is.

    Everybody who may is told. Until somebody takes it, it stays with whoever leads it.
    Raises CoverReasonNeeded, NothingToCover, TryAgain.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise CoverReasonNeeded

    def attempt() -> list[CoverRequest]:
        with acting(by, "classes.ask_for_cover", reason=reason):
            bound_waits()
            return [_ask(session.pk, reason, by) for session in sorted(sessions, key=lambda one: one.pk)]

    return settled(attempt)


def withdraw_cover(*, session: Session, by: Actor) -> bool:
    """Nobody else is wanted any more; whoever leads it goes on. Returns whether anybody was wanted until now."""

    def attempt() -> bool:
        with acting(by, "classes.withdraw_cover"):
            bound_waits()
            lock_session(session.pk)
            return no_cover_wanted([session.pk], by)

    return settled(attempt)


def covers_of_the_day(session: Session, leader: SessionLeader) -> list[Session]:
    """This date and the others that the same person leads on that day and that have not begun, in order."""
    on, now = timezone.localdate(session.starts_at), timezone.now()
    rows = SessionLeader.objects.leading().filter(
        instructor=leader.instructor_id,
        session__status=SessionStatus.PUBLISHED,
        session__starts_at__gt=now,
    )
    rows = rows.select_related("session__class_type", "session__venue").order_by("session__starts_at")
    return [row.session for row in rows if timezone.localdate(row.session.starts_at) == on]


def leader_of(session: Session) -> SessionLeader | None:
    """Who leads it, or covers it, as things are."""
    rows = SessionLeader.objects.leading().filter(session=session)
    return rows.select_related("instructor__person", "cover_for__person").first()


def may_ask_for(sessions: Iterable[Session], own: Iterable[Instructor]) -> set[int]:
    """Keys of those that one of `own` leads or covers: who only assists asks for nothing."""
    rows = SessionLeader.objects.leading().filter(session__in=sessions, instructor__in=own)
    return set(rows.values_list("session", flat=True))


def _ask(session_pk: int, reason: str, by: Person) -> CoverRequest:
    session, now = lock_session(session_pk), timezone.now()
    leader = leader_of(session)
    if leader is None or session.status != SessionStatus.PUBLISHED or session.has_started(now):
        raise NothingToCover
    if there := CoverRequest.objects.wanted().filter(session=session).first():
        return there
    request = CoverRequest.objects.create(session=session, instructor=leader.instructor, reason=reason, asked_by=by)
    request.session = session
    able = _invite(request, leader)
    alert_if_late(request, by, nobody_may=not able)
    return request


def invite_again(by: Actor = System.WORKER) -> None:
    """Of each date that wants cover, whoever may lead it as things are now is asked, once for each time and place
    that it has had. It has moved since it was asked for, or somebody has come to be free or able. Each by itself.
    """
    now = timezone.now()
    wanted = CoverRequest.objects.wanted().filter(session__starts_at__gt=now, session__status=SessionStatus.PUBLISHED)

    def ask(request: CoverRequest) -> None:
        with acting(by, "classes.invite_again"):
            leader = leader_of(request.session)
            if leader is not None:
                _invite(request, leader)

    one_by_one(ask, wanted.select_related("session__class_type", "session__venue", "session__programme"))


def _invite(request: CoverRequest, leader: SessionLeader) -> list[Instructor]:
    """Everybody who may; who could not lead it has said so."""
    able = [
        one.instructor
        for one in candidates_for(request.session, apart_from=leader.instructor)
        if one.may and one.instructor != leader.cover_for
    ]
    invited = [CoverInvitation(request=request, instructor=one) for one in able]
    CoverInvitation.objects.bulk_create(invited, ignore_conflicts=True)
    ask_to_cover(request, able)
    return able
