"""The NHS number that somebody gave: kept, changed, taken out; and whether somebody else gave the same.

Here: the actions. Not here: what a number looks like (nhs_number_rules.py). Two people with one number are a slip of
the pen, or one person twice: staff are asked to look, and nobody else hears of it. Called by joining.py and the pages.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from messaging.models import Task, TaskState
from messaging.worklist import cancel_open, raise_task
from participants.models import NhsNumber, Participant
from participants.rules.nhs_number_rules import ending_of
from participants.working_days import due_in_working_days

SAME_NUMBER = "same_nhs_number"  # a kind of task; its subject is the participant who gave it last
LOOK_WITHIN = 5  # working days


def held_of(participant: Participant) -> NhsNumber | None:
    return NhsNumber.objects.filter(participant=participant).first()


def keep_number(*, participant: Participant, number: str, by: Person) -> None:
    """Keep ten figures that were read by nhs_number_rules; "" takes out what is kept."""
    with acting(by, "participants.keep_nhs_number", on_behalf_of=participant.person):
        Participant.objects.select_for_update().get(pk=participant.pk)
        if not number:
            NhsNumber.objects.filter(participant=participant).delete()
        else:
            values = {"number": number, "ending": ending_of(number), "noted_by": by, "noted_at": timezone.now()}
            NhsNumber.objects.update_or_create(participant=participant, defaults=values)
        _ask_about_the_same(participant, number, by)


def look_again(participant: Participant, by: Actor) -> None:
    """After two records became one, or two again: whether somebody else of the programme still gave the same."""
    held = held_of(participant)
    _ask_about_the_same(participant, held.number if held else "", by)


def others_with(participant: Participant, number: str) -> list[Participant]:
    """Who else of the programme gave this number. The numbers are unreadable in the database: compared here."""
    same_end = NhsNumber.objects.filter(ending=ending_of(number), participant__programme=participant.programme_id)
    rows = same_end.exclude(participant=participant).select_related("participant__person").order_by("participant")
    return [row.participant for row in rows if row.number == number]


def _ask_about_the_same(participant: Participant, number: str, by: Actor) -> None:
    """One task while the two are the same; it goes when this one is put right."""
    if number and others_with(participant, number):
        raise_task(
            programme=participant.programme,
            kind=SAME_NUMBER,
            due_at=due_in_working_days(timezone.now(), LOOK_WITHIN),
            about=participant.person,
            subject_id=participant.pk,
            dedupe_key=f"{SAME_NUMBER}:{participant.pk}",
            by=by,
        )
    else:
        cancel_open(Task.objects.filter(kind=SAME_NUMBER, subject_id=participant.pk, state=TaskState.OPEN))
