import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.history import System
from accounts.models import User
from frontend.wording import day, plain_date
from messaging.models import Message
from messaging.words import words_now
from participants import access, consents, details, health, needs, support
from participants.content import install
from participants.models import AccessNeed, ClearanceState, Enrolment, ParticipantStatus, Supporter, SupporterStatus
from participants.rules.questions import CURRENT
from participants.taking_part import life
from tests.factories.participants import ClearanceFactory, ParticipantFactory
from tests.factories.registering import HEALTH, PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)


@pytest.fixture
def browser(pat, sign_in):
    return sign_in(pat.person.user)


@pytest.fixture
def agreed(pat):
    """Pat, who has agreed to everything."""
    for text in consents.current_texts(pat.programme):
        consents.give_consent(participant=pat, text=text, by=pat.person)
    return pat


def text_of(answer):
    return answer.content.decode()


def test_my_details_are_on_one_page(browser, agreed):
    shown = text_of(browser.get("/me/details/"))
    for words in ("Pat Example", "pat@example.org", "Emer Madeup", "Safe for you to take part", "Research"):
        assert words in shown


def test_what_we_call_somebody_changes(browser, pat):
    assert browser.post("/me/details/name/", {"known_as": "Patty"})["Location"] == "/me/details/"
    assert "Patty" in text_of(browser.get("/me/details/"))
    assert 'value="Patty"' in text_of(browser.get("/me/details/name/"))


def test_where_i_live_is_put_right_and_ends_nothing(browser, pat):
    assert browser.post("/me/details/home/", {"postcode": "po30", "area": "Dorset"}).status_code == 422
    sent = {"postcode": "po301aa", "area": "elsewhere"}
    assert browser.post("/me/details/home/", sent)["Location"] == "/me/details/"
    pat.refresh_from_db()
    assert (pat.postcode, pat.area, pat.status) == ("PO30 1AA", "elsewhere", ParticipantStatus.ACTIVE)
    assert "Somewhere else, PO30 1AA" in text_of(browser.get("/me/details/"))
    assert 'value="PO30 1AA"' in text_of(browser.get("/me/details/home/"))
    assert "Select the area where you live" in text_of(browser.post("/me/details/home/", {"postcode": ""}))


def test_ways_to_reach_me_change_and_one_is_liked_best(browser, pat):
    assert 'value="pat@example.org"' in text_of(browser.get("/me/details/contact/"))
    sent = {"ways": ["phone"], "phone": "01632 960777", "may_leave_message": "yes", "preferred": "email"}
    refused = browser.post("/me/details/contact/", sent)
    assert refused.status_code == 422 and "Choose a way that you have selected" in text_of(refused)
    browser.post("/me/details/contact/", sent | {"preferred": "phone"})
    points = details.contact_points_of(pat.person)
    assert [(p.channel, p.value, p.may_leave_message) for p in points] == [("phone", "+441632960777", True)]
    assert "01632 960777" in text_of(browser.get("/me/details/"))
    assert browser.post("/me/details/contact/", {}).status_code == 422


def test_an_address_that_does_not_work_is_said_and_put_right_by_saving(browser, pat, dee, sign_in):
    assert "does not arrive" not in text_of(browser.get("/me/details/"))
    pat.person.contact_points.update(failed_at=timezone.now())
    assert "What we send to pat@example.org does not arrive" in text_of(browser.get("/me/details/"))
    assert "does not arrive" in text_of(browser.get("/me/"))
    assert "Does not work" in text_of(sign_in(dee).get(f"/desk/people/{pat.pk}/"))
    browser.post("/me/details/contact/", {"ways": ["email"], "email": "pat@example.org", "preferred": "email"})
    assert "does not arrive" not in text_of(browser.get("/me/details/"))
    assert "does not arrive" not in text_of(browser.get("/me/"))


