"""Sentences of the pages about oneself."""

from __future__ import annotations

from classes.models import AttendanceState, Booking, BookingState
from frontend.wording import CANCELLED_CLASS_LABEL, CHECKING_LABEL, Label, booking_label, plain_date, sentence
from participants.course import course_of, with_course
from participants.health import RUN_OUT
from participants.models import ClearanceState, Participant, SupporterScope

SCOPE_WORDS = {
    SupporterScope.BOOK: "book and cancel classes",
    SupporterScope.SEE_MESSAGES: "see messages that we send",
    SupporterScope.BE_CONTACTED: "be called or written to by us",
    SupporterScope.SCRIBE: "type in answers to questions, as they are said",
    SupporterScope.HEAR_OFFERS: "be told when a place is offered from a waiting list, and answer",
}

CLEARANCE_LABELS: dict[str, Label] = {
    ClearanceState.CLEARED: Label("Safe for you to take part", "ok"),
    ClearanceState.CLEARED_WITH_ADAPTATIONS: Label("Safe for you, with changes to suit you", "ok"),
    ClearanceState.NEEDS_REVIEW: CHECKING_LABEL,
    ClearanceState.PAUSED: Label("Paused", "quiet"),
    ClearanceState.NOT_SUITABLE: Label("Not suitable at the moment", "full"),
    RUN_OUT: Label("Your health answers have run out", "few"),
}


def clearance_label(state: str | None) -> Label:
    """The state in words, as health.state_today tells it; nobody has decided yet counts as waiting for us."""
    return CLEARANCE_LABELS[state] if state else CHECKING_LABEL


def in_programme(participant: Participant) -> str:
    """Whether they take part; the day on which they finished once it has passed, though they can still be let stay."""
    course = course_of(with_course(participant))
    if course is None or not course.over or course.position.ends_on is None:
        return sentence(participant.get_status_display())
    return f"Finished on {plain_date(course.position.ends_on)}"


# Said to the person themselves, who may have been too ill to come: facts, and never whose fault.
MARK_WORDS = {
    AttendanceState.ATTENDED: "You came",
    AttendanceState.ATTENDED_IN_PART: "You came for part",
    AttendanceState.ABSENT_TOLD: "You told us you could not come",
    AttendanceState.ABSENT_UNTOLD: "Marked as not there",
    AttendanceState.SENT_HOME: "You came, and went home to rest",
    AttendanceState.SERVICE_CANCELLED: CANCELLED_CLASS_LABEL.words,
}
CAME = {AttendanceState.ATTENDED, AttendanceState.ATTENDED_IN_PART, AttendanceState.SENT_HOME}
PAST_WORDS = {BookingState.BOOKED: "Not marked", BookingState.WAITING: "No place came free"}


def past_label(booking: Booking, mark: str | None) -> Label:
    """What became of a place once its class is over; `mark` is the one in force on the register."""
    if booking.session.is_cancelled:
        return Label(CANCELLED_CLASS_LABEL.words, "full")
    if mark is not None:
        return Label(MARK_WORDS[AttendanceState(mark)], "ok" if mark in CAME else "full")
    return Label(PAST_WORDS.get(BookingState(booking.state)) or booking_label(booking.state).words, "full")
