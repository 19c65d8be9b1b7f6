import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System
from accounts.models import AccessLog, ContactPoint, User
from accounts.permissions import Role
from messaging.models import Message, Task
from participants import support
from participants.consents import withdraw_consent
from participants.content import install
from participants.finding import MOST
from participants.health import clearance_of, update_health
from participants.models import (
    AccessNeedKind,
    ClearanceState,
    EligibilityDecision,
    Participant,
    ParticipantStatus,
    Registration,
    RegistrationStatus,
    Supporter,
    SupporterStatus,
)
from participants.needs import record_needs
from participants.registering import intake
from participants.registering.draft_readings import note_reading
from participants.rules.application import Need
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory, someone
from tests.factories.participants import ParticipantFactory, on_the_line
from tests.factories.registering import HEALTH, PAGES, walk

pytestmark = pytest.mark.django_db
PHONE_ONLY = {"contact": {"ways": ["phone"], "phone": "01632 960333", "may_leave_message": "no"}}


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def clinic(clare, sign_in):
    return sign_in(clare)


@pytest.fixture
def stranger_desk(sign_in):
    other = ProgrammeFactory()
    install(other, System.COMMAND)
    return sign_in(someone("Other Desk", Role.COORDINATOR, programme=other))


def text_of(answer):
    return answer.content.decode()


def under_review(participant):
    update_health(participant=participant, answers=HEALTH | {"bones": ["thin_bones"]}, by=participant.person)
    return participant


# --- registering -------------------------------------------------------------


def test_the_desk_registers_somebody_who_has_only_a_telephone(desk, dee):
    first = desk.post("/desk/register/")["Location"]
    assert "Read this aloud" in text_of(desk.get(first))
    address, _ = walk(desk, first, PHONE_ONLY)
    assert address.endswith("/check/")
    assert "Read the answers back" in text_of(desk.get(address))
    done = desk.post(address)
    participant = Participant.objects.get()
    assert done["Location"] == f"/desk/people/{participant.pk}/"
    assert (participant.source, participant.entered_by) == ("desk", dee.person)
    assert not User.objects.filter(person=participant.person).exists()
    assert {(p.channel, p.may_leave_message) for p in ContactPoint.objects.filter(person=participant.person)} == {
        ("phone", False)
    }
    assert set(participant.consent_events.values_list("mode", "by")) == {("desk", dee.person.pk)}
    assert Message.objects.filter(person=participant.person, kind="registered").exists()
    assert participant.reference in text_of(desk.get(done["Location"]))
    assert desk.post(address)["Location"] == done["Location"]
    assert Participant.objects.count() == 1


def test_what_the_desk_types_after_it_was_handed_in_elsewhere_is_not_lost_without_a_word(desk, monkeypatch):
    address = desk.post("/desk/register/")["Location"]
    draft = Registration.objects.get()
    draft.decisions.create(eligible=False, reasons=["outside_area"], rules_version="1", answers={})
    Registration.objects.update(status="not_eligible")
    monkeypatch.setattr(intake, "override_ineligibility", _too_late)
    refused = desk.post(f"/desk/register/{draft.reference}/not-eligible/", {"reason": "They moved."})
    assert refused.status_code == 409 and "was handed in while" in text_of(refused)
    joined = ParticipantFactory(programme=draft.programme)
    Registration.objects.update(status="submitted", participant=joined, submitted_at=timezone.now(), answers={})
    answer = desk.post(address, PAGES["name"])
    shown = text_of(answer)
    assert answer.status_code == 409 and "was handed in while" in shown and 'value="Invented"' in shown
    assert 'href="/desk/people/"' in shown and desk.get(address)["Location"] == f"/desk/people/{joined.pk}/"


def _too_late(**_):
    raise intake.AlreadyHandedIn


def test_the_desk_carries_on_with_a_reference_and_date_of_birth(desk, client):
    client.post("/join/")
    client.post("/join/name/", PAGES["name"])
    client.post("/join/born/", PAGES["born"])
    draft = Registration.objects.get()
    wrong = desk.post("/desk/register/", {"reference": draft.reference})
    assert wrong.status_code == 422 and "No unfinished registration" in text_of(wrong)
    right = desk.post("/desk/register/", {"reference": draft.reference.lower().replace("-", " "), **PAGES["born"]})
    assert right["Location"] == f"/desk/register/{draft.reference}/postcode/"
    desk.post(right["Location"], PAGES["postcode"])
    draft.refresh_from_db()
    assert draft.source == "self" and draft.entered_by is not None


