"""A safeguarding concern: kept, told to those who may know and to nobody whom it names."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessLog, Person
from accounts.permissions import Role
from classes import safeguarding
from classes.incidents import BadReport
from classes.judging.refusals import IdUsed
from classes.models import Concern, ConcernReading
from classes.safeguarding import note_on_concern, raise_concern, somebody_reads, somebody_was_told, task_of
from messaging.models import Message, Task, TaskAlert
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(programme, pat, ines):
    session = SessionFactory(programme=programme, leader=ines)

    def concern(**differs):
        given = {
            "programme": programme,
            "participant": pat,
            "session": session,
            "words": "Pat seemed afraid to go home.",
            "in_danger": False,
            "names": (),
            "id": uuid4(),
            "by": ines.person,
        }
        return raise_concern(**given | differs)

    return concern


def told():
    return sorted(alert.person.given_name for alert in TaskAlert.objects.all())


def test_only_those_who_hold_the_permission_are_told_and_read_it(concern, sadie, dee, clare, ada, ines, sam, pat):
    raised = concern()
    assert told() == ["Sadie"] and Message.objects.get().person == sadie.person
    assert list(Concern.objects.readable_by(sadie)) == [raised]
    for user in (dee, clare, ada, sam, ines.person.user, pat.person.user):
        assert not Concern.objects.readable_by(user).exists()


def test_a_lead_of_another_programme_reads_nothing(concern):
    concern()
    elsewhere = someone("Lena Elsewhere", Role.SAFEGUARDING_LEAD, programme=ProgrammeFactory())
    assert not Concern.objects.readable_by(elsewhere).exists()


def test_whom_it_names_neither_reads_it_nor_is_told_whatever_role_they_hold(concern, programme, sadie):
    saul = someone("Saul Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)
    raised = concern(names=[sadie.person_id])
    assert told() == ["Saul"]
    assert not Concern.objects.readable_by(sadie).exists() and Concern.objects.readable_by(saul).get() == raised
    assert not Task.objects.visible_to(sadie).exists() and not Message.objects.visible_to(sadie).exists()


def test_whom_it_is_about_does_not_read_it_though_they_may_read_others(concern, programme, sadie, quinn):
    own = ParticipantFactory(person=sadie.person, programme=programme)
    concern(participant=own)
    assert told() == [] and not Concern.objects.readable_by(sadie).exists()
    other = concern(participant=quinn)
    unnamed = concern(participant=None)
    assert set(Concern.objects.readable_by(sadie)) == {other, unnamed}


def test_its_task_says_nothing_about_anybody(concern):
    task = task_of(concern())
    assert task.about is None and set(task.context) == {"key"} and task.subject_id is None


def test_danger_today_is_due_at_once_anything_else_within_hours(concern):
    waits = [task_of(concern(in_danger=danger)).due_at - timezone.now() for danger in (True, False)]
    assert waits[0] <= dt.timedelta(0) < waits[1] <= safeguarding.SEEN_WITHIN


def test_nothing_that_waits_for_a_supporter_is_changed_and_nothing_new_is_sent_to_them(concern, sam, sadie, programme):
    waiting = Message.objects.create(programme=programme, person=sam.person, kind="booking_copy", dedupe_key="before")
    before = (waiting.state, waiting.due_at)
    concern(names=[sam.person_id])
    waiting.refresh_from_db()
    assert (waiting.state, waiting.due_at) == before
    assert Message.objects.filter(person=sam.person).count() == 1


def test_sent_twice_it_is_one_and_the_same_id_with_other_words_is_refused(concern, sadie, dee):
    id = uuid4()
    for _ in range(2):
        concern(id=id, names=[dee.person_id])
    assert Concern.objects.count() == Task.objects.count() == 1
    for differs in ({"words": "Something else."}, {"names": []}):
        with pytest.raises(IdUsed):
            concern(**{"id": id, "names": [dee.person_id]} | differs)


def test_without_words_nothing_is_kept(concern):
    with pytest.raises(BadReport):
        concern(words=" ")
    assert not Concern.objects.exists()


def test_two_alike_are_two_tasks(concern):
    concern(), concern()
    assert Task.objects.count() == 2


def test_its_words_are_not_readable_in_the_database(concern):
    concern(words="CANARY")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM classes_concern")
        assert "CANARY" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE classes_concern SET in_danger = true",
        "DELETE FROM classes_concernnames",
        "UPDATE classes_concernnote SET words = ''",
        "DELETE FROM classes_concernreading",
    ],
)
def test_no_row_of_it_is_changed_or_removed(concern, sadie, dee, statement):
    raised = concern(names=[dee.person_id])
    note_on_concern(concern=raised, step="noted", words="Rang the council.", by=sadie.person)
    safeguarding.log_reading(concern=raised, by=sadie.person)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_closing_needs_words_and_ends_the_task_anything_else_takes_it(concern, sadie):
    raised = concern()
    note_on_concern(concern=raised, step="passed_on", words="Told the council.", by=sadie.person)
    assert task_of(raised).owner == sadie.person and not Concern.objects.with_state().get().closed
    with pytest.raises(BadReport):
        note_on_concern(concern=raised, step="closed", words="", by=sadie.person)
    note_on_concern(concern=raised, step="closed", words="The council has it.", by=sadie.person)
    assert task_of(raised) is None and Concern.objects.with_state().get().closed
    note_on_concern(concern=raised, step="noted", words="They rang back.", by=sadie.person)
    assert raised.notes.count() == 3
    assert task_of(raised).owner == sadie.person and not Concern.objects.with_state().get().closed
    for _ in range(2):  # closed before, it is one more word on it
        note_on_concern(concern=raised, step="closed", words="The council has it.", by=sadie.person)
    assert task_of(raised) is None and Concern.objects.with_state().get().closed
    assert told() == ["Sadie"], "whoever opened it again knows"


def test_of_two_who_note_on_it_the_second_waits_before_anything_is_written(concern, sadie):
    raised = concern()
    with CaptureQueriesContext(connection) as sent:
        note_on_concern(concern=raised, step="closed", words="The council has it.", by=sadie.person)
    said = [query["sql"] for query in sent]
    locked = next(n for n, sql in enumerate(said) if "FOR UPDATE" in sql and "messaging_task" in sql)
    assert locked < next(n for n, sql in enumerate(said) if 'INSERT INTO "classes_concernnote"' in sql)


def test_a_reading_is_kept_beside_it_and_not_in_the_log_that_others_may_come_to_read(concern, sadie):
    safeguarding.log_reading(concern=concern(), by=sadie.person)
    assert ConcernReading.objects.get().by == sadie.person and not AccessLog.objects.exists()


def test_whether_anybody_reads_them_is_known_beforehand(programme):
    assert not somebody_reads(programme)
    someone("Sadie Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)
    assert somebody_reads(programme)


def test_nobody_was_told_where_all_who_read_are_named_or_cannot_be_written_to(concern, sadie):
    assert somebody_was_told(concern())
    assert not somebody_was_told(concern(names=[sadie.person_id]))
    Person.objects.filter(pk=sadie.person_id).update(contact_stopped_at=timezone.now())
    assert not somebody_was_told(concern())
