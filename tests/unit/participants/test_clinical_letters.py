"""Letters to a clinical team: asked for once and only with a yes, called off with it, and kept for ever once sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import User
from messaging.kinds import owner_of
from messaging.models import Message, Task, TaskState
from messaging.worklist import TaskIsClosed, close_task
from participants import clinical_letters as letters
from participants import clinical_team, consents, health, tasks
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.content import install
from participants.models import (
    ClinicalContact,
    ClinicalLetter,
    ConsentKind,
    Enrolment,
    LetterWay,
    Participant,
    ReferBack,
    ReferBackOutcome,
)
from participants.refer_back import end_refer_backs
from participants.rules.letter_rules import LetterKind
from participants.taking_part import life
from participants.taking_part.ending import extend_programme
from tests.factories.outcomes import consents as answer
from tests.factories.participants import ClearanceFactory, ClinicalContactFactory

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2027, 2, 3, 4, 6, tzinfo=dt.UTC)
TODAY = NIGHT.date()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gp(pat: Participant) -> ClinicalContact:
    """Pat has agreed, named somebody, and started yesterday."""
    answer(pat, ConsentKind.CLINICAL_TEAM)
    ClearanceFactory(participant=pat)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - dt.timedelta(days=1))
    return ClinicalContactFactory(participant=pat)


def open_tasks() -> list[Task]:
    return list(Task.objects.filter(kind="clinical_letter", state=TaskState.OPEN).order_by("pk"))


def send(pat: Participant, task: Task, by: Any, *, tell: bool = True) -> ClinicalLetter:
    sent = letters.Sent(LetterWay.POSTED, "About Pat", "They have started.", tell)
    return letters.record_letter(task=task, participant=pat, sent=sent, by=by.person)


def test_each_of_the_team_is_written_to_once_and_a_night_that_was_missed_is_made_up_for(
    pat: Participant, gp: ClinicalContact, dee: User
) -> None:
    nurse = ClinicalContactFactory(participant=pat, role="nurse")
    tasks.ask_for_letters_to_clinical_teams()
    assert letters.ask_for_letters(on=TODAY) == 0
    found = letters.letters_to_write(pat)
    assert [(kind, contact) for _, kind, contact in found] == [(LetterKind.START, gp), (LetterKind.START, nurse)]
    assert found[0][0].about == pat.person and timezone.localdate(found[0][0].due_at) == dt.date(2027, 2, 17)
    send(pat, found[0][0], dee)
    close_task(task=found[1][0], outcome="not_needed", by=dee.person)
    assert letters.ask_for_letters(on=TODAY) == 0


def test_without_a_yes_and_for_nobody_of_a_team_and_after_leaving_nothing_is_asked(
    pat: Participant, gp: ClinicalContact, quinn: Participant
) -> None:
    answer(quinn, ConsentKind.CLINICAL_TEAM)  # and has named nobody
    consents.withdraw_consent(participant=pat, kind=ConsentKind.CLINICAL_TEAM, by=pat.person)
    assert letters.ask_for_letters(on=TODAY) == 0
    answer(pat, ConsentKind.CLINICAL_TEAM)
    Enrolment.objects.filter(participant=pat).delete()
    assert letters.ask_for_letters(on=TODAY) == 0


@pytest.mark.parametrize("ends", ["consent", "contact", "leaving"])
def test_what_waits_is_called_off_with_the_yes_with_the_contact_and_with_leaving(
    pat: Participant, gp: ClinicalContact, ends: str
) -> None:
    letters.ask_for_letters(on=TODAY)
    assert len(open_tasks()) == 1
    if ends == "consent":
        consents.withdraw_consent(participant=pat, kind=ConsentKind.CLINICAL_TEAM, by=pat.person)
    elif ends == "contact":
        clinical_team.end_contact(row=gp, by=pat.person)
    else:
        life.withdraw(participant=pat, by=pat.person)
    assert open_tasks() == [] and letters.letters_to_write(pat) == []


def test_a_letter_that_they_have_started_waits_while_they_may_not_take_part(
    pat: Participant, gp: ClinicalContact, dee: User
) -> None:
    letters.ask_for_letters(on=TODAY)
    with acting(dee.person, "tests.stop"):
        health.stop_clearance(participant=pat, reason="A fall.", by=dee.person)
        run_consequences(CLEARANCE_CHANGED, pat, dee.person)
    assert open_tasks() == [] and letters.ask_for_letters(on=TODAY) == 0
    ClearanceFactory(participant=pat)
    assert letters.ask_for_letters(on=TODAY) == 1
    run_consequences(CLEARANCE_CHANGED, pat, dee.person)
    assert len(open_tasks()) == 1, "another clearance with which they may take part"


def test_a_worry_that_nobody_has_decided_about_is_written_about_within_two_working_days(
    pat: Participant, gp: ClinicalContact, dee: User
) -> None:
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - dt.timedelta(weeks=10))
    ReferBack.objects.create(id=uuid4(), participant=pat, why="Out of breath.", by=dee.person)
    assert letters.ask_for_letters(on=TODAY) == 1
    [(task, kind, contact)] = letters.letters_to_write(pat)
    assert (kind, contact) == (LetterKind.REFERRED_BACK, gp) and timezone.localdate(task.due_at) == dt.date(2027, 2, 5)
    with acting(dee.person, "participants.decide_clearance"):
        end_refer_backs(pat, ReferBackOutcome.STAYS_STOPPED, dee.person)
    assert open_tasks() == [] and letters.ask_for_letters(on=TODAY) == 0


def test_after_the_end_of_an_enrolment_the_last_letter_is_asked_for(pat: Participant, gp: ClinicalContact) -> None:
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - dt.timedelta(weeks=30), ends_on=TODAY)
    Participant.objects.filter(pk=pat.pk).update(status="completed")
    assert letters.ask_for_letters(on=TODAY) == 0
    assert letters.ask_for_letters(on=TODAY + dt.timedelta(days=1)) == 1
    assert letters.letters_to_write(pat)[0][1] == LetterKind.END


@pytest.mark.parametrize("gone", [True, False])
def test_who_stays_longer_is_written_of_at_the_later_end_and_not_before(
    pat: Participant, gp: ClinicalContact, dee: User, *, gone: bool
) -> None:
    install(pat.programme, System.COMMAND)
    yesterday, later = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=14)
    Enrolment.objects.filter(participant=pat).update(starts_on=TODAY - dt.timedelta(weeks=26), closes_on=yesterday)
    assert letters.ask_for_letters(on=TODAY) == 1
    if gone:
        send(pat, open_tasks()[0], dee)
    extend_programme(participant=pat, until=later, reason="Came late because of treatment.", by=dee.person)
    assert open_tasks() == [] and letters.ask_for_letters(on=later) == 0
    assert letters.ask_for_letters(on=later + dt.timedelta(days=1)) == 1
    assert letters.letters_to_write(pat)[0][1] == LetterKind.END


def test_what_was_sent_is_kept_in_its_words_closes_its_task_and_is_told_to_the_person(
    pat: Participant, gp: ClinicalContact, dee: User
) -> None:
    letters.ask_for_letters(on=TODAY)
    task = open_tasks()[0]
    letter = send(pat, task, dee)
    assert letters.letters_sent(pat) == [letter] and (letter.words, letter.sent_by) == (
        "They have started.",
        dee.person,
    )
    task.refresh_from_db()
    assert (task.state, task.outcome) == (TaskState.DONE, "posted")
    told = Message.objects.get(kind="letter_sent")
    content = owner_of("letter_sent")(told)
    assert told.person == pat.person and content is not None and content.context == {"at": f"/me/letters/{letter.pk}/"}
    with pytest.raises(TaskIsClosed):
        send(pat, task, dee)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClinicalLetter.objects.update(subject="Something else")


def test_who_does_not_want_to_be_told_is_not(pat: Participant, gp: ClinicalContact, dee: User) -> None:
    letters.ask_for_letters(on=TODAY)
    assert not send(pat, open_tasks()[0], dee, tell=False).copied
    assert not Message.objects.filter(kind="letter_sent").exists()


def test_nothing_is_kept_where_the_yes_or_the_contact_went_while_the_page_was_open(
    pat: Participant, gp: ClinicalContact, dee: User
) -> None:
    letters.ask_for_letters(on=TODAY)
    task = open_tasks()[0]
    ClinicalContact.objects.filter(pk=gp.pk).update(ended_at=NIGHT, ended_by=pat.person)
    with pytest.raises(letters.NotOfTheTeam):
        send(pat, task, dee)
    answer(pat, ConsentKind.CLINICAL_TEAM, given=False)
    with pytest.raises(letters.NotAgreed):
        send(pat, task, dee)
    assert open_tasks() == [task] and not ClinicalLetter.objects.exists()
