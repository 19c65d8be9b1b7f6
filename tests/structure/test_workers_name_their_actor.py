"""Every job of the worker and every command is run, with nobody lending it an actor; a new one must be named here.

What makes a forgotten `acting` fail is in tests/actors.py. Here: that no job and
no command goes unrun, and that what each writes names the worker or the command.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Callable
from email.utils import parseaddr
from tempfile import NamedTemporaryFile
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.history import System, acting
from accounts.models import Agreement, Membership
from accounts.permissions import Permission
from classes.models import Concern, CoverRequest, Incident, Session
from instructors.models import Credential, Instructor
from messaging import receipts
from messaging.delivery import MOST_ATTEMPTS
from messaging.models import Message, TaskAlert
from messaging.outgoing import Became
from messaging.worklist import raise_task
from outcomes.extracts import building, taking
from outcomes.extracts.asking import agree, latest_of
from outcomes.models import ExtractCertificate, ExtractState, ReleaseState
from outcomes.releases import release
from participants.models import (
    AccessNeed,
    AreaFifth,
    ClearanceState,
    Enrolment,
    EnrolmentPause,
    Participant,
    ParticipantStatus,
    Phase,
    Referrer,
    Supporter,
)
from records.erasing.ledger import hashes_of
from records.models import ErasureRequest
from tests.actors import PRODUCT
from tests.factories.accounts import AgreementFactory, PersonFactory
from tests.factories.classes import SeriesFactory
from tests.factories.extracts import built_for
from tests.factories.instructors import InstructorFactory
from tests.factories.outcomes import ReleaseFactory, attended
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.structure.routes import World

pytestmark = pytest.mark.django_db
Work = Callable[[World], None]


def job(name: str, **given: Any) -> None:
    """Past what `every` puts around a job: it lets go of old connections, and this one is the test's."""
    work = app.tasks[name].func
    getattr(work, "__wrapped__", work)(**given)


def make_coming_dates(world: World) -> None:
    SeriesFactory(instructor=InstructorFactory(programme=world.pat.programme))
    job("classes.tasks.make_coming_dates")


def move_windows(world: World) -> None:
    attended(world.pat, timezone.localdate() - dt.timedelta(days=20))
    job("outcomes.tasks.move_windows")


def look_at_endings(world: World) -> None:
    """An agreement ends soon, and a task about another one is not needed any more."""
    Agreement.objects.filter(organisation=world.release.organisation).update(ends_on=timezone.localdate())
    job("outcomes.tasks.look_at_endings")


def quarterly_releases(world: World) -> None:
    job("outcomes.tasks.quarterly_releases")


def build_release_job(world: World) -> None:
    asked = ReleaseFactory(
        programme=world.pat.programme, organisation=world.release.organisation, state=ReleaseState.QUEUED
    )
    job(release.BUILD_JOB, release_id=asked.pk)


def build_extract_job(world: World) -> None:
    """Nobody has agreed to it, which is written down."""
    asked = built_for(world.project, state=ExtractState.QUEUED, built_at=None)
    job(building.BUILD_JOB, extract_id=asked.pk)


def look_at_extracts(world: World) -> None:
    """What Pat was in runs out soon."""
    with time_machine.travel(timezone.now() + dt.timedelta(days=350)):
        job("outcomes.tasks.look_at_extracts")


def destroy_extract_key(world: World) -> None:
    ended = {"reference": "C-1", "destroyed_on": timezone.localdate(), "by": world.users["dee"].person}
    ExtractCertificate.objects.create(project=world.project, **ended)
    job(taking.DESTROY_JOB, project_id=world.project.pk)


def erase_confirmed(world: World) -> None:
    """Of somebody about whom nothing is open."""
    sam, long_ago = world.supporter.person, timezone.now() - dt.timedelta(days=15)
    ErasureRequest.objects.create(person=sam, asked_by=sam, confirmed_by=sam, confirmed_at=long_ago)
    job("records.tasks.erase_confirmed")