def test_who_at_the_desk_opened_a_draft_with_health_answers_is_read_by_the_person_once_they_joined(
    desk, dee, clinic, clare, client
):
    address, _ = walk(client, client.post("/join/")["Location"], {})
    draft = Registration.objects.get()
    changed, page = draft.changed_at, f"/desk/register/{draft.reference}/"
    begun = Registration.objects.create(
        programme=draft.programme, reference="SF-2K4M-7PQR", resume_hash="x", source="self", answers={"area": "dorset"}
    )
    desk.get(f"/desk/register/{begun.reference}/name/")
    for _ in range(2):  # page after page is one reading
        assert desk.get(f"{page}check/").status_code == 200
    opened = dt.datetime.now(dt.UTC)
    clinic.get(f"{page}name/")
    begun.refresh_from_db()
    draft.refresh_from_db()
    assert "read" not in begun.answers and draft.changed_at == changed, "a look keeps it no longer"
    draft.answers["read"][0][1] = (opened - dt.timedelta(minutes=31)).isoformat()
    draft.answers["read"].append((0, opened.isoformat()))  # a reader of whom there is no record any more
    Registration.objects.filter(pk=draft.pk).update(answers=draft.answers)
    desk.get(f"{page}check/")
    client.post(address)
    person = Participant.objects.get().person
    looks = AccessLog.objects.filter(target=person, what="registration", purpose="desk").order_by("at")
    assert [look.by for look in looks] == [dee.person, clare.person, dee.person]
    assert looks[0].at == opened - dt.timedelta(minutes=31)
    note_reading(registration=draft, by=dee.person)  # handed in meanwhile
    assert looks.count() == 3


def test_saving_for_later_reads_the_reference_out(desk):
    first = desk.post("/desk/register/")["Location"]
    later = desk.post(first, {**PAGES["name"], "later": "yes"})["Location"]
    assert Registration.objects.get().reference in text_of(desk.get(later))


def test_a_draft_of_another_programme_is_not_there(desk, stranger_desk):
    first = desk.post("/desk/register/")["Location"]
    assert desk.get(first).status_code == 200
    assert stranger_desk.get(first).status_code == 404
    assert stranger_desk.post(first, PAGES["name"]).status_code == 404


def test_with_two_programmes_the_desk_chooses(sign_in, programme):
    other = ProgrammeFactory()
    user = someone("Both Desks", Role.COORDINATOR, programme=programme)
    user.memberships.create(role="coordinator", programme=other)
    browser = sign_in(user)
    assert browser.post("/desk/register/", {"programme": ""}).status_code == 422
    browser.post("/desk/register/", {"programme": other.pk})
    assert Registration.objects.get().programme == other


def test_the_desk_lets_somebody_in_with_a_reason_that_is_kept(desk, dee):
    address, _ = walk(desk, desk.post("/desk/register/")["Location"], {"area": {"area": "elsewhere"}})
    assert address.endswith("/not-eligible/")
    assert "Your name and your reason are kept" in text_of(desk.get(address))
    assert desk.post(address, {"reason": ""}).status_code == 422
    onward = desk.post(address, {"reason": "Lives one road outside"})["Location"]
    address, _ = walk(desk, onward, PHONE_ONLY)
    desk.post(address)
    kept = EligibilityDecision.objects.get(participant=Participant.objects.get())
    assert (kept.eligible, kept.override_reason, kept.decided_by) == (True, "Lives one road outside", dee.person)
    assert kept.reasons == ["outside_area"]


def test_nobody_is_let_in_below_the_age_limit(desk):
    young = {"born": {"born-day": "1", "born-month": "1", "born-year": "2020"}}
    address, _ = walk(desk, desk.post("/desk/register/")["Location"], young)
    assert "They may join" not in text_of(desk.get(address))
    assert desk.post(address, {"reason": "Please"}).status_code == 409
    assert Registration.objects.get().status == RegistrationStatus.NOT_ELIGIBLE


# --- finding and the person page ---------------------------------------------


@pytest.mark.parametrize(
    "said", ["pa exam", "patty", "14.3.58 pat", "01632 960444", "sf-pat", "14 March 1958, Example"]
)
def test_a_person_is_found_by_what_a_caller_says(desk, pat, said):
    pat.person.known_as = "Patty"
    pat.person.save()
    pat.reference = "SF-PAT"
    pat.save()
    ContactPointFactory(person=pat.person, channel="phone", value="+441632960444", preferred=False)
    found = desk.post("/desk/people/", {"said": said})
    assert found.status_code == 200 and "Pat Example" in text_of(found)


