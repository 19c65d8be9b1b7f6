"""What happened, one line each, in words for the desk.

Here: a happening in, a line out. Not here: where happenings come from (timeline.py
and happenings.py of each app). Something of which there are no words yet stands
under its own name, so that nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.happenings import PERSON, Happening
from accounts.history import System
from accounts.models import Person
from classes import happenings as of_classes
from classes.models import AttendanceState, BookingState, CheckMode, Session
from frontend.views.desk.messages import WAYS, kind_words
from frontend.views.desk.task_words import kind_of, outcome_words
from frontend.views.desk.wording import clearance_label
from frontend.views.public.join_pages import CONSENT_TITLES
from frontend.wording import clock, plain_date, sentence
from messaging import happenings as of_the_desk
from messaging.models import Caller, MessageState
from outcomes import happenings as of_questionnaires
from participants import happenings as of_taking_part
from participants.models import ClearanceState, ParticipantStatus, Source, StopKind

Sessions = Mapping[int, Session]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    at: datetime
    words: str
    who: str = ""  # "Sam Helper for Pat Example"; empty for what nobody did
    href: str = ""


STATUS_WORDS = {
    ParticipantStatus.ACTIVE: "Takes part again",
    ParticipantStatus.PAUSED: "A break began",
    ParticipantStatus.COMPLETED: "Finished the programme",
    ParticipantStatus.WITHDRAWN: "Left the programme",
    ParticipantStatus.DIED: "Noted as having died",
}
PLACE_WORDS = {
    BookingState.BOOKED: "Place booked",
    BookingState.WAITING: "Joined the waiting list",
    BookingState.OFFERED: "A place was offered",
    BookingState.CANCELLED: "Place given back",
    BookingState.DECLINED: "Offered place not taken",
    BookingState.EXPIRED: "Offered place ran out",
    BookingState.CLOSED: "Place closed",
}
WHY = {  # only what says nothing about anybody's health
    "class_cancelled": "the class was cancelled",
    "class_changed": "the class was changed",
    "class_moved": "the class was moved onto another one of theirs",
    "moved_to_another_date": "moved to another date",
    "not_cleared": "not cleared in time",
    "fewer_places": "the class was made smaller",
    "declined_by_phone": "they did not want it",
    "placed_elsewhere": "they have another class at that time",
    "paused": "a break began",
    "withdrawn": "they left the programme",
}
MARK_WORDS = {
    AttendanceState.ATTENDED: "Came to class",
    AttendanceState.ATTENDED_IN_PART: "Came to part of a class",
    AttendanceState.ABSENT_TOLD: "Did not come, and had told us",
    AttendanceState.ABSENT_UNTOLD: "Did not come",
    AttendanceState.SENT_HOME: "Came, and went home to rest",
    AttendanceState.SERVICE_CANCELLED: "Class cancelled by SafeFit",
}
CLASS_WORDS: dict[str, Callable[[str], str]] = {
    of_classes.PLACE: lambda detail: PLACE_WORDS[BookingState(detail)],
    of_classes.MARK: lambda detail: MARK_WORDS[AttendanceState(detail)],
    of_classes.CHECK: lambda detail: f"Same-day check answered, {CheckMode(detail).label}",
    of_classes.TALK: lambda detail: "Talk before the class noted",
    of_classes.NOTE: lambda detail: "How the class went noted",
}
DECIDER_WORDS = {
    "participants.record_decision_maker": "Somebody else decides for them",
    "participants.end_decision_maker": "Decides for themselves again",
}
CLINICAL_TEAM_WORDS = {
    "participants.note_clinical_contact": "Named somebody of their clinical team",
    "participants.change_clinical_contact": "Changed somebody of their clinical team",
    "participants.end_clinical_contact": "Took somebody out of their clinical team",
}
DETAILS_WORDS = {
    "participants.extend_programme": "Stays longer in the programme",
    "participants.change_emergency_contact": "Emergency contact changed",
    "participants.confirm_emergency_contact": "Emergency contact still right",
    "participants.change_home": "Where they live changed",
    "participants.change_name": "What to call them changed",
    "participants.correct_identity": "Name or date of birth put right",
    "participants.change_contact": "How to reach them changed",
    "participants.record_needs": "Access needs changed",
    "participants.share_needs": "What instructors may know of their access needs changed",
    "participants.confirm_needs": "Access needs asked again, and the same",
    "participants.move_review": "Another day for the end of the break",
}
HELPER_WORDS = {
    "participants.invite_supporter": "Invited to help: {}",
    "participants.accept_invitation": "Helps from now on: {}",
    "participants.verify_supporter": "Helps from now on: {}",
    "participants.change_scopes": "May do something else now: {}",
    "participants.end_support": "Does not help any more: {}",
}
NOBODY_NAMED = "somebody of whom no name is kept"
SENT_WORDS = {
    MessageState.QUEUED: "Message waits to be sent",
    MessageState.WITH_DESK: "Message to tell by phone or letter",
    MessageState.SENT: "Message sent",
    MessageState.DELIVERED: "Message told",
    MessageState.FAILED: "Message not delivered",
    MessageState.NOT_WANTED: "Message not needed any more",
}
CALLER_WORDS = {
    (Caller.SELF, True): "On the phone, identified",
    (Caller.SELF, False): "Somebody on the phone said that it was them, and was not identified",
    (Caller.HELPER, True): "On the phone for them, identified: {}",
    (Caller.HELPER, False): "On the phone for them, not identified: {}",
    (Caller.OTHER, False): "Somebody else was on the phone about them",
}


def line_of(one: Happening, about: Person, sessions: Sessions, names: Names) -> Line:
    words, href = _words(one, sessions, names)
    return Line(one.at, words, _who(one, about, names), href)


def helper_of(one: Happening) -> str:
    """The helper who was on the phone, as history names people; empty otherwise."""
    return f"{PERSON}{one.row}" if one.what == of_the_desk.CALL and one.row else ""


def _words(one: Happening, sessions: Sessions, names: Names) -> tuple[str, str]:
    if one.what in of_classes.OF_A_CLASS:
        return _of_a_class(one, sessions), ""
    if one.what in (of_the_desk.TASK, of_the_desk.NOT_NEEDED, of_the_desk.ATTEMPT):
        return _of_a_task(one), reverse("desk:task", args=[one.row])
    if one.what == of_the_desk.MESSAGE:
        return _of_a_message(one), reverse("desk:message", args=[one.row])
    if one.what == of_the_desk.CALL:
        known = one.more == of_the_desk.KNOWN
        return CALLER_WORDS[Caller(one.detail), known].format(names.get(helper_of(one), "")), ""
    return PLAIN[one.what](one), ""


def _of_a_class(one: Happening, sessions: Sessions) -> str:
    words, session = CLASS_WORDS[one.what](one.detail), sessions.get(one.row or 0)
    if session is not None:
        words += f": {session.class_type.name}, {plain_date(session.starts_at)} at {clock(session.starts_at)}"
    why = WHY.get(one.more, "") if one.what == of_classes.PLACE else ""
    return f"{words} ({why})" if why else words


def _of_a_task(one: Happening) -> str:
    task = kind_of(one.detail).words
    if one.what == of_the_desk.ATTEMPT:
        return f"{task}: {outcome_words(one.more)}"
    return f"To do: {task}" if one.what == of_the_desk.TASK else f"Not needed any more: {task}"


def _of_a_message(one: Happening) -> str:
    state, _, channel = one.more.partition(":")
    way = WAYS.get(channel, "")
    words = f"{SENT_WORDS[MessageState(state)]}: “{kind_words(one.detail)}”"
    return f"{words}, {way[:1].lower()}{way[1:]}" if way and state != MessageState.NOT_WANTED else words


REGISTERED_WORDS: dict[str, str] = {Source.REFERRAL: "after a professional referred them"}


def _helper(one: Happening) -> str:
    return HELPER_WORDS.get(one.detail, "Helper changed: {}").format(one.more.strip() or NOBODY_NAMED)


PLAIN: dict[str, Callable[[Happening], str]] = {
    of_taking_part.REGISTERED: lambda one: f"Registered, {REGISTERED_WORDS.get(one.detail, Source(one.detail).label)}",
    of_taking_part.STATUS: lambda one: STATUS_WORDS[ParticipantStatus(one.detail)],
    of_taking_part.DETAILS: lambda one: DETAILS_WORDS.get(one.detail, "Details changed"),
    of_taking_part.HELPER: _helper,
    of_taking_part.DECIDER: lambda one: DECIDER_WORDS.get(one.detail, "Who decides changed"),
    of_taking_part.CLINICAL_TEAM: lambda one: CLINICAL_TEAM_WORDS.get(one.detail, "Clinical team changed"),
    of_taking_part.HEALTH_ANSWERED: lambda one: "Health questions answered",
    of_taking_part.CLEARANCE: lambda one: f"Safe to take part: {clearance_label(ClearanceState(one.detail)).words}",
    of_taking_part.AGREED: lambda one: f"Agreed: {CONSENT_TITLES[one.detail]}",
    of_taking_part.TOOK_BACK: lambda one: f"Said no: {CONSENT_TITLES[one.detail]}",
    of_taking_part.STOPPED: lambda one: f"All contact ended: {StopKind(one.detail).label}",
    of_taking_part.STOP_UNDONE: lambda one: "The end of all contact was a mistake, and taken back",
    of_questionnaires.ANSWERED: lambda one: f"Wellbeing check answered: {sentence(one.detail)}",
}
# What somebody may do in place of the person. The rest is the desk's own work.
ACTS = {
    of_taking_part.REGISTERED,
    of_taking_part.STATUS,
    of_taking_part.DETAILS,
    of_taking_part.HELPER,
    of_taking_part.CLINICAL_TEAM,
    of_taking_part.HEALTH_ANSWERED,
    of_taking_part.AGREED,
    of_taking_part.TOOK_BACK,
    of_classes.PLACE,
    of_classes.CHECK,
    of_questionnaires.ANSWERED,
}


def _who(one: Happening, about: Person, names: Names) -> str:
    """Nobody is named for what the person did: it is their timeline."""
    if one.by in ("", f"{PERSON}{about.pk}", System.PUBLIC):
        return ""
    if not one.by.startswith(PERSON):
        return "Done automatically"
    name = names.get(one.by, "Somebody")
    return f"{name} for {about.first_name}" if one.what in ACTS else name
