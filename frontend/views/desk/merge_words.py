"""What putting two records together comes to, in sentences.

Here: words for facts that records/merging finds. Not here: the pages (merging.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from classes.models import Booking, BookingState
from frontend.views.desk.wording import clearance_label
from frontend.views.me.wording import SCOPE_WORDS
from frontend.views.public.join_pages import CONSENT_TITLES
from frontend.wording import count, joined, moment, plain_date
from participants.models import SupporterScope
from participants.rules.adaptations import labels_of
from records.merging.refusals import Why
from records.merging.undo import UndoLook, WhyNot

COMES = {
    "classes.Booking.participant": ("place or turn in a class", "places and turns in classes"),
    "classes.Guest.participant": ("class they came to without a place", "classes they came to without a place"),
    "classes.SymptomCheck.participant": ("same-day safety check", "same-day safety checks"),
    "classes.SessionNote.participant": ("note on how a class went", "notes on how classes went"),
    "classes.Incident.participant": ("report of something that went wrong", "reports of something that went wrong"),
    "participants.HealthProfile.participant": ("set of health answers", "sets of health answers"),
    "participants.Clearance.participant": ("decision on clearance", "decisions on clearance"),
    "participants.ConsentEvent.participant": ("answer to what they agree to", "answers to what they agree to"),
    "participants.AccessNeed.person": ("note of what helps them", "notes of what helps them"),
    "participants.TreatmentDays.participant": ("note of treatment days", "notes of treatment days"),
    "participants.Supporter.participant": ("person who helps them", "people who help them"),
    "participants.Supporter.person": ("person whom they help", "people whom they help"),
    "participants.Enrolment.participant": ("time in the programme", "times in the programme"),
    "outcomes.Assessment.participant": ("questionnaire with its answers", "questionnaires with their answers"),
    "outcomes.Goal.participant": ("goal", "goals"),
    "outcomes.Measure.participant": ("measurement", "measurements"),
    "accounts.ContactPoint.person": ("way to reach them", "ways to reach them"),
    "messaging.Message.person": ("message", "messages"),
    "messaging.Task.about": ("task of the desk", "tasks of the desk"),
    "messaging.Call.about": ("call", "calls"),
}
UNSAID = {"classes.Concern.participant", "classes.ConcernNames.person", "classes.Concern.reported_by"}
FIELDS = {
    "known_as": "what they are called",
    "date_of_birth": "date of birth",
    "area": "where they live",
    "postcode": "postcode",
    "emergency_phone": "emergency contact",
}
TABLES = {
    "participants.NhsNumber": "Both have an NHS number. That on the record that stays counts; the other is kept aside.",
    "messaging.ChosenWay": "Both had chosen a way for the same kind of message. The choice on the record that stays "
    "counts.",
    "participants.Equality": "Both had answered the questions about them. The answers on the record that stays count; "
    "the others are kept aside.",
    "classes.CalendarFeed": "Both had a calendar address. The one on the record that stays goes on; the other stops.",
}
ENDED = {BookingState.BOOKED: "place", BookingState.OFFERED: "offered place", BookingState.WAITING: "turn"}
REFUSALS = {
    Why.OWN_RECORD: "One of these records is your own. Ask a colleague to do it.",
    Why.HELP_EACH_OTHER: "One of them is noted as helping the other. If that is a mistake, end the help first; if they "
    "are two people, say so.",
    Why.STOPPED: "All contact with one of them was stopped, or they have died. If that was noted by mistake, take it "
    "back on their page first.",
    Why.ON_A_BREAK: "Only one of them is on a break. End the break, or begin it on the other record too, then come "
    "back.",
    Why.OTHER_PROGRAMME: "The record that would go also takes part in another programme. Choose it as the one that "
    "stays.",
    Why.NOT_YOURS: "One of them also takes part, or helps somebody, in a programme that is not yours. Ask an "
    "administrator who works at both desks: that colleague can do it.",
    Why.WORKS_HERE: "The record that would go has a role here, or had one: work that was done stays with whoever did "
    "it. Choose it as the one that stays.",
    Why.TWO_DECIDE: "On both records somebody else is noted who decides. Find out who does, and end the other entry "
    "first.",
    Why.RIGHTS: "A copy of what is held about one of them is being made, or one of them has asked to be deleted. Wait "
    "until that is done.",
    Why.LOOKED_INTO: "Something about one of them is being looked into and must be finished first. Ask the clinical "
    "lead and the safeguarding lead to see to what is open, then come back.",
}
NOT_UNDONE = {
    WhyNot.UNDONE: "It was undone before.",
    WhyNot.TOO_LATE: "It can be undone for 30 days, and these have passed. Nothing is lost: what was set aside is kept "
    "with this entry.",
    WhyNot.LATER_ONE: "The same record was put together with another one since. Undo that first.",
    WhyNot.LOGIN_TAKEN: "Somebody signs in today with the email address or number that was closed. Change it on their "
    "record first.",
    WhyNot.STANDS_IN_THE_WAY: "Something that was written since stands in the way, such as a new time in the "
    "programme. Nothing was changed. Ask whoever looks after this system.",
}
Facts = Mapping[str, Any]


def comes_words(comes: Mapping[str, int]) -> list[str]:
    """What comes over, counted; what nobody thinks of by itself is one line at the end."""
    lines = [count(comes[name], *words) for name, words in COMES.items() if comes.get(name)]
    rest = sum(number for name, number in comes.items() if name not in COMES and name not in UNSAID)
    return [*lines, count(rest, "other entry", "other entries")] if rest else lines


def clash_words(said: Iterable[tuple[str, Facts]]) -> list[str]:
    return [_CLASHES[what](facts) for what, facts in said if what != "comes"]


def refusal_words(reasons: Iterable[Why]) -> list[str]:
    return [REFUSALS[reason] for reason in reasons]


def _place(facts: Facts) -> str:
    state = BookingState(facts["state"])
    freed = "" if state == BookingState.WAITING else " and goes to whoever is next"
    when = moment(datetime.fromisoformat(facts["starts_at"]))
    return (
        f"{facts['class']}, {when}: nobody is there twice, or in two classes at one time. The better one stays; "
        f"this {ENDED[state]} ends{freed}."
    )


def _clearance(facts: Facts) -> str:
    until = f", until {plain_date(date.fromisoformat(facts['until']))}" if facts["until"] else ""
    adapted = f" ({joined(labels_of(facts['adaptations']))})" if facts["adaptations"] else ""
    state = clearance_label(facts["state"]).words
    return (
        f"Clearance differs. The more careful of both counts until the clinical lead decides: {state}{adapted}{until}. "
        "Places they hold are judged by it at once."
    )


def _consent(facts: Facts) -> str:
    titles = joined(f"“{CONSENT_TITLES[kind]}”" for kind in facts["kinds"])
    return f"They agreed on one record and not on the other: {titles}. The answer is no until they say otherwise."


def _may(facts: Facts) -> str:
    scopes = [SCOPE_WORDS[SupporterScope(scope)] for scope in facts["scopes"]]
    return joined(scopes) if scopes else "nothing until it is agreed again"


def _answers(facts: Facts) -> str:
    form = f"{facts['title']}, {facts['timepoint']}"
    return f"{form}: both have answers. What was sent first counts; the other is kept aside."


_CLASHES: dict[str, Callable[[Facts], str]] = {
    "place": _place,
    "clearance": _clearance,
    "consent": _consent,
    "answers": _answers,
    "helper": lambda facts: f"{facts['name']} helps on both records. What both allowed counts: {_may(facts)}.",
    "helps": lambda facts: f"They help {facts['name']} on both records. What both allowed counts: {_may(facts)}.",
    "login_closed": lambda facts: (
        f"They sign in with {facts['stays']} from now on. The other login, {facts['closes']}, is closed and signed out."
    ),
    "same_way": lambda facts: f"{facts['value']} is on both records and stays once.",
    "liked_best": lambda facts: (
        f"{facts['value']} comes over; what is liked best on the record that stays goes on being used first."
    ),
    "filled": lambda facts: (
        f"Taken from the other record, where this one says nothing: {joined(FIELDS[name] for name in facts['fields'])}."
    ),
    "status": lambda facts: "The record that stays takes part again, as the other one does.",
    "enrolment": lambda facts: (
        "Both are in the programme. The time that began first counts, "
        f"from {plain_date(date.fromisoformat(facts['starts_on']))}; the other is kept aside."
    ),
    "set_aside": lambda facts: TABLES[facts["table"]],
}


def place_words(booking: Booking) -> str:
    return f"{booking.session.class_type.name}, {moment(booking.session.starts_at)}"


def since_words(found: UndoLook) -> list[str]:
    """What has happened since, which stays with the record that stays."""
    lines = [
        count(found.booked_since, "place or turn", "places and turns") if found.booked_since else "",
        count(found.messages_since, "message") if found.messages_since else "",
    ]
    return [line for line in lines if line]
