"""Somebody's name and date of birth put right, when they were written down wrongly or the name is a new one.

Here: the action. Not here: what somebody is called in conversation (details.py), who may have two records
(records/matching.py looks at everybody anew and finds a pair by the new facts), the page (frontend). By these facts a
caller is known and a helper found: so it takes the person themselves on the line, identified, and who changed
what, when and why stays in the history.
"""

from __future__ import annotations

import enum
from datetime import date

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, User
from messaging.calls import is_on_the_line
from participants.models import EligibilityDecision, Participant
from participants.registering.intake import rules_of
from participants.rules.admission import age_on

CORRECT = "participants.correct_identity"


class Why(enum.StrEnum):
    WRITTEN_WRONGLY = "written_wrongly"
    NEW_NAME = "new_name"


class NotOnTheLine(Exception):
    """The person themselves is not on the line with whoever asks, or was not identified: find out who is there."""


class TooYoung(Exception):
    """Born then, they are younger than `minimum`, which nobody sets aside."""

    def __init__(self, minimum: int) -> None:
        super().__init__(minimum)
        self.minimum = minimum


def correct_identity(
    *, participant: Participant, given_name: str, family_name: str, born: date, why: Why, by: Person
) -> Person:
    """They stand so from now on, wherever they take part. Another birthday is judged as when they registered.

    Raises NotOnTheLine, TooYoung.
    """
    with acting(by, CORRECT, on_behalf_of=participant.person, reason=why):
        person = Person.objects.select_for_update().get(pk=participant.person_id)
        if not is_on_the_line(about=person, by=by):
            raise NotOnTheLine
        if born != person.date_of_birth:
            _judge(person, born, by)
            User.objects.filter(person=person).update(wrong_births=0)  # perhaps it was ours that was wrong
        person.given_name, person.family_name, person.date_of_birth = given_name.strip(), family_name.strip(), born
        person.save(update_fields=["given_name", "family_name", "date_of_birth"])
        return person


def _judge(person: Person, born: date, by: Person) -> None:
    """A decision for each programme, as there is one from when they registered. Raises TooYoung."""
    age, parts = age_on(born, timezone.localdate()), list(person.participations.select_related("programme"))
    lowest = max(part.programme.minimum_age for part in parts)
    if age < lowest:
        raise TooYoung(lowest)
    EligibilityDecision.objects.bulk_create(
        EligibilityDecision(
            participant=part,
            eligible=True,
            rules_version=rules_of(part.programme).version,
            answers={"born": born.isoformat()},
            decided_by=by,
        )
        for part in parts
    )
