"""Sentences of the desk's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from frontend.wording import Label, clock, count, joined, moment, plain_date
from messaging.models import TaskAlert
from participants.health import RUN_OUT
from participants.models import ClearanceState, ContactStop, StopKind

MOST_TOLD = 4

CLEARANCE_LABELS: dict[str, Label] = {
    ClearanceState.CLEARED: Label("Cleared", "ok"),
    ClearanceState.CLEARED_WITH_ADAPTATIONS: Label("Cleared with adaptations", "ok"),
    ClearanceState.NEEDS_REVIEW: Label("Waits for a review", "few"),
    ClearanceState.PAUSED: Label("Paused", "quiet"),
    ClearanceState.NOT_SUITABLE: Label("Not suitable at the moment", "full"),
    RUN_OUT: Label("Has run out: ask their health questions again", "few"),
}

FLAG_WORDS = {
    "cancer_in_bones": "Cancer in the bones: advise on loading, do not exclude",
    "thin_bones": "Thin bones: advise on loading, do not exclude",
    "bones_not_known": "Is not sure about their bones",
    "heart_or_lung": "Heart or lungs",
    "recent_surgery": "Operation in the last 3 months",
    "low_blood_counts": "Low blood counts, or not sure",
    "new_symptoms": "New or unexplained symptoms, or not sure",
    "falls": "Has fallen",
    "dizziness": "Dizzy or faint",
    "line_or_port": "Line or port",
    "open_wound": "A wound that has not healed",
    "stoma": "Stoma",
    "swelling": "Swelling, or at risk of it",
    "recent_treatment": "Treatment in the last 7 days",
    "flagged_day": "Was told not to exercise on the day of these answers",
    "referred_back": "Referred back: somebody is worried about exercise. Read why before you decide",
    "told_us_more": "Wrote something: read it",
    "referrer_noted": "Whoever referred them wrote something about safety: read it",
}


def clearance_label(state: str | None) -> Label:
    """The state in words for staff, as health.state_today tells it; undecided counts as waiting for a review."""
    return CLEARANCE_LABELS[state or ClearanceState.NEEDS_REVIEW]


def stop_words(stop: ContactStop) -> tuple[str, str]:
    """What the person's page says at its top, and who noted it."""
    person = stop.participant.person
    when = f" on {plain_date(stop.happened_on)}" if stop.kind == StopKind.DIED and stop.happened_on else ""
    words = f"{person.full_name} {stop.get_kind_display()}{when}. Do not write to them, and do not call them."
    return words, f"Noted by {stop.recorded_by.full_name}, {moment(stop.recorded_at)}."


def flag_words(flag: str) -> str:
    """A flag in words; one from older questions stands as it was kept."""
    return FLAG_WORDS.get(flag, flag.replace("_", " "))


def overdue_label(late: timedelta) -> Label:
    """For how long something has been due: in hours for two days, then in days."""
    hours = late // timedelta(hours=1)
    if hours < 1:
        return Label("Overdue by less than an hour", "alert")
    by = count(hours, "hour") if hours < 48 else count(hours // 24, "day")
    return Label(f"Overdue by {by}", "alert")


def told_words(alerts: Sequence[TaskAlert]) -> str:
    """Dee Desk at 6:05pm, Clare Clinic at 6:20pm; only the last few, so that a long night stays one line."""
    if not alerts:
        return "Nobody could be written to yet"
    said = [f"{alert.person.full_name} at {clock(alert.at)}" for alert in alerts[-MOST_TOLD:]]
    earlier = len(alerts) - len(said)
    before = f", and {count(earlier, 'time')} before" if earlier else ""
    return f"Written to: {joined(said)}{before}"
