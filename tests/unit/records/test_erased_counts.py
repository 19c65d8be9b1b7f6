"""Whoever is erased is in no new summary, extract or study; what was published before stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System
from accounts.models import Programme, User
from classes.models import Attendance, BookingState
from outcomes.counting.gathering import cohort_of
from outcomes.extracts.gathering import agreeing_people
from outcomes.extracts.taking import extracts_that_held
from outcomes.models import ExtractState, Response, Score
from outcomes.studies.matching import may_be_told, willing
from participants.consents import consents_in_force
from participants.models import ConsentKind, Participant, ParticipantStatus
from records.erasing import asking
from records.erasing.erase import erase_person
from records.models import ErasureRequest
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.extracts import built_for, project_of
from tests.factories.incidents import ConcernFactory
from tests.factories.outcomes import AssessmentFactory, answers_of, attended_together, consents, sent_form
from tests.unit.records.test_asking import ask, confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreeing(pat: Participant, quinn: Participant) -> Participant:
    """Pat, who agreed to everything, came and answered, as Quinn did."""
    for person in (pat, quinn):
        for kind in (ConsentKind.SUMMARIES, ConsentKind.RESEARCH, ConsentKind.STUDIES):
            consents(person, kind)
    today = timezone.localdate()
    attended_together([pat, quinn], today - dt.timedelta(days=3))
    sent_form(AssessmentFactory(participant=pat), answers_of(3), on=today)
    return pat


def counted(programme: Programme) -> tuple[set[int], set[int], set[int]]:
    """Who is counted in a summary built now, could be in an extract, and in the number of a study."""
    summary = set(cohort_of(programme, as_at=timezone.localdate()).people.tolist())
    return summary, {one.pk for one in agreeing_people(programme)}, {one.pk for one in willing(programme)}


def test_confirmed_they_count_nowhere_and_erased_their_answers_are_gone(
    agreeing: Participant, quinn: Participant
) -> None:
    both = {agreeing.pk, quinn.pk}
    assert counted(quinn.programme) == (both, both, both), "they counted before"
    confirm(ask(agreeing))
    assert counted(quinn.programme) == ({quinn.pk},) * 3, "from the confirmation on, not only once it is done"
    erase_person(person=agreeing.person, by=System.WORKER)
    assert counted(quinn.programme) == ({quinn.pk},) * 3
    assert not may_be_told(agreeing)
    assert not (Score.objects.exists() or Response.objects.exists())
    assert Attendance.objects.filter(booking__participant=agreeing).count() == 1, "that somebody came stays"


def test_who_came_back_with_a_backup_takes_part_nowhere_after_being_erased_again(
    agreeing: Participant, quinn: Participant
) -> None:
    session = SessionFactory(programme=agreeing.programme, places_taken=1)
    place = BookingFactory(participant=agreeing, session=session)
    erase_person(person=agreeing.person, by=System.COMMAND)
    place.refresh_from_db(), session.refresh_from_db(), agreeing.refresh_from_db()
    assert (place.state, session.places_taken) == (BookingState.CANCELLED, 0)
    assert agreeing.status == ParticipantStatus.WITHDRAWN
    assert counted(quinn.programme) == ({quinn.pk},) * 3
    ended = consents_in_force(agreeing).values()
    assert {(event.given, event.mode, event.by_id) for event in ended} == {(False, "erased", agreeing.person_id)}


def test_an_extract_that_nobody_took_is_deleted_and_one_that_left_stays_as_it_was(
    agreeing: Participant, quinn: Participant, dee: User
) -> None:
    project = project_of(agreeing.programme, dee.person)
    waiting, of_others = built_for(project, agreeing, quinn), built_for(project, quinn)
    left = built_for(project, agreeing, state=ExtractState.TAKEN, taken_at=timezone.now(), taken_by=dee.person)
    confirm(ask(agreeing))
    states = [row.state for row in (waiting, of_others, left) if row.refresh_from_db() is None]
    assert states == [ExtractState.DISCARDED, ExtractState.BUILT, ExtractState.TAKEN]
    assert len(extracts_that_held(quinn)) == 2


def test_it_waits_while_something_that_came_to_light_is_looked_into(pat: Participant, dee: User) -> None:
    confirm(ask(pat))
    ErasureRequest.objects.update(confirmed_at=timezone.now() - asking.LONGEST_WAIT)
    concern = ConcernFactory(participant=pat, programme=pat.programme, reported_by=dee.person)
    assert asking.erase_confirmed(by=System.WORKER) == 0
    concern.notes.create(step="closed", words="Seen to.", by=dee.person)
    assert asking.erase_confirmed(by=System.WORKER) == 1
