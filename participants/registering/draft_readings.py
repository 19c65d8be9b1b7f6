"""Who at the desk opened an unfinished registration that says something of somebody's health.

Here: noting it in the draft, since there is no person yet of whom it could be kept, and handing it to the log of reads
when they join: there they see it like every other (records/readers.py). Not here: the draft (intake.py, which hands it
over), the pages (frontend/views/desk/registering.py, which note it). A draft that is never handed in takes it along.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.history import log_read
from accounts.models import Person
from participants.models import Registration

ONE_READING: Final = timedelta(minutes=30)  # page after page in one call
OF_HEALTH: Final = ("cancer", "health", "health_note", "needs")
READ: Final = "read"  # in the answers: who, by key, and when


def note_reading(*, registration: Registration, by: Person) -> None:
    """Nothing while nothing of their health stands in it. It keeps the draft no longer than it would be."""
    with transaction.atomic():
        draft = Registration.objects.unfinished().select_for_update(of=("self",)).filter(pk=registration.pk).first()
        if draft is None or not any(draft.answers.get(name) for name in OF_HEALTH):
            return
        before: list[tuple[int, str]] = draft.answers.get(READ, [])
        mine = [datetime.fromisoformat(at) for key, at in before if key == by.pk]
        now = timezone.now()
        if not mine or mine[-1] + ONE_READING <= now:
            answers = {**draft.answers, READ: [*before, (by.pk, now.isoformat())]}
            Registration.objects.filter(pk=draft.pk).update(answers=answers)  # and not when it was changed


def hand_over_readings(readings: Sequence[tuple[int, str]], *, person: Person) -> None:
    """Inside the action by which `person` joins."""
    readers = Person.objects.in_bulk([key for key, _ in readings])
    for key, at in readings:
        if (reader := readers.get(key)) is not None:
            log_read(target=person, purpose="desk", what="registration", by=reader, at=datetime.fromisoformat(at))