def test_what_helps_me_changes(browser, pat):
    assert browser.get("/me/details/needs/").status_code == 200
    assert browser.post("/me/details/needs/", {"needs": ["lip_reads"]}).status_code == 422
    browser.post("/me/details/needs/", {"needs": ["lip_reads"], "share": "all"})
    shown = text_of(browser.get("/me/details/"))
    assert "Lip-reads" in shown and "Instructors can see it." in shown and "by you. We ask again on" in shown
    assert "checked" in text_of(browser.get("/me/details/needs/"))
    browser.post("/me/details/needs/", {"needs": ["none"], "share": "none"})
    assert details.current_needs_of(pat.person) == []


def test_the_form_opens_with_what_is_noted(browser, pat):
    said = {"needs": ["large_print", "language"], "need_large_print": "24 point", "need_language": "Polish"}
    refused = browser.post("/me/details/needs/", said | {"share": "none"})
    assert refused.status_code == 422 and "Select yes if an interpreter is needed" in text_of(refused)
    browser.post("/me/details/needs/", said | {"need_interpreter": "yes", "share": "none"})
    noted = {row.kind: row.detail for row in details.current_needs_of(pat.person)}
    assert noted == {"large_print": "24 point", "language": "Polish", "interpreter": "Polish"}
    shown = text_of(browser.get("/me/details/needs/"))
    assert 'value="24 point" selected' in shown and 'value="Polish"' in shown


def test_some_of_it_is_chosen_need_by_need(browser, pat):
    assert browser.get("/me/details/needs/shared/")["Location"] == "/me/details/needs/"
    sent = {"needs": ["lip_reads", "more_time", "by_email"], "share": "some"}
    assert browser.post("/me/details/needs/", sent)["Location"] == "/me/details/needs/shared/"
    shown = text_of(browser.get("/me/details/needs/shared/"))
    assert "Lip-reads" in shown and "Contact by email" not in shown
    assert browser.post("/me/details/needs/shared/", {}).status_code == 422
    browser.post("/me/details/needs/shared/", {"shared": ["more_time"]})
    told = {row.kind for row in details.current_needs_of(pat.person) if row.share_with_instructors}
    assert told == {"more_time"}
    browser.post("/me/details/needs/", sent)  # saying the same again keeps what was chosen
    assert {row.kind for row in details.current_needs_of(pat.person) if row.share_with_instructors} == told
    assert 'value="some" checked' in text_of(browser.get("/me/details/needs/"))
    browser.post("/me/details/needs/shared/", {"shared": ["none"]})
    assert not any(row.share_with_instructors for row in details.current_needs_of(pat.person))


def test_what_is_due_is_asked_on_the_page_and_confirmed_with_one_button(browser, pat):
    AccessNeed.objects.create(person=pat.person, kind="audio", recorded_by=pat.person, review_on=timezone.localdate())
    assert "Is this still right?" in text_of(browser.get("/me/details/"))
    assert browser.get("/me/details/needs/right/").status_code == 405
    answer = browser.post("/me/details/needs/right/", follow=True)
    assert "We ask you again on" in text_of(answer) and "Is this still right?" not in text_of(answer)
    (row,) = details.current_needs_of(pat.person)
    assert row.review_on == needs.next_review()


def test_a_supporter_says_what_helps_them_and_no_instructor_is_told(pat, sam, sign_in):
    theirs = sign_in(sam)
    theirs.post(f"/me/act-for/{pat.pk}/")
    assert "May your instructors" not in text_of(theirs.get("/me/details/needs/"))
    assert theirs.post("/me/details/needs/", {"needs": ["audio"]})["Location"] == "/me/details/"
    (row,) = details.current_needs_of(sam.person)
    assert (row.kind, row.recorded_by, row.share_with_instructors) == ("audio", sam.person, False)
    assert details.current_needs_of(pat.person) == []
    shown = text_of(theirs.get("/me/details/"))
    assert "Audio" in shown and "Instructors" not in shown
    assert theirs.get("/me/details/needs/shared/")["Location"] == "/me/details/needs/"


def test_whom_to_call_changes(browser, pat):
    assert browser.post("/me/details/emergency/", {}).status_code == 422
    browser.post("/me/details/emergency/", PAGES["emergency"])
    assert "Emer Invented" in text_of(browser.get("/me/details/"))


