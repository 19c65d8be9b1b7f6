"""A date that wants cover goes to the first who takes it, or to whom the desk gives it.

Under the lock of the taker, then of the date: of twenty at once one gets it, and the others hear that
it is taken. The cover leads that date alone; whoever led it before loses it, and stays recorded.
Called by the pages of instructors and of the desk.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.cover.asking import leader_of
from classes.cover.candidates import Candidate, candidate
from classes.locks import bound_waits, lock_session, settled
from classes.models import CoverRequest, CoverState, LeaderRole, Session, SessionLeader
from classes.telling.cover import cover_found
from classes.unqualified import look_at
from instructors.models import Instructor, InstructorStatus


class CoverGone(Exception):
    """Somebody has taken it, it is no longer wanted, or the class is off or has begun. `taken`: the first of these."""

    def __init__(self, *, taken: bool) -> None:
        super().__init__(taken)
        self.taken = taken


class MayNotCover(Exception):
    """They may not lead this date; `candidate` says why."""

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(candidate.hindrances)
        self.candidate = candidate


def take_cover(*, request: CoverRequest, instructor: Instructor, by: Person) -> SessionLeader:
    """`instructor` takes the date for themselves; taking it twice changes nothing. Raises CoverGone, MayNotCover,
    TryAgain."""
    return _settle(request, instructor, "classes.take_cover", by)


def give_cover(*, request: CoverRequest, instructor: Instructor, by: Person) -> SessionLeader:
    """The desk gives the date to `instructor`, who is told. Raises as `take_cover`."""
    return _settle(request, instructor, "classes.give_cover", by)


def give_at_once(*, session: Session, instructor: Instructor, reason: str, by: Person) -> SessionLeader:
    """A class that is about to begin, or under way, is led by `instructor` from now on: the desk has spoken with them,
    and nobody else is asked. Raises CoverGone, MayNotCover, TryAgain."""

    def attempt() -> SessionLeader:
        with acting(by, "classes.give_at_once", reason=reason):
            bound_waits()
            taker = Instructor.objects.select_for_update(of=("self",)).select_related("person").get(pk=instructor.pk)
            locked = lock_session(session.pk)
            before = leader_of(locked)
            if before is None or locked.is_cancelled or timezone.now() >= locked.ends_at:
                raise CoverGone(taken=False)
            if before.instructor == taker:
                return before
            _may_take(locked, taker)
            request = CoverRequest.objects.wanted().filter(session=locked).first() or CoverRequest.objects.create(
                session=locked, instructor=before.instructor, reason=reason, asked_by=by
            )
            return _hand_over(locked, before, request.pk, taker, by)

    return settled(attempt)


def _settle(request: CoverRequest, instructor: Instructor, action: str, by: Person) -> SessionLeader:
    def attempt() -> SessionLeader:
        with acting(by, action):
            bound_waits()
            taker = Instructor.objects.select_for_update(of=("self",)).select_related("person").get(pk=instructor.pk)
            session = lock_session(request.session_id)
            if (leader := _theirs_already(request.pk, taker)) is not None:
                return leader
            return _hand_over(session, _judged(session, request.pk, taker), request.pk, taker, by)

    return settled(attempt)


def _theirs_already(request_pk: int, taker: Instructor) -> SessionLeader | None:
    request = CoverRequest.objects.select_related("session").get(pk=request_pk)
    leader = leader_of(request.session) if request.taken_by_id == taker.pk else None
    return leader if leader is not None and leader.instructor == taker else None


def _judged(session: Session, request_pk: int, taker: Instructor) -> SessionLeader:
    """Who leads it until now, if it may be handed over as things are under the locks. Raises CoverGone, MayNotCover."""
    state, before = CoverRequest.objects.values_list("state", flat=True).get(pk=request_pk), leader_of(session)
    over = session.is_cancelled or session.has_started(timezone.now())
    if state != CoverState.OPEN or before is None or over:
        raise CoverGone(taken=state == CoverState.TAKEN)
    _may_take(session, taker)
    return before


def _may_take(session: Session, taker: Instructor) -> None:
    found = candidate(session, taker)
    if not found.may or taker.status != InstructorStatus.ACTIVE or taker.programme_id != session.programme_id:
        raise MayNotCover(found)


def _hand_over(
    session: Session, before: SessionLeader, request_pk: int, taker: Instructor, by: Person
) -> SessionLeader:
    request = CoverRequest.objects.select_related("instructor__person").get(pk=request_pk)
    original = before.cover_for or before.instructor
    session.leaders.leading().update(active=False)
    session.leaders.filter(active=True, instructor=taker).update(active=False)  # who assisted leads now
    leader = SessionLeader.objects.create(
        session=session,
        instructor=taker,
        role=LeaderRole.LEAD if taker == original else LeaderRole.COVER,
        cover_for=None if taker == original else original,
        during=(session.starts_at, session.led_until),
        assigned_by=by,
    )
    if session.series is not None:  # another instructor for the series leaves this date with its cover
        own = {*session.overridden, "instructor"}
        session.overridden = sorted(own - {"instructor"} if taker == session.series.instructor else own)
        session.save(update_fields=["overridden"])
    request.state, request.taken_by, request.settled_at = CoverState.TAKEN, taker, timezone.now()
    request.save(update_fields=["state", "taken_by", "settled_at"])
    look_at([request.instructor, taker], by)
    cover_found(request, session, leader, by)
    return leader
