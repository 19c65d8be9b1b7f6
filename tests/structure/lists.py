"""Which addresses are lists, what stands for one row of each, and how many queries it may take.

A budget is what it takes today, for everybody who is named: one more is a
reason to look, and to say here why. It holds for two rows and for a hundred.
Every other address that opens stands in ONE_THING. Read by test_query_counts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listing:
    """`row` is a pattern found once in each row; `budgets` are by who opens it; `sent` makes it a form that is sent.

    `alone`: for whom it never has more than one row.
    """

    row: str
    budgets: Mapping[str, int]
    query: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()


def _list(
    row: str, *, query: str = "", sent: Mapping[str, str] | None = None, alone: str = "", **budgets: int
) -> Listing:
    return Listing(row, budgets, query, sent or {}, frozenset(alone.split()))


EVERY_ROW = "page_size=100"
RESULT = r'"id":'  # of an answer of the API

LISTS: dict[str, Listing] = {
    # for everybody
    "public:classes": _list(r'href="/classes/\d+/"', anonymous=3, pat=8),  # as me:classes
    "public:about": _list(r"<li>Phase ", anonymous=2),
    "public:data_uses": _list(r"<h3>Summary ", anonymous=3),
    "public:who_can_join": _list(r"<h2>Programme ", anonymous=1),
    "public:join": _list(r'type="radio"', anonymous=1),
    "demo_people": _list(r'name="person"', anonymous=2),
    "demo_people_json": _list(r'"slug"', anonymous=2),
    "demo_releases_json": _list(r"\d+", anonymous=1),
    # me
    "me:bookings": _list(r'href="/me/bookings/\d+/"', pat=8),  # what was noted for Pat is one
    "me:home": _list(
        r"/me/(wellbeing|act-for)/\d+/", pat=16, sam=8
    ),  # one is whether what we send comes back, one with what a programme begins
    # What lies close to a treatment is one query for everybody; which rule is in use one more for Pat, who noted days.
    "me:classes": _list(r'href="/classes/\d+/"', pat=9, sam=5, dee=6),
    "me:one_to_ones": _list(r'href="/me/one-to-ones/\d+/"', pat=4),
    "me:one_to_ones_with": _list(r'href="/me/classes/\d+/book/"', pat=5),
    "me:book_dates": _list(r'name="dates"', pat=9),
    "me:details": _list(
        r"contact\d+@example.org", pat=13
    ),  # one is the NHS number; after how long a contact is asked about, when to be reminded, and three the last day
    "me:supporters": _list(r"/me/(supporters|act-for)/\d+/", pat=4, sam=3),
    "me:progress": _list(
        r"/me/wellbeing/\d+/", pat=10, sam=3
    ),  # goals with their ratings, what was measured, and what other questionnaires came to
    # teach
    "teach:sessions": _list(r'href="/teach/classes/\d+/"', ines=7),  # to think of: two; who is new: one
    "teach:all_sessions": _list(r'href="/teach/classes/\d+/"', ines=5),
    "teach:registers_to_keep": _list(r'"key": "[bg]\d+"', ines=7),  # facts and names are logged each by one
    "teach:covers": _list(r'href="/teach/cover/\d+/"', ivor=8),  # who may is asked once for all of them
    "teach:one_to_ones": _list(r'href="/teach/classes/\d+/"', ines=2),
    "teach:new_times": _list(r">\s*Talk type \d+", ines=7),
    "teach:new_class": _list(r">\s*Class type \d+", ines=4),
    "teach:new_class_step": _list(r">\s*Class type \d+", ines=4),
    "teach:change_session_scope": _list(r">\s*Class type \d+", ines=11),
    "teach:cancel_dates": _list(r"1 booked", ines=7),
    "teach:register": _list(r'id="person-[bg]\d+"', ines=6),
    "teach:paper_register": _list(r'<th scope="row">', ines=8),
    "teach:write_to_class": _list(r"/teach/notes/\d+/", ines=6),
    "teach:class_note": _list(r"sf-tasks__row", ines=5),
    "teach:mark_rest": _list(r"<li>Given\d+", ines=6),
    # desk: one query of each is whether something cannot wait that nobody has taken
    # Also whether anybody may read a concern, which is said beforehand,
    "desk:worklist": _list(r'href="/desk/tasks/\d+/"', dee=8),  # kinds, on call, what presses, what has not left
    "desk:task": _list(r"No answer", dee=10),
    "desk:on_call": _list(r"/on-call/\d+/end/", dee=5),
    "desk:add_shift": _list(r'<option value="\d+-\d+"', dee=4),
    "desk:timeline": _list(r'class="sf-day__row"', alone="dee", dee=8),  # a page of thirty, whatever there is
    "desk:caller": _list(r'name="who"', dee=5),
    "desk:person_called": _list(r'name="who"', dee=5),
    "desk:messages": _list(r'href="/desk/messages/\d+/"', dee=4),
    "desk:message": _list(
        r'href="/desk/tasks/\d+/"', dee=8
    ),  # its steps, the order of ways, whose page it leads to, and that it was looked at
    "desk:ending": _list(r'href="/desk/people/\d+/"', dee=6),
    "desk:people": _list(r'href="/desk/people/\d+/"', sent={"said": "Madeup"}, dee=3),
    "desk:person": _list(r"/supporters/\d+/end/", dee=18),  # also with which records it was put together
    "desk:needs": _list(r"<li>Fact \d+", dee=8),  # when to ask again is a rule in numbers: which is in use
    "desk:decision_maker": _list(r"<option value=\"\d+\"", dee=7),
    "desk:register": _list(r'name="programme"', dee=3),
    "desk:session_notes": _list(r"Written by", clare=5),
    "desk:review_clearance": _list(r">Fact \d+", clare=9),  # which questions are asked, and who signed them
    "desk:letters": _list(r'name="letters"', dee=5),
    "desk:write_to_class": _list(r"/desk/timetable/notes/\d+/", dee=7),
    "desk:class_note": _list(r"sf-tasks__row", dee=6),
    "desk:sessions": _list(r"Class type \d+", dee=11),  # the instructors to choose from are one of them,
    "desk:waiting_list": _list(r"/waiting/\d+/give/", dee=7),  # what was offered to whom is one of them
    "desk:new_times": _list(r">\s*Talk type \d+", dee=6),
    "desk:new_class": _list(r">\s*Class type \d+", dee=4),
    "desk:new_class_step": _list(r">\s*Class type \d+", dee=4),
    "desk:change_session_scope": _list(r">\s*Class type \d+", dee=12),
    "desk:cancel_dates": _list(r"1 booked", dee=6),
    "desk:next_term": _list(r'name="series"', dee=3),
    "desk:offering": _list(r'href="/desk/timetable/made-of/(kinds|halls)/\d+/"', dee=7),  # four lists of things
    "desk:leader_missing": _list(r"sf-tasks__row", dee=13),
    "desk:cover": _list(r'href="/desk/instructors/\d+/"', dee=14),
    "desk:instructors": _list(r'href="/desk/instructors/\d+/"', dee=13),  # dates led, what each holds, and the rules
    "desk:lists": _list(r'href="/desk/lists/\d+/"', dee=4),
    "desk:list": _list(r'href="/desk/register/', dee=4),
    "desk:questionnaires": _list(r'href="/desk/questionnaires/\d+/"', dee=4),
    "desk:wellbeing_checks": _list(r"sf-tasks__row", dee=8),
    "desk:measures": _list(r"sf-tasks__row", dee=5),
    "desk:goals": _list(r'/goals/\d+/"', dee=7),
    "desk:goal": _list(r"of 10", dee=6),
    "me:goal": _list(r"of 10", pat=4),
    "me:studies": _list(r'href="/me/studies/\d+/"', pat=3),
    "me:goals": _list(r'/goals/\d+/"', pat=5),
    "desk:safety_checks": _list(r"Wording 2026-1", dee=10),
    "desk:joining_by_phone": _list(r"Number to join|No number is noted", dee=9),
    "desk:incidents": _list(r'href="/desk/incidents/[0-9a-f-]{36}/"', dee=5),
    "desk:concerns": _list(r'href="/desk/concerns/[0-9a-f-]{36}/"', sadie=4),
    "desk:referred_back": _list(r"Out of breath", clare=5),
    "desk:incident": _list(r"Added by", dee=7),
    "desk:concern": _list(r"Did this\.", sadie=12),
    "teach:incident": _list(r"Added by", ines=4),
    "desk:safety_summary": _list(r"incident,", alone="dee", dee=6),
    "teach:refer_back": _list(r'<option value="b\d+"', ines=4),
    "teach:report_incident": _list(r'<option value="b\d+"', ines=4),
    "teach:raise_concern": _list(r'<option value="b\d+"', ines=7),
    "desk:releases": _list(r'href="/desk/summaries/\d+/"', dee=5),
    "desk:person_research": _list(r"<dt>Is for", dee=7),
    "desk:person_studies": _list(r'/studies/\d+/answer/"', dee=7),
    "desk:studies": _list(r'href="/desk/studies/\d+/"', dee=4),
    "desk:study": _list(r"sf-tasks__row", dee=4),
    "desk:agreements": _list(r'href="/desk/summaries/partners/\d+/"', dee=3),
    "desk:connected_systems": _list(r'href="/desk/summaries/systems/\d+/"', dee=4),
    "desk:connected_system": _list(r"sf-tasks__row", dee=5),
    "desk:page_feedback": _list(r"/desk/pages/\d+/put-away/", dee=5),
    "desk:notices": _list(r"/desk/notices/\d+/take-down/", dee=3),
    "desk:data_use_comments": _list(r"/desk/summaries/comments/\d+/put-away/", dee=6),
    "desk:ask_for_release": _list(r'name="agreement"', dee=3),
    "desk:release_by": _list(r"<th[^>]*>Area \d+", dee=5),
    "desk:research": _list(r'href="/desk/research/\d+/"', dee=4, clare=4, ada=3),
    "desk:research_project": _list(r'href="/desk/research/extracts/\d+/"', dee=10),
    "me:readers": _list(r"<dt>When", sam=6),
    "me:research": _list(r"<dt>Is for", pat=4),
    # safety content
    "content:kind": _list(r'href="/content/health_questions/\d+-\d+/"', clare=5, ada=4),
    "content:asked": _list(r"<dt>[sd]\d+", clare=4, ada=3),
    "content:worrying_answers": _list(r'href="/content/worrying-answers/\d+/"', clare=6, ada=5),
    "content:worrying_answer_route": _list(r'<option value="\d+"', clare=8, ada=7),
    "content:version": _list(r"<li>Start", clare=5, ada=4),
    # who may do what
    "staff:everybody": _list(r'href="/staff/roles/\d+/"', ada=2),
    # partner
    "partner:releases": _list(r'href="/partner/summaries/\d+/"', omar=6),
    "partner:release_by": _list(r"<th[^>]*>Area \d+", omar=4),
    "partner:release_csv": _list(r"Area \d+", omar=4),
    "partner:release_json": _list(r"Area \d+", omar=4),
    # API
    "session-list": _list(RESULT, query=EVERY_ROW, anonymous=1, pat=2, dee=2),
    "session-register": _list(r'"guest":', ines=7, dee=7),
    "cover-list": _list(r'"class_name"', ivor=8),
    "timetable-choices": _list(r'"name":"Class type \d+"', ines=5, dee=6),
    "booking-list": _list(RESULT, query=EVERY_ROW, pat=5, sam=5, dee=6),  # the offers, where a place is kept
    "waiting-list": _list(RESULT, query=EVERY_ROW, pat=4, sam=4, dee=4),
    "questionnaire-list": _list(RESULT, query=EVERY_ROW, pat=3, dee=3),
    "assessment-list": _list(RESULT, query=EVERY_ROW, pat=3, sam=3, dee=3),
    "message-list": _list(RESULT, query=EVERY_ROW, dee=3),
    "message-detail": _list(r'"outcome"', dee=5),
    "session-notes": _list(r'"waiting_too":', ines=4, dee=4),
    "session-places": _list(r'"booking":', dee=3),
    "session-waiting-list": _list(r'"booking":', dee=5),
    "people-list": _list(r'"reference"', query=EVERY_ROW, alone="pat", sam=5, dee=5),
    "own-session-notes-list": _list(r'"starts_at"', pat=3),
    "own-record": _list(r'"channel"', pat=9),
    "own-other-questionnaires-list": _list(r'"on"', pat=3),
    "own-progress-list": _list(r'"timepoint"', pat=4),
    "release-list": _list(RESULT, query=EVERY_ROW, omar=3),
    "release-detail": _list(r'"where"', omar=4),
}
ONE_THING = frozenset(
    """
    healthz home start schema demo_sign_in
    public:class public:accessibility public:privacy public:api_docs public:join_check public:join_done
    public:join_later public:join_not_eligible public:join_return public:join_page public:help_invitation
    public:join_come_back public:leaflet public:poster public:refer public:referred desk:referral
    public:reply public:calendar
    account_login account_request_login_code account_confirm_login_code account_password_login mfa_authenticate
    public:first_sign_in
    account_logout account_inactive account_reset_password account_reset_password_done
    account_reset_password_from_key_done account_reset_password_from_key second_factor_missing mfa_index
    lost_device account_mobile account_mobile_code mfa_add_webauthn mfa_remove_webauthn unsent
    staff:give staff:role staff:end_role
    mfa_activate_totp mfa_generate_recovery_codes account_change_password account_reauthenticate mfa_deactivate_totp
    mfa_view_recovery_codes mfa_download_recovery_codes
    me:booking me:booked me:offer me:cancel_booking me:booking_calendar me:changed_classes me:join_class me:book_place
    me:booked_dates me:cancel_later me:move_booking me:who_comes me:held
    me:home_area desk:home_area me:about_you me:about_question desk:about_you desk:about_question
    me:name me:contact me:reminders me:calendar me:needs me:share_needs
    me:record desk:record me:name me:contact me:reminders me:calendar me:needs me:share_needs
    me:record desk:record me:erase me:erase_code desk:erase
    me:name me:contact me:reminders me:calendar me:needs me:share_needs
    me:emergency_contact me:consent me:leave me:health me:update_health me:invite_supporter me:supporter me:end_support
    me:wellbeing me:wellbeing_answers me:wellbeing_thanks me:wellbeing_question me:health_answered me:pause me:paused
    me:safety_check me:safety_check_result me:treatment_days me:change_treatment_days me:rehearsal
    me:clinical_team me:change_team_contact desk:clinical_team desk:change_team_contact
    me:letter me:where_next desk:stay_longer desk:clinical_letter desk:sent_letter desk:sent_letter_file
    teach:hours teach:hours_file desk:hours desk:hours_file
    teach:call_off teach:called_off desk:call_off desk:called_off teach:running_late calling-off
    teach:check_times desk:check_times teach:take_away_day
    teach:session teach:cancel_session teach:change_session teach:check_change
    teach:safety_check teach:safety_check_result teach:talk
    teach:emergency_contact teach:offline teach:service_worker teach:manifest teach:may_keep
    teach:walk_in desk:walk_in teach:measure
    teach:session_note teach:whereabouts
    teach:concern_sent desk:concern_sent desk:refer_back desk:raise_concern
    desk:supporter desk:supporter_contact desk:own_number desk:instructor_number teach:own_number
    desk:put_first desk:give_kept_place desk:read_out
    desk:letter desk:add_supporter desk:pause desk:register_check desk:register_later desk:register_not_eligible
    desk:register_page desk:cancel_session desk:change_capacity desk:change_session desk:check_change
    desk:check_next_term desk:add_kind desk:kind desk:add_hall desk:hall desk:change_hall desk:add_room desk:close_hall
    desk:change_room desk:add_days_off desk:add_hall_days_off desk:days_off desk:left_out desk:put_back
    teach:left_out teach:put_back session-left-out
    teach:ask_for_cover teach:cover teach:away
    teach:credentials teach:add_credential teach:evidence
    desk:add_instructor desk:instructor desk:stand_down desk:lost_phone desk:record_credential desk:let_pass
    desk:check_credential
    desk:evidence
    desk:questionnaire desk:question_seen desk:questionnaire_licence
    desk:questionnaire_scoring
    desk:limit desk:list_template desk:worrying_answer desk:experience
    desk:wellbeing desk:wellbeing_answers desk:wellbeing_paper
    desk:wellbeing_thanks desk:wellbeing_question desk:publish_release desk:ask_health desk:paused desk:stop
    desk:new_study desk:change_study me:study desk:agreement_purpose desk:sum_up_comments public:have_your_say
    desk:add_agreement desk:agreement desk:change_agreement desk:end_agreement
    public:page_feedback
    desk:ask_for_extracts desk:change_extracts desk:say_on_extracts desk:extract_certificate desk:extract
    desk:take_extract
    desk:treatment_days desk:change_treatment_days
    desk:leave desk:agreed desk:consent desk:name desk:person_progress desk:identity desk:nhs_number me:nhs_number
    desk:same_person desk:merge desk:merged desk:other_record
    desk:contact desk:signing_in desk:reminders desk:emergency_contact
    desk:release partner:release partner:release_pdf
    content:overview content:preview content:change content:start content:sign content:withdraw
    desk:safety_check desk:safety_check_result
    session-detail booking-detail questionnaire-detail assessment-detail assessment-answers
    assessment-questionnaire-response own-conditions own-health own-pause-list
    own-calendar own-message-choices
    own-treatment-days booking-symptom-check session-symptom-checks booking-cancel-later
    """.split()
)