def test_a_consent_is_read_taken_back_and_given_again(browser, agreed):
    page = "/me/details/agreed/research/"
    assert "I no longer agree" in text_of(browser.get(page))
    browser.post(page + "answer/", {"agrees": "no"})
    assert consents.agreed_to("research", [agreed]) == set()
    assert "You said no on" in text_of(browser.get(page))
    browser.post(page + "answer/", {"agrees": "yes", "version": "1"})
    assert consents.agreed_to("research", [agreed]) == {agreed.pk}
    assert browser.get(page + "answer/").status_code == 405


def test_a_consent_that_is_not_there_is_not_found(browser):
    assert browser.get("/me/details/agreed/nothing/").status_code == 404
    assert browser.post("/me/details/agreed/nothing/answer/").status_code == 404
    assert "We have not asked you yet" in text_of(browser.get("/me/details/agreed/recording/"))


def test_without_the_service_a_person_is_led_to_leaving(browser, agreed):
    answer = browser.post("/me/details/agreed/service/answer/", {"agrees": "no"})
    assert answer["Location"] == "/me/details/leave/"
    assert browser.get("/me/details/leave/").status_code == 200
    assert browser.post("/me/details/leave/", {"reason": ""})["Location"] == "/me/details/"
    agreed.refresh_from_db()
    assert agreed.status == ParticipantStatus.WITHDRAWN
    assert browser.post("/me/details/leave/", {"reason": ""}).status_code == 409
    assert browser.get("/me/health/changed/")["Location"] == "/me/health/"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("cleared", "You can book classes until"),
        ("needs_review", "is reading your answers"),
        ("not_suitable", "We would like to talk with you"),
        ("paused", "You cannot book classes at the moment"),
        (None, "We have no answers about your health yet"),
    ],
)
def test_my_health_says_the_state_in_words(browser, pat, state, words):
    if state is None:
        ParticipantFactory(person=pat.person, clearance=False)
    else:
        ClearanceFactory(participant=pat, state=state)
    assert words in text_of(browser.get("/me/health/"))


def test_changed_health_is_screened_again(browser, agreed):
    page = "/me/health/changed/"
    assert browser.get(page).status_code == 200
    asked = HEALTH | {"version": CURRENT}
    refused = browser.post(page, asked | {"surgery": ""})
    assert refused.status_code == 422 and "Operations: select your answer" in text_of(refused)
    browser.post(page, asked | {"devices": ["line"], "line_side": "right", "note": ""})
    clearance = health.clearance_of(agreed)
    assert (clearance.state, clearance.adaptations) == (ClearanceState.NEEDS_REVIEW, ["line_right"])
    assert "Waiting for us to check it is safe for you" in text_of(browser.get("/me/health/"))


def test_health_is_not_asked_without_consent(browser, pat):
    assert browser.get("/me/health/changed/")["Location"] == "/me/details/agreed/health/"


def test_health_is_not_asked_during_a_pause(browser, agreed, dee):
    life.pause(participant=agreed, reason="operation", by=dee.person)
    answer = browser.post("/me/health/changed/", HEALTH, follow=True)
    assert answer.redirect_chain[0][0] == "/me/break/now/"
    assert not agreed.health_profiles.exists()


def test_consent_taken_back_in_another_tab_is_asked_for_again(browser, agreed, monkeypatch):
    page = "/me/health/changed/"
    browser.post("/me/details/agreed/health/answer/", {"agrees": "no"})
    monkeypatch.setattr(
        consents, "agreed_to", lambda kind, people: {agreed.pk}
    )  # as it was when the page was asked for
    assert browser.post(page, HEALTH | {"version": CURRENT})["Location"] == "/me/details/agreed/health/"
    assert not agreed.health_profiles.exists()


def test_adaptations_are_shown_to_the_person(browser, agreed):
    health.update_health(participant=agreed, answers=HEALTH | {"moving": ["floor"]}, by=agreed.person)
    assert "No floor work" in text_of(browser.get("/me/health/"))


# --- supporters --------------------------------------------------------------


