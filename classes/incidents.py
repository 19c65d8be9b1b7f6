"""Reporting what went wrong in a class, adding to a report, and looking into it.

Here: the actions, called by pages and API. Not here: how soon somebody must look (incident_rules.py), telling whoever
is on call (messaging/alerts.py), who may reach which report (the querysets).

Report, task and message are one transaction: whatever mail and worker do, the report is there and somebody is asked.
Two reports are two tasks, however alike they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from accounts.permissions import Permission
from classes.incident_rules import Harm, IncidentKind, Response, fits, response_to
from classes.judging.refusals import IdUsed, Refusal
from classes.models import Incident, IncidentAddendum, IncidentReview, ReviewOutcome, Session
from classes.models.incidents import CLOSING, INCIDENT_REVIEW, IncidentQuerySet
from classes.register import is_ahead
from messaging.alerts import tell_on_call, whom_to_tell_first
from messaging.models import Task
from messaging.worklist import close_task, raise_task, record_attempt
from participants.working_days import due_in_working_days

LONGEST_WORDS = 4000


class NotThisPerson(Refusal):
    """Whom it is said to be about has no place in this class."""

    code = "not_this_person"


class BadReport(Refusal):
    """It contradicts itself: `problem` is "near_miss_with_harm", "no_words", "too_many_words", "not_yet" or
    "before_the_class"."""

    code = "bad_report"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def details(self) -> dict[str, object]:
        return {"problem": self.problem}


@dataclass(frozen=True)
class NewIncident:
    """A report as somebody wrote it. `id` is made where it was written. Of booking and guest at most one."""

    id: UUID
    kind: IncidentKind
    harm: Harm
    happened_at: datetime
    what_happened: str
    what_was_done: str
    called_999: bool
    booking_id: int | None = None
    guest_id: int | None = None


def report_incident(*, session: Session, report: NewIncident, by: Person) -> Incident:
    """Keep the report, locked; ask somebody to look into it by the time that its harm asks for, and tell whoever is
    on call where that cannot wait. The same id with the same words gives the row that is there.

    Raises BadReport, NotThisPerson, IdUsed; then nothing has changed.
    """
    given = _row(session, report, by)
    with acting(by, "classes.report_incident"):
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError:
            return _sent_before(given)
        _ask_for_a_review(given, given.reported_at, by)
        given.made_now = True
        return given


def add_to_incident(*, incident: Incident, id: UUID, words: str, by: Person) -> IncidentAddendum:
    """What came to light later. The report itself stays as it was sent. What its reporter adds once nobody looks into
    it any more is looked into again. Raises BadReport("no_words"), IdUsed.
    """
    given = IncidentAddendum(id=id, incident=incident, words=_said(words), by=by)
    with acting(by, "classes.add_to_incident"):
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError:
            there = IncidentAddendum.objects.get(pk=id)
            if (there.incident_id, there.words, there.by_id) != (incident.pk, given.words, by.pk):
                raise IdUsed from None
            return there
        if by.pk == incident.reported_by_id and _locked_task_of(incident) is None:
            _ask_for_a_review(incident, timezone.now(), by)
        return given


def review_incident(*, incident: Incident, outcome: str, learned: str, by: Person) -> IncidentReview:
    """What `by` found. A closing outcome closes the task; any other is a try at it, and the task is theirs. One that
    does not close after it was closed opens it again. Of two at once the second waits, and keeps its words.

    Raises BadReport("no_words"): nothing is closed without words on what was learned.
    """
    with acting(by, "classes.review_incident"):
        task = _locked_task_of(incident)
        review = IncidentReview.objects.create(
            incident=incident, outcome=ReviewOutcome(outcome), learned=_said(learned), by=by
        )
        if outcome not in CLOSING:
            record_attempt(task=task or _review_task(incident, timezone.now(), by), outcome=outcome, by=by)
        elif task is not None:  # else it was closed before: this is one more word on it
            close_task(task=task, outcome=outcome, by=by)
        return review


def review_task_of(incident: Incident) -> Task | None:
    """The task to look into it, while it is open."""
    return review_tasks_of([incident]).get(incident.pk)


def review_tasks_of(incidents: Iterable[Incident]) -> dict[UUID, Task]:
    """The same of many, by incident, in one query."""
    by_key = {_key(incident): incident.pk for incident in incidents}
    open_ones = Task.objects.to_do().filter(dedupe_key__in=by_key).select_related("owner", "meant_for")
    return {by_key[task.dedupe_key]: task for task in open_ones}


def own_reports_of(user: object, session: Session) -> IncidentQuerySet:
    """What the user reported of this class, and may still open."""
    return Incident.objects.reported_by_leader(user).filter(session=session).order_by("reported_at")


def due_at(response: Response, now: datetime) -> datetime:
    return now + response.within if response.at_once else due_in_working_days(now, response.working_days)


def _locked_task_of(incident: Incident) -> Task | None:
    """The open task, which nobody else closes or tries until the end of the action."""
    return Task.objects.to_do().filter(dedupe_key=_key(incident)).select_for_update(of=("self",)).first()


def _ask_for_a_review(incident: Incident, since: datetime, by: Person) -> None:
    task = _review_task(incident, since, by)
    if task.urgent_for:
        tell_on_call(task=task, by=by)


def _review_task(incident: Incident, since: datetime, by: Person) -> Task:
    response = response_to(Harm(incident.harm), called_999=incident.called_999)
    return raise_task(
        programme=incident.programme,
        kind=INCIDENT_REVIEW,
        due_at=due_at(response, since),
        about=incident.participant.person if incident.participant else None,
        context={"key": str(incident.pk)},
        dedupe_key=_key(incident),
        urgent_for=Permission.WORK_AT_DESK if response.at_once else None,
        meant_for=whom_to_tell_first(incident.programme, Permission.WORK_AT_DESK),
        by=by,
    )


def _key(incident: Incident) -> str:
    return f"{INCIDENT_REVIEW}:{incident.pk}"


def _row(session: Session, report: NewIncident, by: Person) -> Incident:
    now = timezone.now()
    if not fits(report.kind, report.harm):
        raise BadReport("near_miss_with_harm")
    if is_ahead(report.happened_at, now):
        raise BadReport("not_yet")
    if report.happened_at < session.starts_at - timedelta(hours=12):
        raise BadReport("before_the_class")
    booking = session.bookings.filter(pk=report.booking_id).first() if report.booking_id else None
    guest = session.guests.filter(pk=report.guest_id).first() if report.guest_id else None
    if (report.booking_id and booking is None) or (report.guest_id and guest is None):
        raise NotThisPerson
    known = booking.participant if booking else (guest.participant if guest else None)
    return Incident(
        id=report.id,
        programme=session.programme,
        session=session,
        participant=known,
        guest=guest if known is None else None,
        kind=report.kind.value,
        harm=report.harm.value,
        happened_at=report.happened_at,
        what_happened=_said(report.what_happened),
        what_was_done=bounded(report.what_was_done),
        called_999=report.called_999,
        reported_by=by,
        reported_at=now,
    )


def _said(words: str) -> str:
    return bounded(words, least=1)


def bounded(words: str, *, least: int = 0) -> str:
    """Words without the space around them. Raises BadReport."""
    said = words.strip()
    if len(said) < least:
        raise BadReport("no_words")
    if len(said) > LONGEST_WORDS:
        raise BadReport("too_many_words")
    return said


def _sent_before(given: Incident) -> Incident:
    """The row with this id. Raises IdUsed when it says something else."""
    there = Incident.objects.select_related("programme", "session").get(pk=given.pk)
    if _content(there) != _content(given):
        raise IdUsed
    return there


def _content(incident: Incident) -> tuple[object, ...]:
    who = (incident.session_id, incident.participant_id, incident.guest_id, incident.reported_by_id)
    what = (incident.kind, incident.harm, incident.called_999, incident.happened_at)
    return (*who, *what, incident.what_happened, incident.what_was_done)