def long_over(world: World) -> None:
    """The programme of everybody ended long ago; as if it had always been so: no history is written."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Session.objects.update(places_taken=5)  # whoever is erased gives places back
        Enrolment.objects.update(starts_on="2016-01-01", ends_on="2016-06-30")
        Participant.objects.update(registered_at=timezone.now() - dt.timedelta(days=3650))
        Concern.objects.all().delete()
        Incident.objects.all().delete()
        cursor.execute("SET LOCAL session_replication_role = origin")


def keep_no_longer(world: World) -> None:
    long_over(world)
    job("records.tasks.keep_no_longer")


def retention_command(world: World) -> None:
    long_over(world)
    call_command("retention", stdout=io.StringIO())


def erase_again(world: World) -> None:
    Session.objects.filter(pk=world.session.pk).update(places_taken=1)  # theirs, which is given back
    with NamedTemporaryFile("w", suffix=".ledger") as file:
        file.write(json.dumps({"person": hashes_of(world.pat.person)[0]}))
        file.flush()
        call_command("erase_again", file.name, stdout=io.StringIO())


def alert_about_dates_without_cover(world: World) -> None:
    """The class begins in an hour, and nobody has taken it."""
    CoverRequest.objects.update(session=world.session)
    Session.objects.filter(pk=world.session.pk).update(starts_at=timezone.now() + dt.timedelta(minutes=30))
    job("classes.tasks.alert_about_dates_without_cover")


def ask_about_classes_without_leader(world: World) -> None:
    """It has begun, somebody has a place, and nobody is there."""
    now = timezone.now()
    begun = {"starts_at": now - dt.timedelta(minutes=20), "ends_at": now + dt.timedelta(minutes=20)}
    Session.objects.filter(pk=world.session.pk).update(**begun)
    job("classes.tasks.ask_about_classes_without_leader")


def look_at_who_leads(world: World) -> None:
    """Ines leads a class of tomorrow, and what it needs has run out."""
    _ran_out(world)
    job("classes.tasks.look_at_who_leads")


def look_at_who_leads_soon(world: World) -> None:
    _ran_out(world)
    job("classes.tasks.look_at_who_leads_soon")


def look_at_what_runs_out(world: World) -> None:
    """A task for the desk, and a notice."""
    _ran_out(world)
    job("instructors.tasks.look_at_what_runs_out")


def _ran_out(world: World) -> None:
    """The class is tomorrow at whatever hour this runs."""
    starts_at = timezone.now() + dt.timedelta(hours=30)
    Session.objects.filter(pk=world.session.pk).update(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1))
    kind = world.session.class_type
    kind.credentials_needed = ["dbs"]
    kind.save()
    Credential.objects.filter(instructor=world.instructor, kind="dbs").update(expires_on=timezone.localdate())


def ask_anew_job(world: World) -> None:
    """Another partner's stands ready when one is published."""
    agreed = AgreementFactory(programme=world.release.programme)
    ReleaseFactory(programme=agreed.programme, organisation=agreed.organisation, state=ReleaseState.BUILT)
    job(release.ANEW_JOB, programme_id=world.release.programme_id)


def release_places_kept_back(world: World) -> None:
    Session.objects.filter(pk=world.session.pk).update(reserved=2, release_hours=24)
    job("classes.tasks.release_places_kept_back")


def ask_about_classes_with_few(world: World) -> None:
    """One has booked, and the class wants three."""
    Session.objects.filter(pk=world.session.pk).update(minimum=3)
    job("classes.tasks.ask_about_classes_with_few")


def ask_about_fewer_contacts(world: World) -> None:
    """Pat has been here for a month in which a class a week was planned, and came to none."""
    Phase.objects.create(
        programme=world.pat.programme, order=90, name="First", weeks=26, contacts_least=1, contacts_most=1
    )
    began = timezone.now() - dt.timedelta(weeks=9)
    Enrolment.objects.filter(participant=world.pat).update(starts_on=began.date())
    ClearanceFactory(participant=world.pat, decided_at=began, valid_from=began.date())
    job("classes.tasks.ask_about_fewer_contacts")


def judge_held_places(world: World) -> None:
    """Nothing has changed but the date."""
    lost_clearance(world)
    job("classes.tasks.judge_held_places")


def free_places_that_do_not_stand(world: World) -> None:
    """The class is less than a day away."""
    Session.objects.filter(pk=world.session.pk).update(places_taken=1)
    lost_clearance(world)
    job("classes.tasks.free_places_that_do_not_stand")


def move_waiting_lists_on(world: World) -> None:
    """The class has begun, and somebody waits for it."""
    Session.objects.filter(pk=world.later.pk).update(
        starts_at=timezone.now() - dt.timedelta(minutes=1), ends_at=timezone.now() + dt.timedelta(hours=1)
    )
    job("classes.tasks.move_waiting_lists_on")


