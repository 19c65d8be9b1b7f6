"""Somebody with a row in every table that can name them, twice; and everything that the database holds, as text."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.models import AccessLog, Channel, Person, Programme
from accounts.permissions import Role
from classes.models import (
    AttendanceState,
    Booking,
    BookingState,
    CalendarFeed,
    ConcernNames,
    ConcernNote,
    ConcernStep,
    IdempotencyKey,
    IncidentReview,
    Rehearsal,
    RehearsalOutcome,
    ReviewOutcome,
    Session,
    SessionNote,
    Whereabouts,
)
from messaging.models import Call, ChosenWay, Message, OptOut, ReceivedText, Task
from outcomes.models import Assessment, ExtractMember, Goal, GoalRating, Measure, StudyInvitation
from participants.models import (
    AccessNeed,
    ContactStop,
    DecisionMaker,
    EligibilityDecision,
    Equality,
    HealthProfile,
    NhsNumber,
    Participant,
    ReferBack,
    ReferBackEnd,
    Registration,
)
from records.merging.look import look
from records.merging.merge import merge_records
from records.models import Merge, RecordCopy, TwoPeople
from tests.factories.accounts import ContactPointFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.extracts import built_for, project_of
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.outcomes import AssessmentFactory, StudyFactory, consents, sent_form
from tests.factories.participants import (
    ClinicalContactFactory,
    ClinicalLetterFactory,
    ParticipantFactory,
    SupporterFactory,
    TreatmentDaysFactory,
)
from tests.factories.symptoms import SymptomCheckFactory

NOT_OURS = ("django_", "procrastinate_", "pghistory_", "auth_")
CHANGES_BY_ITSELF = {"records_merge", "records_mergechange", "accounts_browsersession"}


class Shared:
    """What both records meet in: classes, questionnaires, people around them."""

    def __init__(self, programme: Programme, staff: Person) -> None:
        now = timezone.now()
        self.programme, self.staff = programme, staff
        self.ahead = SessionFactory(programme=programme, starts_at=now + dt.timedelta(days=5), places_taken=2)
        self.past = SessionFactory(programme=programme, starts_at=now - dt.timedelta(days=5), places_taken=2)
        self.walked_in = SessionFactory(programme=programme, starts_at=now - dt.timedelta(days=6))
        self.study = StudyFactory(programme=programme)
        self.extract = built_for(project_of(programme, staff))
        self.concern = ConcernFactory(programme=programme, participant=None, reported_by=staff)
        ConcernNote.objects.create(concern=self.concern, step=ConcernStep.CLOSED, words="Seen to.", by=staff)
        self.helper, self.helped = PersonFactory(given_name="Sam"), ParticipantFactory(programme=programme)
        self.third = ParticipantFactory(programme=programme)


def lives(participant: Participant, shared: Shared, **differs: Any) -> Participant:
    """Rows in every table that can name somebody who takes part."""
    _as_a_person(participant.person, shared)
    _in_the_programme(participant, shared)
    _in_classes(participant, shared, differs.get("mark", AttendanceState.ABSENT_TOLD))
    _answers(participant, shared, differs.get("sent", 3))
    return participant


def _as_a_person(person: Person, shared: Shared) -> None:
    user = UserFactory(person=person)
    MembershipFactory(user=user, role=Role.PARTICIPANT.value, programme=shared.programme)
    ContactPointFactory(person=person, channel=Channel.PHONE, value="+441632960111")
    ContactPointFactory(person=person, value=user.email, preferred=False)
    AccessLog.objects.create(by=person, target=person, purpose="own", what="own record")
    OptOut.objects.create(person=person, topic="questions")
    ChosenWay.objects.create(person=person, matter="offers", channel="text")
    ReceivedText.objects.create(
        carrier_id=str(uuid4()), programme=shared.programme, person=person, number="+441632960111", words="Yes"
    )
    called = {"programme": shared.programme, "identified": True, "by": shared.staff}
    Call.objects.create(about=person, caller="self", **called)
    Call.objects.create(about=shared.helped.person, caller="helper", helper=person, **called)
    Message.objects.create(programme=shared.programme, person=person, kind="made_up", dedupe_key=str(uuid4()))
    Task.objects.create(
        programme=shared.programme, kind="call", about=person, due_at=timezone.now(), dedupe_key=str(uuid4())
    )
    AccessNeed.objects.create(person=person, kind="hearing_loop", recorded_by=person, review_on=timezone.localdate())
    SupporterFactory(participant=shared.helped, person=person)
    ConcernNames.objects.create(concern=shared.concern, person=person)
    IdempotencyKey.objects.create(by=person, key="same", body_hash="0", status=200)
    RecordCopy.objects.create(person=person, asked_by=person, failed_at=timezone.now())
    TwoPeople.objects.create(one=person, other=shared.third.person, by=shared.staff)
    TwoPeople.objects.create(one=shared.helped.person, other=person, by=shared.staff)


def _in_the_programme(participant: Participant, shared: Shared) -> None:
    person, now, staff = participant.person, timezone.now(), shared.staff
    Equality.objects.update_or_create(participant=participant, defaults={"sex": "female"})
    Participant.objects.filter(pk=participant.pk).update(
        entered_by=person, emergency_confirmed_by=person, emergency_confirmed_at=now
    )
    NhsNumber.objects.create(participant=participant, number="9434765919", ending="5919", noted_by=person)
    team = ClinicalContactFactory(participant=participant, noted_by=person)
    ClinicalContactFactory(participant=participant, noted_by=person, name="Before", ended_at=now, ended_by=person)
    ClinicalLetterFactory(participant=participant, contact=team, sent_by=staff)
    DecisionMaker.objects.create(
        participant=participant, name="Mo", relationship="son", phone="01632 960111", ground="advocate",
        seen_by=staff, seen_on=now.date(), recorded_by=staff, ended_at=now, ended_by=staff,
    )  # fmt: skip
    consents(participant)
    SupporterFactory(participant=participant, person=shared.helper)
    draft = {"programme": shared.programme, "source": "desk", "entered_by": person, "participant": participant}
    Registration.objects.create(reference=uuid4().hex[:12], resume_hash=uuid4().hex, **draft)
    HealthProfile.objects.create(participant=participant, wording_version="1", answers={"bones": "none"}, by=person)
    EligibilityDecision.objects.create(participant=participant, eligible=True, rules_version="1")
    ContactStop.objects.create(
        participant=participant, kind="no_contact", status_before="active", recorded_by=staff,
        undone_at=now, undone_by=staff,
    )  # fmt: skip
    TreatmentDaysFactory(participant=participant)
    worry = ReferBack.objects.create(participant=participant, why="Dizzy.", by=staff)
    ReferBackEnd.objects.create(refer_back=worry, outcome="cleared", by=staff)
    Merge.objects.create(
        kept=participant, gone_key=0, gone_person_key=0, name="Old Name", reference="SF-OLD", by=staff,
        undone_at=now, undone_by=staff,
    )  # fmt: skip


def _in_classes(participant: Participant, shared: Shared, mark: str) -> None:
    person, staff = participant.person, shared.staff
    ahead = BookingFactory(session=shared.ahead, participant=participant)
    past = BookingFactory(session=shared.past, participant=participant)
    waits = SessionFactory(programme=shared.programme, starts_at=timezone.now() + dt.timedelta(days=9))
    BookingFactory(session=waits, participant=participant, state=BookingState.WAITING)
    gone = BookingFactory(
        session=waits, participant=participant, state=BookingState.CANCELLED, ended_at=timezone.now(), ended_by=person
    )
    assert isinstance(gone, Booking)
    AttendanceFactory(booking=past, state=mark, by=staff)
    came = GuestFactory(session=shared.walked_in, participant=participant)
    AttendanceFactory(booking=None, guest=came, by=staff)
    SymptomCheckFactory(booking=ahead)
    SessionNote.objects.create(session=shared.past, participant=participant, plan="Gently.", by=staff)
    Whereabouts.objects.create(booking=ahead, at_home=True, address="Here", phone="01632", alone=True, by=person)
    Rehearsal.objects.create(participant=participant, outcome=RehearsalOutcome.READY, by=person)
    CalendarFeed.objects.create(participant=participant, token=uuid4().hex, token_hash=uuid4().hex)
    report = IncidentFactory(session=shared.past, participant=participant, reported_by=staff)
    IncidentReview.objects.create(incident=report, outcome=ReviewOutcome.NOTHING_TO_CHANGE, learned="-", by=staff)
    worry = ConcernFactory(participant=participant, reported_by=person)
    ConcernNote.objects.create(concern=worry, step=ConcernStep.CLOSED, words="Seen to.", by=staff)


def _answers(participant: Participant, shared: Shared, sent: int) -> None:
    """Sent so many days ago."""
    person, today = participant.person, timezone.localdate()
    asked: Assessment = AssessmentFactory(participant=participant)
    sent_form(asked, {}, on=today - dt.timedelta(days=sent))
    goal = Goal.objects.create(participant=participant, words="Walk to the shop.", set_by=person)
    GoalRating.objects.create(goal=goal, value=4, by=person)
    Measure.objects.create(
        participant=participant, kind="sts_30", result="done", value=9, safety_version="1", measured_on=today, by=person
    )
    ExtractMember.objects.create(extract=shared.extract, participant=participant)
    StudyInvitation.objects.create(study=shared.study, participant=participant)


def person_twice(programme: Programme, staff: Person, **of_the_other: Any) -> tuple[Participant, Participant]:
    """One who stays and one who goes, of the same name, each with a row wherever there can be one."""
    shared = Shared(programme, staff)
    keep, gone = (
        ParticipantFactory(
            person=PersonFactory(given_name="Pat", family_name="Twice"), programme=programme, enrolled_from=from_
        )
        for from_ in (timezone.localdate() - dt.timedelta(days=days) for days in (30, 10))
    )
    lives(keep, shared)
    lives(gone, shared, mark=AttendanceState.ATTENDED, sent=5, **of_the_other)
    assert isinstance(shared.ahead, Session)
    for one in (keep, gone):
        one.refresh_from_db()
    return keep, gone


def merged(keep: Participant, gone: Participant, by: Person) -> Merge:
    """Looked at, and put together."""
    found = look(keep=keep, gone=gone, by=by)
    return merge_records(keep=keep, gone=gone, looked_at=found.fingerprint, by=by)


def everything(*, without: tuple[str, ...] = ()) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of every table but history and what libraries keep, by table and key, as the database writes it."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if hasattr(model, "pgh_tracked_model") or table.startswith(NOT_OURS) or not model._meta.managed:
            continue
        if table in CHANGES_BY_ITSELF or table in without:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{model._meta.pk.column}"::text, to_jsonb(t) FROM "{table}" t')
            found[table] = {key: _plain(row) for key, row in cursor.fetchall()}
    return found


def _plain(row: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(row) if isinstance(row, str) else row
    read.pop("facts_version", None)  # it never falls: whoever judged before judges again
    read.pop("version", None)
    return read