def test_the_search_says_what_is_missing_and_finds_nobody_elsewhere(desk, stranger_desk, pat):
    for nothing in ({}, {"said": " "}, {"said": "-"}):
        answer = desk.post("/desk/people/", nothing)
        assert answer.status_code == 422 and "Enter at least one thing" in text_of(answer)
    assert "No people found" in text_of(desk.post("/desk/people/", {"said": "Zebedee"}))
    assert "Pat Example" not in text_of(stranger_desk.post("/desk/people/", {"said": "Pat"}))
    assert desk.get("/desk/people/?said=Pat").status_code == 200
    assert "Pat Example" not in text_of(desk.get("/desk/people/?said=Pat"))


def test_a_date_that_does_not_exist_is_named_and_nothing_is_lost(desk):
    for date in ("31.2.1950", "31/02/1950", "3.13.1950"):
        answer = desk.post("/desk/people/", {"said": f"Pat {date}"})
        assert answer.status_code == 422 and f"The date {date} does not exist." in text_of(answer)
        assert f"Pat {date}" in text_of(answer)


def test_a_search_that_fits_very_many_says_that_these_are_not_all(desk, programme):
    ParticipantFactory.create_batch(MOST - 1, programme=programme, person__family_name="Sampleford")
    assert f"{MOST - 1} people found" in text_of(desk.post("/desk/people/", {"said": "sampleford"}))
    ParticipantFactory.create_batch(2, programme=programme, person__family_name="Sampleford")
    page = text_of(desk.post("/desk/people/", {"said": "sampleford"}))
    assert f"The first {MOST} people" in page and "There may be more" in page and "people found" not in page


def test_the_person_page_shows_needs_first_and_logs_the_read(desk, dee, pat):
    record_needs(person=pat.person, needs=[Need(AccessNeedKind.LIP_READS)], shared=(), by=pat.person)
    ContactPointFactory(person=pat.person, channel="phone", value="+441632960444", preferred=False)
    shown = text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert shown.index("Lip-reads") < shown.index("Date of birth")
    assert "18002" in shown and "Do not leave a message" in shown
    assert AccessLog.objects.filter(by=dee.person, target=pat.person).exists()


def test_the_person_page_leads_to_their_wellbeing_checks_and_their_places(desk, pat):
    html = desk.get(f"/desk/people/{pat.pk}/").content.decode()
    assert f'href="/desk/people/{pat.pk}/wellbeing/"' in html
    assert desk.get(f"/desk/people/{pat.pk}/wellbeing/").status_code == 200
    answer = desk.post(f"/desk/people/{pat.pk}/book/", {"to": "places"})
    assert (answer["Location"], desk.session["acting_for"]) == ("/me/bookings/", pat.pk)


def test_answers_that_wait_are_not_said_to_be_decided(desk, pat):
    under_review(pat)
    shown = text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert "Waits since" in shown and "What the answers suggest" in shown
    assert "Decided by" not in shown


def test_somebody_of_another_programme_is_not_there(stranger_desk, pat):
    for address in ("", "pause/", "pause/now/", "health/", "add-supporter/", "clearance/"):
        assert stranger_desk.get(f"/desk/people/{pat.pk}/{address}").status_code == 404
    assert stranger_desk.post(f"/desk/people/{pat.pk}/resume/").status_code == 404


def test_the_desk_adds_a_supporter_and_ends_the_support(desk, dee, pat):
    page = f"/desk/people/{pat.pk}/add-supporter/"
    assert desk.post(page, {}).status_code == 422
    asked = {
        "given_name": "Sid",
        "family_name": "Supporter",
        "relationship": "son",
        "scopes": ["book"],
        "phone": "01632 960555",
        "email": "sid@example.org",
        "checked": "yes",
    }
    refused = desk.post(page, asked)
    assert refused.status_code == 409 and "Say on their page who is on the line" in text_of(refused)
    assert not Supporter.objects.filter(participant=pat).exists() and "sid@example.org" in text_of(refused)
    on_the_line(pat, by=dee)
    desk.post(page, asked)
    supporter = Supporter.objects.get(participant=pat)
    assert supporter.status == SupporterStatus.ACTIVE and supporter.person.user.email == "sid@example.org"
    assert "Sid Supporter" in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    support.change_scopes(supporter=supporter, scopes=[], until=dt.date(2099, 1, 31), by=pat.person)
    assert "Until the end of Saturday 31 January 2099." in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    desk.post(f"/desk/people/{pat.pk}/supporters/{supporter.pk}/end/")
    supporter.refresh_from_db()
    assert supporter.status == SupporterStatus.ENDED
    assert desk.post(f"/desk/people/{pat.pk}/supporters/{supporter.pk}/end/").status_code == 404


