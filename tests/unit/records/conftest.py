"""One person of whom every word that is held is marked, in every table, and another one who is marked otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.fields import EncryptedJSONField
from accounts.history import log_read
from accounts.models import BrowserSession, Channel, ContactPoint, Person, User
from classes.models import (
    CalendarFeed,
    CompanionMark,
    Guest,
    IdempotencyKey,
    Offer,
    OfferKind,
    Rehearsal,
    Session,
)
from instructors.models import Instructor
from messaging.models import (
    Bounce,
    Call,
    CallEnd,
    ChosenWay,
    MessageStep,
    OptOut,
    Task,
)
from outcomes.models import GoalRating
from participants.models import (
    ContactStop,
    EligibilityDecision,
    EnrolmentPause,
    Equality,
    Participant,
    ReferBack,
    ReferBackEnd,
    Registration,
)
from records.models import RecordCopy
from records.reach import held_in, history_of, model_of, rows_of
from records.tables import TABLES, Table
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import EnrolmentFactory
from tests.structure.marked import Marked
from tests.structure.routes import World, make_world

BY_LABEL = {table.label: table for table in TABLES}
WORD, OTHER, HELPER = "Zanzibella", "Xylophon", "Quokkabert"
SHORT = "Zz9"  # where a field is too short for the word
TEXT = (models.CharField, models.TextField, models.JSONField, EncryptedJSONField)
# Each from a list in the code, in rows that erasing keeps: nothing that anybody typed.
CODES = {
    ("accounts.AccessLog", "purpose"), ("accounts.AccessLog", "what"), ("messaging.Call", "checked"),
    ("messaging.Call", "scopes"), ("classes.Booking", "end_reason"), ("outcomes.Score", "scale"),
    ("outcomes.Score", "reason"), ("outcomes.Score", "flags"), ("messaging.Task", "kind"),
    ("messaging.Task", "outcome"), ("messaging.TaskAttempt", "outcome"), ("participants.Enrolment", "end_reason"),
    ("participants.Participant", "area"), ("participants.Participant", "source"),
}  # fmt: skip


@dataclass
class Whole:
    """`marked`: each field of each table in which the word of the person stands."""

    world: World
    pat: Participant
    quinn: Participant
    marked: set[tuple[str, str]] = field(default_factory=set)


@pytest.fixture
def whole(
    pat: Participant, quinn: Participant, sam: User, ines: Instructor, ivor: Instructor, dee: User, clare: User,
    omar: User,
) -> Whole:  # fmt: skip
    users = {"pat": pat.person.user, "quinn": quinn.person.user, "sam": sam, "ines": ines.person.user}
    world = make_world(users | {"dee": dee, "clare": clare, "omar": omar}, pat=pat, ines=ines)
    made = Whole(world, pat, quinn)
    Marked(WORD, "+447700900001").mark_everything(pat, world.supporter, by=clare.person)
    rename(sam.person, HELPER)
    over = SessionFactory(programme=pat.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(days=3))
    Marked(WORD, "+447700900001").mark_in_class(BookingFactory(session=over, participant=pat), by=ines.person)
    Guest.objects.filter(name__startswith=WORD).update(participant=pat)
    for keys in (Task, history_of(BY_LABEL["messaging.Task"])):
        with no_rules():
            keys._default_manager.filter(dedupe_key=WORD).update(dedupe_key="marked")  # as ours: no word in it
    whatever_else(world, by=dee.person)
    rename(quinn.person, OTHER)
    Marked(OTHER, "+447700900002").mark(quinn)
    Session.objects.update(places_taken=models.F("capacity"))  # rows of bookings count no place by themselves
    for table in TABLES:
        stamp(table, made)
    return made


def rename(person: Person, word: str) -> None:
    mark = Marked(word, "+447700900003")
    mark.mark(person)
    mark.mark(person.user, email=f"{word}@example.org".lower(), mobile=None)
    ContactPoint.objects.filter(person=person).update(value=f"{word}@example.org")


def whatever_else(world: World, *, by: Person) -> None:
    """A row in every other table that is about somebody who takes part."""
    pat, person, booking, now = world.pat, world.pat.person, world.booking, timezone.now()
    point = ContactPoint.objects.filter(person=person, channel=Channel.EMAIL).earliest("pk")
    call = Call.objects.create(programme=pat.programme, about=person, caller="self", identified=True, by=by)
    CallEnd.objects.create(call=call)
    MessageStep.objects.create(message=world.message, what="sent")
    Bounce.objects.create(point=point, message=world.message)
    OptOut.objects.create(person=person, topic="questions")
    ChosenWay.objects.create(person=person, matter="reminders", channel="email")
    CalendarFeed.objects.create(participant=pat, token=WORD, token_hash="hash")
    CompanionMark.objects.create(booking=booking, came=True, by=by)
    Offer.objects.create(
        booking=world.waiting,
        kind=OfferKind.values[0],
        expires_at=now + dt.timedelta(days=1),
        state="declined",
        ended_at=now,
    )
    Rehearsal.objects.create(participant=pat, outcome="ready", by=by)
    IdempotencyKey.objects.create(by=person, key="k", body_hash="h", status=200)
    GoalRating.objects.create(goal=world.goal, value=3, by=person)
    registration = Registration.objects.create(
        programme=pat.programme,
        reference="SF-X",
        resume_hash="h",
        status="submitted",
        source="self",
        participant=pat,
        submitted_at=now,
    )
    referred = Registration.objects.exclude(referrer=None)
    referred.update(participant=pat, status="submitted", submitted_at=now)
    EligibilityDecision.objects.create(registration=registration, participant=pat, eligible=True, rules_version="1")
    Equality.objects.update_or_create(participant=pat, defaults={"sex": "female"})
    enrolment = pat.enrolments.first() or EnrolmentFactory(participant=pat)
    EnrolmentPause.objects.create(enrolment=enrolment, starts_on=timezone.localdate(), reason="treatment")
    worry = ReferBack.objects.filter(participant=pat).earliest("at")
    ReferBackEnd.objects.create(refer_back=worry, outcome="cleared")
    EmailAddress.objects.create(user=person.user, email="zanzibella@example.org")
    BrowserSession.objects.create(session_key="k", session_data="", expire_date=now, user=person.user)
    GuestFactory(session=world.session, participant=pat)
    ContactStop.objects.create(
        participant=pat, kind="no_contact", status_before="active", recorded_by=by, undone_at=now, undone_by=by
    )
    RecordCopy.objects.create(person=person, asked_by=person)
    log_read(target=person, purpose="desk", what="person page", by=by)


# --- marking -----------------------------------------------------------------


def words_in(table: Table, model: type[models.Model] | None = None) -> list[models.Field[Any, Any]]:
    """Fields of the table that can hold words about somebody, in its rows or in their history."""
    held = {name for one in held_in(table) for name in one.names}
    return [
        one
        for one in (model or model_of(table))._meta.concrete_fields
        if one.name in held
        and (table.label, one.name) not in CODES
        and isinstance(one, (*TEXT, ArrayField))
        and not one.choices
        and not of_choices(one)
    ]


def of_choices(one: models.Field[Any, Any]) -> bool:
    return isinstance(one, ArrayField) and (bool(one.base_field.choices) or not isinstance(one.base_field, TEXT))


def stamp(table: Table, made: Whole) -> None:
    """Every word of every row that is theirs, and of its history, past the rules of the database."""
    rows = list(rows_of(table, made.pat.person).values_list("pk", flat=True)) if table.ways else []
    for model, lookup in ((model_of(table), "pk"), (history_of(table), "pgh_obj_id")):
        for one in words_in(table, model) if model else []:
            with suppress(IntegrityError), no_rules(), transaction.atomic():  # a code: the database knows them all
                of_another = one.name in table.others.split()
                for pk in rows:
                    value = HELPER if of_another else value_for(one, pk)
                    model._default_manager.filter(**{lookup: pk}).update(**{one.name: value})
                    made.marked |= set() if of_another else {(table.label, one.name)}


def value_for(one: models.Field[Any, Any], pk: object) -> Any:
    if isinstance(one, models.JSONField | EncryptedJSONField):
        return {"said": [WORD]}
    if isinstance(one, ArrayField):
        return [WORD]
    if one.name == "number":
        return "+447700900001"[: one.max_length]
    longest = one.max_length or 100
    if longest > 100:
        return f"{WORD}{pk} {HELPER}"[:longest]
    room = longest - len(WORD)  # the end of the key tells rows apart, its beginning does not
    return f"{WORD}{str(pk)[-room:]}" if room > 0 else SHORT[:longest]


@contextmanager
def no_rules() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
