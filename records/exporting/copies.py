"""A copy of everything held about a person: asked for, made by the worker, taken by that person, deleted after days.

Here: the actions. Not here: what is read (reading.py), the parcel (packing.py), who may ask at the desk (the
pages). Asking and taking are both kept in the log of reads, and the person reads them there.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.history import Actor, acting, log_read
from accounts.models import Person
from accounts.permissions import Permission
from records.elsewhere import require_own
from records.exporting.packing import pack
from records.exporting.reading import Record, read_into, tables_to_copy
from records.just_now import NotSignedInJustNow, is_just_now
from records.models import RecordCopy

MAKE_JOB: Final = "records.make_copy"
KEPT_FOR: Final = dt.timedelta(days=7)
READS_ALL: Final = Permission.DECIDE_CLEARANCE  # health answers are in it
PURPOSE, WHAT = "own copy", "everything"

log = structlog.get_logger(__name__)


class NotThere(Exception):
    """It is not ready, or its days are over: ask for another one."""


def ask_for_copy(*, person: Person, by: Person) -> RecordCopy:
    """Have one made; one that is being made is returned instead. Raises TakesPartElsewhere."""
    require_own(person, by, READS_ALL)
    with acting(by, "records.ask_for_copy", on_behalf_of=person):
        Person.objects.select_for_update().get(pk=person.pk)
        under_way = RecordCopy.objects.of(person).under_way().first()
        if under_way is not None:
            return under_way
        copy = RecordCopy.objects.create(person=person, asked_by=by, steps_total=len(tables_to_copy()))
        # By name, because the module of the task stands above this one.
        app.configure_task(name=MAKE_JOB).defer(copy_id=copy.pk)
        return copy


def newest_copy(person: Person) -> RecordCopy | None:
    return RecordCopy.objects.of(person).first()


def deleted_at(copy: RecordCopy) -> dt.datetime:
    """When it is no longer there."""
    return (copy.ready_at or copy.asked_at) + KEPT_FOR


def make_copy(copy_id: int, *, by: Actor) -> None:
    """For the job. One that was made, or is gone, is left as it is; one cut short is made anew."""
    copy = RecordCopy.objects.under_way().filter(pk=copy_id).select_related("person").first()
    if copy is None:
        return
    try:
        _keep(copy, _read(copy), by)
    except Exception:
        log.exception("copy_failed", copy=copy.pk)
        with acting(by, "records.copy_failed"):
            RecordCopy.objects.filter(pk=copy.pk).under_way().update(failed_at=timezone.now())
        raise


def take_copy(*, person: Person, by: Person, signed_in_at: dt.datetime | None = None) -> bytes:
    """The newest one that is ready. Taking it is kept in the log of reads.

    All that is held about somebody is in it, so a session that was left open does not open it. Raises NotThere,
    TakesPartElsewhere; and NotSignedInJustNow, for one's own.
    """
    require_own(person, by, READS_ALL)
    if by == person and not is_just_now(signed_in_at):
        raise NotSignedInJustNow
    with acting(by, "records.take_copy", on_behalf_of=person):
        rows = RecordCopy.objects.filter(person=person, ready_at__gt=timezone.now() - KEPT_FOR)
        copy = rows.order_by("-pk").first()
        if copy is None:
            raise NotThere
        log_read(target=person, purpose=PURPOSE, what=WHAT, by=by)
        return bytes(copy.content)


def forget_copies(*, by: Actor) -> int:
    """Delete those whose days are over; returns how many. Run every night."""
    with acting(by, "records.forget_copies"):
        return RecordCopy.objects.filter(asked_at__lte=timezone.now() - KEPT_FOR).delete()[0]


def _read(copy: RecordCopy) -> Record:
    """The whole record, telling after each table how far it is."""
    record = Record(copy.person)
    for done, _ in enumerate(read_into(record), start=1):
        RecordCopy.objects.filter(pk=copy.pk).update(steps_done=done)
    return record


def _keep(copy: RecordCopy, record: Record, by: Actor) -> None:
    now = timezone.now()
    with acting(by, "records.make_copy"):
        there = RecordCopy.objects.under_way().filter(pk=copy.pk)
        there.update(content=pack(record, made_at=now), ready_at=now)
