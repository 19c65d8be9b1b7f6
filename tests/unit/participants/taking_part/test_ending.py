"""The end of a programme: told four weeks before, closed on that day and not sooner, and put off with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from accounts.history import System
from accounts.models import User
from messaging.kinds import owner_of
from messaging.models import Message
from participants import rescreening, tasks
from participants.content import install
from participants.course import course_of
from participants.models import ClearanceState, Enrolment, Participant
from participants.refusals import NotPossibleNow
from participants.rules.programme_time import closing_day
from participants.standing import standing_of
from participants.taking_part import ending, life
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2027, 2, 3, 4, 8, tzinfo=dt.UTC)
TODAY, DAY, WEEK = NIGHT.date(), dt.timedelta(days=1), dt.timedelta(weeks=1)
WHOLE = 26 * WEEK - DAY  # from the first to the last day of the usual phases


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def enrolled(pat: Participant) -> Participant:
    install(pat.programme, System.COMMAND)
    return pat


def ends_on(pat: Participant, last_day: dt.date) -> None:
    Enrolment.objects.filter(participant=pat).update(starts_on=last_day - WHOLE)


def closes(pat: Participant) -> dt.date | None:
    return Enrolment.objects.get(participant=pat).closes_on


def told(pat: Participant) -> list[str]:
    return [message.kind for message in Message.objects.filter(person=pat.person).order_by("pk")]


def content_of(kind: str) -> object:
    content = owner_of(kind)(Message.objects.get(kind=kind))
    return content and dict(content.context)


def stay(pat: Participant, until: dt.date, by: User, reason: str = "Came late because of treatment.") -> Enrolment:
    again = Participant.objects.get(pk=pat.pk)
    return ending.extend_programme(participant=again, until=until, reason=reason, by=by.person)


@pytest.mark.parametrize(("left", "day"), [(29, None), (28, 28), (3, 28), (-40, 28)])
def test_nobody_is_shut_out_less_than_four_weeks_after_they_were_told(left: int, day: int | None) -> None:
    assert closing_day(TODAY + left * DAY, on=TODAY) == (None if day is None else TODAY + day * DAY)


def test_four_weeks_before_the_last_day_booking_closes_with_it_and_the_person_is_told_once(
    enrolled: Participant,
) -> None:
    ends_on(enrolled, TODAY + 29 * DAY)
    assert ending.see_to_ends(on=TODAY) == 0 and closes(enrolled) is None
    ends_on(enrolled, TODAY + 28 * DAY)
    before = standing_of(enrolled)
    tasks.tell_of_ends()
    assert ending.see_to_ends(on=TODAY + DAY) == 0
    after = standing_of(enrolled)
    assert (before.enrolled_until, after.enrolled_until) == (None, TODAY + 28 * DAY) and after.version > before.version
    assert told(enrolled) == ["programme_ends_soon"]
    message = Message.objects.get()
    assert message.due_at.hour == 9 and content_of("programme_ends_soon") == {
        "until": TODAY + 28 * DAY, "next": "/me/what-next/",
    }  # fmt: skip


def test_who_is_past_the_end_when_we_first_look_has_four_weeks_more(enrolled: Participant) -> None:
    ends_on(enrolled, TODAY - 60 * DAY)
    assert ending.see_to_ends(on=TODAY) == 1 and closes(enrolled) == TODAY + 28 * DAY
    course = course_of(Participant.objects.get(pk=enrolled.pk))
    assert course is not None and course.position.ends_on == TODAY + 28 * DAY and course.told


def test_the_day_after_the_last_they_are_thanked_once_and_told_where_to_go(enrolled: Participant) -> None:
    ends_on(enrolled, TODAY + 28 * DAY)
    ending.see_to_ends(on=TODAY)
    assert ending.see_to_ends(on=TODAY + 28 * DAY) == 0
    assert ending.see_to_ends(on=TODAY + 29 * DAY) == 1 and ending.see_to_ends(on=TODAY + 30 * DAY) == 0
    assert told(enrolled) == ["programme_ends_soon", "programme_ended"]
    found = content_of("programme_ended")
    assert isinstance(found, dict) and found["onward"].places
    with time_machine.travel(NIGHT + 30 * DAY):
        assert content_of("programme_ends_soon") is None  # too late to be of use


def test_nothing_is_said_where_there_is_no_end_to_tell_of(enrolled: Participant, quinn: Participant) -> None:
    Enrolment.objects.filter(participant=quinn).delete()
    ends_on(enrolled, TODAY)
    Enrolment.objects.filter(participant=enrolled).update(ends_on=TODAY)
    assert ending.see_to_ends(on=TODAY) == 0
    Enrolment.objects.filter(participant=enrolled).update(ends_on=None)
    enrolled.programme.phases.all().delete()
    assert ending.see_to_ends(on=TODAY) == 0


def test_a_break_takes_the_end_back_and_it_is_told_again_afterwards(enrolled: Participant) -> None:
    ends_on(enrolled, TODAY + 28 * DAY)
    ending.see_to_ends(on=TODAY)
    life.pause(participant=enrolled, reason="treatment", by=enrolled.person)
    assert closes(enrolled) is None and content_of("programme_ends_soon") is None
    with time_machine.travel(NIGHT + WEEK):
        life.resume(participant=enrolled, by=enrolled.person)
        assert ending.see_to_ends(on=TODAY + WEEK) == 1
    assert closes(enrolled) == TODAY + 35 * DAY  # a week later than it was


def test_a_break_after_the_last_day_moves_nothing(enrolled: Participant) -> None:
    ends_on(enrolled, TODAY + 28 * DAY)
    ending.see_to_ends(on=TODAY)
    with time_machine.travel(NIGHT + 29 * DAY):
        life.pause(participant=enrolled, reason="treatment", by=enrolled.person)
    assert closes(enrolled) == TODAY + 28 * DAY


def test_somebody_stays_longer_with_a_reason_that_history_keeps(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY + 3 * DAY)
    ending.see_to_ends(on=TODAY)
    stay(enrolled, TODAY + 90 * DAY, dee)
    assert closes(enrolled) is None and standing_of(enrolled).enrolled_until is None
    assert content_of("programme_extended") == {"until": TODAY + 90 * DAY}
    assert content_of("programme_ends_soon") is None
    stay(enrolled, TODAY + 100 * DAY, dee, "And a little more.")
    assert [(one.by, one.until, one.reason) for one in ending.extensions_of(enrolled)] == [
        ("Dee Desk", TODAY + 100 * DAY, "And a little more."),
        ("Dee Desk", TODAY + 90 * DAY, "Came late because of treatment."),
    ]
    assert ending.see_to_ends(on=TODAY + 72 * DAY) == 1 and closes(enrolled) == TODAY + 100 * DAY
    course = course_of(Participant.objects.get(pk=enrolled.pk), TODAY + 72 * DAY)
    assert course is not None and course.position.ends_on == TODAY + 100 * DAY


def test_who_is_let_stay_for_a_few_days_is_told_their_day_at_once(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY - 40 * DAY)
    ending.see_to_ends(on=TODAY - 30 * DAY)
    stay(enrolled, TODAY + 5 * DAY, dee)
    assert closes(enrolled) == standing_of(enrolled).enrolled_until == TODAY + 5 * DAY
    assert ending.see_to_ends(on=TODAY) == 0


def test_whoever_stays_after_all_is_not_thanked_and_sent_on(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY + 28 * DAY)
    ending.see_to_ends(on=TODAY)
    ending.see_to_ends(on=TODAY + 29 * DAY)
    assert content_of("programme_ended") is not None
    stay(enrolled, TODAY + 60 * DAY, dee)
    assert content_of("programme_ended") is None


def test_somebody_is_let_stay_while_they_are_on_a_break(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY + 10 * DAY)
    life.pause(participant=enrolled, reason="treatment", by=dee.person)
    with pytest.raises(ending.NotLonger) as refused:
        stay(enrolled, TODAY, dee)
    assert refused.value.last_day == TODAY, "the break hides which day it would be"
    stay(enrolled, TODAY + 60 * DAY, dee)
    with time_machine.travel(NIGHT + 7 * DAY):
        life.resume(participant=Participant.objects.get(pk=enrolled.pk), by=dee.person)
    assert Enrolment.objects.get().extended_until == TODAY + 67 * DAY


TOLD, BREAK, BACK = "told", "break", "back"


@pytest.mark.parametrize(
    ("planned", "steps", "moved", "last_day"),
    [  # days from today, on which they are let stay until day 60
        pytest.param(0, [(32, TOLD), (50, BREAK), (70, BACK)], 80, 98, id="past-the-day-and-told-four-weeks-before"),
        pytest.param(0, [(10, BREAK), (15, BACK), (37, TOLD)], 65, 65, id="inside"),
        pytest.param(0, [(10, BREAK), (10, BACK), (32, TOLD)], 60, 60, id="back-at-once"),
        pytest.param(5, [(3, BREAK), (20, BACK), (49, TOLD)], 77, 77, id="begun-before-the-planned-end"),
        pytest.param(0, [(5, BREAK), (8, BACK), (35, TOLD), (62, BREAK), (64, BACK)], 65, 92, id="two"),
        pytest.param(0, [(10, BREAK), (15, BACK), (20, "90"), (62, TOLD)], 90, 90, id="let-stay-anew-after-it"),
        pytest.param(0, [(32, TOLD), (61, BREAK), (70, BACK)], 60, 60, id="after-the-last-day"),
    ],
)
def test_the_days_of_a_break_do_not_count_for_whoever_was_let_stay(
    enrolled: Participant, dee: User, planned: int, steps: list[tuple[int, str]], moved: int, last_day: int
) -> None:
    ends_on(enrolled, TODAY + planned * DAY)
    ending.see_to_ends(on=TODAY)
    stay(enrolled, TODAY + 60 * DAY, dee)
    for day, step in steps:
        with time_machine.travel(NIGHT + day * DAY):
            again = Participant.objects.get(pk=enrolled.pk)
            if step == BREAK:
                life.pause(participant=again, reason="treatment", by=dee.person)
                course = course_of(again)
                assert course is not None and (course.position.ends_on is None) is (day <= moved)
                continue
            if step == BACK:
                life.resume(participant=again, by=dee.person)
            elif step.isdigit():
                stay(enrolled, TODAY + int(step) * DAY, dee)
            ending.see_to_ends(on=TODAY + day * DAY)
    assert Enrolment.objects.get().extended_until == TODAY + moved * DAY
    assert closes(enrolled) == TODAY + last_day * DAY


def test_what_makes_no_sense_is_refused(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY + 50 * DAY)
    with pytest.raises(ending.NeedsReason):
        stay(enrolled, TODAY + 60 * DAY, dee, " ")
    with pytest.raises(ending.TooLong):
        stay(enrolled, TODAY + 366 * DAY, dee)
    with pytest.raises(ending.NotLonger) as refused:
        stay(enrolled, TODAY + 50 * DAY, dee)
    assert refused.value.last_day == TODAY + 50 * DAY
    life.withdraw(participant=enrolled, by=enrolled.person)
    with pytest.raises(NotPossibleNow):
        stay(enrolled, TODAY + 60 * DAY, dee)


def test_who_has_left_is_told_nothing_any_more(enrolled: Participant, dee: User) -> None:
    ends_on(enrolled, TODAY + 28 * DAY)
    ending.see_to_ends(on=TODAY)
    stay(enrolled, TODAY + 35 * DAY, dee)
    ending.see_to_ends(on=TODAY + 8 * DAY)
    ending.see_to_ends(on=TODAY + 36 * DAY)
    Participant.objects.filter(pk=enrolled.pk).update(status="withdrawn")
    for message in Message.objects.all():
        assert owner_of(message.kind)(message) is None


def test_whose_programme_is_over_is_not_asked_about_their_health_again(enrolled: Participant) -> None:
    ClearanceFactory(participant=enrolled, state=ClearanceState.CLEARED, valid_until=TODAY + 7 * DAY)
    Enrolment.objects.filter(participant=enrolled).update(closes_on=TODAY - DAY)
    assert rescreening.ask_again(on=TODAY) == 0
    Enrolment.objects.filter(participant=enrolled).update(closes_on=TODAY)
    assert rescreening.ask_again(on=TODAY) == 1
