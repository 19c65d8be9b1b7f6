"""Access needs: recorded, shared, confirmed, replaced and never rewritten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from messaging.models import Task, TaskState
from messaging.outbox import enqueue
from messaging.worklist import raise_task
from participants import consequences, details, needs
from participants.consequences import CONTACT_STOPPED, NEEDS_CHANGED, run_consequences
from participants.models import AccessNeed
from participants.needs import NEEDS_DUE, NEEDS_REVIEW
from participants.refusals import BadReviewDate
from participants.rules.application import Need, needs_said
from participants.rules.screening import add_months
from participants.taking_part.life import withdraw
from tests.factories.rules import use_rules

pytestmark = pytest.mark.django_db


def now_of(person):
    return {row.kind: row for row in details.current_needs_of(person)}


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def test_a_need_is_written_down_with_who_said_so_what_instructors_may_know_and_when_to_ask_again(pat, dee):
    needs.record_needs(
        person=pat.person, needs=[Need("lip_reads"), Need("language", "Polish")], shared={"lip_reads"}, by=dee.person
    )
    now = now_of(pat.person)
    assert list(now) == ["language", "lip_reads"]
    assert now["lip_reads"].share_with_instructors and not now["language"].share_with_instructors
    assert {row.recorded_by for row in now.values()} == {dee.person}
    assert {row.review_on for row in now.values()} == {add_months(timezone.localdate(), 12)}


def test_when_to_ask_again_may_be_chosen_and_comes_from_the_rules_otherwise(pat, clare):
    use_rules(clare.person, needs_review_months=6)
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person)
    assert now_of(pat.person)["braille"].review_on == add_months(timezone.localdate(), 6)
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person, review_on=in_days(30))
    assert now_of(pat.person)["braille"].review_on == in_days(30)


@pytest.mark.parametrize("days", [-1, 0, 800])
def test_a_day_that_has_come_or_is_too_far_away_is_refused_and_nothing_changes(pat, days):
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person)
    with pytest.raises(BadReviewDate) as refused:
        needs.confirm_needs(person=pat.person, by=pat.person, review_on=in_days(days))
    assert refused.value.earliest == in_days(1)
    with pytest.raises(BadReviewDate):
        needs.record_needs(person=pat.person, needs=[], shared=(), by=pat.person, review_on=in_days(days))
    assert AccessNeed.objects.count() == 1


def test_what_is_left_out_ends_and_what_is_said_again_is_a_new_row(pat, dee):
    needs.record_needs(
        person=pat.person, needs=[Need("lip_reads"), Need("audio")], shared=(), by=dee.person, review_on=in_days(9)
    )
    first = now_of(pat.person)
    needs.record_needs(person=pat.person, needs=[Need("lip_reads"), Need("braille")], shared=(), by=pat.person)
    now = now_of(pat.person)
    assert set(now) == {"lip_reads", "braille"}
    assert now["lip_reads"].pk != first["lip_reads"].pk and now["lip_reads"].recorded_by == pat.person
    ended = AccessNeed.objects.exclude(ended_at=None)
    assert {row.pk for row in ended} == {row.pk for row in first.values()}
    assert {row.review_on for row in ended} == {in_days(9)}  # as it was said


def test_the_same_again_on_the_same_day_writes_nothing(pat):
    for _ in range(2):
        needs.record_needs(person=pat.person, needs=[Need("lip_reads")], shared={"lip_reads"}, by=pat.person)
    assert AccessNeed.objects.count() == 1


def test_a_size_or_a_language_that_changes_takes_the_place_of_the_old_one(pat):
    needs.record_needs(person=pat.person, needs=[Need("large_print", "18 point")], shared=(), by=pat.person)
    needs.record_needs(person=pat.person, needs=[Need("large_print", "24 point")], shared=(), by=pat.person)
    assert now_of(pat.person)["large_print"].detail == "24 point"
    assert AccessNeed.objects.count() == 2


def test_what_instructors_may_know_is_chosen_for_each_and_keeps_the_day(pat):
    said = [Need("lip_reads"), Need("more_time"), Need("by_email")]
    needs.record_needs(
        person=pat.person, needs=said, shared={need.kind for need in said}, by=pat.person, review_on=in_days(9)
    )
    assert not now_of(pat.person)["by_email"].share_with_instructors  # how to reach somebody is not theirs to know
    needs.share_needs(person=pat.person, shared={"more_time"}, by=pat.person)
    now = now_of(pat.person)
    assert {kind for kind, row in now.items() if row.share_with_instructors} == {"more_time"}
    assert {row.review_on for row in now.values()} == {in_days(9)}
    assert set(AccessNeed.objects.shared_with_instructors()) == {now["more_time"]}


def test_confirming_asks_again_later_and_says_who_confirmed(pat, dee):
    needs.record_needs(person=pat.person, needs=[Need("audio")], shared={"audio"}, by=pat.person, review_on=in_days(9))
    assert needs.confirm_needs(person=pat.person, by=dee.person) == 1
    row = now_of(pat.person)["audio"]
    assert (row.recorded_by, row.share_with_instructors) == (dee.person, True)
    assert row.review_on == needs.next_review()
    assert needs.confirm_needs(person=dee.person, by=dee.person) == 0


@pytest.mark.parametrize(
    "change", ["kind = 'audio'", "detail = 'x'", "review_on = '2030-01-01'", "share_with_instructors = true"]
)
def test_the_database_lets_no_row_be_rewritten(pat, change):
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person)
    with (
        pytest.raises(ProgrammingError, match="an_access_need_is_never_rewritten"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE participants_accessneed SET {change}")


def test_what_has_ended_stays_so(pat):
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=pat.person)
    needs.record_needs(person=pat.person, needs=[], shared=(), by=pat.person)
    with pytest.raises(ProgrammingError, match="an_ended_access_need_stays_so"), transaction.atomic():
        AccessNeed.objects.update(ended_at=None)


def test_an_answer_ends_what_was_asked_by_message_and_at_the_desk(pat):
    for change in (
        lambda: needs.confirm_needs(person=pat.person, by=pat.person),
        lambda: needs.record_needs(person=pat.person, needs=[], shared=(), by=pat.person),
    ):
        message, task = ask(pat)
        change()
        message.refresh_from_db()
        task.refresh_from_db()
        assert (message.state, task.state) == ("not_wanted", TaskState.CANCELLED)


@pytest.mark.parametrize("event", ["left", "stopped"])
def test_nobody_asks_who_has_left_or_wants_no_contact(pat, event):
    _, task = ask(pat)
    if event == "left":
        withdraw(participant=pat, reason="", by=pat.person)
    else:
        run_consequences(CONTACT_STOPPED, pat, pat.person)
    assert Task.objects.get(pk=task.pk).state == TaskState.CANCELLED


def ask(pat):
    key = f"asked:{Task.objects.count()}"
    message = enqueue(
        programme=pat.programme, person=pat.person, kind=NEEDS_DUE, subject_id=pat.person_id, dedupe_key=key
    )
    task = raise_task(
        programme=pat.programme,
        kind=NEEDS_REVIEW,
        due_at=timezone.now(),
        about=pat.person,
        subject_id=pat.person_id,
        dedupe_key=key,
        by=pat.person,
    )
    return message, task


def test_what_follows_from_needs_is_seen_to_for_each_part_somebody_takes(pat, sam, monkeypatch):
    seen = []
    monkeypatch.setitem(
        consequences._registered[NEEDS_CHANGED], "tests.seen", lambda participant, by: seen.append((participant, by))
    )
    needs.record_needs(person=pat.person, needs=[Need("braille")], shared=(), by=sam.person)
    needs.record_needs(person=sam.person, needs=[Need("braille")], shared=(), by=sam.person)
    assert seen == [(pat, sam.person)]


def test_an_interpreter_is_a_need_of_its_own_beside_the_language():
    assert needs_said({"needs": ["language"], "need_language": "Polish", "need_interpreter": True}) == (
        Need("language", "Polish"),
        Need("interpreter", "Polish"),
    )
    assert needs_said({"needs": ["language"], "need_language": "Polish", "need_interpreter": False}) == (
        Need("language", "Polish"),
    )
    assert needs_said({"needs": ["none"], "need_interpreter": True}) == () == needs_said({})


def test_a_letter_is_large_only_for_whom_it_helps(pat):
    assert needs.letter_size(pat.person) == 0
    needs.record_needs(person=pat.person, needs=[Need("large_print", "24 point")], shared=(), by=pat.person)
    assert needs.letter_size(pat.person) == 24


def test_what_a_way_lacks_is_told_from_the_needs_of_this_moment(pat):
    needs.record_needs(person=pat.person, needs=[Need("braille"), Need("more_time")], shared=(), by=pat.person)
    assert [row.kind for row in needs.wanted_for(pat.person, "email")] == ["braille"]
    assert [row.kind for row in needs.wanted_for(pat.person, "")] == ["braille"]
    assert needs.wanted_for(pat.person, "phone") == []
