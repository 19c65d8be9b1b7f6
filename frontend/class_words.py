"""Words about classes and places that the public, participants, supporters and the desk share.

Here: facts of the domain in, plain English out. Not here: rules (classes/),
dates and times (frontend/wording.py). Called by the views of several audiences.
"""

from __future__ import annotations

from urllib.parse import urlencode

from classes.judging.eligibility import Reason, Step
from classes.judging.fit import Advice
from classes.judging.refusals import BeyondWeeklyLimit
from classes.listing import Availability
from classes.models import Booking, Effort, Fact, Mode, Position, Session, Venue
from classes.models.booking import TOO_LATE_TO_OFFER
from classes.waiting_list.serving import NOT_REACHED, OVERLAP, PARTY_TOO_LARGE
from frontend.wording import Label, booking_label, clock, count, joined, sentence
from participants.details import number_of
from participants.models import Participant

AVAILABILITY_LABELS = {
    Availability.PLACES: Label("Places available", "ok"),
    Availability.FEW: Label("Few places left", "few"),
    Availability.FULL: Label("Full: join the waiting list", "full"),
    Availability.CANCELLED: Label("Class cancelled", "alert"),
    Availability.STARTED: Label("Started", "quiet"),
}
EFFORT_WORDS = {Effort.GENTLE: "Gentle", Effort.MODERATE: "Moderate effort", Effort.VIGOROUS: "Hard work"}
POSITION_WORDS = {Position.SEATED: "sitting", Position.STANDING: "standing", Position.FLOOR: "on the floor"}
MODE_WORDS = {Mode.IN_PERSON: "In person", Mode.REMOTE: "Online"}  # of classes; a talk may be by telephone as well
FROM_HOME = "Online, from home"
BY_VIDEO = "By video, from home"
BY_TELEPHONE = "By telephone: we ring you"
VENUE_WORDS = {  # as classes.filtering names them
    "step_free": "Step-free way in",
    "accessible_toilet": "Accessible toilet",
    "hearing_loop": "Hearing loop",
    "parking": "Parking",
    "chairs": "Chairs",
}
FACT_WORDS = {Fact.YES: "Yes", Fact.NO: "No", Fact.UNKNOWN: "Not known. Call us and we will find out"}

