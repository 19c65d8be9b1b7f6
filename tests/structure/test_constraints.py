"""Every rule that the database keeps about classes is attacked in SQL, and the database refuses each attack.

What rules there are is asked of the database itself, so that a new one without an attack is found.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from classes.incident_rules import Harm
from classes.models import (
    Arrival,
    BookingState,
    CalendarFeed,
    ClassNote,
    CompanionMark,
    ConcernNames,
    ConcernNote,
    ConcernReading,
    CoverInvitation,
    CoverRequest,
    IdempotencyKey,
    IncidentAddendum,
    IncidentReview,
    Rehearsal,
    RunningLate,
    SessionNote,
    Whereabouts,
)
from tests.factories.classes import (
    AttendanceFactory,
    BookingFactory,
    ClassTypeFactory,
    DaysOffFactory,
    GuestFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.instructors import InstructorFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory
from tests.structure.attacks import ATTACKS, NOT_NEGATIVE, Attack, copied

pytestmark = pytest.mark.django_db

HISTORY = {"insert_insert", "update_update", "delete_delete"}  # write down what happened and refuse nothing
RULES = """
    SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE t.relname = ANY(%(tables)s) AND contype IN ('c', 'u', 'x')
     UNION
    SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     WHERE t.relname = ANY(%(tables)s) AND x.indisunique AND NOT x.indisprimary
     UNION
    SELECT t.relname || '.' || substring(g.tgname FROM '^pgtrigger_(.*)_[0-9a-f]+$')
      FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
     WHERE t.relname = ANY(%(tables)s) AND NOT g.tgisinternal
