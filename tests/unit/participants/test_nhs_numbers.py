import pytest
from django.db import connection

from messaging.models import Task, TaskState
from participants.models import NhsNumber
from participants.nhs_numbers import SAME_NUMBER, held_of, keep_number, others_with
from participants.registering import intake

pytestmark = pytest.mark.django_db
GOOD, OTHER = "9434765919", "4010232137"


def open_tasks():
    return Task.objects.filter(kind=SAME_NUMBER, state=TaskState.OPEN)


def test_a_number_is_kept_unreadable_changed_and_taken_out_for_good(pat):
    keep_number(participant=pat, number=OTHER, by=pat.person)
    keep_number(participant=pat, number=GOOD, by=pat.person)
    held = held_of(pat)
    assert (held.number, held.ending, held.noted_by) == (GOOD, "5919", pat.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM participants_nhsnumber")
        assert GOOD not in str(cursor.fetchall())
    keep_number(participant=pat, number="", by=pat.person)
    assert held_of(pat) is None and not NhsNumber.objects.exists()


def test_the_same_number_twice_is_kept_and_staff_are_asked_once(pat, quinn):
    keep_number(participant=pat, number=GOOD, by=pat.person)
    assert not open_tasks().exists()
    for _ in range(2):
        keep_number(participant=quinn, number=GOOD, by=quinn.person)
    (task,) = open_tasks()
    assert (task.about, task.subject_id) == (quinn.person, quinn.pk) and GOOD not in str(task.context)
    assert others_with(quinn, GOOD) == [pat] and others_with(quinn, OTHER) == []
    keep_number(participant=quinn, number=OTHER, by=quinn.person)
    assert not open_tasks().exists()


def test_the_same_end_is_not_the_same_number(pat, quinn):
    keep_number(participant=pat, number=GOOD, by=pat.person)
    NhsNumber.objects.filter(participant=pat).update(ending=OTHER[-4:])
    keep_number(participant=quinn, number=OTHER, by=quinn.person)
    assert not open_tasks().exists()


def test_what_was_typed_while_registering_is_kept(draft):
    participant = intake.submit_registration(registration=draft(nhs_number=GOOD))
    assert held_of(participant).number == GOOD