INVITED = {
    "given_name": "Sid",
    "family_name": "Son",
    "relationship": "son",
    "email": "sid@example.org",
    "scopes": ["book"],
}


def invitation_link():
    words = words_now(Message.objects.get(kind="supporter_invited")).body
    return "/help/" + words.split("/help/")[1].split()[0]


def test_somebody_is_invited_and_says_yes(browser, pat, sign_in):
    assert browser.get("/me/supporters/invite/").status_code == 200
    assert browser.post("/me/supporters/invite/", {}).status_code == 422
    assert browser.post("/me/supporters/invite/", INVITED)["Location"] == "/me/supporters/"
    assert browser.post("/me/supporters/invite/", INVITED).status_code == 409
    assert "Invited, no answer yet" in text_of(browser.get("/me/supporters/"))

    link = invitation_link()
    stranger = Client()
    shown = text_of(stranger.get(link))
    assert "Pat asks for your help" in shown and "book and cancel classes" in shown
    sent = stranger.post(link)
    assert sent["Location"].startswith("/") and "next=%2Fhelp%2F" in sent["Location"]
    sid = User.objects.get(email="sid@example.org")

    theirs = sign_in(sid)
    assert "Yes, I will help" in text_of(theirs.get(link))
    assert theirs.post(link)["Location"] == "/me/supporters/"
    assert Supporter.objects.get(participant=pat, person=sid.person).status == SupporterStatus.ACTIVE
    assert theirs.get(link).status_code == 404
    theirs = sign_in(User.objects.get(pk=sid.pk))
    assert "Book for Pat" in text_of(theirs.get("/me/supporters/"))
    assert "People you help" in text_of(theirs.get("/me/details/"))


def test_help_may_have_a_last_day_that_everybody_reads_and_can_be_changed(browser, pat, sign_in):
    def until(on):
        return {"until-day": str(on.day), "until-month": str(on.month), "until-year": str(on.year)}

    past, last = timezone.localdate() - dt.timedelta(days=1), timezone.localdate() + dt.timedelta(days=40)
    refused = browser.post("/me/supporters/invite/", INVITED | until(past))
    assert refused.status_code == 422 and "The last day must be today or later" in text_of(refused)
    browser.post("/me/supporters/invite/", INVITED | until(last))
    words = f"until the end of {day(last)}"
    assert words in text_of(browser.get("/me/supporters/"))
    link = invitation_link()
    asked = Supporter.objects.get(participant=pat).person
    sid = sign_in(User.objects.create_user(person=asked, email="sid@example.org"))
    assert words in text_of(sid.get(link))
    sid.post(link)
    sid = sign_in(User.objects.get(person=asked))
    assert words in text_of(sid.get("/me/supporters/"))
    row = Supporter.objects.get(participant=pat)
    page = f"/me/supporters/{row.pk}/"
    assert f'value="{last.year}"' in browser.get(page).content.decode()
    browser.post(page, {"scopes": ["book"]})  # the day left empty
    assert "until the end of" not in text_of(browser.get("/me/supporters/"))


def test_nobody_helps_themselves_or_twice(browser, pat, sam, sign_in):
    browser.post("/me/supporters/invite/", INVITED)
    link = invitation_link()
    assert browser.post(link)["Location"] == link
    assert sign_in(sam).post(link)["Location"] == "/me/supporters/"
    assert Client().get("/help/made-up/").status_code == 404


def test_an_invitation_taken_back_in_the_meantime_is_said(browser, sam, sign_in, monkeypatch):
    browser.post("/me/supporters/invite/", INVITED)
    link = invitation_link()
    other = sign_in(sam)

    def gone(**kwargs):
        raise support.NoLongerInvited

    monkeypatch.setattr("participants.support.accept_invitation", gone)
    assert other.post(link).status_code == 409


def test_what_a_supporter_may_do_is_changed_and_ended(browser, pat, sam):
    row = Supporter.objects.get(participant=pat)
    page = f"/me/supporters/{row.pk}/"
    assert browser.get(page).status_code == 200
    assert browser.post(page, {}).status_code == 422
    browser.post(page, {"scopes": ["see_messages"]})
    row.refresh_from_db()
    assert row.scopes == ["see_messages"]
    browser.post(page + "end/")
    row.refresh_from_db()
    assert row.status == SupporterStatus.ENDED
    assert browser.get(page).status_code == 404