"""


def tables() -> dict[str, type[models.Model]]:
    return {m._meta.db_table: m for m in apps.get_app_config("classes").get_models() if "pgh_id" not in fields_of(m)}


def fields_of(model: type[models.Model]) -> set[str]:
    return {one.name for one in model._meta.fields}


def rules() -> set[str]:
    """By name; a trigger with its table, since several tables have one of that name."""
    with connection.cursor() as cursor:
        cursor.execute(RULES, {"tables": list(tables())})
        found = {name for (name,) in cursor.fetchall()}
    return {name for name in found if name.partition(".")[2] not in HISTORY}


def numbers() -> dict[str, tuple[str, str]]:
    """What Django makes of a number that cannot be negative: the name of the rule, table and column."""
    return {
        f"{table}_{field.column}{NOT_NEGATIVE}": (table, field.column)
        for table, model in tables().items()
        for field in model._meta.fields
        if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
    }


@pytest.fixture
def rows() -> dict[str, models.Model]:
    """One of each, in a state from which an attack can start."""
    room = RoomFactory()
    programme = room.venue.programme
    session = SessionFactory(
        programme=programme,
        series=SeriesFactory(instructor__programme=programme),
        venue=room.venue,
        room=room,
        leader=InstructorFactory(programme=programme),
    )
    booking = BookingFactory(session=session)
    offered = BookingFactory(session=session, state=BookingState.OFFERED)
    check = SymptomCheckFactory(booking=booking, result="talk_first")
    SessionFactory()  # the last, in which nobody is
    person, leader = booking.participant.person, session.leaders.get()
    cover = CoverRequest.objects.create(
        session=session, instructor=leader.instructor, reason="ill", asked_by=leader.instructor.person
    )
    incident = IncidentFactory(session=session, participant=booking.participant, harm=Harm.LOW.value)
    concern = ConcernFactory(programme=programme)
    return {
        "class_type": session.class_type,
        "talk_type": ClassTypeFactory(programme=programme, one_to_one=True, first_contact=True),
        "venue": room.venue,
        "room": room,
        "days_off": DaysOffFactory(programme=programme),
        "series": session.series,
        "session": session,
        "leader": leader,
        "cover": cover,
        "cover_invitation": CoverInvitation.objects.create(request=cover, instructor=leader.instructor),
        "booking": booking,
        "waiting": BookingFactory(session=session, state=BookingState.WAITING),
        "offer": offered.offers.get(),
        "key": IdempotencyKey.objects.create(by=person, key="k", body_hash="h", status=201),
        "feed": CalendarFeed.objects.create(participant=booking.participant, token_hash="a"),
        "guest": GuestFactory(
            session=session, participant=ParticipantFactory(programme=programme), client_id=uuid.uuid4()
        ),
        "attendance": AttendanceFactory(booking=booking),
        "companion_mark": CompanionMark.objects.create(booking=booking, came=True, by=person),
        "session_note": SessionNote.objects.create(
            session=session, participant=booking.participant, plan="Walking", effort=4, by=person
        ),
        "whereabouts": Whereabouts.objects.create(
            booking=booking, at_home=True, address="1 Made Up Street", phone="01632 960001", alone=True, by=person
        ),
        "check": check,
        "talk": SymptomTalkFactory(check_of=check, by=person),
        "incident": incident,
        "addendum": IncidentAddendum.objects.create(incident=incident, words="It was wet.", by=person),
        "review": IncidentReview.objects.create(incident=incident, outcome="goes_on", learned="Mop.", by=person),
        "concern": concern,
        "concern_names": ConcernNames.objects.create(concern=concern, person=person),
        "concern_note": ConcernNote.objects.create(concern=concern, step="noted", words="Called.", by=person),
        "concern_reading": ConcernReading.objects.create(concern=concern, by=person),
        "delay": RunningLate.objects.create(session=session, starts_at=session.starts_at, minutes=5, by=person),
        "arrival": Arrival.objects.create(session=session, starts_at=session.starts_at, by=person),
        "rehearsal": Rehearsal.objects.create(participant=booking.participant, outcome="ready", by=person),
        "note": ClassNote.objects.create(session=session, by=person, about="bring", words="Water", request_key="n"),
    }


def fight(attack: Attack, rows: dict[str, models.Model]) -> str:
    """What the database says; "" when it lets the attack through. Nothing of it remains."""
    row = rows[attack.row]
    table, key = row._meta.db_table, row.pk
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for rule in attack.without:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(_sql(attack, table, row), [key])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return str(refused)
    return ""


def _sql(attack: Attack, table: str, row: models.Model) -> str:
    if not attack.copied:
        values = ", ".join(f"{column} = {value}" for column, value in attack.values.items())
        return f"UPDATE {table} SET {values} WHERE id = %s"
    new = "gen_random_uuid()" if isinstance(row._meta.pk, models.UUIDField) else "-1"
    pairs = ", ".join(f"'{column}', {value}" for column, value in {"id": new, **attack.values}.items())
    copy = f"jsonb_populate_record(NULL::{table}, to_jsonb(t) || jsonb_build_object({pairs}))"
    return f"INSERT INTO {table} SELECT ({copy}).* FROM {table} t WHERE id = %s"


def test_every_rule_about_classes_has_an_attack() -> None:
    assert rules() - set(numbers()) == set(ATTACKS)


def test_the_database_refuses_every_attack_by_the_rule_that_it_breaks(rows: dict[str, models.Model]) -> None:
    let_through = {}
    for rule, attack in ATTACKS.items():
        if (attack.says or rule) not in (said := fight(attack, rows)):
            let_through[rule] = said
    assert let_through == {}


def test_no_number_that_is_counted_is_ever_negative(rows: dict[str, models.Model]) -> None:
    by_table = {row._meta.db_table: name for name, row in rows.items()}
    assert set(numbers()) <= rules()
    for rule, (table, column) in numbers().items():
        said = fight(
            copied(by_table[table], **{column: "-1"}), rows
        )  # where rows are never changed, a trigger speaks first
        assert "violates check constraint" in said, rule


def test_an_attack_that_is_let_through_is_seen(rows: dict[str, models.Model]) -> None:
    attack = ATTACKS["booking_is_for_one_or_two"]
    assert fight(replace(attack, without=("booking_is_for_one_or_two",)), rows) == ""
    assert fight(attack, rows) != ""


def test_a_rule_without_an_attack_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE classes_room ADD CONSTRAINT a_room_has_a_name CHECK (name <> '')")
    assert rules() - set(numbers()) - set(ATTACKS) == {"a_room_has_a_name"}
