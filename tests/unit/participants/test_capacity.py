"""Who decides for somebody who cannot: one at a time, seen by somebody, and kept when it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from participants import capacity
from participants.models import DecidesBy, DecisionMaker

pytestmark = pytest.mark.django_db


def record(pat, dee, **changes):
    facts = {
        "name": "Len Attorney",
        "relationship": "son",
        "phone": "+441632960555",
        "ground": DecidesBy.LASTING_POWER,
        "note": "Ask before any new class",
        "seen_by": dee.person,
        "seen_on": timezone.localdate(),
        "by": dee.person,
    }
    return capacity.record_decision_maker(participant=pat, **{**facts, **changes})


def test_everybody_decides_for_themselves_unless_it_is_recorded(pat):
    assert capacity.decision_maker_of(pat) is None
    assert capacity.earlier_decision_makers_of(pat) == []


def test_who_decides_is_recorded_with_the_ground_and_who_has_seen_it(pat, dee, clare):
    row = record(pat, dee, seen_by=clare.person)
    assert capacity.decision_maker_of(pat) == row
    assert (row.name, row.ground, row.note) == ("Len Attorney", "lasting_power", "Ask before any new class")
    assert (row.seen_by, row.recorded_by, row.ended_at) == (clare.person, dee.person, None)


def test_another_one_takes_the_place_and_the_first_is_kept(pat, dee):
    first = record(pat, dee)
    second = record(pat, dee, name="Dora Deputy", ground=DecidesBy.DEPUTY)
    assert capacity.decision_maker_of(pat) == second
    (kept,) = capacity.earlier_decision_makers_of(pat)
    assert (kept, kept.name, kept.ended_by) == (first, "Len Attorney", dee.person)


def test_it_ends_once(pat, dee):
    record(pat, dee)
    assert capacity.end_decision_maker(participant=pat, by=dee.person)
    assert not capacity.end_decision_maker(participant=pat, by=dee.person)
    assert capacity.decision_maker_of(pat) is None
    history = DecisionMaker.objects.get().events.order_by("pgh_id")
    assert [row.pgh_label for row in history] == ["insert", "update"]
    assert {row.pgh_context["by"] for row in history} == {f"person:{dee.person_id}"}


def test_what_was_not_seen_yet_gives_no_right(pat, dee):
    with pytest.raises(capacity.NotSeenYet):
        record(pat, dee, seen_on=timezone.localdate() + dt.timedelta(days=1))
    assert not DecisionMaker.objects.exists()


def test_the_note_is_short(pat, dee):
    record(pat, dee, note="x" * capacity.NOTE_AT_MOST)
    with pytest.raises(capacity.NoteTooLong):
        record(pat, dee, note="x" * (capacity.NOTE_AT_MOST + 1))
    assert DecisionMaker.objects.count() == 1


def test_the_database_keeps_one_at_a_time(pat, dee):
    row = record(pat, dee)
    with pytest.raises(IntegrityError, match="one_decision_maker_at_a_time"), transaction.atomic():
        row.pk = None
        row.save(force_insert=True)


@pytest.mark.parametrize("change", ["name = 'x'", "ground = 'deputy'", "seen_on = '2020-01-01'", "note = 'x'"])
def test_the_database_lets_no_row_be_rewritten(pat, dee, change):
    record(pat, dee)
    with (
        pytest.raises(ProgrammingError, match="a_decision_maker_is_never_rewritten"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE participants_decisionmaker SET {change}")


def test_what_has_ended_stays_so(pat, dee):
    record(pat, dee)
    capacity.end_decision_maker(participant=pat, by=dee.person)
    with pytest.raises(ProgrammingError, match="an_ended_decision_maker_stays_so"), transaction.atomic():
        DecisionMaker.objects.update(ended_at=None, ended_by=None)


def test_the_note_is_not_readable_in_the_database(pat, dee):
    record(pat, dee)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT note FROM participants_decisionmaker UNION SELECT note FROM participants_decisionmakerevent"
        )
        assert all("Ask before" not in row[0] for row in cursor.fetchall())
