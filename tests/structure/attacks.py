"""How each rule of the database about classes is attacked: one statement that breaks this rule and no other.

Here: the statements. Not here: the rows they start from and the test that each rule has an attack
(test_constraints.py). Values are SQL and may name columns of the row.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NOT_NEGATIVE = "_check"  # ends the name of what Django makes of a number that cannot be negative


@dataclass(frozen=True)
class Attack:
    """On the row called `row`: a change of it, or with `copied` another one like it, but for `values`.

    `without`: rules that would refuse the same first, and are taken away for this attack.
    """

    row: str
    values: dict[str, str] = field(default_factory=dict)
    copied: bool = False
    says: str = ""  # of a trigger, which has no name in what it says
    without: tuple[str, ...] = ()


def changed(row: str, **values: str) -> Attack:
    return Attack(row, values)


def copied(row: str, **values: str) -> Attack:
    return Attack(row, values, copied=True)


def fired(attack: Attack, says: str) -> Attack:
    return Attack(attack.row, attack.values, attack.copied, says)


MAYBE = "'maybe'"
LATER = {"during": "tstzrange(upper(during), upper(during) + interval '1 hour')"}
NO_CHANGE, NO_FOLLOWING = "Cannot update or delete", "Invalid transition"
NO_OFFER = "an_offer_is_open_exactly_while_its_booking_is_offered"

ATTACKS: dict[str, Attack] = {
    # what classes are made of
    "one_class_type_per_name": copied("class_type"),
    "class_type_effort_is_known": changed("class_type", effort=MAYBE),
    "class_type_positions_are_known": changed("class_type", positions="'{}'"),
    "one_venue_per_name": copied("venue"),
    "one_room_per_name": copied("room"),
    "days_off_end_after_they_start": changed("days_off", last="first - 1"),
    "days_off_once_per_name_and_start": copied("days_off"),
    # the timetable
    "series_is_weekly_or_fortnightly": changed("series", interval_weeks="3"),
    "series_ends_after_it_starts": changed("series", last_date="first_date - 1"),
    "series_duration_is_sensible": changed("series", duration_minutes="9"),
    "series_reserves_within_capacity": changed("series", reserved="capacity + 1"),
    "series_in_person_has_a_venue": changed("series", mode="'in_person'"),
    "session_places_within_capacity": changed("session", places_taken="capacity - reserved + 1"),
    "companions_beside_places_fit_into_the_hall": changed(
        "session", companions_beside="true", companions="1", holds="capacity"
    ),
    "session_ends_after_it_starts": changed("session", ends_at="starts_at"),
    "session_lasts_a_day_at_most": changed("session", ends_at="starts_at + interval '25 hours'"),
    "session_status_is_known": copied("session", status=MAYBE),
    "session_in_person_has_a_venue": changed("session", mode="'remote'"),
    "one_to_one_holds_one_person": changed("session", kind="'one_to_one'"),
    "only_a_one_to_one_is_by_telephone": changed("session", mode="'phone'", venue_id="NULL", room_id="NULL"),
    "only_a_one_to_one_keeps_time_free_after_it": changed("session", buffer_minutes="5"),
    "a_first_contact_is_one_to_one": changed("class_type", first_contact="true"),
    "a_programme_has_one_first_contact": copied("talk_type", name="'another'"),
    "a_cancelled_session_says_when_and_why": changed("session", cancelled_at="now()"),
    "one_session_per_date_of_a_series": copied(
        "session", starts_at="starts_at + interval '3 days'", ends_at="ends_at + interval '3 days'"
    ),
    "a_room_holds_one_session_at_a_time": copied("session", occurs_on="occurs_on + 1"),
    "classes_session.legal_changes_of_status": fired(changed("session", status="'draft'"), NO_FOLLOWING),
    "an_instructor_is_in_one_place_at_a_time": copied("leader", role="'second'"),
    "only_a_cover_leads_for_somebody_else": changed("leader", cover_for_id="instructor_id"),
    "cover_state_is_known": Attack(
        "cover", {"state": MAYBE}, True, without=("cover_that_was_taken_says_by_whom_and_when",)
    ),
    "cover_is_asked_for_with_a_reason": changed("cover", reason="''"),
    "cover_that_was_taken_says_by_whom_and_when": changed("cover", state="'taken'"),
    "one_open_cover_request_for_a_date": copied("cover"),
    "classes_coverrequest.legal_changes_of_state": fired(changed("cover", state=MAYBE), NO_FOLLOWING),
    "each_is_asked_once_to_cover": copied("cover_invitation"),
    "classes_coverinvitation.append_only": fired(changed("cover_invitation", at="now()"), NO_CHANGE),
    "one_active_leader_per_role": copied("leader", **LATER),
    # places
    "booking_state_is_known": Attack("booking", {"state": MAYBE}, True, without=("an_ended_booking_says_when",)),
    "booking_is_for_one_or_two": changed("booking", party="3"),
    "one_live_booking_per_person_and_session": copied("booking", **LATER),
    "a_person_is_in_one_class_at_a_time": copied("booking", session_id="(SELECT max(id) FROM classes_session)"),
    "an_ended_booking_says_when": changed("booking", ended_at="now()"),
    "classes_booking.legal_changes_of_state": fired(changed("booking", state="'waiting'"), NO_FOLLOWING),
    "classes_booking.open_while_offered_insert": fired(
        copied("booking", state="'offered'", session_id="(SELECT max(id) FROM classes_session)", **LATER), NO_OFFER
    ),
    "classes_booking.open_while_offered_update": fired(changed("waiting", state="'offered'"), NO_OFFER),
    "one_open_offer_per_booking": copied("offer"),
    "offer_runs_out_after_it_is_made": changed("offer", expires_at="made_at - interval '1 second'"),
    "an_ended_offer_says_when": changed("offer", ended_at="now()"),
    "classes_offer.legal_changes_of_state": fired(changed("offer", state=MAYBE), NO_FOLLOWING),
    "classes_offer.open_while_offered_insert": fired(
        copied("offer", booking_id="(SELECT min(id) FROM classes_booking WHERE state = 'booked')"), NO_OFFER
    ),
    "classes_offer.open_while_offered_update": fired(changed("offer", state="'declined'", ended_at="now()"), NO_OFFER),
    "one_outcome_per_person_and_key": copied("key"),
    "classes_calendarfeed_participant_id_key": copied("feed", token_hash="'another'"),
    "classes_calendarfeed_token_hash_key": copied(
        "feed", participant_id="(SELECT max(id) FROM participants_participant)"
    ),
    # the register, the same-day check, messages to everybody
    "guest_is_known_or_named": changed("guest", participant_id="NULL", name="''"),
    "one_walk_in_per_person_and_session": copied("guest", client_id="NULL"),
    "a_walk_in_that_is_sent_twice_is_one": copied("guest", participant_id="NULL"),
    "attendance_state_is_known": copied("attendance", state=MAYBE),
    "attendance_is_of_a_booking_or_a_guest": copied("attendance", booking_id="NULL"),
    "classes_attendance.append_only": fired(changed("attendance", note="'another'"), NO_CHANGE),
    "classes_companionmark.append_only": fired(changed("companion_mark", came="false"), NO_CHANGE),
    "classes_whereabouts_booking_id_key": copied("whereabouts"),
    "effort_of_a_session_note_is_from_0_to_10": copied("session_note", effort="11"),
    "classes_sessionnote.append_only": fired(changed("session_note", effort="1"), NO_CHANGE),
    "symptom_check_result_is_known": copied("check", result=MAYBE),
    "symptom_check_mode_is_known": copied("check", mode=MAYBE),
    "symptom_check_is_of_a_booking_or_a_guest": copied("check", booking_id="NULL"),
    "classes_symptomcheck_client_id_key": copied("check"),
    "classes_symptomcheck.append_only": fired(changed("check", result="'ready'"), NO_CHANGE),
    "symptom_talk_outcome_is_known": copied("talk", outcome=MAYBE),
    "classes_symptomtalk_client_id_key": copied("talk"),
    "classes_symptomtalk.append_only": fired(changed("talk", note="'another'"), NO_CHANGE),
    "a_class_note_is_about_something_known": copied("note", about=MAYBE),
    "a_class_note_is_short": copied("note", words="''"),
    "classes_classnote_request_key_key": copied("note"),
    "classes_classnote.append_only": fired(changed("note", words="'another'"), NO_CHANGE),
    # what went wrong, and what somebody is worried about
    # on the day
    "people_of_a_class_are_told_of_a_delay_once": copied("delay"),
    "a_delay_is_short_and_in_fives": copied("delay", session_id="(SELECT max(id) FROM classes_session)", minutes="7"),
    "classes_runninglate.append_only": fired(changed("delay", minutes="10"), NO_CHANGE),
    "somebody_arrives_at_a_class_once": copied("arrival"),
    "classes_arrival.append_only": fired(changed("arrival", at="now()"), NO_CHANGE),
    "rehearsal_outcome_is_known": copied("rehearsal", outcome=MAYBE),
    "classes_rehearsal.append_only": fired(changed("rehearsal", outcome="'help'"), NO_CHANGE),
    "incident_kind_is_known": copied("incident", kind=MAYBE),
    "incident_harm_is_known": copied("incident", harm=MAYBE),
    "a_near_miss_did_no_harm": copied("incident", kind="'near_miss'"),
    "an_incident_is_about_one_person_at_most": copied("incident", guest_id="(SELECT max(id) FROM classes_guest)"),
    "classes_incident.append_only": fired(changed("incident", called_999="true"), NO_CHANGE),
    "classes_incidentaddendum.append_only": fired(changed("addendum", at="now()"), NO_CHANGE),
    "incident_review_outcome_is_known": copied("review", outcome=MAYBE),
    "classes_incidentreview.append_only": fired(changed("review", outcome="'changed'"), NO_CHANGE),
    "classes_concern.append_only": fired(changed("concern", in_danger="true"), NO_CHANGE),
    "a_concern_names_somebody_once": copied("concern_names"),
    "classes_concernnames.append_only": fired(changed("concern_names", person_id="person_id"), NO_CHANGE),
    "concern_step_is_known": copied("concern_note", step=MAYBE),
    "classes_concernnote.append_only": fired(changed("concern_note", step="'closed'"), NO_CHANGE),
    "classes_concernreading.append_only": fired(changed("concern_reading", at="now()"), NO_CHANGE),
}
