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
from participants.rules.cancer_sites import OTHER, shipped_sites
from participants.rules.condition import Json, condition_of

QUESTIONS: Final[dict[str, type[models.TextChoices]]] = {
    "sex": Sex,
    "gender": Gender,
    "ethnicity": EthnicGroup,
    "cancer_type": CancerType,
    "treatment_stage": TreatmentStage,
}
HEALTH_FACTS: Final = ("cancer_type", "treatment_stage")  # held only with consent to hold such
LONGEST_WORDS: Final = 100  # in somebody's own words, where the list has no kind that fits
KEPT_OF_HEALTH: Final = (*HEALTH_FACTS, "cancer_site", "cancer_words")
_KIND: Final = "cancer_type"  # asked by site, counted by group
_GROUPS: Final = tuple(kind.value for kind in CancerType if kind != CancerType.PREFER_NOT)


class NotAnAnswer(ValueError):
    """There is no such question, or no such answer to it."""


def said_about(participant: Participant) -> dict[str, str]:
    """Question → answer, "" where it was not answered. Of a kind of cancer its site, if asked. One query."""
    row = Equality.objects.filter(participant=participant).values(*QUESTIONS, "cancer_site").first()
    if row is None:
        return dict.fromkeys(QUESTIONS, "")
    site = row.pop("cancer_site")
    return {**row, _KIND: site or row[_KIND]}


def own_words(participant: Participant) -> str:
    """How they call the kind that is not on the list; "" where they said nothing."""
    return Equality.objects.filter(participant=participant).values_list("cancer_words", flat=True).first() or ""


def conditions_said(**whose: Participant | Person) -> list[Json]:
    """The kind of cancer that a participant said, or a person (`participant__person`) in each programme of theirs.

    One that was said when only the group was asked stands by the name of its group. None where they said nothing.
    """
    sites = shipped_sites(_GROUPS)
    rows = Equality.objects.filter(cancer_type__in=_GROUPS, **whose).select_related("participant").order_by("pk")
    return [
        condition_of(
            reference=row.participant.reference,
            site=sites.get(row.cancer_site) or sites[row.cancer_type],
            words=row.cancer_words,
        )
        for row in rows
    ]


def choices_of(question: str) -> dict[str, str]:
    """What may be answered, with its words, in order. "Prefer not to say" is the last."""
    if question != _KIND:
        return {code: str(words) for code, words in QUESTIONS[question].choices}
    sites = {site.code: site.label for site in shipped_sites(_GROUPS).values()}
    return {**sites, CancerType.PREFER_NOT.value: str(CancerType.PREFER_NOT.label)}


def questions(*, health: bool) -> list[str]:
    """Their names in order, without those about health where the person did not agree that we hold such facts."""
    return [name for name in QUESTIONS if health or name not in HEALTH_FACTS]


def tell_about(*, participant: Participant, question: str, answer: str, by: Person, words: str = "") -> None:
    """Keep one answer in place of the one before. `words`: their own, kept with "another kind" of cancer alone.

    Raises NotAnAnswer, NoConsent, and NotPossibleNow for somebody who does not take part.
    """
    if question not in QUESTIONS or answer not in choices_of(question) or len(words) > LONGEST_WORDS:
        raise NotAnAnswer(question)
    with acting(by, "participants.tell_about", on_behalf_of=participant.person):
        lock_to_note(participant, health=question in HEALTH_FACTS)
        Equality.objects.update_or_create(participant=participant, defaults=_kept(question, answer, words))


def _kept(question: str, answer: str, words: str) -> dict[str, str]:
    if question != _KIND:
        return {question: answer}
    site = shipped_sites(_GROUPS).get(answer)
    if site is None:
        return {_KIND: answer, "cancer_site": "", "cancer_words": ""}
    return {_KIND: site.group, "cancer_site": site.code, "cancer_words": words if site.code == OTHER else ""}


def forget_health(participant: Participant) -> None:
    """Inside the action that takes back the consent to hold health facts, after its lock."""
    Equality.objects.filter(participant=participant).update(**dict.fromkeys(KEPT_OF_HEALTH, ""))


def words_of(question: str, answer: str) -> str:
    """The answer as it is read; "" where there is none."""
    return choices_of(question).get(answer, answer)
