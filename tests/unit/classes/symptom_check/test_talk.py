"""The talk by which an instructor lets somebody start, or not."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from accounts.models import User
from classes.judging.refusals import CheckClosed, IdUsed, NoPlace, NothingToTalkAbout, NotLeading
from classes.models import Booking, BookingState, Session, SymptomTalk
from classes.places import booking as booking_module
from classes.readiness import Readiness
from instructors.models import Instructor
from messaging.models import Task
from participants.health import clearance_of
from participants.models import Clearance, ClearanceState, Participant
from participants.standing import standing_of
from tests.factories.classes import GuestFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.symptoms import class_today
from tests.unit.classes.symptom_check.checking import NOON, aloud, answer, booked, calls, fresh, health, readiness, talk

pytestmark = pytest.mark.django_db


def test_a_talk_lifts_talk_first(place: Booking, ines: Instructor) -> None:
    lifted = talk(answer(place, "h"), ines.person, note="  Slipped on ice, no pain.  ")
    assert (lifted.note, lifted.by, lifted.made_now) == ("Slipped on ice, no pain.", ines.person, True)
    assert readiness(place) == Readiness.LIFTED
    assert fresh(place).state == BookingState.BOOKED


def test_not_today_ends_the_place_like_a_cancellation(place: Booking, quinn: Participant, ines: Instructor) -> None:
    waiting = booked(quinn, place.session, or_wait=True)
    talk(answer(place, "f"), ines.person, "not_today")
    assert (fresh(place).state, fresh(place).end_reason) == ("cancelled", "not_well")
    assert readiness(place) == Readiness.STOPPED
    assert not calls() and standing_of(place.participant).is_cleared(NOON.date())
    assert Task.objects.get(kind="waiting_call").subject_id == waiting.pk


def test_may_exercise_can_still_become_not_today_and_never_the_other_way(place: Booking, ines: Instructor) -> None:
    check = answer(place, "f")
    talk(check, ines.person)
    talk(check, ines.person, "not_today")
    with pytest.raises(NothingToTalkAbout):
        talk(check, ines.person)
    assert readiness(place) == Readiness.STOPPED


@pytest.mark.parametrize("yes", [(), ("a",), ("b",), ("b", "f")])
def test_nobody_lifts_anything_but_talk_first(place: Booking, ines: Instructor, yes: tuple[str, ...]) -> None:
    check = answer(place, *yes)
    with pytest.raises(NothingToTalkAbout):
        talk(check, ines.person)
    assert not SymptomTalk.objects.exists()


def test_a_talk_answers_to_the_check_in_force_and_not_to_an_older_one(place: Booking, ines: Instructor) -> None:
    older = answer(place, "f")
    answer(place, "h")
    with pytest.raises(NothingToTalkAbout):
        talk(older, ines.person)
    assert readiness(place) == Readiness.TALK_FIRST


def test_only_who_leads_the_class_lifts_it(place: Booking, ines: Instructor, ivor: Instructor, dee: User) -> None:
    check = answer(place, "f")
    for other in (ivor.person, dee.person, place.participant.person):
        with pytest.raises(NotLeading):
            talk(check, other)
    place.session.leaders.update(active=False)
    with pytest.raises(NotLeading):
        talk(check, ines.person)


def test_there_is_no_talk_after_the_class_and_none_without_a_place(place: Booking, ines: Instructor, noon: Any) -> None:
    check = answer(place, "f")
    noon.move_to(place.session.ends_at)
    with pytest.raises(CheckClosed):
        talk(check, ines.person)
    noon.move_to(NOON)
    booking_module.cancel_booking(booking=place, by=place.participant.person)
    with pytest.raises(NoPlace):
        talk(check, ines.person)


def test_a_talk_sent_again_is_harmless_and_its_id_means_nothing_else(place: Booking, ines: Instructor) -> None:
    check, once = answer(place, "f"), uuid.uuid4()
    first = talk(check, ines.person, client_id=once)
    assert talk(check, ines.person, client_id=once) == first
    with pytest.raises(IdUsed):
        talk(check, ines.person, "not_today", client_id=once)
    assert SymptomTalk.objects.count() == 1


def test_a_guest_is_talked_with_too(session: Session, quinn: Participant, ines: Instructor) -> None:
    guest = GuestFactory(session=session, participant=quinn, name="")
    talk(aloud(guest, ines, "f"), ines.person)
    assert readiness(guest) == Readiness.LIFTED
    talk(aloud(guest, ines, "h"), ines.person, "not_today")
    assert readiness(guest) == Readiness.STOPPED


def test_after_a_talk_the_clearance_may_be_made_to_end_with_the_day(
    place: Booking, ines: Instructor, pat: Participant
) -> None:
    next_week = booked(pat, class_today(programme=pat.programme, hours=24 * 7))
    before = clearance_of(pat)
    talk(answer(place, "f"), ines.person, asks_new_health_answers=True)
    clearance = clearance_of(pat)
    assert before and clearance
    assert (clearance.state, clearance.valid_until, clearance.reason) == ("cleared", NOON.date(), "talk_first")
    assert clearance.decided_by == before.decided_by
    assert [t.subject_id for t in Task.objects.to_do().filter(kind="place_in_doubt")] == [next_week.pk]
    assert health(pat) == ClearanceState.CLEARED


def test_asking_again_changes_nothing_where_clearance_ends_that_day_anyway_or_has_ended(
    place: Booking, ines: Instructor, pat: Participant
) -> None:
    ClearanceFactory(participant=pat, valid_until=NOON.date())
    check = answer(place, "f")
    talk(check, ines.person, asks_new_health_answers=True)
    ClearanceFactory(participant=pat, state=ClearanceState.NEEDS_REVIEW, valid_until=None)
    rows = Clearance.objects.count()
    talk(check, ines.person, asks_new_health_answers=True)
    assert Clearance.objects.count() == rows


def test_not_today_with_new_answers_asked_for_stops_clearance_at_once(place: Booking, ines: Instructor) -> None:
    talk(answer(place, "f"), ines.person, "not_today", asks_new_health_answers=True)
    clearance = clearance_of(place.participant)
    assert clearance and (clearance.state, clearance.reason) == (ClearanceState.PAUSED, "talk_first")
    assert health(place.participant) == ClearanceState.CLEARED