def test_the_desk_pauses_and_brings_back(desk, pat):
    page = f"/desk/people/{pat.pk}/pause/"
    assert desk.post(page, {}).status_code == 422
    assert desk.post(page, {"reason": "because"}).status_code == 422
    desk.post(page, {"reason": "treatment"})
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.PAUSED
    assert desk.post(page, {"reason": "treatment"})["Location"] == f"/desk/people/{pat.pk}/pause/now/"
    back = desk.post(f"/desk/people/{pat.pk}/resume/")
    assert back["Location"] == f"/desk/people/{pat.pk}/health/"
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE
    again = desk.post(f"/desk/people/{pat.pk}/resume/", follow=True)
    assert "Nothing was changed" in text_of(again)
    assert "Paused" in text_of(again)


def test_the_desk_books_for_a_person_under_a_banner(desk, pat):
    desk.post(f"/desk/people/{pat.pk}/book/")
    assert desk.session["acting_for"] == pat.pk


# --- clearance ---------------------------------------------------------------


def test_the_clinical_lead_reads_the_answers_and_decides(clinic, clare, pat):
    review = under_review(pat)
    page = f"/desk/people/{review.pk}/clearance/"
    shown = clinic.get(page)
    assert "Thin bones" in text_of(shown) and "My bones are thin" in text_of(shown)
    assert "not signed off" in text_of(shown)
    assert AccessLog.objects.filter(by=clare.person, target=pat.person, what="health answers").exists()
    standing = clearance_of(pat)
    answer = clinic.post(
        page,
        {
            "reviewed": standing.pk,
            "state": "cleared_adapted",
            "adaptations": ["no_loaded_spine"],
            "note": "No twisting",
        },
    )
    assert answer["Location"] == f"/desk/people/{pat.pk}/"
    decided = clearance_of(pat)
    assert (decided.state, decided.adaptations, decided.decided_by) == (
        ClearanceState.CLEARED_WITH_ADAPTATIONS,
        ["no_loaded_spine"],
        clare.person,
    )
    assert Task.objects.get(kind="review_clearance").state == "done"
    assert Message.objects.filter(person=pat.person, kind="clearance_decided").exists()


def test_the_second_of_two_deciders_sees_who_was_first(  # pitfalls 21
    clinic, clare, pat, sign_in, programme
):
    under_review(pat)
    page, standing = f"/desk/people/{pat.pk}/clearance/", clearance_of(pat)
    other = sign_in(someone("Cora Second", Role.CLINICAL_LEAD, programme=programme))
    sent = {"reviewed": standing.pk, "state": "not_suitable", "note": "Spoke with the team"}
    assert other.post(page, sent).status_code == 302
    late = clinic.post(page, {**sent, "state": "cleared"})
    assert late.status_code == 409 and "Cora Second decided" in text_of(late)
    assert clearance_of(pat).state == ClearanceState.NOT_SUITABLE


def test_new_answers_while_somebody_reads_the_old_ones_are_said(clinic, pat):
    under_review(pat)
    old = clearance_of(pat)
    under_review(pat)
    late = clinic.post(f"/desk/people/{pat.pk}/clearance/", {"reviewed": old.pk, "state": "cleared", "note": "x"})
    assert late.status_code == 409 and "They answered again" in text_of(late)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"state": "cleared_adapted"}, "Select what to change"),
        ({"state": "cleared", "adaptations": ["stoma"]}, "Take the ticks out"),
        ({"state": "cleared_adapted", "adaptations": ["remote_only", "in_person_only"]}, "Select only one of"),
        ({"state": "cleared"}, "The answers ask for a change that you left out"),
        ({}, "Select your decision"),
        ({"state": "cleared", "reviewed": "nonsense"}, "They answered again"),
    ],
)
def test_a_decision_that_does_not_fit_is_explained(clinic, pat, sent, words):
    under_review(pat)
    standing = clearance_of(pat)
    answer = clinic.post(f"/desk/people/{pat.pk}/clearance/", {"reviewed": standing.pk, **sent})
    assert answer.status_code in (409, 422) and words in text_of(answer)
    assert clearance_of(pat) == standing