def lost_clearance(world: World) -> None:
    ClearanceFactory(participant=world.pat, state=ClearanceState.PAUSED, valid_until=None)


def ask_about_health_again(world: World) -> None:
    ClearanceFactory(participant=world.pat, valid_until=timezone.localdate() + dt.timedelta(days=1))
    job("participants.tasks.ask_about_health_again")


def ask_after_breaks(world: World) -> None:
    today = timezone.localdate()
    Participant.objects.filter(pk=world.pat.pk).update(status=ParticipantStatus.PAUSED)
    EnrolmentPause.objects.create(
        enrolment=world.pat.enrolments.get(), starts_on=today - dt.timedelta(days=9), reason="away", review_on=today
    )
    job("participants.tasks.ask_after_breaks")


def ask_about_access_needs(world: World) -> None:
    """Of somebody whom nothing that we send reaches: a task for the desk."""
    pat = world.pat.person
    AccessNeed.objects.create(person=pat, kind="braille", recorded_by=pat, review_on=timezone.localdate())
    job("participants.tasks.ask_about_access_needs")


def end_help_that_ran_out(world: World) -> None:
    Supporter.objects.filter(pk=world.supporter.pk).update(ends_at=timezone.now())
    job("participants.tasks.end_help_that_ran_out")


def write_to_the_referred_and_their_referrers(world: World) -> None:
    """Somebody has joined whose referrer may hear of it and has an address that is none: a task for the desk."""
    Referrer.objects.filter(pk=world.referral.pk).update(may_be_told=True, email="nobody")
    job("participants.tasks.write_to_the_referred_and_their_referrers")


def place_people_in_fifths(world: World) -> None:
    AreaFifth.objects.create(postcode=world.pat.postcode, fifth=2)
    job("participants.tasks.place_people_in_fifths")


def load_fifths(world: World) -> None:
    with NamedTemporaryFile("w", suffix=".csv") as file:
        file.write(f"postcode,fifth\n{world.pat.postcode},2\n")
        file.flush()
        call_command("load_fifths", file.name)


def ask_about_emergency_contacts(world: World) -> None:
    """Nobody is noted for Pat."""
    Participant.objects.filter(pk=world.pat.pk).update(emergency_phone="")
    job("participants.tasks.ask_about_emergency_contacts")


def ask_for_letters_to_clinical_teams(world: World) -> None:
    """Pat has agreed, named somebody, and started."""
    job("participants.tasks.ask_for_letters_to_clinical_teams")


def tell_of_ends(world: World) -> None:
    """Pat is in the last of the weeks that the programme has."""
    Enrolment.objects.filter(participant=world.pat).update(starts_on=timezone.localdate() - dt.timedelta(weeks=25))
    job("participants.tasks.tell_of_ends")


def sign_out_after_the_last_day(world: World) -> None:
    """Ines's role came to its end a minute ago."""
    over = timezone.now() - dt.timedelta(minutes=1)
    Membership.objects.filter(user=world.users["ines"]).update(ends_at=over)
    job("messaging.tasks.sign_out_after_the_last_day")


def deliver(world: World) -> None:
    """A message whose last try was cut short: a task for the desk, at any hour."""
    world.message.attempts = MOST_ATTEMPTS
    world.message.save()
    job("messaging.tasks.deliver")


def ask_what_became_of_texts(world: World) -> None:
    """A text that came back after its last try."""
    now = timezone.now()
    sent = {"state": "sent", "channel": "text", "sent_as": "0", "ask_at": now, "finished_at": now}
    Message.objects.filter(pk=world.message.pk).update(
        kind="registered", subject_id=world.pat.pk, attempts=MOST_ATTEMPTS, **sent
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "text_gateway", lambda: AllComeBack())
        job("messaging.tasks.ask_what_became_of_texts")


class AllComeBack:
    def became_of(self, sent_as: str) -> Became:
        return Became.NEVER


def tell_the_next_on_call(world: World) -> None:
    """Nobody has taken something that cannot wait: told to whoever is on call, in no row whose history is kept."""
    raise_task(
        programme=world.pat.programme,
        kind="not_well_call",
        due_at=timezone.now(),
        dedupe_key="urgent",
        urgent_for=Permission.WORK_AT_DESK,
        by=System.WORKER,
    )
    job("messaging.tasks.tell_the_next_on_call")
    assert TaskAlert.objects.get().on_call


