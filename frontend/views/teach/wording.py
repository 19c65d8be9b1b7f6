"""Words of the register."""

from __future__ import annotations

from collections.abc import Sequence

from classes.models import AttendanceState, RehearsalOutcome
from classes.register import CAME_STATES, Entry
from frontend.needs import need_words as words_of_need
from frontend.wording import Label, joined
from participants.rules.adaptations import labels_of

MARKS: dict[str, Label] = {  # in the order of the buttons: those who were there, then those who were not
    AttendanceState.ATTENDED: Label("Attended", "ok"),
    AttendanceState.ATTENDED_IN_PART: Label("Attended in part", "ok"),
    AttendanceState.SENT_HOME: Label("Sent home unwell", "few"),
    AttendanceState.ABSENT_TOLD: Label("Absent, told us", "quiet"),
    AttendanceState.ABSENT_UNTOLD: Label("Absent, did not tell us", "few"),
    AttendanceState.SERVICE_CANCELLED: Label("Cancelled by SafeFit", "full"),
}
CAME, DID_NOT_COME = "came", "not"
COMPANION = {CAME: "Companion came", DID_NOT_COME: "Companion did not come"}  # in the order of the buttons
COMES_ALONG = "Comes with a companion"
UNKNOWN = "Not known to us yet: does not exercise until the desk has said that they may. Phone the desk."
NOT_YET = "Nobody exercises before we know that it is safe for them. They may stay and watch."
NOT_MARKED = Label("Not marked yet", "quiet")


ONLINE_FIRST = {
    "": "Online for the first time, and has not tried camera and sound yet",
    RehearsalOutcome.READY: "Online for the first time: has tried camera and sound, and they work",
    RehearsalOutcome.HELP: "Online for the first time, and wants help with camera and sound",
}


def mark_label(entry: Entry) -> Label:
    return MARKS[entry.mark.state] if entry.mark else NOT_MARKED


def photo_words(agreed: Sequence[str], of: int) -> str:
    """Of whom photos and recordings may be made, by their names."""
    if not agreed:
        return "No photos or recordings: nobody here agreed to them."
    if len(agreed) == of:
        return "Photos and recordings: everybody here agreed to them."
    return f"Photos and recordings: only {joined(agreed)} agreed. Nobody else may be in them."


def photo_count(agreed: int, of: int) -> str:
    """The same where nobody is named; "" for a class with nobody in it."""
    if not agreed:
        return "Nobody agreed to them" if of else ""
    return "Everybody agreed to them" if agreed == of else f"{agreed} of {of} agreed. The register says who"


def adaptation_words(entry: Entry) -> tuple[str, ...]:
    return labels_of(entry.facts.adaptations) if entry.facts else ()


def need_words(entry: Entry) -> tuple[str, ...]:
    return tuple(words_of_need(need.kind, need.detail) for need in entry.facts.needs) if entry.facts else ()


def takes_note(entry: Entry) -> bool:
    """Whether how it went can be noted: they came, and are more than a name."""
    return entry.facts is not None and entry.mark is not None and entry.mark.state in CAME_STATES


def note_words(entry: Entry, started: bool) -> str:
    """The link to how it went, and to what was noted last time; "" where there is neither."""
    if started and takes_note(entry):
        return "Change how it went" if entry.facts and entry.facts.noted else "Write how it went"
    return "How it went last time" if entry.facts and entry.facts.noted_before else ""


def companion_tick(entry: Entry) -> str:
    """Which of COMPANION is chosen; "" for neither yet."""
    return {True: CAME, False: DID_NOT_COME, None: ""}[entry.companion_came]


def also_words(entry: Entry) -> tuple[str, ...]:
    """What else to know at a glance."""
    return (*at_a_glance(entry), *([COMPANION.get(companion_tick(entry), COMES_ALONG)] if entry.with_companion else []))


def at_a_glance(entry: Entry) -> tuple[str, ...]:
    """The same without whoever comes along, where that is said beside it."""
    said = (
        ("First class with us", entry.first_class),
        ("First time in this class", entry.first_of_kind),
        (ONLINE_FIRST.get(entry.rehearsed or "", ""), entry.rehearsed is not None),
        ("Said that they are coming", entry.said_coming),
        ("Came without booking", entry.guest_id is not None),
    )
    return tuple(words for words, so in said if so)
