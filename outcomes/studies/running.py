"""A study from its first words to its end: written, counted for, opened, people invited, answers, closed.

Here: the actions, their refusals, and the doors. Not here: who matches (matching.py), what may be shown (shown.py),
the message (notices.py). Called by the desk's pages and by people's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, Programme
from messaging.outbox import enqueue
from messaging.worklist import cancel_tasks
from outcomes.endings import STUDY_OVER
from outcomes.models import Study, StudyAnswer, StudyCount, StudyInvitation, StudyState
from outcomes.studies.matching import matching
from outcomes.studies.shown import MOST_COUNTS, Counted, K, near, shown_of
from participants.models import Participant

INVITATION: Final = "study_invitation"


class WrongState(Exception):
    """The study is not in a state that allows this."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NotToday(Exception):
    """The study tells nobody before it opens, nor after it closes."""


class EnoughCounts(Exception):
    """MOST_COUNTS different criteria were counted for this study."""


class TooFew(Exception):
    """Fewer than K people match: answers of so few could be known again, so nobody is told."""


@dataclass(frozen=True)
class Words:
    """What is written about a study."""

    title: str
    team: str
    description: str
    contact: str
    ethics_reference: str
    ages: list[str]
    areas: list[str]
    cancers: list[str]
    phases: list[str]
    opens_on: date
    closes_on: date


# --- doors -------------------------------------------------------------------


def studies_at_desk_of(user: object) -> QuerySet[Study]:
    return Study.objects.at_desk_of(user).select_related("programme")


def invitations_to(participant: Participant) -> QuerySet[StudyInvitation]:
    """What somebody was told of, the newest first."""
    return StudyInvitation.objects.filter(participant=participant).select_related("study")


# --- actions of the desk -----------------------------------------------------


def write_study(*, programme: Programme, words: Words, by: Person) -> Study:
    """A new study, which tells nobody yet."""
    with acting(by, "outcomes.write_study"):
        return Study.objects.create(programme=programme, **vars(words))


def change_study(*, study: Study, words: Words, by: Person) -> Study:
    """Other words or criteria, while it was not opened. Raises WrongState."""
    with acting(by, "outcomes.change_study"):
        _lock(study, StudyState.DRAFT)
        for name, value in vars(words).items():
            setattr(study, name, value)
        study.save(update_fields=list(vars(words)))
        return study


def count_for(*, study: Study, by: Person) -> StudyCount:
    """How many match, as it may be shown, kept for good: the same criteria again are the same count.

    A number that a handful of people set apart from one that this programme showed before is that one again.
    Raises WrongState, EnoughCounts.
    """
    with acting(by, "outcomes.count_for_study"):
        _one_look_at_a_time(study)
        _lock(study, StudyState.DRAFT, StudyState.OPEN)
        counts = study.counts.all()
        there = counts.filter(criteria=study.criteria).first()
        if there is not None:
            return there
        if counts.count() >= MOST_COUNTS:
            raise EnoughCounts
        matched = [person.pk for person in _matching_today(study)]
        again = near(matched, _shown_before(study))
        return StudyCount.objects.create(
            study=study,
            criteria=study.criteria,
            shown=again.shown if again else shown_of(len(matched)),
            repeats_id=again.key if again else None,
            k=K,
            matched=matched,
            by=by,
        )


def open_study(*, study: Study, by: Person) -> Study:
    """From now on its people may be told, and nothing of it changes. Twice is harmless. Raises WrongState."""
    with acting(by, "outcomes.open_study"):
        _lock(study, StudyState.DRAFT, StudyState.OPEN)
        return _move(study, StudyState.OPEN)


def invite(*, study: Study, by: Person) -> int:
    """Tell each who matches today and was not told yet; says to how many a message goes.

    Raises WrongState, NotToday, TooFew.
    """
    with acting(by, "outcomes.invite_to_study"):
        _lock(study, StudyState.OPEN)
        if not study.opens_on <= timezone.localdate() <= study.closes_on:
            raise NotToday
        matched = _matching_today(study)
        if len(matched) < K:
            raise TooFew
        told = set(study.invitations.values_list("participant_id", flat=True))
        new = [person for person in matched if person.pk not in told]
        for person in new:
            _tell(study, person)
        return len(new)


def close_study(*, study: Study, by: Person) -> Study:
    """Nobody is told or answers any more; what came of it is counted, once. Raises WrongState.

    How many were told is held against the counts, as a count is: they are the same people, a few days apart.
    """
    with acting(by, "outcomes.close_study"):
        _one_look_at_a_time(study)
        _lock(study, StudyState.DRAFT, StudyState.OPEN)
        told = list(study.invitations.values_list("participant_id", flat=True))
        again = near(told, _shown_before(study))
        study.invited = again.shown if again else shown_of(len(told))
        interested = study.invitations.filter(answer=StudyAnswer.INTERESTED).count()
        study.interested = min(shown_of(interested), study.invited)  # more would show that more were told
        cancel_tasks(kinds=[STUDY_OVER], subject_id=study.pk, by=by)
        return _move(study, StudyState.CLOSED, "invited", "interested")


# --- the person's own --------------------------------------------------------


def takes_answers(study: Study) -> bool:
    return study.state == StudyState.OPEN and timezone.localdate() <= study.closes_on


def answer_invitation(*, invitation: StudyInvitation, answer: StudyAnswer, by: Person) -> None:
    """Say that one is interested, or no thank you; another answer takes the place of the first. Raises WrongState."""
    with acting(by, "outcomes.answer_study", on_behalf_of=invitation.participant.person):
        study = Study.objects.select_for_update().get(pk=invitation.study_id)
        if not takes_answers(study):
            raise WrongState(study.state)
        invitation.answer, invitation.answered_at = answer, timezone.now()
        invitation.save(update_fields=["answer", "answered_at"])


# --- steps -------------------------------------------------------------------


def _lock(study: Study, *states: StudyState) -> None:
    Study.objects.select_for_update().get(pk=study.pk)
    study.refresh_from_db()
    if study.state not in states:
        raise WrongState(study.state)


def _move(study: Study, state: StudyState, *fields: str) -> Study:
    study.state = state
    study.save(update_fields=["state", *fields])
    return study


def _matching_today(study: Study) -> list[Participant]:
    return matching(study.programme, study.criteria, on=timezone.localdate())


def _one_look_at_a_time(study: Study) -> None:
    """Whichever study of the programme it is for."""
    Programme.objects.select_for_update().get(pk=study.programme_id)


def _shown_before(study: Study) -> list[Counted]:
    """Every number that the programme showed, whichever study it was for: of who was told, then counts of their own."""
    closed = Study.objects.filter(programme=study.programme_id, state=StudyState.CLOSED, invitations__isnull=False)
    told = closed.order_by("pk").annotate(told=ArrayAgg("invitations__participant")).values_list("told", "invited")
    counts = StudyCount.objects.filter(study__programme=study.programme_id, repeats=None).order_by("pk")
    return [
        *(Counted(None, frozenset(people), shown or 0) for people, shown in told),
        *(Counted(row.pk, frozenset(row.matched), row.shown) for row in counts),
    ]


def _tell(study: Study, person: Participant) -> None:
    invitation = StudyInvitation.objects.create(study=study, participant=person)
    enqueue(
        programme=study.programme,
        person=person.person,
        kind=INVITATION,
        subject_id=invitation.pk,
        dedupe_key=f"{INVITATION}:{invitation.pk}",
    )
