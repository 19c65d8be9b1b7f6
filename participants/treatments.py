"""Days of treatment: noting, changing and removing them, and which days of classes lie close to them.

Here: what the person's page, the desk and the API call. Not here: which days are
close (treatment_days.py), who is shown what (frontend/near_treatment.py). They
are health facts: held only with consent to hold such, and removed when it is
taken back. No message speaks of them, and booking does not ask.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from participants.health_content import rules
from participants.models import Participant, TreatmentDays
from participants.noting import lock_to_note
from participants.rules.treatment_days import Days, NearTreatment, fault_in

MOST_NOTED = 20  # entries of one person, each a day or several


class BadDays(ValueError):
    """Days that cannot be noted: `fault` as treatment_days.fault_in names it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class TooManyDays(Exception):
    """MOST_NOTED entries are there already."""


def noted_by(participant: Participant) -> list[TreatmentDays]:
    """What is noted, by its first day. One query."""
    return sorted(TreatmentDays.objects.filter(participant=participant), key=lambda row: (row.days, row.pk))


def near_treatment(rows: Iterable[TreatmentDays]) -> NearTreatment:
    """The days close to those in `rows`. Asks which rule is in use only where there are any."""
    noted = tuple(row.days for row in rows)
    return NearTreatment(noted, days_after()) if noted else NearTreatment()


def days_after() -> int:
    """For how many days after a treatment a class counts as close to it now."""
    return rules().treatment_days_after


def note_days(*, participant: Participant, days: Days, by: Person) -> TreatmentDays:
    """Keep one more entry; the same again is the one that is there.

    Raises BadDays, TooManyDays, NoConsent, and NotPossibleNow for somebody who does not take part.
    """
    with acting(by, "participants.note_treatment_days", on_behalf_of=participant.person):
        _check(participant, days)
        there = noted_by(participant)
        if same := next((row for row in there if row.days == days), None):
            return same
        if len(there) >= MOST_NOTED:
            raise TooManyDays
        return _keep(TreatmentDays(participant=participant), days)


def change_days(*, row: TreatmentDays, days: Days, by: Person) -> TreatmentDays:
    """Other days in place of those of `row`. Raises as `note_days` does, and DoesNotExist once it was removed."""
    participant = row.participant
    with acting(by, "participants.change_treatment_days", on_behalf_of=participant.person):
        _check(participant, days)
        return _keep(TreatmentDays.objects.get(pk=row.pk), days)


def remove_days(*, row: TreatmentDays, by: Person) -> None:
    """Not noted any more. Twice is harmless."""
    with acting(by, "participants.remove_treatment_days", on_behalf_of=row.participant.person):
        TreatmentDays.objects.filter(pk=row.pk).delete()


def replace_days(*, participant: Participant, days: Iterable[Days], by: Person) -> list[TreatmentDays]:
    """Exactly these entries; what is there already stays as it is. Raises as `note_days` does; then nothing changed."""
    wanted = sorted(set(days))
    with acting(by, "participants.replace_treatment_days", on_behalf_of=participant.person):
        there = {row.days: row for row in noted_by(participant)}
        _check(participant, *(one for one in wanted if one not in there))
        if len(wanted) > MOST_NOTED:
            raise TooManyDays
        _remove_all(participant, but=wanted)
        return [there.get(one) or _keep(TreatmentDays(participant=participant), one) for one in wanted]


def forget_days(participant: Participant) -> None:
    """None is held any more. Inside the action that takes back the consent to hold health facts, after its lock."""
    _remove_all(participant, but=())


def _check(participant: Participant, *every: Days) -> None:
    lock_to_note(participant, health=True)
    today, after = timezone.localdate(), days_after()
    for days in every:
        if fault := fault_in(days, today=today, days_after=after):
            raise BadDays(fault)


def _keep(row: TreatmentDays, days: Days) -> TreatmentDays:
    row.days, row.noted_at = days, timezone.now()
    row.save()
    return row


def _remove_all(participant: Participant, *, but: Iterable[Days]) -> None:
    kept = set(but)
    gone = [row.pk for row in noted_by(participant) if row.days not in kept]
    TreatmentDays.objects.filter(pk__in=gone).delete()
