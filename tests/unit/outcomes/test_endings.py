from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from messaging.models import Task, TaskState
from messaging.worklist import close_task
from outcomes.bringing import Licence, make_inactive, record_licence
from outcomes.endings import AGREEMENT_ENDS, LICENCE_ENDS, STUDY_OVER, SUMMARY_WAITS, SYSTEM_ENDS, look_at_endings
from outcomes.models import AssessmentState, MachineClient, Release, ReleaseState, Study, StudyState
from outcomes.releases.agreements import change_agreement, end_agreement, terms_of
from outcomes.releases.machine_clients import revoke_machine_client
from outcomes.studies.running import close_study
from participants.models import Participant
from tests.factories.accounts import AgreementFactory
from tests.factories.outcomes import (
    AssessmentFactory,
    MachineClientFactory,
    QuestionnaireFileFactory,
    ReleaseFactory,
    StudyFactory,
)

pytestmark = pytest.mark.django_db


def ahead(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def look() -> int:
    return look_at_endings(on=ahead(0))


def open_tasks() -> set[tuple[str, int | None]]:
    return set(Task.objects.filter(state=TaskState.OPEN).values_list("kind", "subject_id"))


@pytest.fixture
def agreement(alliance: Organisation) -> Agreement:
    return alliance.agreements.get()


def last_day(agreement: Agreement, day: dt.date | None) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=day)


def test_an_agreement_is_asked_about_from_four_weeks_before_its_last_day_until_it(agreement: Agreement) -> None:
    for day, asked in ((None, 0), (ahead(29), 0), (ahead(28), 1), (ahead(0), 1), (ahead(-1), 0)):
        last_day(agreement, day)
        assert look() == asked, day
        assert open_tasks() == ({(AGREEMENT_ENDS, agreement.pk)} if asked else set()), day


def test_it_is_asked_once_for_each_day_and_no_more_once_the_day_is_moved_or_over(
    agreement: Agreement, dee: User
) -> None:
    last_day(agreement, ahead(10))
    assert (look(), look()) == (1, 0)
    first = Task.objects.get()
    assert (timezone.localdate(first.due_at), first.context) == (ahead(10), {"on": ahead(10).isoformat()})
    close_task(task=first, outcome="not_needed", by=dee.person)
    assert (look(), open_tasks()) == (0, set())  # somebody has said that this day may come
    agreement.refresh_from_db()
    terms = terms_of(agreement)
    change_agreement(agreement=agreement, seen=terms, terms=replace(terms, ends_on=ahead(20)), by=dee.person)
    assert look() == 1
    agreement.refresh_from_db()
    later = replace(terms, ends_on=ahead(300))
    change_agreement(agreement=agreement, seen=terms_of(agreement), terms=later, by=dee.person)
    assert open_tasks() == set()
    end_agreement(agreement=agreement, last_day=ahead(1), by=dee.person)
    assert look() == 1
    end_agreement(agreement=agreement, last_day=ahead(-1), by=dee.person)
    assert (open_tasks(), look()) == (set(), 0)


def test_what_nobody_came_to_in_time_is_asked_about_no_more(agreement: Agreement) -> None:
    last_day(agreement, ahead(0))
    look()
    last_day(agreement, ahead(-1))  # a day has passed
    assert (look(), open_tasks()) == (0, set())


def test_a_connected_system_is_asked_about_where_its_partner_agreed_first(
    agreement: Agreement, programme: Programme, dee: User
) -> None:
    AgreementFactory(organisation=agreement.organisation)
    ending: MachineClient = MachineClientFactory(organisation=agreement.organisation, ends_on=ahead(5))
    MachineClientFactory(organisation=agreement.organisation, ends_on=ahead(200))
    assert (look(), open_tasks()) == (1, {(SYSTEM_ENDS, ending.pk)})
    assert Task.objects.get().programme == programme
    revoke_machine_client(client=ending, by=dee.person)
    assert (open_tasks(), look()) == (set(), 0)