REASONS = {
    Reason.ANOTHER_PROGRAMME: "This class belongs to another programme.",
    Reason.NOT_TAKING_PART: "You are not taking part at the moment. Call us if you would like to start again.",
    Reason.PAUSED: "You are having a break. Tell us on your home page, or call us, when you are ready to come back.",
    Reason.NOT_ENROLLED: "Your time with SafeFit has not started by the day of this class.",
    Reason.PROGRAMME_OVER: (
        "Your time with SafeFit ends before the day of this class. Your home page says where you can go next. "
        "Call us if more time would help you."
    ),
    Reason.NOT_CHECKED: (
        "We still need to check that exercise is safe for you. We will be in touch about what happens next."
    ),
    Reason.BEING_CHECKED: (
        "We are checking that exercise is safe for you. Somebody from our team will call you. "
        "You do not need to do anything."
    ),
    Reason.CHECK_PAUSED: "Exercise is on hold for you for now. Call us when something has changed.",
    Reason.NOT_SUITABLE: (
        "Our classes are not the right thing for you at the moment. Call us to talk about what else there is."
    ),
    Reason.CHECK_STARTS_LATER: "You can come to classes a little later than this one. Choose a class on a later day.",
    Reason.CHECK_RUNS_OUT: (
        "We need to check your health answers again before the day of this class. Call us, or choose an earlier class."
    ),
    Reason.REMOTE_ONLY: "It was agreed that online classes are the safe choice for you. This one is in person.",
    Reason.IN_PERSON_ONLY: "It was agreed that classes in person are the safe choice for you. This one is online.",
    Reason.ONE_TO_ONE_ONLY: "It was agreed that one-to-one sessions are the safe choice for you. This one is a group.",
    Reason.WEEKLY_LIMIT: (
        "You have as many classes in that week as this part of your time with SafeFit allows. "
        "Choose a class in another week, or call us."
    ),
    Reason.FIRST_CONTACT_FIRST: (
        "Your time with SafeFit begins with a first talk, one to one. Once you have had it you can book classes."
    ),
}
# Instead of those above where somebody is worried about exercise for them: to themselves, and to a supporter.
TALK_FIRST = "We would like to talk with you before you exercise. Please do not come to a class until then."
HELPER_TALK_FIRST = "We would like to talk with {name} before the next class. Until then {name} cannot come to a class."
# To a supporter, of the person they help: what to do, and as little as can be of why.
HELPER_REASONS = {
    Reason.ANOTHER_PROGRAMME: "This class belongs to another programme.",
    Reason.NOT_TAKING_PART: "{name} is not taking part at the moment. Call us about starting again.",
    Reason.PAUSED: "{name} is having a break. Call us when it is time to start again.",
    Reason.NOT_ENROLLED: "{name}’s time with SafeFit has not started by the day of this class.",
    Reason.PROGRAMME_OVER: "{name}’s time with SafeFit ends before the day of this class. Call us about what is next.",
    Reason.NOT_CHECKED: "We still need to check that exercise is safe for {name}. We will be in touch.",
    Reason.BEING_CHECKED: (
        "We are checking that exercise is safe for {name}. Somebody from our team will be in touch with {name}. "
        "You do not need to do anything."
    ),
    Reason.CHECK_PAUSED: "Exercise is on hold for {name} for now. Call us when something has changed.",
    Reason.NOT_SUITABLE: "Please call us. We would like to talk about what would suit {name}.",
    Reason.CHECK_STARTS_LATER: "{name} can come to classes a little later than this one. Choose a later day.",
    Reason.CHECK_RUNS_OUT: (
        "{name} needs to answer our health questions again before the day of this class. "
        "Call us, or choose an earlier class."
    ),
    Reason.REMOTE_ONLY: "It was agreed that {name} comes to online classes. This one is in person.",
    Reason.IN_PERSON_ONLY: "It was agreed that {name} comes to classes in person. This one is online.",
    Reason.ONE_TO_ONE_ONLY: "It was agreed that {name} comes to one-to-one sessions. This one is a group.",
    Reason.WEEKLY_LIMIT: (
        "{name} has as many classes in that week as this part of SafeFit allows. "
        "Choose a class in another week, or call us."
    ),
    Reason.FIRST_CONTACT_FIRST: (
        "{name}’s time with SafeFit begins with a first talk, one to one. Once that is done {name} can come to classes."
    ),
}
DESK_REASONS = {
    Reason.ANOTHER_PROGRAMME: "belongs to another programme",
    Reason.NOT_TAKING_PART: "is not taking part",
    Reason.PAUSED: "is having a break",
    Reason.NOT_ENROLLED: "is not enrolled on that day",
    Reason.PROGRAMME_OVER: "has finished the programme by that day",
    Reason.NOT_CHECKED: "has no clearance yet",
    Reason.BEING_CHECKED: "is waiting for a review of clearance",
    Reason.CHECK_PAUSED: "has a paused clearance",
    Reason.NOT_SUITABLE: "was found not suitable",
    Reason.CHECK_STARTS_LATER: "is cleared only from a later day",
    Reason.CHECK_RUNS_OUT: "has a clearance that runs out before that day",
    Reason.REMOTE_ONLY: "may come to online classes only",
    Reason.IN_PERSON_ONLY: "may come to classes in person only",
    Reason.ONE_TO_ONE_ONLY: "may come to one-to-one sessions only",
    Reason.WEEKLY_LIMIT: "has as many classes in that week as their phase allows",
    Reason.FIRST_CONTACT_FIRST: "has not had their first talk, one to one, which this programme wants before any class",
}
IN_DOUBT = "We are checking that this class is safe for"  # never "waiting": that is for a place
SETTLED_BY = {
    Step.ANSWER: "We need new answers from you to our questions about your health. It takes about 5 minutes.",
    Step.WAIT: "One of our team is reading your answers. You do not need to do anything.",
    Step.TALK: "Please call us, and we will talk about it with you. We will try to reach you too.",
    Step.CHOOSE: "This class is not the right one for you as things are. We can help you to find another.",
}
PASSED_BY = {
    OVERLAP: "has another class at that time",
    PARTY_TOO_LARGE: "comes with somebody, and there was only room for one",
    NOT_REACHED: "could not be reached",
    TOO_LATE_TO_OFFER: "hears of it at once, since the class was too near for an offer",
}


def little_time_words(session: Session, other: Booking, name: str = "") -> str:
    """There may not be time to get from one hall to the other; `name` when somebody else reads it."""
    first = other.session.starts_at < session.starts_at
    when = f"until {clock(other.session.ends_at)}" if first else f"from {clock(other.session.starts_at)}"
    return (
        f"{f'{name} has' if name else 'You have'} {other.session.class_type.name} at {other.session.venue} {when} on "
        f"that day. Please check that there is time to get from one to the other."
    )


