"""What a program is told when a place, a check or a talk is refused: 409 with the code, 422 for a key used twice."""

from __future__ import annotations

from typing import NoReturn

from classes.judging.refusals import KeyReused, NoRoomForCompanion, Refusal, SessionFull, TooLate, TryAgain
from safefit.api import Conflict, Unprocessable, refusal

TRY_AGAIN = {TryAgain.code: "Too many people at once. Nothing was changed. Send the same request again."}

OF_A_PLACE = {
    "not_eligible": "The person may not come to this class. See reasons.",
    "session_full": "No place is left. Send or_wait: true to join the waiting list.",
    "no_room_for_companion": "A place is left, and no room for who comes along. Send party: 1, or or_wait: true.",
    "too_late": "The class has started.",
    "session_not_open": "The class cannot be booked.",
    "overlaps": "The person has a place in another class at that time. See booking.",
    **TRY_AGAIN,
}
OF_A_MOVE = {
    **OF_A_PLACE,
    "no_place": "The person holds no place in this class.",
    "offered_there": "A place is kept for the person in that class, for another number of people. See booking.",
}
OF_A_HOLD = {
    **OF_A_PLACE,
    "cannot_be_held": "Answering is not what is in the way. Book the place, or read the refusal of POST /bookings/.",
    "held_before": "A place is kept already, or was kept in this class before. See booking.",
}
OF_AN_OFFER = {
    "offer_over": "The offer was used, or its time is over. offer says what became of it; empty: there never was one.",
    "not_eligible": OF_A_PLACE["not_eligible"],
    "overlaps": OF_A_PLACE["overlaps"],
    "too_late": OF_A_PLACE["too_late"],
    "session_not_open": OF_A_PLACE["session_not_open"],
    **TRY_AGAIN,
}
OF_ANSWERS = {
    "questions_changed": "The questions have changed. Read them again, and send answers to the version asked now.",
    "check_not_open": "The check of this class is not open yet. See opens_at.",
    "check_closed": "The check of this class cannot be answered in this way any more. See closed_at.",
    "no_place": "The person holds no place in this class.",
    "stopped_today": "Answers of today say not to exercise, and no answer lifts that.",
    "no_health_consent": "The person has taken back that health facts may be held. Nothing was kept.",
    **TRY_AGAIN,
}
OF_AN_ID = {"id_used": "This id came with something else before."}
OF_ANSWERS_ALOUD = {**OF_ANSWERS, **OF_AN_ID, "wrong_mode": "Nobody asks themselves aloud."}
OF_A_TALK = {
    "nothing_to_talk_about": "The check in force does not ask for a talk. Read the register again.",
    "not_leading": "Only who leads the class writes down a talk.",
    "no_place": OF_ANSWERS["no_place"],
    "check_closed": OF_ANSWERS["check_closed"],
    **OF_AN_ID,
    **TRY_AGAIN,
}
OF_COMING = {"no_place": OF_A_MOVE["no_place"], "too_late": OF_A_PLACE["too_late"]}
OF_A_TURN = {"not_waiting": "The person is not on the waiting list any more.", **TRY_AGAIN}
OF_A_CALL = {**OF_A_PLACE, **OF_A_TURN, "offer_over": OF_AN_OFFER["offer_over"]}
OF_PRIORITY = {**OF_A_TURN, "priority_needs_reason": "Say why they come first."}
OF_A_KEPT_PLACE = {
    **OF_A_PLACE,
    "session_full": "So many places are not kept back in this class.",
    "offered_there": "A place is offered to this person at the moment. Take that one for them. See booking.",
    "reason_needed": "Say why they have it before whoever waits.",
}
OF_PLACES = {
    "capacity_below_held": "More places are taken or kept than that. Name in giving_up whose are given back. See held.",
    "places_beyond_hall": "With those who come along, the hall holds at most so many places. See most.",
    "fewer_needed": "Fewer people have to give a place back by now. Read the places again. See held.",
    "places_fixed": "How many places this class has stays as it is. See why.",
    "too_late": OF_A_PLACE["too_late"],
    **TRY_AGAIN,
}
OF_AN_INCIDENT = {"not_this_person": "This booking or guest is not of this class. Nothing was kept.", **OF_AN_ID}
DETAILS = {
    "reason_needed": OF_A_KEPT_PLACE["reason_needed"],
    **OF_A_HOLD,
    **OF_AN_INCIDENT,
    **OF_A_MOVE,
    **OF_A_PLACE,
    **OF_AN_OFFER,
    **OF_ANSWERS_ALOUD,
    **OF_A_TALK,
    **OF_A_CALL,
    **OF_PRIORITY,
    **OF_PLACES,
}

AGAINST_IT = "The state is against it."
CANNOT_BE_MOVED = refusal(409, AGAINST_IT, *OF_A_MOVE)
CANNOT_BE_KEPT = refusal(409, AGAINST_IT, *OF_A_HOLD)
CANNOT_BE_TAKEN = refusal(409, AGAINST_IT, *OF_A_PLACE)
NO_BLOCK = refusal(409, AGAINST_IT, TryAgain.code)
CANNOT_BE_CHANGED = refusal(
    409, AGAINST_IT, "no_place", SessionFull.code, NoRoomForCompanion.code, TooLate.code, TryAgain.code
)
CANNOT_BE_GIVEN_BACK = refusal(409, AGAINST_IT, TooLate.code, TryAgain.code)
CANNOT_BE_ACCEPTED = refusal(409, AGAINST_IT, *OF_AN_OFFER)
CANNOT_BE_DECLINED = refusal(409, AGAINST_IT, "offer_over", TryAgain.code)
ANSWERS_REFUSED = refusal(409, AGAINST_IT, *OF_ANSWERS)
ANSWERS_ALOUD_REFUSED = refusal(409, AGAINST_IT, *OF_ANSWERS_ALOUD)
INCIDENT_REFUSED = refusal(409, AGAINST_IT, *OF_AN_INCIDENT)
TALK_REFUSED = refusal(409, AGAINST_IT, *OF_A_TALK)
COMING_REFUSED = refusal(409, AGAINST_IT, *OF_COMING)
CALL_REFUSED = refusal(409, AGAINST_IT, *OF_A_CALL)
KEPT_PLACE_REFUSED = refusal(409, AGAINST_IT, *OF_A_KEPT_PLACE)
PLACES_REFUSED = refusal(409, "Nothing was changed.", *OF_PLACES)
PRIORITY_REFUSED = refusal(409, AGAINST_IT, *OF_PRIORITY)
KEY_CAME_BEFORE = refusal(422, "The Idempotency-Key came with another request before.", KeyReused.code)


def conflict(code: str, **facts: object) -> Conflict:
    return Conflict(DETAILS[code], code, **facts)


def answer(refusal: Refusal) -> NoReturn:
    """Raise what REST framework turns into the answer."""
    if isinstance(refusal, KeyReused):
        raise Unprocessable("This Idempotency-Key came with another request before. Use a new one.", refusal.code)
    raise conflict(refusal.code, **refusal.details)
