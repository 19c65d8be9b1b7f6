"""What must also happen when something happens to a participant: every member of the registry, by name and in order.

Who adds something that reaches people, or that somebody still waits for, asks here what ends it.
"""

from __future__ import annotations

from instructors.consequences import consequences_of_standing
from participants.consequences import Event, consequences_of, consequences_of_a_limit

MEMBERS = {
    Event.ENROLLED: ["classes.judge_places_again", "outcomes.plan_assessments"],
    Event.CLEARANCE_CHANGED: ["participants.start_waits_for_clearance", "classes.judge_places_again"],
    Event.PAUSED: [
        "participants.start_waits_for_clearance",
        "classes.cancel_places",
        "classes.end_absence_calls",
        "classes.end_contact_tasks",
        "classes.end_moot_calls",
        "outcomes.refresh_windows",
    ],
    Event.RESUMED: ["classes.judge_places_again", "outcomes.refresh_windows"],
    Event.WITHDRAWN: [
        "participants.stop_asking_about_needs",
        "participants.end_refer_backs",
        "classes.cancel_places",
        "classes.end_absence_calls",
        "classes.end_contact_tasks",
        "classes.end_moot_calls",
        "outcomes.stop_asking",
    ],
    Event.DIED: [
        "participants.end_refer_backs",
        "classes.cancel_places",
        "outcomes.stop_asking",
        "outcomes.nobody_to_call",
    ],
    Event.HEALTH_AGREED: ["outcomes.ask_again"],
    Event.HEALTH_REFUSED: ["outcomes.stop_asking"],
    Event.NEEDS_CHANGED: ["classes.see_to_interpreters"],
    Event.CONTACT_STOPPED: ["participants.stop_asking_about_needs", "classes.end_every_call"],
}


def test_the_consequences_of_every_event_are_the_ones_named_here():
    ours = {event: [name for name in consequences_of(event) if not name.startswith("tests.")] for event in Event}
    assert ours == MEMBERS


def test_the_consequences_of_another_limit_of_a_week_are_the_ones_named_here():
    assert consequences_of_a_limit() == ("classes.judge_turns_again",)


def test_the_consequences_of_another_standing_of_an_instructor_are_the_ones_named_here():
    assert consequences_of_standing() == ("classes.look_at_dates_led",)
