"""Who may lead one date instead of somebody else: by what they hold on that day, where they are, and when.

Here: reading everybody of a programme at once, and judging each. Not here: the rule about what
they hold (instructors/credentials.py), giving them the date (taking.py). Too little time to get
there is a caution, as when a class is published: nobody has measured the roads.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from classes.leading import credentials_needed
from classes.models import Session, SessionLeader
from classes.timetable.cautions import TO_GET_THERE, too_close
from classes.wall_time import Span
from instructors.credentials import Reason, overridden, reasons_against_leading
from instructors.models import Instructor, Unavailability
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by_all


class Hindrance(enum.StrEnum):
    MAY_NOT_LEAD = "may_not_lead"
    AWAY = "away"
    BUSY = "busy"


@dataclass(frozen=True)
class Candidate:
    """`hindrances`: empty means that they may. `close_to`: a class of theirs elsewhere within the hour."""

    instructor: Instructor
    hindrances: tuple[Hindrance, ...]
    lacks: tuple[Reason, ...]
    by_override: tuple[str, ...]
    close_to: Session | None

    @property
    def may(self) -> bool:
        return not self.hindrances


def candidates_for(session: Session, *, apart_from: Instructor | None) -> list[Candidate]:
    """Everybody who teaches in the programme, whoever may first, then by name. Six queries, however many there are."""
    teaching = Instructor.objects.teaching().filter(programme=session.programme_id).select_related("person")
    everybody = [one for one in teaching if one != apart_from]
    known = _Known([session], everybody)
    return sorted((known.judge(session, one) for one in everybody), key=_first)


def candidate(session: Session, instructor: Instructor) -> Candidate:
    return _Known([session], [instructor]).judge(session, instructor)


def open_to(instructor: Instructor, sessions: Collection[Session]) -> dict[int, Candidate]:
    """By key of the date: how one person stands to each of several. Five queries, however many there are."""
    known = _Known(sessions, [instructor])
    return {session.pk: known.judge(session, instructor) for session in sessions}


def _first(one: Candidate) -> tuple[bool, bool, str]:
    return (not one.may, one.close_to is not None, one.instructor.person.full_name)


class _Known:
    """What has to be known of these people about these dates, read at once."""

    def __init__(self, sessions: Collection[Session], instructors: Collection[Instructor]) -> None:
        keys = [one.pk for one in instructors]
        self.rules, self.held = credential_rules(), held_by_all(keys)
        self.away: dict[int, list[Unavailability]] = defaultdict(list)
        self.leading: dict[int, list[Session]] = defaultdict(list)
        if not sessions:
            return
        first, last = min(one.starts_at for one in sessions), max(one.ends_at for one in sessions)
        for away in Unavailability.objects.filter(instructor__in=keys, during__overlap=(first, last)):
            self.away[away.instructor_id].append(away)
        around = (first - TO_GET_THERE, last + TO_GET_THERE)
        rows = SessionLeader.objects.filter(instructor__in=keys, active=True, during__overlap=around)
        for row in rows.select_related("session__class_type", "session__venue"):
            self.leading[row.instructor_id].append(row.session)

    def judge(self, session: Session, one: Instructor) -> Candidate:
        """A date is in nobody's own way: who assists in it may lead it."""
        needed = credentials_needed(session.class_type, session.mode, self.rules)
        held, on = self.held[one.pk], timezone.localdate(session.starts_at)
        there = [other for other in self.leading[one.pk] if other != session]
        lacks = reasons_against_leading(held, needed, on)
        hindered = (
            (lacks, Hindrance.MAY_NOT_LEAD),
            (any(_is_away(session, away) for away in self.away[one.pk]), Hindrance.AWAY),
            (any(_overlap(session, other) for other in there), Hindrance.BUSY),
        )
        return Candidate(
            instructor=one,
            hindrances=tuple(what for so, what in hindered if so),
            lacks=lacks,
            by_override=overridden(held, needed, on),
            close_to=next((other for other in there if _close(session, other)), None),
        )


def _is_away(session: Session, away: Unavailability) -> bool:
    begins, ends = away.during.lower, away.during.upper
    return (ends is None or session.starts_at < ends) and (begins is None or begins < session.ends_at)


def _overlap(one: Session, other: Session) -> bool:
    return one.starts_at < other.led_until and other.starts_at < one.led_until


def _close(one: Session, other: Session) -> bool:
    """Online is a place too: home, or wherever there is quiet."""
    return one.venue_id != other.venue_id and not _overlap(one, other) and too_close(_span(one), _span(other))


def _span(session: Session) -> Span:
    return Span(session.occurs_on, session.starts_at, session.ends_at)
