"""Days of treatment: kept only with consent, unreadable in the database, changed, removed, and named in history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from accounts.history import System
from messaging.models import Message, Task
from participants import consents, treatments
from participants.content import install
from participants.health import NoConsent
from participants.models import ConsentKind, ParticipantStatus, TreatmentDays
from participants.refusals import NotPossibleNow
from participants.rules.treatment_days import Days, NearTreatment
from participants.treatments import BadDays, TooManyDays

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(pat):
    install(pat.programme, System.COMMAND)
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def note(participant, days=None, by=None):
    return treatments.note_days(
        participant=participant, days=days or Days(in_days(3), 3, 6), by=by or participant.person
    )


def noted(participant):
    return [row.days for row in treatments.noted_by(participant)]


def test_days_are_noted_once_and_stand_in_order(agreed):
    later, sooner = note(agreed), note(agreed, Days(in_days(1)))
    assert note(agreed) == later
    assert treatments.noted_by(agreed) == [sooner, later]


def test_they_are_changed_and_removed_and_twice_is_harmless(agreed):
    row = note(agreed)
    treatments.change_days(row=row, days=Days(in_days(5), 2, 4), by=agreed.person)
    assert noted(agreed) == [Days(in_days(5), 2, 4)]
    for _ in range(2):
        treatments.remove_days(row=row, by=agreed.person)
    assert noted(agreed) == []
    with pytest.raises(TreatmentDays.DoesNotExist):
        treatments.change_days(row=row, days=Days(in_days(5)), by=agreed.person)


def test_the_days_are_unreadable_in_the_database_and_history_names_who_noted_them(agreed, dee):
    row = note(agreed, by=dee.person)
    treatments.remove_days(row=row, by=agreed.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, pgh_label, pgh_context FROM participants_treatmentdaysevent ORDER BY pgh_id")
        rows = cursor.fetchall()
    assert [label for _, label, _ in rows] == ["insert", "delete"]
    assert all(str(in_days(3).year) not in said and "first" not in said for said, _, _ in rows)
    assert f'"by": "person:{dee.person_id}"' in rows[0][2] and f'"by": "person:{agreed.person_id}"' in rows[1][2]


def test_without_consent_to_hold_health_facts_none_is_kept(pat):
    with pytest.raises(NoConsent):
        note(pat)
    assert not TreatmentDays.objects.exists()


def test_with_the_consent_the_days_go_and_do_not_come_back(agreed):
    row = note(agreed)
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.RESEARCH, by=agreed.person)
    assert noted(agreed)
    consents.withdraw_consent(participant=agreed, kind=ConsentKind.HEALTH, by=agreed.person)
    assert noted(agreed) == []
    for attempt in (note, lambda p: treatments.replace_days(participant=p, days=[Days(in_days(1))], by=p.person)):
        with pytest.raises(NoConsent):
            attempt(agreed)
    text = next(text for text in consents.current_texts(agreed.programme) if text.kind == ConsentKind.HEALTH)
    consents.give_consent(participant=agreed, text=text, by=agreed.person)
    assert noted(agreed) == []
    with pytest.raises(TreatmentDays.DoesNotExist):
        treatments.change_days(row=row, days=Days(in_days(1)), by=agreed.person)


@pytest.mark.parametrize(("status", "may"), [("active", True), ("paused", True), ("withdrawn", False), ("died", False)])
def test_they_are_noted_while_somebody_takes_part_or_has_a_break(agreed, status, may):
    type(agreed).objects.filter(pk=agreed.pk).update(status=ParticipantStatus(status))
    if may:
        note(agreed)
    else:
        with pytest.raises(NotPossibleNow):
            note(agreed)
    assert bool(noted(agreed)) is may


def test_days_that_are_over_are_refused_and_what_was_noted_stays(agreed):
    row = note(agreed)
    for attempt in (
        lambda: note(agreed, Days(in_days(-10))),
        lambda: treatments.change_days(row=row, days=Days(in_days(-10)), by=agreed.person),
        lambda: treatments.replace_days(participant=agreed, days=[Days(in_days(-10))], by=agreed.person),
    ):
        with pytest.raises(BadDays) as refused:
            attempt()
        assert refused.value.fault == "past"
    assert noted(agreed) == [Days(in_days(3), 3, 6)]


def test_nobody_notes_more_than_can_be_looked_through(agreed):
    for number in range(treatments.MOST_NOTED):
        note(agreed, Days(in_days(number)))
    with pytest.raises(TooManyDays):
        note(agreed, Days(in_days(100)))
    with pytest.raises(TooManyDays):
        days = [Days(in_days(number)) for number in range(treatments.MOST_NOTED + 1)]
        treatments.replace_days(participant=agreed, days=days, by=agreed.person)
    assert len(noted(agreed)) == treatments.MOST_NOTED


def test_replacing_keeps_what_is_there_even_when_it_is_over(agreed):
    kept, gone = note(agreed), note(agreed, Days(in_days(9)))
    kept.days = Days(in_days(-50))
    kept.save()
    rows = treatments.replace_days(participant=agreed, days=[Days(in_days(4)), kept.days, kept.days], by=agreed.person)
    assert [row.days for row in rows] == noted(agreed) == [Days(in_days(-50)), Days(in_days(4))]
    assert rows[0].pk == kept.pk and not TreatmentDays.objects.filter(pk=gone.pk).exists()


def test_what_is_close_is_asked_of_the_rule_in_use_only_where_days_are_noted(agreed, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert treatments.near_treatment([]) == NearTreatment()
    rows = [note(agreed)]
    with django_assert_num_queries(1):
        near = treatments.near_treatment(rows)
    assert [days for days in range(10) if in_days(days) in near] == [3, 4, 5]


def test_no_message_and_no_task_speaks_of_them(agreed):
    before = Message.objects.count(), Task.objects.count()
    treatments.remove_days(row=note(agreed), by=agreed.person)
    assert (Message.objects.count(), Task.objects.count()) == before


def test_they_are_seen_by_the_person_and_the_desk_and_by_nobody_else(agreed, quinn, sam, dee, ines, clare, nell):
    note(agreed)
    seen = {
        user.person.given_name
        for user in (agreed.person.user, quinn.person.user, sam, dee, ines.person.user, clare, nell)
        if TreatmentDays.objects.visible_to(user).exists()
    }
    assert seen == {"Pat", "Dee", "Clare"}
    assert not TreatmentDays.objects.visible_to(None).exists()
