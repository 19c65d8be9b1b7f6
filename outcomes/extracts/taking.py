"""An extract is taken away once, and a project ends: with a certificate, without its key. And who was in what.

Here: the actions after one was built. Not here: building (building.py). Called by
the pages of the desk and of the person themselves, by the worker, and by erasing (records/erasing/ending.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.history import Actor, System, acting
from accounts.models import AccessLog, Person
from messaging.models import Task, TaskState
from messaging.one_by_one import one_by_one
from messaging.worklist import cancel_open, cancel_tasks, raise_task
from outcomes.extracts.asking import says
from outcomes.extracts.gathering import agreeing_people
from outcomes.extracts.keys import destroy_key
from outcomes.models import (
    Extract,
    ExtractBundle,
    ExtractCertificate,
    ExtractMember,
    ExtractState,
    ResearchProject,
)
from participants.models import Participant

DESTROY_JOB: Final = "outcomes.destroy_extract_key"
EXPIRES: Final = "extract_expires"  # a kind of task; its subject is the project
WARNED_BEFORE: Final = timedelta(days=28)


class TakenBefore(Exception):
    """It is taken away once: `who` took it, and when. Another one can be built."""

    def __init__(self, who: Person, at: datetime) -> None:
        super().__init__(who.pk)
        self.who, self.at = who, at


class NotThere(Exception):
    """Nothing can be taken: it is not built, or was deleted when its time was over."""


class AgreeNoMore(Exception):
    """Somebody in it has taken back their consent since it was built: nobody gets it, and another one can be built."""


class NotDestroyedYet(Exception):
    """The day on the certificate lies ahead."""


class EndedBefore(Exception):
    """The project has its certificate, and that stands."""


# --- taking it away ----------------------------------------------------------


def take_extract(*, extract: Extract, by: Person) -> bytes:
    """The sealed file, once: it is deleted here with being handed out. Raises TakenBefore, NotThere, AgreeNoMore.

    Who agrees is asked once more: days may lie between building and taking.
    """
    with acting(by, "outcomes.take_extract"):
        Extract.objects.select_for_update().get(pk=extract.pk)
        extract.refresh_from_db()
        if extract.taken_by is not None and extract.taken_at is not None:
            raise TakenBefore(extract.taken_by, extract.taken_at)
        if extract.state != ExtractState.BUILT or says(extract.specification).expires_on < timezone.localdate():
            raise NotThere
        if not _all_agree(extract):
            raise AgreeNoMore
        content = bytes(extract.bundle.content)
        extract.bundle.delete()
        extract.state, extract.taken_at, extract.taken_by = ExtractState.TAKEN, timezone.now(), by
        extract.save(update_fields=["state", "taken_at", "taken_by"])
        AccessLog.objects.create(by=by, target=None, purpose="research", what=f"extract {extract.pk}")
        return content


def _all_agree(extract: Extract) -> bool:
    """Whether everybody in it still agrees to research."""
    return not extract.members.exclude(participant__in=agreeing_people(extract.project.programme)).exists()


# --- the end -----------------------------------------------------------------


def record_certificate(
    *, project: ResearchProject, reference: str, destroyed_on: date, by: Person
) -> ExtractCertificate:
    """Everything of the project was destroyed: what nobody took is deleted here, and then its key.

    Raises EndedBefore, NotDestroyedYet.
    """
    with acting(by, "outcomes.record_extract_certificate"):
        project = ResearchProject.objects.select_for_update().get(pk=project.pk)
        if ExtractCertificate.objects.filter(project=project).exists():
            raise EndedBefore
        if destroyed_on > timezone.localdate():
            raise NotDestroyedYet
        certificate = ExtractCertificate.objects.create(
            project=project, reference=reference, destroyed_on=destroyed_on, by=by
        )
        _discard(project.extracts.filter(state=ExtractState.BUILT))
        cancel_tasks(kinds=[EXPIRES], subject_id=project.pk, by=by)
        app.configure_task(name=DESTROY_JOB).defer(project_id=project.pk)
        return certificate


def destroy_key_of(project_id: int, *, by: Actor) -> None:
    """For the worker, who alone has the folder of keys: only of a project that has ended, and once."""
    with acting(by, "outcomes.destroy_extract_key"):
        project = ResearchProject.objects.select_for_update().get(pk=project_id)
        if project.key_destroyed_at is None and ExtractCertificate.objects.filter(project=project).exists():
            destroy_key(project)
            project.key_destroyed_at = timezone.now()
            project.save(update_fields=["key_destroyed_at"])


def destroy_keys_left(*, by: Actor) -> None:
    """Keys of projects that have ended, where the job that was to destroy one was lost."""
    left = ResearchProject.objects.filter(key_destroyed_at=None, certificate__isnull=False)
    one_by_one(lambda pk: destroy_key_of(pk, by=by), left.values_list("pk", flat=True))


def look_at_expiry(*, on: date, by: Actor = System.WORKER) -> int:
    """Every night: whoever holds data that runs out within four weeks is to destroy it, or to ask for longer.

    What nobody took of a specification that has run out is deleted, and so is what nobody may take any more as somebody
    in it has taken back their consent. Harmless when it runs twice; returns how many projects the desk is asked about.
    """
    with acting(by, "outcomes.look_at_expiry_of_extracts"):
        ended = Extract.objects.filter(state=ExtractState.BUILT, specification__expires_on__lt=on)
        _discard(ended.select_for_update())
        left = Extract.objects.filter(state=ExtractState.BUILT).select_related("project__programme")
        _discard(extract for extract in left.select_for_update(of=("self",)) if not _all_agree(extract))
        out = ResearchProject.objects.with_data_out().annotate(until=Max("extracts__specification__expires_on"))
        soon = list(out.filter(until__lte=on + WARNED_BEFORE).select_related("programme").order_by("pk"))
        open_ones = Task.objects.filter(kind=EXPIRES, state=TaskState.OPEN)
        cancel_open(open_ones.exclude(subject_id__in=[project.pk for project in soon]))
        for project in soon:
            _ask(project, by)
        return len(soon)


def discard_extracts_with(*, participant: Participant, by: Actor) -> None:
    """Whoever is erased is handed to nobody any more: what holds them and was not taken yet is deleted."""
    with acting(by, "outcomes.discard_extracts", on_behalf_of=participant.person):
        holding = ExtractMember.objects.filter(participant=participant).values("extract")
        _discard(Extract.objects.filter(state=ExtractState.BUILT, pk__in=holding).select_for_update())


def _ask(project: ResearchProject, by: Actor) -> None:
    until: date = project.until  # type: ignore[attr-defined]
    raise_task(
        programme=project.programme,
        kind=EXPIRES,
        due_at=timezone.make_aware(datetime.combine(until, datetime.min.time())),
        subject_id=project.pk,
        context={"on": until.isoformat()},
        dedupe_key=f"{EXPIRES}:{project.pk}",
        afresh=True,
        by=by,
    )


def _discard(extracts: Iterable[Extract]) -> None:
    for extract in extracts:
        ExtractBundle.objects.filter(extract=extract).delete()
        extract.state = ExtractState.DISCARDED
        extract.save(update_fields=["state"])


# --- who was in what ---------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """An extract that somebody is in, as they are told of it.

    `fields`: which facts it holds of each person. `went_at`: when it was taken to its recipient; None while it was
    not. `is_deleted`: and never will be. `until`: the last day on which it may be kept. `ended_on`: when everything
    of it was destroyed.
    """

    project: str
    purpose: str
    recipient: str
    fields: tuple[str, ...]
    made_at: datetime
    until: date
    went_at: datetime | None
    is_deleted: bool
    ended_on: date | None


def extracts_that_held(participant: Participant) -> list[Held]:
    """Newest first; those that never left are told too, and those from before a consent was taken back."""
    rows: Iterable[Extract] = (
        Extract.objects.filter(members__participant=participant)
        .select_related("specification", "project__certificate")
        .order_by("-built_at", "-pk")
    )
    return [_held(row) for row in rows]


def _held(extract: Extract) -> Held:
    wanted = says(extract.specification)
    certificate = getattr(extract.project, "certificate", None)
    return Held(
        project=wanted.title,
        purpose=wanted.purpose,
        recipient=wanted.recipient,
        fields=wanted.fields,
        made_at=extract.built_at or extract.asked_at,
        until=wanted.expires_on,
        went_at=extract.taken_at,
        is_deleted=extract.state == ExtractState.DISCARDED,
        ended_on=certificate.destroyed_on if certificate else None,
    )
