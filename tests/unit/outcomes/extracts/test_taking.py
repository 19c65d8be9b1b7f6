from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from procrastinate.testing import InMemoryConnector

from accounts.history import System
from accounts.models import AccessLog, User
from messaging.models import Task, TaskState
from outcomes import tasks
from outcomes.extracts.asking import agree, ask_for_change
from outcomes.extracts.building import build_extract, request_extract
from outcomes.extracts.keys import destroy_key
from outcomes.extracts.taking import (
    DESTROY_JOB,
    EXPIRES,
    AgreeNoMore,
    EndedBefore,
    NotDestroyedYet,
    NotThere,
    TakenBefore,
    destroy_key_of,
    destroy_keys_left,
    extracts_that_held,
    look_at_expiry,
    record_certificate,
    take_extract,
)
from outcomes.models import Extract, ExtractBundle, ExtractCertificate, ExtractState, ResearchProject
from participants.models import ConsentKind, Participant
from tests.factories.extracts import opened, wanted
from tests.factories.outcomes import consents

pytestmark = pytest.mark.django_db


@pytest.fixture
def extract(project: ResearchProject, members: list[Participant]) -> Extract:
    return build_extract(extract=request_extract(project=project, by=System.WORKER), by=System.WORKER)


def ahead(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_it_is_taken_once_and_is_not_here_any_more(extract: Extract, clare: User, dee: User) -> None:
    assert "person.csv" in opened(take_extract(extract=extract, by=clare.person))
    assert (extract.state, extract.taken_by) == (ExtractState.TAKEN, clare.person)
    assert not ExtractBundle.objects.exists()
    log = AccessLog.objects.get(purpose="research")
    assert (log.by, log.target, log.what) == (clare.person, None, f"extract {extract.pk}")
    with pytest.raises(TakenBefore) as refused:
        take_extract(extract=extract, by=dee.person)
    assert (refused.value.who, refused.value.at) == (clare.person, extract.taken_at)
    assert AccessLog.objects.filter(purpose="research").count() == 1


def test_whoever_takes_back_their_consent_is_handed_to_nobody(
    extract: Extract, members: list[Participant], clare: User
) -> None:
    consents(members[0], ConsentKind.RESEARCH, given=False)
    with pytest.raises(AgreeNoMore):
        take_extract(extract=extract, by=clare.person)
    assert ExtractBundle.objects.exists()  # what is refused changes nothing
    look_at_expiry(on=ahead(0))
    extract.refresh_from_db()
    assert (extract.state, ExtractBundle.objects.exists()) == (ExtractState.DISCARDED, False)
    assert extracts_that_held(members[0])[0].is_deleted and not AccessLog.objects.filter(purpose="research").exists()
    with pytest.raises(NotThere):
        take_extract(extract=extract, by=clare.person)


def test_nothing_is_taken_that_is_not_built_or_has_run_out(
    project: ResearchProject, extract: Extract, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = request_extract(project=project, by=dee.person)
    with pytest.raises(NotThere):
        take_extract(extract=queued, by=dee.person)
    late = ahead(366)
    monkeypatch.setattr("outcomes.extracts.taking.timezone.localdate", lambda *_: late)
    with pytest.raises(NotThere):
        take_extract(extract=extract, by=dee.person)


def test_the_desk_is_asked_four_weeks_before_it_runs_out_once_and_by_the_latest_day(
    extract: Extract, dee: User, clare: User, ada: User
) -> None:
    assert look_at_expiry(on=ahead(336), by=System.WORKER) == 0
    assert look_at_expiry(on=ahead(337), by=System.WORKER) == 1
    look_at_expiry(on=ahead(338), by=System.WORKER)
    task = Task.objects.get(kind=EXPIRES)
    assert (task.subject_id, task.context["on"]) == (extract.project_id, ahead(365).isoformat())
    assert timezone.localdate(task.due_at) == ahead(365)
    longer = ask_for_change(project=extract.project, wanted=wanted(expires_on=ahead(500)), by=dee.person)
    assert look_at_expiry(on=ahead(340), by=System.WORKER) == 1  # nobody has agreed to that
    for user in (clare, ada):
        agree(specification=longer, by=user.person)
    build_extract(extract=request_extract(project=extract.project, by=System.WORKER), by=System.WORKER)
    assert look_at_expiry(on=ahead(340), by=System.WORKER) == 0
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


def test_what_nobody_took_in_time_is_deleted_and_no_longer_asked_about(extract: Extract) -> None:
    look_at_expiry(on=ahead(365), by=System.WORKER)
    assert ExtractBundle.objects.exists()
    look_at_expiry(on=ahead(366), by=System.WORKER)
    extract.refresh_from_db()
    assert (extract.state, ExtractBundle.objects.count()) == (ExtractState.DISCARDED, 0)
    assert Task.objects.get(kind=EXPIRES).state == TaskState.CANCELLED


def test_a_certificate_ends_the_project_and_the_worker_destroys_its_key(
    extract: Extract, dee: User, keys: Path, queue: InMemoryConnector
) -> None:
    project = extract.project
    look_at_expiry(on=ahead(350), by=System.WORKER)
    (path,) = keys.iterdir()
    destroy_key_of(project.pk, by=System.WORKER)
    assert path.exists()  # not before there is a certificate
    with pytest.raises(NotDestroyedYet):
        record_certificate(project=project, reference="C-1", destroyed_on=ahead(1), by=dee.person)
    record_certificate(project=project, reference="C-1", destroyed_on=ahead(0), by=dee.person)
    extract.refresh_from_db()
    assert (extract.state, ExtractBundle.objects.count()) == (ExtractState.DISCARDED, 0)
    assert Task.objects.get(kind=EXPIRES).state == TaskState.CANCELLED
    assert [job["task_name"] for job in queue.jobs.values()].count(DESTROY_JOB) == 1
    assert path.exists()
    destroy_keys_left(by=System.WORKER)  # as if the job were lost
    assert not path.exists()
    destroy_key_of(project.pk, by=System.WORKER)
    project.refresh_from_db()
    assert (path.exists(), project.key_destroyed_at is not None) == (False, True)
    destroy_key(project)
    with pytest.raises(EndedBefore):
        record_certificate(project=project, reference="C-2", destroyed_on=ahead(0), by=dee.person)


def test_a_certificate_is_never_rewritten(extract: Extract, dee: User) -> None:
    record_certificate(project=extract.project, reference="C-1", destroyed_on=ahead(0), by=dee.person)
    for change in (lambda: ExtractCertificate.objects.update(reference="C-2"), ExtractCertificate.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_each_person_is_told_which_extracts_they_were_in_after_they_took_back_their_consent_too(
    extract: Extract, members: list[Participant], pat: Participant, dee: User
) -> None:
    consents(members[0], ConsentKind.RESEARCH, given=False)
    (held,) = extracts_that_held(members[0])
    assert (held.project, held.recipient, held.made_at) == (wanted().title, "Wessex University", extract.built_at)
    assert (held.purpose, held.went_at, held.is_deleted, held.ended_on) == (wanted().purpose, None, False, None)
    record_certificate(project=extract.project, reference="C-1", destroyed_on=ahead(0), by=dee.person)
    (held,) = extracts_that_held(members[0])
    assert (held.went_at, held.is_deleted, held.ended_on) == (None, True, ahead(0))
    assert extracts_that_held(pat) == []


def test_the_jobs_do_the_work(project: ResearchProject, members: Any, dee: User, keys: Path) -> None:
    extract = request_extract(project=project, by=dee.person)
    tasks.build_extract(extract.pk)
    extract.refresh_from_db()
    assert extract.state == ExtractState.BUILT
    record_certificate(project=project, reference="C-1", destroyed_on=ahead(0), by=dee.person)
    tasks.destroy_extract_key(project.pk)
    assert list(keys.iterdir()) == []
