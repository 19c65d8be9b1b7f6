"""Words of the register."""

from __future__ import annotations

from classes.models import AttendanceState
from classes.register import Entry, Need
from frontend.wording import Label, sentence
from participants.adaptations import labels_of
from participants.models import AccessNeedKind

MARKS: dict[str, Label] = {
    AttendanceState.ATTENDED: Label("Attended", "ok"),
    AttendanceState.ATTENDED_IN_PART: Label("Attended in part", "ok"),
    AttendanceState.ABSENT_TOLD: Label("Did not attend, told us", "quiet"),
    AttendanceState.ABSENT_UNTOLD: Label("Did not attend, did not tell us", "few"),
    AttendanceState.SENT_HOME: Label("Sent home unwell", "few"),
    AttendanceState.SERVICE_CANCELLED: Label("Cancelled by SafeFit", "full"),
}
NOT_MARKED = Label("Not marked yet", "quiet")


def mark_label(entry: Entry) -> Label:
    return MARKS[entry.mark.state] if entry.mark else NOT_MARKED


def adaptation_words(entry: Entry) -> tuple[str, ...]:
    return labels_of(entry.facts.adaptations) if entry.facts else ()


def need_words(entry: Entry) -> tuple[str, ...]:
    return tuple(_need(need) for need in entry.facts.needs) if entry.facts else ()


def _need(need: Need) -> str:
    named = AccessNeedKind(need.kind).label
    return sentence(f"{named}: {need.detail}" if need.detail else named)
