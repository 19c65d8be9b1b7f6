import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.history import System, acting
from messaging.models import Message, Task
from participants import consents, health, notices
from participants.consequences import (
    CLEARANCE_CHANGED,
    HEALTH_AGREED,
    HEALTH_REFUSED,
    PAUSED,
    RESUMED,
    WITHDRAWN,
    Event,
    consequences_of,
    register_consequence,
    run_consequences,
)
from participants.content import install
from participants.models import (
    ClearanceState,
    ConsentEvent,
    EnrolmentPause,
    ParticipantStatus,
    Supporter,
)
from participants.rules.questions import shipped_questions
from participants.standing import standing_of
from participants.taking_part import ending, life
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """Events that ran, in order."""
    events = []
    for event in Event:
        register_consequence(event, "tests.heard", lambda participant, by, event=event: events.append(event))
    yield events
    for event in Event:
        register_consequence(event, "tests.heard", lambda participant, by: None)


def test_consequences_run_in_the_order_of_registering_and_a_name_is_replaced(pat):
    order = []
    register_consequence(PAUSED, "tests.first", lambda p, by: order.append("never"))
    register_consequence(PAUSED, "tests.second", lambda p, by: order.append("second"))
    register_consequence(PAUSED, "tests.first", lambda p, by: order.append("first"))
    try:
        run_consequences(PAUSED, pat, pat.person)
        assert order == ["first", "second"]
        assert [n for n in consequences_of(PAUSED) if n in ("tests.first", "tests.second")] == [
            "tests.first",
            "tests.second",
        ]
    finally:
        for name in ("tests.first", "tests.second"):
            register_consequence(PAUSED, name, lambda p, by: None)


def test_a_pause_stops_clearance_and_coming_back_asks_health_again(pat, dee, heard):
    life.pause(participant=pat, reason="treatment", by=dee.person)
    assert (pat.status, health.clearance_of(pat).state) == (ParticipantStatus.PAUSED, ClearanceState.PAUSED)
    assert EnrolmentPause.objects.get().ends_on is None
    life.resume(participant=pat, by=dee.person)
    assert pat.status == ParticipantStatus.ACTIVE
    assert EnrolmentPause.objects.get().ends_on == timezone.localdate()
    assert not standing_of(pat).is_cleared(timezone.localdate())
    health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    assert standing_of(pat).is_cleared(timezone.localdate())
    assert heard == [PAUSED, RESUMED, CLEARANCE_CHANGED]


@pytest.mark.parametrize("answers", [HEALTH, HEALTH | {"surgery": "yes"}], ids=["plain", "to be read"])
def test_what_was_answered_during_a_pause_does_not_count_after_it(pat, dee, answers):
    life.pause(participant=pat, reason="operation", by=dee.person)
    with acting(pat.person, "test"):  # no page does this any more: it keeps answers only of who takes part
        health.record_answers(
            participant=pat, questions=shipped_questions(), answers=answers, note="", mode="self", by=pat.person
        )
    life.resume(participant=pat, by=dee.person)
    assert health.clearance_of(pat).state == ClearanceState.PAUSED
    assert not Task.objects.to_do().exists()
    assert not standing_of(pat).is_cleared(timezone.localdate())


def test_who_was_never_cleared_comes_back_as_they_were(programme, dee):
    newcomer = ParticipantFactory(programme=programme, clearance=False, status=ParticipantStatus.PAUSED)
    life.resume(participant=newcomer, by=dee.person)
    assert health.clearance_of(newcomer) is None


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def test_answers_given_before_a_break_do_not_stand_after_it(pat, dee):
    life.pause(participant=pat, reason="treatment", by=dee.person)
    ClearanceFactory(participant=pat)
    life.resume(participant=pat, by=dee.person)
    assert (health.clearance_of(pat).state, health.clearance_of(pat).reason) == (
        ClearanceState.PAUSED,
        "back_from_pause",
    )


def test_nothing_that_was_for_somebody_who_takes_part_goes_out_or_is_told_after_they_left(pat):
    for kind in notices.WHILE_TAKING_PART:
        Message.objects.create(programme=pat.programme, person=pat.person, kind=kind, dedupe_key=kind)
    told = Message.objects.create(
        programme=pat.programme, person=pat.person, kind="booking_cancelled", dedupe_key="other", state="with_desk"
    )
    life.withdraw(participant=pat, by=pat.person)
    told.refresh_from_db()
    assert told.state == "with_desk"
    assert set(Message.objects.exclude(pk=told.pk).values_list("state", flat=True)) == {"not_wanted"}


def test_leaving_ends_enrolment_support_and_review(pat, sam, heard):
    health.update_health(participant=pat, answers=HEALTH | {"surgery": "yes"}, by=pat.person)
    life.withdraw(participant=pat, reason="moved away", by=pat.person)
    assert pat.status == ParticipantStatus.WITHDRAWN
    enrolment = pat.enrolments.get()
    assert (enrolment.ends_on, enrolment.end_reason) == (timezone.localdate(), "moved away")
    assert not Supporter.objects.live().filter(participant=pat).exists()
    assert not Task.objects.to_do().exists()
    assert heard[-1] == WITHDRAWN


