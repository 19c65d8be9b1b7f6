"""The end of somebody's programme: telling them four weeks before, the day on which booking closes, staying longer.

Here: who is told when, and letting somebody stay. Not here: how days are counted (programme_time.py), what
closes (classes/judging/eligibility.py asks participants/standing.py), the letter to their clinical team
(clinical_letters.py), the words. Seen to every night; a night that was missed is made up for, and nobody's
booking closes less than four weeks after they were told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.happenings import in_history, names_of
from accounts.history import Actor, System, acting
from accounts.models import Person
from messaging.one_by_one import one_by_one
from participants.clinical_letters import no_end_to_tell_of
from participants.course import course_of, newest_enrolment
from participants.models import Enrolment, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow
from participants.rules.programme_time import TELL_BEFORE, closing_day
from participants.standing import facts_changed
from participants.taking_part import ending_notices as notices
from participants.taking_part.staying import EXTEND, moved_by_break

LONGEST = timedelta(days=365)  # from today, at a time
LONGEST_REASON = 300
WRITTEN_AT = time(9)
MAY_STAY = (ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED)


class NotLonger(ValueError):
    """They can come until `last_day` anyway."""

    def __init__(self, last_day: date) -> None:
        super().__init__(str(last_day))
        self.last_day = last_day


class TooLong(ValueError):
    """Nobody is let stay for longer than LONGEST at a time."""


class NeedsReason(ValueError):
    """Nobody is let stay without a word on why, of at most LONGEST_REASON characters."""


@dataclass(frozen=True)
class Extension:
    """One time that somebody was let stay, as history has it."""

    at: datetime
    by: str
    until: date
    reason: str


def see_to_ends(*, on: date, by: Actor = System.WORKER) -> int:
    """Tell whose programme ends within four weeks, and whose has ended; returns how many. Twice is harmless."""

    def see_to(participant: Participant) -> int:
        enrolment = newest_enrolment(participant)
        if enrolment is None or enrolment.ends_on is not None:
            return 0
        with acting(by, "participants.see_to_ends"):
            return _see_to(participant, enrolment, on)

    return sum(one_by_one(see_to, taking_part()))


def extend_programme(*, participant: Participant, until: date, reason: str, by: Person) -> Enrolment:
    """They stay until another day, and are told. It counts for booking at once, also after their end.

    Raises NeedsReason, NotLonger, TooLong, and NotPossibleNow for somebody who takes part no more.
    """
    today, reason = timezone.localdate(), reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise NeedsReason
    if until > today + LONGEST:
        raise TooLong
    with acting(by, EXTEND, on_behalf_of=participant.person):
        facts_changed(participant)
        participant.refresh_from_db(fields=["status"])
        enrolment = newest_enrolment(participant)
        if participant.status not in MAY_STAY or enrolment is None or enrolment.ends_on is not None:
            raise NotPossibleNow(participant.status)
        course = course_of(participant, today)
        last_day = max(today, (course and course.position.ends_on) or moved_by_break(enrolment) or today)
        if until <= last_day:
            raise NotLonger(last_day)
        enrolment.extended_until, enrolment.extension_reason = until, reason
        knows = course is not None and course.told and course.pause is None
        enrolment.closes_on = until if knows and until - TELL_BEFORE <= today else None  # else told again in time
        enrolment.save(update_fields=["extended_until", "extension_reason", "closes_on"])
        no_end_to_tell_of(participant)
        notices.programme_extended(participant=participant, enrolment=enrolment)
        return enrolment


def extensions_of(participant: Participant) -> list[Extension]:
    """Each time that they were let stay, the newest first. Two queries."""
    rows = list(in_history(Enrolment).filter(participant_id=participant.pk, acted=EXTEND).order_by("-pgh_id"))
    names = names_of({row.actor for row in rows})
    return [
        Extension(row.pgh_created_at, names.get(row.actor, ""), row.extended_until, row.extension_reason)
        for row in rows
    ]


def taking_part() -> list[Participant]:
    """Who may be told. A fixed number of queries."""
    rows = Participant.objects.filter(status=ParticipantStatus.ACTIVE, person__contact_stopped_at=None)
    ahead = ("programme__phases", "enrolments__pauses")
    return list(rows.select_related("person", "programme").prefetch_related(*ahead).order_by("pk"))


def _see_to(participant: Participant, enrolment: Enrolment, on: date) -> int:
    course = course_of(participant, on)
    last_day = course.position.ends_on if course else None
    if last_day is None:
        return 0
    if enrolment.closes_on is None:
        return _close(participant, enrolment, last_day, on)
    if not last_day < on <= last_day + TELL_BEFORE or notices.were_told_of_the_end(enrolment):
        return 0
    notices.programme_ended(participant=participant, enrolment=enrolment, due_at=_morning(on))
    return 1


def _close(participant: Participant, enrolment: Enrolment, last_day: date, on: date) -> int:
    """Nothing while it is early; else the day is kept, booking goes by it, and the person is told."""
    closes_on = closing_day(last_day, on=on)
    if closes_on is None:
        return 0
    facts_changed(participant)
    enrolment.closes_on = closes_on
    enrolment.save(update_fields=["closes_on"])
    notices.programme_ends_soon(participant=participant, enrolment=enrolment, due_at=_morning(on))
    return 1


def _morning(on: date) -> datetime:
    return max(timezone.make_aware(datetime.combine(on, WRITTEN_AT)), timezone.now())
