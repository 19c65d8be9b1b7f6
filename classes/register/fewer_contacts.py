"""Asking the desk to get in touch with whoever has come clearly less often than their phase plans: help, no sanction.

Here: reading what is known of each person, and the one task for a person and phase. Not here: the
rule (contacts.py), two absences in a row without a word (welfare.py). Called every night; the task
closes itself when they come again, pause or leave. Nobody is told of it but the desk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.history import Actor, System, acting
from classes.locks import lock_people
from classes.models import Attendance, Booking, BookingState, SessionStatus
from classes.register.contacts import CAME_STATES, LONGEST_BACK, Contacts, Record, contacts_of, monday_of
from messaging.models import Task
from messaging.one_by_one import one_by_one
from messaging.worklist import cancel_open, cancel_tasks, raise_task
from participants.course import course_of, newest_enrolment, stretches_of
from participants.models import Clearance, Participant, ParticipantStatus
from participants.rules.programme_time import Pause
from participants.working_days import due_in_working_days

FEWER_CONTACTS = "fewer_contacts"  # kind of the desk's task; its subject is the participant
CALL_WITHIN = 3  # working days
WITHOUT_MARK, CALLED_OFF = "without_mark", "service_cancelled"
DAY = timedelta(days=1)


def ask_about_fewer_contacts(*, on: date, by: Actor = System.WORKER) -> int:
    """One task for whoever had clearly fewer contacts than planned, once in each phase; returns how many. A fixed
    number of queries, and a few for each task. Twice is harmless.
    """
    found = _clearly_fewer(on)
    asked = set(Task.objects.filter(kind=FEWER_CONTACTS, dedupe_key__in=found).values_list("dedupe_key", flat=True))
    new = [key for key in found if key not in asked]  # nor where it closed itself: once in a phase is enough
    return len(one_by_one(lambda key: _ask(*found[key], key, by), new))


def end_contact_tasks(participant: Participant, by: Actor) -> None:
    """They pause or leave: nothing is planned any more."""
    cancel_tasks(kinds=[FEWER_CONTACTS], subject_id=participant.pk, by=by)


def they_came(participant_ids: Collection[int], by: Actor) -> None:
    """Marks were added that say that these people came: nobody needs to ask."""
    with acting(by, "classes.they_came"):
        cancel_open(Task.objects.filter(kind=FEWER_CONTACTS, subject_id__in=participant_ids))


def _clearly_fewer(on: date) -> dict[str, tuple[Participant, Contacts]]:
    people = _taking_part()
    records = _records(people, on)
    found = {}
    for participant in people:
        course = course_of(participant, on)
        if course is None or course.position.stretch is None:
            continue
        contacts = contacts_of(records[participant.pk], stretches_of(participant.programme), on)
        if contacts.clearly_fewer:
            enrolment = newest_enrolment(participant)
            key = f"{FEWER_CONTACTS}:{enrolment and enrolment.pk}:{course.position.stretch.key}"
            found[key] = (participant, contacts)
    return found


def _taking_part() -> list[Participant]:
    planned = Participant.objects.filter(programme__phases__contacts_least__gt=0)
    reachable = planned.filter(status=ParticipantStatus.ACTIVE, person__contact_stopped_at=None)
    read_ahead = reachable.select_related("person").prefetch_related(
        "programme__phases",
        "enrolments__pauses",
        Prefetch("clearances", Clearance.objects.order_by("id"), to_attr="decisions"),
    )
    return list(read_ahead.distinct())


def _records(people: Iterable[Participant], on: date) -> dict[int, Record]:
    ids = {participant.pk for participant in people}
    monday = monday_of(on)
    days = _days(ids, _midnight(monday - LONGEST_BACK * 7 * DAY), _midnight(monday))
    records = {}
    for participant in people:
        enrolment = newest_enrolment(participant)
        pauses = enrolment.pauses.all() if enrolment else ()
        theirs = days[participant.pk]
        records[participant.pk] = Record(
            joined_on=enrolment.starts_on if enrolment else on,
            pauses=[Pause(pause.starts_on, pause.ends_on) for pause in pauses],
            cleared=cleared_spans(participant.decisions),  # type: ignore[attr-defined]
            came=[day for state in CAME_STATES for day in theirs[state]],
            called_off=frozenset(theirs[CALLED_OFF]),
            unmarked=frozenset(theirs[WITHOUT_MARK]),
        )
    return records


def cleared_spans(decisions: Iterable[Clearance]) -> list[tuple[date, date]]:
    """From when up to which day each of somebody's decisions, the oldest first, let them into a class."""
    rows = list(decisions)
    ends = [timezone.localdate(after.decided_at) for _, after in pairwise(rows)]
    spans = []
    for row, replaced_on in zip(rows, [*ends, date.max], strict=True):
        first = max(row.valid_from, timezone.localdate(row.decided_at))
        if row.allows(first):
            spans.append((first, min(row.valid_until + DAY if row.valid_until else date.max, replaced_on)))
    return spans


def _days(ids: Collection[int], first: datetime, after: datetime) -> dict[int, dict[str, list[date]]]:
    """For each person the days of their classes, by what is marked, or by why nothing is."""
    found: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for who, starts_at, state in [*_marks(first, after), *_places_without(first, after)]:
        if who in ids:
            found[who][state].append(timezone.localdate(starts_at))
    return found


def _marks(first: datetime, after: datetime) -> Iterable[tuple[int, datetime, str]]:
    rows = Attendance.objects.filter(session__starts_at__gte=first, session__starts_at__lt=after).in_force()
    whose = Coalesce("booking__participant_id", "guest__participant_id")
    return rows.annotate(whose=whose).values_list("whose", "session__starts_at", "state")


def _places_without(first: datetime, after: datetime) -> Iterable[tuple[int, datetime, str]]:
    """Places in a class that we cancelled, and those that nobody has marked."""
    of_these = Booking.objects.filter(session__starts_at__gte=first, session__starts_at__lt=after)
    off = Q(state=BookingState.CLOSED, session__status=SessionStatus.CANCELLED)
    marked = Exists(Attendance.objects.filter(booking=OuterRef("pk")))
    rows = of_these.filter(off | Q(~marked, state=BookingState.BOOKED))
    for who, starts_at, state in rows.values_list("participant_id", "session__starts_at", "state"):
        yield who, starts_at, CALLED_OFF if state == BookingState.CLOSED else WITHOUT_MARK


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))


def _ask(participant: Participant, contacts: Contacts, key: str, by: Actor) -> None:
    with acting(by, "classes.ask_about_fewer_contacts"):
        lock_people([participant.pk])  # a break or a mark comes before this, or after it and closes the task
        participant.refresh_from_db(fields=["status"])
        if participant.status != ParticipantStatus.ACTIVE:
            return
        raise_task(
            programme=participant.programme,
            kind=FEWER_CONTACTS,
            due_at=due_in_working_days(timezone.now(), CALL_WITHIN),
            about=participant.person,
            subject_id=participant.pk,
            context={"came": contacts.came, "planned": contacts.planned, "weeks": contacts.weeks},
            dedupe_key=key,
            by=by,
        )