def grant(world: World) -> None:
    call_command("grant", "new@example.org", "coordinator", programme="wessex", name="New Newcomer")


def build_release_command(world: World) -> None:
    with acting(System.COMMAND, "tests.agree"):
        agreed = AgreementFactory(programme__slug="another", organisation=world.release.organisation)
    call_command("build_release", "--programme", "another", "--organisation", agreed.organisation.slug)


def build_extract_command(world: World) -> None:
    """Two agree first; then too few people do."""
    for name in ("clare", "ada"):
        agree(specification=latest_of(world.project), by=world.users[name].person)
    with pytest.raises(CommandError, match="too_few"):
        call_command("build_extract", str(world.project.pk))


def bring_list(world: World) -> None:
    """A class that Ines leads, of a kind that is there."""
    kind = world.session.class_type
    first = timezone.localdate() + dt.timedelta(days=30)
    name = Instructor.objects.get(person__user=world.users["ines"]).person.full_name
    row = f"{kind.name},{name},{first:%A},07:00,45,{first},{first},5,https://meet.example/x"
    with NamedTemporaryFile("w+", suffix=".csv") as file:
        file.write(f"Class type,Instructor,Weekday,Start,Minutes,First date,Last date,Places,Link\n{row}\n")
        file.flush()
        call_command("bring_list", "timetable", file.name, "--programme", "wessex", "--hold-on-days-off", "--for-real")