def test_who_is_let_stay_during_a_break_wins_its_days_from_then_on_and_is_told_when_they_are_back(pat, dee):
    install(pat.programme, System.COMMAND)
    today = timezone.localdate()
    life.pause(participant=pat, reason="hospital", by=dee.person)
    EnrolmentPause.objects.update(starts_on=today - dt.timedelta(days=10))
    pat.enrolments.update(starts_on=in_days(-365), extended_until=in_days(2))
    with pytest.raises(ending.NotLonger) as refused:
        ending.extend_programme(participant=pat, until=in_days(12), reason="Was ill.", by=dee.person)
    assert refused.value.last_day == in_days(12)  # ten days of the break are theirs already
    ending.extend_programme(participant=pat, until=in_days(20), reason="Was ill.", by=dee.person)
    assert pat.enrolments.get().closes_on is None
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        life.resume(participant=pat, by=dee.person)
    assert pat.enrolments.get().extended_until == today + dt.timedelta(days=23)


def test_who_was_never_told_of_their_end_is_not_shut_out_by_a_short_stay(pat, dee):
    install(pat.programme, System.COMMAND)
    pat.enrolments.update(starts_on=in_days(-365))
    ending.extend_programme(participant=pat, until=in_days(5), reason="Was ill.", by=dee.person)
    assert pat.enrolments.get().closes_on is None
    ending.see_to_ends(on=timezone.localdate())
    assert pat.enrolments.get().closes_on == in_days(28)


def test_leaving_during_a_pause_ends_it(pat, dee):
    life.pause(participant=pat, reason="hospital", by=dee.person)
    life.withdraw(participant=pat, by=pat.person)
    assert EnrolmentPause.objects.get().ends_on == timezone.localdate()


@pytest.mark.parametrize("act", [life.resume, life.withdraw, life.pause, life.move_review])
def test_what_the_status_does_not_allow_is_refused(pat, dee, act):
    life.withdraw(participant=pat, by=pat.person) if act in (life.withdraw, life.pause) else None
    more = {life.pause: {"reason": "away"}, life.move_review: {"review_on": in_days(9)}}.get(act, {})
    with pytest.raises(life.NotPossibleNow) as refused:
        act(participant=pat, by=dee.person, **more)
    assert refused.value.status == pat.status


# --- consents ----------------------------------------------------------------


def text_for(programme, kind):
    return next(text for text in consents.current_texts(programme) if text.kind == kind)


def test_a_consent_is_taken_back_as_easily_as_given(pat, ready):
    text = text_for(ready, "research")
    consents.give_consent(participant=pat, text=text, by=pat.person)
    assert consents.agreed_to("research", [pat]) == {pat.pk}
    consents.withdraw_consent(participant=pat, kind="research", by=pat.person)
    assert consents.agreed_to("research", [pat]) == set()
    assert [event.given for event in consents.history_of(pat)] == [False, True]
    assert health.clearance_of(pat).state == ClearanceState.CLEARED


def test_a_consent_that_was_never_asked_can_be_refused(pat, ready):
    consents.withdraw_consent(participant=pat, kind="recording", by=pat.person)
    assert consents.consents_in_force(pat)["recording"].given is False


def test_without_consent_to_hold_health_facts_clearance_stops(pat, ready, heard):
    consents.give_consent(participant=pat, text=text_for(ready, "health"), by=pat.person)
    consents.withdraw_consent(participant=pat, kind="health", by=pat.person)
    clearance = health.clearance_of(pat)
    assert (clearance.state, clearance.reason) == (ClearanceState.PAUSED, "consent_withdrawn")
    assert heard == [CLEARANCE_CHANGED, HEALTH_REFUSED]
    consents.give_consent(participant=pat, text=text_for(ready, "health"), by=pat.person)
    assert heard[2:] == [HEALTH_AGREED]


def test_without_consent_to_hold_health_facts_none_is_kept_and_nothing_decided(pat, ready, clare):
    consents.withdraw_consent(participant=pat, kind="health", by=pat.person)
    with pytest.raises(health.NoConsent):
        health.update_health(participant=pat, answers=HEALTH, by=pat.person)
    with pytest.raises(health.NoConsent):
        health.decide_clearance(participant=pat, reviewed=health.clearance_of(pat), state="cleared", by=clare.person)
    assert not pat.health_profiles.exists()
    assert health.clearance_of(pat).state == ClearanceState.PAUSED
    consents.give_consent(participant=pat, text=text_for(ready, "health"), by=pat.person)
    assert health.update_health(participant=pat, answers=HEALTH, by=pat.person).state == ClearanceState.CLEARED


def test_a_clock_that_is_set_back_revives_neither_clearance_nor_consent(pat, ready):
    now = timezone.now()
    consents.give_consent(participant=pat, text=text_for(ready, "health"), by=pat.person)
    consents.give_consent(participant=pat, text=text_for(ready, "instructors"), by=pat.person)
    with time_machine.travel(now - dt.timedelta(hours=1)):
        consents.withdraw_consent(participant=pat, kind="instructors", by=pat.person)
        consents.withdraw_consent(participant=pat, kind="health", by=pat.person)
    assert health.clearance_of(pat).state == ClearanceState.PAUSED
    assert not standing_of(pat).is_cleared(timezone.localdate())
    assert consents.agreed_to("health", [pat]) == consents.agreed_to("instructors", [pat]) == set()


def test_without_the_service_consent_a_person_leaves_instead(pat, ready):
    with pytest.raises(consents.MeansLeaving):
        consents.withdraw_consent(participant=pat, kind="service", by=pat.person)
    assert not ConsentEvent.objects.exists()


def test_instructors_see_only_whom_they_may(pat, quinn, ready):
    consents.give_consent(participant=pat, text=text_for(ready, "instructors"), by=pat.person)
    assert consents.agreed_to("instructors", [pat, quinn]) == {pat.pk}


def test_service_and_health_are_required_and_asked_first(ready):
    assert consents.required_kinds(ready) == {"service", "health"}
    assert [text.kind for text in consents.current_texts(ready)][:2] == ["service", "health"]