def test_nothing_is_decided_for_somebody_who_took_consent_back(clinic, pat):
    withdraw_consent(participant=pat, kind="health", by=pat.person)
    stopped = clearance_of(pat)
    sent = {"reviewed": stopped.pk, "state": "cleared"}
    answer = clinic.post(f"/desk/people/{pat.pk}/clearance/", sent)
    assert answer.status_code == 409 and "taken back their agreement" in text_of(answer)
    assert clearance_of(pat) == stopped


def test_a_coordinator_may_see_the_state_but_not_decide(desk, pat):
    under_review(pat)
    assert "Waits for a review" in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    assert desk.get(f"/desk/people/{pat.pk}/clearance/").status_code == 403


def test_without_answers_there_is_nothing_to_decide(clinic, programme):
    nobody = ParticipantFactory(programme=programme, clearance=False)
    assert "There are no answers yet" in text_of(clinic.get(f"/desk/people/{nobody.pk}/clearance/"))
    assert clinic.get(f"/desk/people/{nobody.pk}/").status_code == 200


def test_a_clearance_without_answers_can_be_read(clinic, pat):
    assert "No answers are held" in text_of(clinic.get(f"/desk/people/{pat.pk}/clearance/"))


def test_a_helper_who_cannot_be_added_is_explained_and_nothing_typed_is_lost(desk, pat, sam, dee):
    page = f"/desk/people/{pat.pk}/add-supporter/"
    asked = {
        "given_name": "Sam", "family_name": "Helper", "relationship": "son", "scopes": ["book"],
        "email": "sam@example.org", "checked": "yes",
    }  # fmt: skip
    on_the_line(pat, by=dee)
    assert "helps them already" in text_of(desk.post(page, asked))
    other = desk.post(page, asked | {"given_name": "Sid"})
    assert other.status_code == 422 and "Somebody of another name signs in" in text_of(other)
    pat.status = ParticipantStatus.WITHDRAWN
    pat.save()
    gone = desk.post(page, asked | {"email": "new@example.org"})
    assert (
        gone.status_code == 409 and "do not take part any more" in text_of(gone) and "new@example.org" in text_of(gone)
    )
    assert Supporter.objects.filter(participant=pat).count() == 1


def test_a_clinical_lead_who_takes_part_does_not_decide_about_themselves(clare, programme, sign_in):
    own = ParticipantFactory(person=clare.person, programme=programme)
    reviewed = clearance_of(own)
    answer = sign_in(clare).post(
        f"/desk/people/{own.pk}/clearance/", {"reviewed": reviewed.pk, "state": "cleared", "note": ""}
    )
    assert answer.status_code == 409 and "Nobody decides about themselves" in text_of(answer)
    assert clearance_of(own) == reviewed


def test_what_a_helper_may_do_is_changed_by_telephone(desk, dee, stranger_desk, pat, sam, monkeypatch):
    row = Supporter.objects.get(participant=pat)
    page = f"/desk/people/{pat.pk}/supporters/{row.pk}/"
    assert f'href="{page}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    for form in (page, f"/desk/people/{pat.pk}/add-supporter/"):
        shown = text_of(desk.get(form))
        assert (
            "What may they do?" in shown
            and "at any time" in shown
            and "for you" not in shown
            and "You can" not in shown
        )
    assert "Only Pat says so, not Sam Helper." in text_of(desk.get(page))
    assert desk.post(page, {}).status_code == 422
    last = {"until-day": "31", "until-month": "1", "until-year": "2099"}
    refused = desk.post(page, {"scopes": ["see_messages"], **last}, follow=True)
    assert "Say on their page who is on the line" in text_of(refused)
    desk.post(page, {"scopes": row.scopes, **last})  # less than without an end
    row.refresh_from_db()
    assert (row.scopes, row.last_day) == (["book"], dt.date(2099, 1, 31))
    assert "Say on their page" in text_of(desk.post(page, {"scopes": ["book"]}, follow=True)), "for longer"
    on_the_line(pat, by=dee)
    desk.post(page, {"scopes": ["see_messages"], **last})
    row.refresh_from_db()
    assert (row.scopes, row.last_day) == (["see_messages"], dt.date(2099, 1, 31))
    assert stranger_desk.get(page).status_code == 404

    def ended(**_):
        raise support.NoLongerInvited

    monkeypatch.setattr("participants.support.change_scopes", ended)
    assert "has just ended" in text_of(desk.post(page, {"scopes": ["book"]}, follow=True))
