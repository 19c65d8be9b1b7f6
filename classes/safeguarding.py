"""Raising a safeguarding concern, and what a safeguarding lead does about it.

Here: the actions. Not here: who reads which concern (Concern.objects.readable_by), the pages. Whatever is raised is
stored, and asked of holders of READ_SAFEGUARDING alone: nobody else at the desk knows that there is one, and nobody
whom it names is told, whatever role they hold. Nothing goes to the person, to a supporter or to the reporter; what
was waiting to be sent to them before goes out as it would have. ADR 0039 says what happens when nobody may read it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.history import acting
from accounts.models import Membership, Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.staff import holders_of
from classes.incidents import bounded
from classes.judging.refusals import IdUsed
from classes.models import Concern, ConcernNames, ConcernNote, ConcernReading, ConcernStep, Session
from messaging.alerts import tell_on_call
from messaging.models import Task, TaskAlert
from messaging.worklist import close_task, raise_task, record_attempt
from participants.models import Participant

SAFEGUARDING = "safeguarding_concern"  # kind of task; the id of the concern stands in its context
SEEN_WITHIN = timedelta(hours=4)  # not signed off; at once where somebody is in danger today


def raise_concern(
    *,
    programme: Programme,
    participant: Participant | None,
    session: Session | None,
    words: str,
    in_danger: bool,
    names: Collection[int],
    id: UUID,
    by: Person,
) -> Concern:
    """Keep the concern, locked, and tell the safeguarding leads but for those whom it is about.

    `names`: keys of people whom it is about, beside the participant. The same id with the same words gives the row
    that is there. Raises BadReport, IdUsed.
    """
    given = Concern(
        id=id,
        programme=programme,
        participant=participant,
        session=session,
        words=bounded(words, least=1),
        in_danger=in_danger,
        reported_by=by,
    )
    with acting(by, "classes.raise_concern"):
        try:
            with transaction.atomic():
                given.save(force_insert=True)
        except IntegrityError:
            return _sent_before(given, names)
        ConcernNames.objects.bulk_create(ConcernNames(concern=given, person_id=pk) for pk in sorted(set(names)))
        tell_on_call(task=_task(given, by), by=by)
        return given


def note_on_concern(*, concern: Concern, step: str, words: str, by: Person) -> ConcernNote:
    """What `by` did, and why. Closing ends the task; anything else is a try at it, and after closing opens it again.
    Of two at once the second waits, and keeps its words. Raises BadReport("no_words").
    """
    with acting(by, "classes.note_on_concern"):
        task = Task.objects.to_do().filter(dedupe_key=_key(concern)).select_for_update(of=("self",)).first()
        note = ConcernNote.objects.create(concern=concern, step=ConcernStep(step), words=bounded(words, least=1), by=by)
        if step != ConcernStep.CLOSED:
            record_attempt(task=task or _task(concern, by), outcome=step, by=by)
        elif task is not None:
            close_task(task=task, outcome=step, by=by)
        return note


def log_reading(*, concern: Concern, by: Person) -> None:
    """Kept beside the concern: the log of other readings is not the place to learn that there is one."""
    ConcernReading.objects.create(concern=concern, by=by)


def kept_from(concern: Concern) -> set[int]:
    """Keys of the people who must not know of it: whom it names, and whom it is about."""
    about = {concern.participant.person_id} if concern.participant else set()
    return about | set(concern.names.values_list("person", flat=True))


def somebody_reads(programme: Programme) -> bool:
    """Whether anybody may read a concern of `programme`."""
    return holders_of(Permission.READ_SAFEGUARDING, programme).exists()


def somebody_was_told(concern: Concern) -> bool:
    """Not where all who read concerns are named in it, or none of them can be written to."""
    return TaskAlert.objects.filter(task__dedupe_key=_key(concern)).exists()


def programmes_without_reader(user: object) -> list[Programme]:
    """Those at whose desk the user works and in which nobody may read a concern: to be said before there is one."""
    reads = Membership.objects.live().allowing(Permission.READ_SAFEGUARDING).filter(programme=OuterRef("pk"))
    own = Programme.objects.filter(pk__in=programmes_allowing(user, Permission.WORK_AT_DESK))
    return list(own.exclude(Exists(reads)).order_by("name", "pk"))


def task_of(concern: Concern) -> Task | None:
    """The task to see to it, while it is open."""
    return Task.objects.to_do().filter(dedupe_key=_key(concern)).select_related("owner").first()


def _task(concern: Concern, by: Person) -> Task:
    wait = timedelta(0) if concern.in_danger else SEEN_WITHIN
    return raise_task(
        programme=concern.programme,
        kind=SAFEGUARDING,
        due_at=timezone.now() + wait,
        context={"key": str(concern.pk)},
        dedupe_key=_key(concern),
        urgent_for=Permission.READ_SAFEGUARDING,
        only_for=Permission.READ_SAFEGUARDING,
        kept_from=kept_from(concern),
        by=by,
    )


def _key(concern: Concern) -> str:
    return f"{SAFEGUARDING}:{concern.pk}"


def _sent_before(given: Concern, names: Collection[int]) -> Concern:
    """The row with this id. Raises IdUsed when it says something else."""
    there = Concern.objects.select_related("programme", "participant").get(pk=given.pk)
    if (*_content(there), set(there.names.values_list("person", flat=True))) != (*_content(given), set(names)):
        raise IdUsed
    return there


def _content(concern: Concern) -> tuple[object, ...]:
    who = (concern.programme_id, concern.participant_id, concern.session_id, concern.reported_by_id)
    return (*who, concern.words, concern.in_danger)