def limit_words(beyond: BeyondWeeklyLimit, name: str = "") -> str:
    """The limit of a week, what is in the way, and the next step; `name` when somebody else reads it."""
    one = beyond.most == 1
    return (
        f"In this part of SafeFit {name or 'you'} can have {count(beyond.most, 'class', 'classes')} a week, "
        f"Monday to Sunday, and {f'{name} has' if name else 'you have'} {'one' if one else 'that many'} in that week "
        f"already. Choose a class in another week, or cancel {'the other one' if one else 'one of the others'} first. "
        f"If it should be more, call us."
    )


def companion_hint(session: Session) -> str:
    who = "A friend, a relative or a carer."
    return (
        f"{who} They take no place." if session.companions_beside else f"{who} They need a place too, so we count two."
    )


def place_of(session: Session) -> str:
    """Poole Hall, Poole; or how it is held from home."""
    if session.mode == Mode.PHONE:
        return BY_TELEPHONE
    return str(session.venue) if session.venue else BY_VIDEO if session.is_one_to_one else FROM_HOME


def rings_on(session: Session, participant: Participant) -> str:
    """The number on which somebody is rung for a talk by telephone; empty where none is known, or nobody rings."""
    return number_of(participant.person) if session.mode == Mode.PHONE else ""


def where_led(session: Session) -> str:
    """The same for those who lead or arrange it."""
    if session.mode == Mode.PHONE:
        return "By telephone"
    return str(session.venue) if session.venue else "By video" if session.is_one_to_one else "Online"


def what_it_is_like(session: Session) -> list[str]:
    """Gentle · sitting or standing."""
    kind = session.class_type
    ways = [POSITION_WORDS[Position(position)] for position in kind.positions]
    return [EFFORT_WORDS[Effort(kind.effort)], sentence(joined(ways, "or"))]


def advice_words(session: Session, advice: tuple[Advice, ...], name: str = "") -> str:
    """What does not suit, as facts of the class; `name` when somebody else reads it. Empty when all fits."""
    kind = session.class_type
    ways = [POSITION_WORDS[Position(position)] for position in kind.positions]
    facts = {Advice.POSITION: joined(ways, "or"), Advice.EFFORT: EFFORT_WORDS[Effort(kind.effort)].lower()}
    if not advice:
        return ""
    whose = f"The instructor will adapt it for {name}." if name else "Your instructor will adapt it for you."
    return f"This class is {'. It is '.join(facts[one] for one in advice)}. {whose}"


def venue_facts(venue: Venue) -> list[tuple[str, str]]:
    """What a person needs to know before going there. What nobody knows is said too."""
    asked = [(words, fact_words(venue, fact)) for fact, words in VENUE_WORDS.items()]
    told = (("Which door", venue.entrance), ("Getting there", venue.getting_there), ("Good to know", venue.access_note))
    return asked + [(term, words) for term, words in told if words]


def fact_words(venue: Venue, fact: str) -> str:
    """Yes. By the side door."""
    return with_note(FACT_WORDS[Fact(getattr(venue, fact))], getattr(venue, f"{fact}_note"))


def with_note(said: str, note: str) -> str:
    return f"{said}. {sentence(note)}" if note else said


def address_of(venue: Venue) -> str:
    return f"{venue.address}, {venue.town}, {venue.postcode}"


def map_of(venue: Venue) -> str:
    """Where the place is on a map of everybody's. A person opens it; no page of ours asks for any of it."""
    return f"https://www.openstreetmap.org/search?{urlencode({'query': address_of(venue)})}"


def state_label(session: Session, booking: Booking | None, available: Availability, *, in_doubt_for: str = "") -> Label:
    """The tag of a class in a person's own list: their place first, else how full it is.

    `in_doubt_for` ("you", "Pat") says that the place is held and does not stand as things are now.
    """
    if booking is None or available is Availability.CANCELLED:
        return AVAILABILITY_LABELS[available]
    return Label(f"{IN_DOUBT} {in_doubt_for}", "few") if in_doubt_for else booking_label(booking.state)


def passed_by_words(reason: str) -> str:
    """Why a free place passed somebody by, for the desk; empty when none did."""
    if not reason:
        return ""
    return PASSED_BY.get(reason) or DESK_REASONS[Reason(reason)]