def test_a_study_whose_last_day_has_passed_is_to_be_closed(programme: Programme, dee: User) -> None:
    over: Study = StudyFactory(programme=programme, opens_on=ahead(-30), closes_on=ahead(-1), state=StudyState.OPEN)
    StudyFactory(programme=programme, opens_on=ahead(-30), closes_on=ahead(0), state=StudyState.OPEN)
    StudyFactory(programme=programme, opens_on=ahead(-30), closes_on=ahead(-1))
    assert (look(), look(), open_tasks()) == (1, 0, {(STUDY_OVER, over.pk)})
    close_study(study=over, by=dee.person)
    assert (open_tasks(), look()) == (set(), 0)


def test_a_summary_that_was_made_by_itself_is_to_be_looked_at_until_it_is_too_old(
    agreement: Agreement, dee: User
) -> None:
    def made(state: str, days: int = 0, by: User | None = None) -> Release:
        return ReleaseFactory(
            programme=agreement.programme, organisation=agreement.organisation, number=Release.objects.count() + 1,
            state=state, as_at=ahead(-days), asked_by=by.person if by else None,
        )  # fmt: skip

    for state, days, by in (
        (ReleaseState.QUEUED, 0, None), (ReleaseState.BUILT, 15, None), (ReleaseState.BUILT, 0, dee),
    ):  # fmt: skip
        made(state, days, by)
        assert (look(), open_tasks()) == (0, set()), state
    for state, days in ((ReleaseState.FAILED, 14), (ReleaseState.BLOCKED, 3), (ReleaseState.BUILT, 2)):
        latest = made(state, days)
        assert (look(), look(), open_tasks()) == (1, 0, {(SUMMARY_WAITS, latest.pk)}), state
        assert timezone.localdate(Task.objects.latest("pk").due_at) == ahead(14 - days)
    Release.objects.filter(pk=latest.pk).update(
        state=ReleaseState.PUBLISHED, published_at=timezone.now(), sha256="0" * 64
    )
    assert (look(), open_tasks()) == (0, set())
    made(ReleaseState.BUILT)
    last_day(agreement, ahead(-1))
    assert (look(), open_tasks()) == (0, set())


# --- licences of questionnaires ---------------------------------------------------

ENDS_ON = dt.date(2027, 6, 30)


def _licences(*states: str) -> list[tuple[int | None, str]]:
    rows = Task.objects.filter(kind=LICENCE_ENDS, state__in=states or [TaskState.OPEN]).order_by("pk")
    return [(task.subject_id, task.context["on"]) for task in rows]


def test_the_desk_is_asked_eight_weeks_before_a_licence_ends_and_once_for_each_last_day(
    pat: Participant, dee: User
) -> None:
    file = QuestionnaireFileFactory(
        questionnaire__programme=pat.programme, questionnaire__active=True, licence_until=ENDS_ON
    )
    asked = file.questionnaire
    days = [look_at_endings(on=ENDS_ON - dt.timedelta(days=before)) for before in (57, 56, 0)]
    assert days == [0, 1, 0], "twice is harmless"
    assert _licences() == [(asked.pk, "2027-06-30")]
    close_task(task=Task.objects.get(kind=LICENCE_ENDS), outcome="not_needed", by=dee.person)
    look_at_endings(on=ENDS_ON + dt.timedelta(days=30))
    assert _licences() == []
    for year in (2027, 2028):
        longer = Licence("Wessex programme", "A-18", dt.date(2026, 1, 1), dt.date(year, 7, 31))
        record_licence(questionnaire=asked, licence=longer, by=dee.person)
        look_at_endings(on=ENDS_ON + dt.timedelta(days=1))
    assert _licences() == [] and _licences(TaskState.CANCELLED) == [(asked.pk, "2027-07-31")]


def test_while_anybody_is_still_asked_a_form_its_licence_matters(pat: Participant, dee: User) -> None:
    file = QuestionnaireFileFactory(
        questionnaire__programme=pat.programme, questionnaire__active=True, licence_until=ENDS_ON
    )
    planned = AssessmentFactory(participant=pat, questionnaire=file.questionnaire)
    make_inactive(questionnaire=file.questionnaire, by=dee.person)
    assert look_at_endings(on=ENDS_ON) == 1 and len(_licences()) == 1
    planned.state = AssessmentState.NOT_WANTED
    planned.save()
    look_at_endings(on=ENDS_ON)
    assert _licences() == []
