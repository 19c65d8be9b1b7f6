"""What somebody says about themselves so that we can see whether the programme is fair: asked once, never required.

Here: the questions, keeping one answer, and forgetting what is about health. Not here: the values that there are
(models/about.py), how deprived their area is (fifths.py), the pages (frontend/about_you.py), who is counted
(outcomes/counting). Nothing of it decides who can join or take a class.
"""

from __future__ import annotations

from typing import Final

from django.db import models

from accounts.history import acting
from accounts.models import Person
from participants.models import CancerType, Equality, EthnicGroup, Gender, Participant, Sex, TreatmentStage
from participants.noting import lock_to_note

QUESTIONS: Final[dict[str, type[models.TextChoices]]] = {
    "sex": Sex,
    "gender": Gender,
    "ethnicity": EthnicGroup,
    "cancer_type": CancerType,
    "treatment_stage": TreatmentStage,
}
HEALTH_FACTS: Final = ("cancer_type", "treatment_stage")  # held only with consent to hold such


class NotAnAnswer(ValueError):
    """There is no such question, or no such answer to it."""


def said_about(participant: Participant) -> dict[str, str]:
    """Question → answer, "" where it was not answered. One query."""
    row = Equality.objects.filter(participant=participant).values(*QUESTIONS).first()
    return dict(row) if row else dict.fromkeys(QUESTIONS, "")


def questions(*, health: bool) -> list[str]:
    """Their names in order, without those about health where the person did not agree that we hold such facts."""
    return [name for name in QUESTIONS if health or name not in HEALTH_FACTS]


def tell_about(*, participant: Participant, question: str, answer: str, by: Person) -> None:
    """Keep one answer in place of the one before.

    Raises NotAnAnswer, NoConsent, and NotPossibleNow for somebody who does not take part.
    """
    if question not in QUESTIONS or answer not in QUESTIONS[question].values:
        raise NotAnAnswer(question)
    with acting(by, "participants.tell_about", on_behalf_of=participant.person):
        lock_to_note(participant, health=question in HEALTH_FACTS)
        Equality.objects.update_or_create(participant=participant, defaults={question: answer})


def forget_health(participant: Participant) -> None:
    """Inside the action that takes back the consent to hold health facts, after its lock."""
    Equality.objects.filter(participant=participant).update(**dict.fromkeys(HEALTH_FACTS, ""))


def words_of(question: str, answer: str) -> str:
    """The answer as it is read; "" where there is none."""
    return str(QUESTIONS[question](answer).label) if answer else ""