def read_bounce(world: World) -> None:
    """An email comes back, of somebody who is reached in no other way."""
    name = "0" * 32
    Message.objects.filter(pk=world.message.pk).update(
        kind="registered", subject_id=world.pat.pk, attempts=1, state="sent", channel="email", sent_as=name
    )
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    told = (
        'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n'
        f"Original-Envelope-Id: {name}@{domain}\n\nFinal-Recipient: rfc822; x\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(told.encode())))
        call_command("read_bounce")


def ask_about_people_alike(world: World) -> None:
    """Somebody of Pat's name and day of birth has registered."""
    twin = PersonFactory(given_name=world.pat.person.given_name, family_name=world.pat.person.family_name)
    ParticipantFactory(person=twin, programme=world.pat.programme)
    job("records.tasks.ask_about_people_alike")


JOBS: dict[str, Work] = {
    "records.tasks.ask_about_people_alike": ask_about_people_alike,
    "classes.tasks.free_places_that_do_not_stand": free_places_that_do_not_stand,
    "classes.tasks.judge_held_places": judge_held_places,
    "classes.tasks.ask_about_classes_with_few": ask_about_classes_with_few,
    "classes.tasks.ask_about_fewer_contacts": ask_about_fewer_contacts,
    "classes.tasks.release_places_kept_back": release_places_kept_back,
    "classes.tasks.alert_about_dates_without_cover": alert_about_dates_without_cover,
    "classes.tasks.ask_about_classes_without_leader": ask_about_classes_without_leader,
    "classes.tasks.look_at_who_leads": look_at_who_leads,
    "classes.tasks.look_at_who_leads_soon": look_at_who_leads_soon,
    "instructors.tasks.look_at_what_runs_out": look_at_what_runs_out,
    "classes.tasks.move_waiting_lists_on": move_waiting_lists_on,
    "classes.tasks.make_coming_dates": make_coming_dates,
    "messaging.tasks.ask_what_became_of_texts": ask_what_became_of_texts,
    "messaging.tasks.deliver": deliver,
    "messaging.tasks.sign_out_after_the_last_day": sign_out_after_the_last_day,
    "messaging.tasks.tell_the_next_on_call": tell_the_next_on_call,
    "outcomes.tasks.move_windows": move_windows,
    "outcomes.tasks.look_at_endings": look_at_endings,
    "outcomes.tasks.quarterly_releases": quarterly_releases,
    "participants.tasks.ask_about_health_again": ask_about_health_again,
    "participants.tasks.ask_after_breaks": ask_after_breaks,
    "participants.tasks.end_help_that_ran_out": end_help_that_ran_out,
    "participants.tasks.ask_about_access_needs": ask_about_access_needs,
    "participants.tasks.write_to_the_referred_and_their_referrers": write_to_the_referred_and_their_referrers,
    "participants.tasks.place_people_in_fifths": place_people_in_fifths,
    "participants.tasks.ask_about_emergency_contacts": ask_about_emergency_contacts,
    "participants.tasks.tell_of_ends": tell_of_ends,
    "participants.tasks.ask_for_letters_to_clinical_teams": ask_for_letters_to_clinical_teams,
    release.BUILD_JOB: build_release_job,
    release.ANEW_JOB: ask_anew_job,
    building.BUILD_JOB: build_extract_job,
    taking.DESTROY_JOB: destroy_extract_key,
    "outcomes.tasks.look_at_extracts": look_at_extracts,
    "records.tasks.erase_confirmed": erase_confirmed,
    "records.tasks.keep_no_longer": keep_no_longer,
}
COMMANDS: dict[str, Work] = {
    "grant": grant,
    "build_release": build_release_command,
    "build_extract": build_extract_command,
    "bring_list": bring_list,
    "load_fifths": load_fifths,
    "read_bounce": read_bounce,
    "erase_again": erase_again,
    "retention": retention_command,
}
# They touch no row whose history is kept: the queue's own rows, messages, sessions, counts of tries, answers to
# repeated requests, drafts, files, output, scores (which are only added), and what a programme is made of (its phases
# and texts are versions, which never change but for the limit of a week).
NO_HISTORY = {
    "participants.tasks.forget_unfinished_registrations",
    "messaging.tasks.retry_stalled",
    "messaging.tasks.forget_old_jobs",
    "messaging.tasks.send_sign_in_code",
    "messaging.tasks.send_sign_in_letter",
    "messaging.tasks.tell_whose_role_ends",
    "messaging.tasks.forget_sessions_and_counts",
    "classes.tasks.forget_old_requests",
    "classes.tasks.forget_where_people_were",
    "outcomes.tasks.forget_old_comments",
    "messaging.tasks.forget_what_was_said_of_pages",
    "instructors.tasks.forget_old_evidence",
    "records.make_copy",
    "records.tasks.forget_copies",
    "records.tasks.forget_requests",
    "erasures",
    "classes.tasks.ask_for_same_day_checks",
    "classes.tasks.remind_of_classes",
    "data_map",
    "states",
    "attack_release",
    "down_page",
    "export_release",
    "limit_week",
    "reach_database",
    "rescore",
    "score_file",
    "setup_programme",
    "work",
}
SEEDING = {"seed_demo", "prepare_demo"}  # run whole, and under the same rule, by tests/journeys/test_summaries.py


def ours(names: dict[str, str]) -> set[str]:
    return {name for name, home in names.items() if home.partition(".")[0] in PRODUCT}


def unnamed(jobs: set[str], commands: set[str]) -> set[str]:
    return (jobs | commands) - {*JOBS, *COMMANDS, *NO_HISTORY, *SEEDING}


def all_jobs() -> set[str]:
    return ours({name: task.func.__module__ for name, task in app.tasks.items()})


def all_commands() -> set[str]:
    return ours({name: str(home) for name, home in get_commands().items()})


def test_every_job_and_every_command_stands_in_a_table():
    assert unnamed(all_jobs(), all_commands()) == set()
    assert {*JOBS, *COMMANDS, *NO_HISTORY, *SEEDING} - all_jobs() - all_commands() == set()


def test_the_check_finds_a_job_and_a_command_that_nobody_put_in_a_table():
    assert unnamed({*all_jobs(), "classes.tasks.tidy"}, {*all_commands(), "merge"}) == {"classes.tasks.tidy", "merge"}


def actors_since(before: dict[str, int]) -> set[str]:
    found: set[str] = set()
    for table, last in before.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT pgh_context->>'by' FROM {table} WHERE pgh_id > %s", [last])
            found |= {actor for (actor,) in cursor.fetchall()}
    return found


def newest_history() -> dict[str, int]:
    newest = {}
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model"):
            last = model.objects.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
            newest[model._meta.db_table] = last or 0
    return newest


@pytest.mark.parametrize("name", JOBS)
def test_what_a_job_writes_names_the_worker(name, world):
    before = newest_history()
    JOBS[name](world)
    assert "system:worker" in actors_since(before) <= {"system:worker", "tests"}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_writes_names_the_command(name, world):
    before = newest_history()
    COMMANDS[name](world)
    assert actors_since(before) == {"system:command"}
