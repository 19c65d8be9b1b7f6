"""Which class somebody may change, and how far: their own as whoever leads it, or any of their programme at the desk.

Here: one class by its key, who may be made its leader, and whether other dates of its
series go with it. Not here: lists of classes (teaching.py), what a change does (timetable).
Called by the pages and the API that change dates.
"""

from __future__ import annotations

from dataclasses import dataclass

from classes import teaching
from classes.models import ClassType, LeaderRole, Session, Venue
from classes.models.timetable import SessionQuerySet
from classes.timetable import Scope, fields_now
from instructors.access import instructors_published_for, own_instructors
from instructors.models import Instructor


@dataclass(frozen=True)
class Arranged:
    """`may_lead`: who may take over from who leads it now; `of_series`: whether other dates may change too."""

    session: Session
    may_lead: list[Instructor]
    of_series: bool

    def offers(self, scope: Scope) -> bool:
        """Whether its dates of `scope` may be changed by this person at all."""
        return scope is Scope.ONE or (self.of_series and self.session.series_id is not None)

    def instructors(self, scope: Scope) -> list[Instructor]:
        """Who may lead these dates; whoever does now stands first."""
        leads: Instructor | None = fields_now(self.session, scope)["instructor"]  # None: nobody does at the moment
        return [*([leads] if leads else []), *(one for one in self.may_lead if one != leads)]


def by_leader(user: object, pk: int) -> Arranged | None:
    """A class that `user` leads. Whoever leads it goes on: handing a class over is for the desk."""
    session = _one(teaching.shown_to_leader(user), pk)
    if session is None:
        return None
    led = any(leader.active and leader.role != LeaderRole.SECOND for leader in session.leaders.all())
    own = [] if led else [one for one in own_instructors(user) if one.programme_id == session.programme_id]
    return Arranged(session, own, of_series=leads_series(user, session))


def leads_series(user: object, session: Session) -> bool:
    """Whether the series of `session` is the user's own, so that its other dates are too."""
    return session.series is not None and session.series.instructor in own_instructors(user)


def at_desk(user: object, pk: int) -> Arranged | None:
    """Any class of the programmes in which `user` publishes for anybody."""
    session = _one(teaching.classes_arranged_by(user), pk)
    if session is None:
        return None
    may_lead = [one for one in instructors_published_for(user) if one.programme_id == session.programme_id]
    return Arranged(session, may_lead, of_series=True)


def arranged(user: object, pk: int) -> Arranged | None:
    """As whichever of the two lets `user` do more."""
    return at_desk(user, pk) or by_leader(user, pk)


def published_for(user: object) -> list[Instructor]:
    """For whom `user` may publish a class: anybody of their programmes, and themselves."""
    return list(dict.fromkeys([*own_instructors(user), *instructors_published_for(user)]))


def kinds_and_places(instructors: list[Instructor]) -> tuple[list[ClassType], list[Venue]]:
    """What any of them may be given to lead, and where it may be held; each programme is asked once."""
    programmes = {one.programme_id: one for one in instructors}.values()
    kinds = [kind for one in programmes for kind in teaching.class_types_for(one)]
    return kinds, [venue for one in programmes for venue in teaching.venues_for(one)]


def _one(sessions: SessionQuerySet, pk: int) -> Session | None:
    return teaching.to_change(sessions).filter(pk=pk).first()
