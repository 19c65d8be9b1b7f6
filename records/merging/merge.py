"""Putting two records together: one transaction, written down row by row.

Here: the action. Not here: what clashes (look.py), undoing it (undo.py). Called by the desk's page. Nobody is told by
a message: the person is one, and whoever merges is on the line with them, or rings.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from classes.locks import lock_queues, settled
from classes.models import Offer
from messaging.models import Message, MessageState, Task, TaskState
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.health import ask_for_review
from participants.models import Participant
from participants.nhs_numbers import look_again
from participants.standing import facts_changed
from records.matching import SAME_PERSON, close_question, pair_of
from records.merging.clash import Settling, Two
from records.merging.columns import Column, columns
from records.merging.journal import Journal
from records.merging.look import Look, look, naming
from records.merging.places import classes_at_stake
from records.merging.refusals import Why
from records.merging.subjects import MESSAGES_OF, TASKS_OF
from records.models import Merge

ONE_PERSON = "one_person"  # what came of the question whether they are


class NotSafe(Exception):
    """It is not done: `reasons` say what somebody must see to first."""

    def __init__(self, reasons: list[Why]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class ChangedSince(Exception):
    """Something on one of the records is not as it was when it was looked at."""


def merge_records(*, keep: Participant, gone: Participant, looked_at: str, by: Person) -> Merge:
    """`gone` is `keep` from now on. `looked_at` is the fingerprint of what whoever decides has read.

    Raises NotSafe, ChangedSince, TryAgain; then nothing was changed.
    """

    def attempt() -> Merge:
        with acting(by, "records.merge_records", on_behalf_of=keep.person):
            return _merge(Two(keep, gone), looked_at, by)

    return settled(attempt)


def _merge(given: Two, looked_at: str, by: Person) -> Merge:
    queues = lock_queues(classes_at_stake(given), people=[one.pk for one in given.both])
    two = _locked(given)
    found = look(keep=two.keep, gone=two.gone, by=by)
    if found.against:
        raise NotSafe(found.against)
    if found.fingerprint != looked_at:
        raise ChangedSince
    merge = _written(found, by)
    settling = Settling(Journal(merge), by, timezone.now(), queues)
    for clash in found.clashes:
        clash.settle(settling)
    _move(two, settling.journal)
    _take_out(two, settling.journal)
    _judge_again(two.keep, settling.journal, by)
    look_again(two.keep, by)
    return merge


def _locked(two: Two) -> Two:
    """Both as they are now, so that nothing new can name either. One that has gone meanwhile has changed."""
    keys = sorted(one.pk for one in two.both)
    people = sorted(one.person_id for one in two.both)
    list(Person.objects.filter(pk__in=people).order_by("pk").select_for_update().values_list("pk"))
    rows = Participant.objects.filter(pk__in=keys, programme=two.keep.programme_id).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(of=("self",)).select_related("person", "programme")}
    if len(found) < 2:
        raise ChangedSince
    return Two(found[two.keep.pk], found[two.gone.pk])


def _written(found: Look, by: Person) -> Merge:
    two = found.two
    person = two.gone.person
    return Merge.objects.create(
        kept=two.keep,
        gone_key=two.gone.pk,
        gone_person_key=person.pk,
        name=person.full_name,
        born=person.date_of_birth,
        reference=two.gone.reference,
        said=found.said,
        by=by,
    )


def _move(two: Two, journal: Journal) -> None:
    """Every column that named the other record names this one; and so does what knows it by its number alone."""
    close_question(pair=pair_of(*two.both), outcome=ONE_PERSON, by=journal.merge.by)
    _end_other_questions(two, journal)
    _move_subjects(two, journal)
    for column in columns(naming(two)):
        to, before = (_key(column, one) for one in two.both)
        rows = column.model._base_manager.filter(**{column.field: before})
        journal.move(column.model, column.field, list(rows.values_list("pk", flat=True)), to=to, before=before)


def _key(column: Column, one: Participant) -> int:
    return one.person_id if column.of_person else one.pk


def _end_other_questions(two: Two, journal: Journal) -> None:
    """Whether this record is the same as a third: it is asked anew, of the record that stays."""
    asked = Task.objects.filter(kind=SAME_PERSON, state=TaskState.OPEN, programme=two.gone.programme_id)
    for task in asked.filter(context__key__regex=rf"\y{two.gone.pk}\y"):
        journal.change(task, state=TaskState.CANCELLED, closed_at=timezone.now())


def _move_subjects(two: Two, journal: Journal) -> None:
    """Tasks and unsent messages name their subject by number."""
    for kinds, of_person in TASKS_OF:
        to, before = (one.person_id if of_person else one.pk for one in two.both)
        asked = set(_open(kinds, to).values_list("kind", flat=True))
        for task in _open(kinds, before).filter(about=two.gone.person):
            ended = {"state": TaskState.CANCELLED, "closed_at": timezone.now()} if task.kind in asked else {}
            key = task.dedupe_key.replace(f":{before}", f":{to}")
            journal.change(task, subject_id=to, **(ended or {"dedupe_key": key}))
    for sent, of_person in MESSAGES_OF:
        to, before = (one.person_id if of_person else one.pk for one in two.both)
        queued = Message.objects.filter(kind__in=sent, subject_id=before, person=two.gone.person)
        for message in queued.filter(state=MessageState.QUEUED):
            journal.change(message, subject_id=to)


def _open(kinds: tuple[str, ...], subject: int) -> QuerySet[Task]:
    return Task.objects.filter(kind__in=kinds, subject_id=subject, state=TaskState.OPEN)


def _take_out(two: Two, journal: Journal) -> None:
    """The record itself lies in the journal from now on. If anything still named it, the database would refuse."""
    journal.set_aside(Participant.objects.filter(pk=two.gone.pk), alone=True)
    journal.set_aside(Person.objects.filter(pk=two.gone.person_id), alone=True)


def _judge_again(keep: Participant, journal: Journal, by: Person) -> None:
    """Places are judged by the clearance that counts now; who must look at it is asked."""
    facts_changed(keep)
    ask_for_review(participant=keep, by=by)
    with journal.watching(keep.bookings.live(), Offer.objects.filter(booking__participant=keep)):
        run_consequences(CLEARANCE_CHANGED, keep, by)
