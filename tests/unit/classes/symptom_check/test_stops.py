"""What a stop does at once: to the place, to the day, to clearance; and that nothing passes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.history import acting
from accounts.models import User
from classes.joining import way_in
from classes.judging.refusals import NotEligible, Refusal
from classes.models import Booking, BookingState, CheckMode, SymptomCheck
from classes.readiness import Readiness
from classes.waiting_list.serving import PLACE_IN_DOUBT
from instructors.models import Instructor
from messaging.models import Message, Task, TaskAlert
from messaging.worklist import take_task
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.health import clearance_of, decide_clearance, stop_clearance
from participants.models import Clearance, ClearanceState, Participant
from participants.standing import standing_of
from tests.factories.participants import ParticipantFactory
from tests.factories.symptoms import LINK, ONE_OF_EACH, answers, by_the_table, class_today
from tests.unit.classes.symptom_check.checking import NOON, aloud, answer, booked, calls, fresh, health, readiness

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("yes", "result", "stands"),
    [((), "ready", "ready"), (("f",), "talk_first", "talk_first"), (("h",), "talk_first", "talk_first")],
)
def test_what_is_no_stop_keeps_the_place_and_asks_nobody(
    place: Booking, yes: tuple[str, ...], result: str, stands: str
) -> None:
    check = answer(place, *yes)
    assert (check.result, check.mode, check.by, check.answered_at) == (result, "self", place.participant.person, NOON)
    assert check.made_now and fresh(check).answers == answers(*yes)
    assert fresh(place).state == BookingState.BOOKED
    assert readiness(place) == stands
    assert not Task.objects.exists()
    assert standing_of(place.participant).is_cleared(NOON.date())


@pytest.mark.parametrize(("yes", "due"), [("a", 2), ("c", 2), ("d", 2), ("e", 2), ("g", 2), ("b", 0)])
def test_a_stop_ends_the_place_stops_clearance_and_asks_for_a_call(place: Booking, yes: str, due: int) -> None:
    check = answer(place, yes)
    ended = fresh(place)
    assert (ended.state, ended.end_reason, ended.ended_by) == ("cancelled", "not_well_today", place.participant.person)
    assert fresh(place.session).places_taken == 0
    clearance = clearance_of(place.participant)
    assert clearance and (clearance.state, clearance.reason) == (ClearanceState.PAUSED, "flagged_day")
    (call,) = calls()
    assert (call.about, call.subject_id, call.due_at, call.owner) == (
        place.participant.person, check.pk, NOON + dt.timedelta(hours=due), None,
    )  # fmt: skip
    assert call.context == {}, "no health facts on a task"
    assert readiness(place) == Readiness.STOPPED


def test_whoever_is_on_call_is_told_of_a_stop_at_once_and_again_when_it_gets_worse(place: Booking, dee: User) -> None:
    answer(place, "a")
    (alert,) = TaskAlert.objects.all()
    assert (alert.person, alert.task.pk, alert.at) == (dee.person, calls()[0].pk, NOON)
    answer(place, "b")
    assert [alert.task.state for alert in TaskAlert.objects.order_by("pk")] == ["cancelled", "open"]


def test_a_stop_after_somebody_took_the_call_of_an_earlier_one_is_told_again(place: Booking, dee: User) -> None:
    answer(place, "a")
    take_task(task=calls()[0], by=dee.person)
    later = answer(place, "a")
    (call,) = calls()
    assert (call.subject_id, call.owner, call.alerts.count()) == (later.pk, None, 1)
    grave = answer(place, "b")
    (call,) = calls()
    assert (call.subject_id, call.due_at) == (grave.pk, NOON)
    answer(place, "a")  # nobody has it yet, and it is the graver one
    assert calls() == [call]


def test_a_stop_is_one_action_in_the_history_and_names_who_did_it_for_whom(place: Booking, sam: User) -> None:
    answer(place, "a", mode=CheckMode.SCRIBE, by=sam.person)
    said = place.events.latest("pgh_id").pgh_context  # type: ignore[attr-defined]
    assert said == {
        "by": f"person:{sam.person.pk}",
        "action": "classes.answer_check",
        "on_behalf_of": f"person:{place.participant.person.pk}",
    }


def test_a_stop_that_cannot_be_written_whole_is_not_written_at_all(
    place: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classes.symptom_check.run_consequences", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answer(place, "b")
    assert fresh(place).state == BookingState.BOOKED
    assert not SymptomCheck.objects.exists() and not Task.objects.exists()
    assert Clearance.objects.get(participant=place.participant).state == ClearanceState.CLEARED


def test_the_freed_place_goes_to_whoever_waits_and_never_back(place: Booking, quinn: Participant) -> None:
    waiting = booked(quinn, place.session, or_wait=True)
    answer(place, "a")
    (call,) = Task.objects.to_do().filter(kind="waiting_call")
    assert call.subject_id == waiting.pk
    with pytest.raises(NotEligible):
        booked(place.participant, place.session, or_wait=True)


def test_the_message_about_it_is_neutral_and_does_not_invite_to_book_again(place: Booking) -> None:
    answer(place, "b")
    message = Message.objects.get(kind="booking_cancelled")
    assert message.context == {"by_oneself": True}


def test_a_stop_ends_the_other_places_of_that_day_and_no_others(place: Booking, pat: Participant) -> None:
    def in_hours(hours: float, **rest: Any) -> Booking:
        return booked(pat, class_today(programme=pat.programme, hours=hours, **rest))

    last, tomorrow = in_hours(11.5), in_hours(12.5)  # 11:30pm, and half past midnight
    full = class_today(programme=pat.programme, hours=6, capacity=0)
    wait = booked(pat, full, or_wait=True)
    with time_machine.travel(NOON - dt.timedelta(hours=5), tick=False):
        morning = booked(pat, class_today(programme=pat.programme))  # from 9am to 10am
    answer(place, "a")
    states = {b: (fresh(b).state, fresh(b).end_reason) for b in (place, last, wait, morning, tomorrow)}
    over = ("cancelled", "not_well_today")
    kept = ("booked", "")
    assert states == {place: over, last: over, wait: over, morning: kept, tomorrow: kept}
    (doubt,) = Task.objects.to_do().filter(kind="place_in_doubt")
    assert doubt.subject_id == tomorrow.pk


def test_a_stop_ends_a_place_in_doubt_of_that_day_too(place: Booking, pat: Participant) -> None:
    evening = booked(pat, class_today(programme=pat.programme, hours=6))
    with acting(pat.person, "tests.stop", on_behalf_of=pat.person):
        stop_clearance(participant=pat, reason="asked", by=pat.person)
        run_consequences(CLEARANCE_CHANGED, pat, pat.person)
    assert fresh(place).in_doubt_since == fresh(evening).in_doubt_since == NOON
    assert {task.subject_id for task in in_doubt()} == {place.pk, evening.pk}
    answer(place, "a")
    assert [(fresh(b).state, fresh(b).end_reason) for b in (place, evening)] == [("cancelled", "not_well_today")] * 2
    assert in_doubt() == [], "there is nothing left to see to"


def test_a_stop_has_the_places_of_other_days_judged_again_in_the_same_action(place: Booking, pat: Participant) -> None:
    days = [booked(pat, class_today(programme=pat.programme, hours=24 * n)) for n in (2, 9)]
    assert in_doubt() == [] and not any(fresh(b).in_doubt_since for b in days)
    answer(place, "a")
    assert [(fresh(b).state, fresh(b).in_doubt_since) for b in days] == [(BookingState.BOOKED, NOON)] * 2
    assert [task.subject_id for task in in_doubt()] == [b.pk for b in days]
    for booking in days:
        said = booking.events.latest("pgh_id").pgh_context  # type: ignore[attr-defined]
        assert said["action"] == "classes.answer_check"
        assert Message.objects.filter(kind="place_in_doubt", subject_id=booking.pk).count() == 1


def in_doubt() -> list[Task]:
    return list(Task.objects.to_do().filter(kind=PLACE_IN_DOUBT).order_by("due_at", "id"))


def test_an_answer_of_the_evening_before_ends_what_lies_between_and_the_whole_day_of_the_class(
    pat: Participant, noon: Any
) -> None:
    places = [booked(pat, class_today(programme=pat.programme, hours=hours)) for hours in (11.5, 21, 30)]
    noon.move_to(NOON + dt.timedelta(hours=10))  # 10pm; the class is at 9am
    answer(places[1], "e")
    assert [fresh(b).state for b in places] == ["cancelled"] * 3
    clearance = clearance_of(pat)
    assert clearance and clearance.valid_from == dt.date(2027, 7, 7)


@pytest.mark.parametrize(
    "starts_at", [dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)]
)
def test_the_day_is_that_of_the_clock_on_the_wall_when_the_clocks_change(
    programme: Any, noon: Any, starts_at: dt.datetime
) -> None:
    noon.move_to(starts_at - dt.timedelta(hours=2))
    pat = ParticipantFactory(programme=programme)
    first, *others = [
        booked(pat, class_today(programme=programme, hours=hours)) for hours in (2, 22.5, 23.5, 24.5, 25.6)
    ]
    answer(first, "a")
    same_day = [timezone.localdate(b.session.starts_at) == timezone.localdate(starts_at) for b in others]
    assert same_day in ([True, False, False, False], [True, True, True, False], [True, True, False, False])
    assert [fresh(b).state == "cancelled" for b in others] == same_day


def test_a_ready_from_before_for_another_class_of_the_day_does_not_outlive_a_stop(
    place: Booking, pat: Participant
) -> None:
    evening = booked(pat, class_today(programme=pat.programme, hours=6))
    answer(evening)
    answer(place, "a")
    assert fresh(evening).state == BookingState.CANCELLED
    assert readiness(evening) == Readiness.STOPPED


def test_health_answers_of_the_same_day_go_to_a_person_whatever_they_say(place: Booking, noon: Any) -> None:
    answer(place, "a")
    assert health(place.participant) == ClearanceState.NEEDS_REVIEW
    noon.move_to(NOON + dt.timedelta(hours=11))
    assert health(place.participant) == ClearanceState.NEEDS_REVIEW
    clearance = clearance_of(place.participant)
    assert clearance and clearance.flags == ["flagged_day"]


def test_health_answers_of_a_later_day_are_judged_by_the_ordinary_rules(place: Booking, noon: Any) -> None:
    answer(place, "b")
    noon.move_to(NOON + dt.timedelta(hours=12))
    assert health(place.participant) == ClearanceState.CLEARED
    assert booked(place.participant, class_today(programme=place.participant.programme)).state == "booked"


def test_only_a_persons_decision_opens_the_same_day_again_and_then_the_check_is_asked_anew(
    place: Booking, clare: User
) -> None:
    answer(place, "a")
    health(place.participant)
    reviewed = clearance_of(place.participant)
    assert reviewed
    decide_clearance(participant=place.participant, reviewed=reviewed, state="cleared", by=clare.person)
    again = booked(place.participant, place.session)
    assert readiness(again) == Readiness.STOPPED
    assert answer(again).result == "ready"
    assert readiness(again) == Readiness.READY


def test_a_stop_after_the_start_ends_the_place_too(place: Booking, ines: Instructor, noon: Any) -> None:
    noon.move_to(place.session.starts_at + dt.timedelta(minutes=20))
    aloud(place, ines, "c")
    assert (fresh(place).state, fresh(place.session).places_taken) == ("cancelled", 0)


def test_whatever_is_answered_a_stop_leaves_no_place_no_link_and_nothing_ready(
    pat: Participant, ines: Instructor, noon: Any
) -> None:
    session = class_today(programme=pat.programme, leader=ines, online=True)
    place = booked(pat, session)
    noon.move_to(session.starts_at)
    passed: dict[str, set[str]] = {}
    for yes in ONE_OF_EACH:  # what all 256 come to stands in test_symptoms.py
        with transaction.atomic():
            assert answer(place, *yes).result == by_the_table(*yes)
            stands = f"{fresh(place).state} {readiness(place)} {opens(fresh(place))} {len(calls())}"
            passed.setdefault(by_the_table(*yes), set()).add(stands)
            transaction.set_rollback(True)
    assert passed == {
        "ready": {"booked ready True 0"},
        "talk_first": {"booked talk_first False 0"},
        "cancer_line": {"cancelled stopped False 1"},
        "emergency": {"cancelled stopped False 1"},
    }


def opens(place: Booking) -> bool:
    try:
        return way_in(place, timezone.now()) == LINK
    except Refusal:
        return False