def test_a_supporter_ends_it_themselves(pat, sam, sign_in):
    row = Supporter.objects.get(participant=pat)
    theirs = sign_in(sam)
    assert theirs.post(f"/me/supporters/{row.pk}/end/")["Location"] == "/me/supporters/"
    assert theirs.post(f"/me/supporters/{row.pk}/end/").status_code == 404


def test_somebody_elses_supporter_is_not_there(quinn, pat, sam, sign_in):
    row = Supporter.objects.get(participant=pat)
    other = sign_in(quinn.person.user)
    assert other.get(f"/me/supporters/{row.pk}/").status_code == 404
    assert other.post(f"/me/supporters/{row.pk}/end/").status_code == 404


def test_acting_for_somebody_ends_with_the_support(pat, sam, sign_in):
    theirs = sign_in(sam)
    assert theirs.post(f"/me/act-for/{pat.pk}/").status_code == 302
    assert theirs.session["acting_for"] == pat.pk
    theirs.post("/me/act-for/myself/")
    assert "acting_for" not in theirs.session
    Supporter.objects.get(participant=pat).delete()
    assert theirs.post(f"/me/act-for/{pat.pk}/").status_code == 404


def test_a_supporter_reaches_none_of_the_persons_own_pages(pat, sam, sign_in):
    theirs = sign_in(sam)
    theirs.post(f"/me/act-for/{pat.pk}/")
    for name in ("name", "emergency", "leave", "agreed/health"):
        assert theirs.get(f"/me/details/{name}/").status_code in (403, 404)
    shown = theirs.get("/me/details/contact/").content.decode()
    assert "sam@example.org" in shown and "pat@example.org" not in shown
    assert theirs.get("/me/health/").status_code in (403, 404)
    assert "Pat Example" not in text_of(theirs.get("/me/details/"))
    assert access.own_record(sam) is None


def test_whoever_has_left_invites_nobody_and_help_that_ended_meanwhile_is_not_changed(browser, pat, sam, monkeypatch):
    row = Supporter.objects.get(participant=pat)

    def ended(**_):
        raise support.NoLongerInvited

    with monkeypatch.context() as patch:
        patch.setattr("participants.support.change_scopes", ended)
        assert "has just ended" in text_of(browser.post(f"/me/supporters/{row.pk}/", {"scopes": ["book"]}, follow=True))
    life.withdraw(participant=pat, by=pat.person)
    answer = browser.post("/me/supporters/invite/", INVITED)
    assert answer.status_code == 409 and "do not take part in SafeFit any more" in text_of(answer)


def test_whoever_has_left_is_offered_nothing_of_taking_part_and_a_way_back(browser, agreed):
    assert "Leave SafeFit" in text_of(browser.get("/me/details/"))
    browser.post("/me/details/leave/", {})
    home, shown = (text_of(browser.get(page)) for page in ("/me/", "/me/details/"))
    for page in (home, shown):
        assert "You have left SafeFit" in page and "call us on" in page
    assert "You are in week" not in home and ">Find a class</a>" not in home.split("<main")[1] and "me/record" in home
    for words in ("I need a break", "Safe for you", "It is still right", "See or answer them"):
        assert words not in shown
    for page in ("/me/classes/", "/me/bookings/"):
        answer = text_of(browser.get(page)).split("<main")[-1]
        assert "You have left SafeFit, so" in answer and "call us on" in answer and "Choose a class to" not in answer


def test_whoever_has_finished_reads_when_and_not_that_they_take_part(pat, browser):
    assert "Taking part" in text_of(browser.get("/me/details/"))
    last_day = timezone.localdate() - dt.timedelta(days=3)
    Enrolment.objects.filter(participant=pat).update(closes_on=last_day)
    found = text_of(browser.get("/me/details/"))
    assert f"Finished on {plain_date(last_day)}" in found and "Taking part" not in found
