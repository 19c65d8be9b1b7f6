import logging
import re
import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import ContactPoint, Membership, Person, User
from messaging import senders
from messaging.models import Message, Task
from messaging.outgoing import NoSuchAddress
from participants.consents import consents_in_force
from participants.content import install
from participants.health import clearance_of
from participants.models import (
    AccessNeed,
    ClearanceState,
    EligibilityDecision,
    Enrolment,
    HealthProfile,
    Participant,
    Registration,
)
from participants.registering import intake
from tests.factories.accounts import ProgrammeFactory, UserFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import PAGES, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)


def start(browser):
    return browser.post("/join/")["Location"]


def register(browser, answers=None):
    address, _ = walk(browser, start(browser), answers)
    assert address == "/join/check/"
    answer = browser.post(address)
    return answer


def text_of(answer):
    return answer.content.decode()


def test_a_person_registers_and_is_told_what_happens_next(client, programme):
    address, met = walk(client, start(client), look=True)
    assert met.index("agree-health") < met.index("cancer") < met.index("health-bones")
    checked = text_of(client.get(address))
    assert "Jo Invented" in checked and "14 March 1958" in checked and "/join/area/" in checked
    done = client.post(address, follow=True)
    assert done.redirect_chain == [("/join/done/", 302)]
    assert "You can book classes now" in text_of(done)

    participant = Participant.objects.get()
    assert participant.reference in text_of(done)
    assert participant.person.user.email == "jo@example.org"
    assert Membership.objects.filter(user=participant.person.user, role="participant", programme=programme).exists()
    assert clearance_of(participant).state == ClearanceState.CLEARED
    assert Enrolment.objects.get(participant=participant).ends_on is None
    given = {kind: event.given for kind, event in consents_in_force(participant).items()}
    assert given == {
        "service": True,
        "health": True,
        "instructors": True,
        "summaries": False,
        "research": False,
        "studies": False,
        "recording": False,
    }
    assert Message.objects.filter(person=participant.person, kind="registered").count() == 1
    decision = EligibilityDecision.objects.get(participant=participant)
    assert decision.eligible and decision.reasons == [] and decision.rules_version
    assert not Task.objects.exists()
    assert Registration.objects.get().answers == {}


def test_nothing_is_ticked_before_the_person_chooses(client):
    start(client)
    client.post("/join/name/", PAGES["name"])
    for name in ("agree-service", "agree-research", "health-bones", "cancer"):
        assert "checked" not in text_of(client.get(f"/join/{name}/"))


def test_a_worrying_answer_waits_for_a_person_and_says_until_when(client):
    bones = {
        "health-bones": {"bones": ["cancer_in_bones"]},
        "health-devices": {"devices": ["line"], "line_side": "left"},
    }
    done = text_of(client.get(register(client, bones)["Location"]))
    assert "Waiting for us to check it is safe for you" in done
    participant = Participant.objects.get()
    clearance = clearance_of(participant)
    assert clearance.state == ClearanceState.NEEDS_REVIEW
    assert clearance.adaptations == ["no_loaded_spine", "line_left"]
    task = Task.objects.get()
    assert (task.kind, task.subject_id, task.about) == ("review_clearance", participant.pk, participant.person)
    assert task.due_at == clearance.review_due_at


def test_needs_and_every_way_of_reaching_somebody_are_kept(client):
    register(
        client,
        {
            "contact": {
                "ways": ["email", "phone", "text", "post"],
                "email": "jo@example.org",
                "phone": "01632 960222",
                "may_leave_message": "yes",
                "mobile": "07700 900982",
                "address": "1 Invented Road\r\nPoole",
            },
            "preferred": {"preferred": "phone"},
            "needs": {"needs": ["lip_reads", "language"], "need_language": "Polish", "need_interpreter": "yes"},
        },
    )
    points = {p.channel: p for p in ContactPoint.objects.all()}
    assert set(points) == {"email", "phone", "text", "post"}
    assert points["phone"].preferred and points["phone"].may_leave_message and points["phone"].value == "+441632960222"
    assert not points["text"].may_leave_message
    assert {(n.kind, n.detail, n.share_with_instructors) for n in AccessNeed.objects.all()} == {
        ("lip_reads", "", True),
        ("language", "Polish", True),
        ("interpreter", "Polish", True),
    }


def test_sending_it_twice_makes_one_person(client):
    address, _ = walk(client, start(client))
    shown = text_of(client.get(address))
    token = shown.split('name="draft" value="')[1].split('"')[0]
    first = client.post(address, {"draft": token})
    second = client.post(address, {"draft": token})
    assert first["Location"] == second["Location"] == "/join/done/"
    assert Participant.objects.count() == Person.objects.count() == 1
    assert Client().post(address, {"draft": token})["Location"] == "/join/"


def _handed_in(**_):
    with acting(System.COMMAND, "tests.handed_in"):
        joined = ParticipantFactory(programme=Registration.objects.get().programme)
    Registration.objects.update(status="submitted", participant=joined, submitted_at=timezone.now(), answers={})


def _taken_back(**_):
    Registration.objects.all().delete()


def _meanwhile(monkeypatch, what, happens):
    """It happens when the page has been read and just before `what` locks the draft."""
    real = getattr(intake, what)
    monkeypatch.setattr(intake, what, lambda **given: (happens(), real(**given))[1])


@pytest.mark.parametrize(
    ("happens", "says", "onward"),
    [(_handed_in, "was sent to us while", 'href="/me/"'), (_taken_back, "was taken back", 'href="/join/"')],
)
def test_a_page_saved_too_late_says_so_keeps_what_was_typed_and_has_a_way_on(
    client, monkeypatch, happens, says, onward
):
    _meanwhile(monkeypatch, "save_page", happens)
    answer = client.post(start(client), PAGES["name"])
    shown = text_of(answer)
    assert answer.status_code == 409 and says in shown and 'value="Invented"' in shown
    assert onward in shown and "Save and continue" not in shown


def test_a_second_tab_after_handing_in_says_so_and_keeps_what_was_typed(client):
    address = start(client)
    token = text_of(client.get(address)).split('name="draft" value="')[1].split('"')[0]
    _handed_in()
    for browser in (client, Client()):
        answer = browser.post(address, PAGES["name"] | {"draft": token})
        assert answer.status_code == 409 and 'value="Invented"' in text_of(answer)
        assert browser.post("/join/no-such-page/", {"draft": token}).status_code == 404
    assert client.get(address)["Location"] == "/join/"
    assert Client().post(address, {"draft": "not ours"})["Location"] == "/join/"


def test_what_was_taken_back_is_not_handed_in_and_a_link_and_later_say_that_it_is_too_late(client, monkeypatch):
    def too_late(**_):
        raise intake.AlreadyHandedIn

    address, _ = walk(client, start(client))
    token = intake.new_return_token(registration=Registration.objects.get())
    monkeypatch.setattr(intake, "new_return_token", too_late)
    monkeypatch.setattr(intake, "open_with", too_late)
    later = client.post("/join/later/", {"email": "jo@example.org"})
    assert later.status_code == 409 and "was sent to us while" in text_of(later)
    assert Client().post(f"/join/return/{token}/", PAGES["born"]).status_code == 404
    _meanwhile(monkeypatch, "submit_registration", _taken_back)
    assert "was taken back" in text_of(client.post(address, follow=True))


def test_a_wrong_answer_is_kept_and_explained(client):
    start(client)
    answer = client.post("/join/born/", {"born-day": "31", "born-month": "2", "born-year": "1958"})
    assert answer.status_code == 422
    assert "Error: " in text_of(answer) and 'value="31"' in text_of(answer)
    empty = client.post("/join/name/", {"given_name": "", "family_name": "Kept"})
    assert empty.status_code == 422 and 'value="Kept"' in text_of(empty)


def test_the_end_of_a_session_loses_nothing(client):
    address = start(client)
    client.post(address, PAGES["name"])
    page = text_of(client.get("/join/born/"))
    token = page.split('name="draft" value="')[1].split('"')[0]
    client.session.flush()
    client.cookies.clear()
    answer = client.post("/join/born/", {**PAGES["born"], "draft": token})
    assert answer["Location"] == "/join/postcode/"
    assert Registration.objects.get().answers["born"] == "1958-03-14"


def test_whenever_the_session_ends_each_page_is_kept_to_the_last(client):
    address = start(client)
    while address != "/join/done/":
        token = text_of(client.get(address)).split('name="draft" value="')[1].split('"')[0]
        client.cookies.clear()
        name = address.strip("/").rsplit("/", 1)[-1]
        answer = client.post(address, {**PAGES.get(name, {}), "draft": token})
        assert answer.status_code == 302, name
        address = answer["Location"]
    assert Participant.objects.get().person.given_name == "Jo"


def test_what_was_typed_wrongly_is_kept_too_when_the_session_ends(client):
    token = text_of(client.get(start(client))).split('name="draft" value="')[1].split('"')[0]
    client.cookies.clear()
    answer = client.post("/join/name/", {"given_name": "", "family_name": "Kept", "draft": token})
    assert answer.status_code == 422 and 'value="Kept"' in text_of(answer)
    again = text_of(answer).split('name="draft" value="')[1].split('"')[0]
    client.cookies.clear()
    assert client.post("/join/name/", {**PAGES["name"], "draft": again})["Location"] == "/join/born/"


def test_without_a_draft_every_page_leads_to_the_start(client):
    for name in ("name", "check", "done", "later", "not-eligible"):
        assert client.get(f"/join/{name}/")["Location"] == "/join/"
    assert client.post("/join/name/", {"draft": "made-up:token"})["Location"] == "/join/"


def test_the_number_of_steps_never_grows_on_the_way(client):
    address, totals = start(client), []
    while address != "/join/check/":
        shown = text_of(client.get(address))
        step, total = (int(number) for number in re.search(r"step (\d+) of (\d+)", shown).groups())
        assert step <= total
        totals.append(total)
        name = address.strip("/").rsplit("/", 1)[-1]
        address = client.post(address, PAGES[name])["Location"]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] > totals[-1], "two pages hang on answers, and here neither is asked"


def test_a_text_message_is_called_the_same_on_every_page(client):
    several = PAGES["contact"] | {"ways": ["email", "text"], "mobile": "07700 900982"}
    start(client)
    client.post("/join/contact/", several)
    assert "Text message (SMS)" in text_of(client.get("/join/preferred/"))


def test_a_page_that_is_not_asked_is_not_there(client):
    start(client)
    assert client.get("/join/nothing/").status_code == 404
    assert client.get("/join/preferred/").status_code == 404


@pytest.mark.parametrize(
    ("postcode", "chosen"), [("bh15 1aa", "Dorset"), ("PO30 1AA", "Isle of Wight"), ("M1 1AA", ""), ("", "")]
)
def test_a_postcode_suggests_where_somebody_lives_and_their_own_answer_counts(client, postcode, chosen):
    start(client)
    client.post("/join/postcode/", {"postcode": postcode})
    shown = text_of(client.get("/join/area/"))
    ticked = re.findall(r'value="([^"]*)"[^>]*checked', shown)
    assert ticked == ([chosen] if chosen else []) and ("We chose this by your postcode" in shown) is bool(chosen)
    client.post("/join/area/", {"area": "Hampshire"})
    shown = text_of(client.get("/join/area/"))
    assert re.findall(r'value="([^"]*)"[^>]*checked', shown) == ["Hampshire"] and "We chose this" not in shown


def test_the_check_leads_to_what_is_not_answered(client):
    start(client)
    assert client.get("/join/check/")["Location"] == "/join/name/"


def link_in(message):
    return next(word for word in message.body.split() if "/join/return/" in word).split("://", 1)[1].partition("/")[2]


def test_a_link_by_email_opens_the_draft_elsewhere_with_the_date_of_birth(client):
    start(client)
    client.post("/join/name/", PAGES["name"])
    assert client.post("/join/born/", PAGES["born"] | {"later": "yes"})["Location"] == "/join/later/"
    assert Registration.objects.get().reference in text_of(client.get("/join/later/"))
    assert "We have sent you" in text_of(client.post("/join/later/", {"email": "jo@example.org"}))
    link = "/" + link_in(mail.outbox[0])
    assert mail.outbox[0].to == ["jo@example.org"] and "cancer" not in mail.outbox[0].body.lower()

    elsewhere = Client()
    assert "date of birth" in text_of(elsewhere.get(link))
    wrong = elsewhere.post(link, {"born-day": "1", "born-month": "1", "born-year": "1960"})
    assert wrong.status_code == 422
    assert elsewhere.post(link, PAGES["born"])["Location"] == "/join/postcode/"
    assert "Jo" in text_of(elsewhere.get("/join/name/"))


def test_a_link_dies_after_too_many_wrong_dates_or_a_newer_link(client):
    start(client)
    client.post("/join/born/", PAGES["born"])
    for _ in range(2):
        client.post("/join/later/", {"email": "jo@example.org"})
    old, new = ("/" + link_in(message) for message in mail.outbox)
    assert Client().get(old).status_code == 404
    for _ in range(5):
        Client().post(new, {"born-day": "1", "born-month": "1", "born-year": "1960"})
    assert Client().post(new, PAGES["born"]).status_code == 404
    assert Client().get("/join/return/made-up/").status_code == 404


def come_back(browser, reference, **born):
    return browser.post("/join/return/", {"reference": reference, **PAGES["born"], **born})


def test_by_reference_and_date_of_birth_one_carries_on_however_it_is_typed(client):
    start(client)
    for name in ("name", "born"):
        client.post(f"/join/{name}/", PAGES[name])
    reference = Registration.objects.get().reference
    assert "give your reference and your date of birth" in text_of(client.get("/join/later/"))
    for typed in (reference, reference.lower().replace("-", " "), reference.removeprefix("SF-")):
        assert come_back(Client(), typed)["Location"] == "/join/postcode/"


def test_an_unknown_reference_and_a_wrong_date_are_one_answer_and_tries_end(client):
    start(client)
    client.post("/join/born/", PAGES["born"])
    reference = Registration.objects.get().reference
    wrong, unknown = come_back(client, reference, **{"born-year": "1959"}), come_back(client, "SF-2222-2222")
    assert wrong.status_code == unknown.status_code == 422 and "We found no registration" in text_of(wrong)
    alike = re.compile(r'value="[^"]*"|content="[^"]*"')
    assert alike.sub("", text_of(wrong)) == alike.sub("", text_of(unknown))
    tries = [come_back(Client(), reference, **{"born-year": "1959"}).status_code for _ in range(5)]
    assert tries == [422, 422, 422, 422, 429]
    assert come_back(Client(), reference).status_code == 429
    assert "Wait an hour" in text_of(come_back(Client(), reference))


def test_a_draft_without_a_date_of_birth_is_not_opened_by_its_reference(client):
    start(client)
    assert come_back(Client(), Registration.objects.get().reference).status_code == 422


def test_a_link_goes_by_text_to_the_number_that_was_given(client, monkeypatch):
    texts = []
    monkeypatch.setitem(senders.SENDERS, "text", lambda outgoing: texts.append(outgoing) or "sent")
    start(client)
    client.post("/join/contact/", {"ways": ["text"], "mobile": "07700 900982"})
    assert "07700 900982" in text_of(client.get("/join/later/"))
    assert client.post("/join/later/", {}).status_code == 422
    assert "sent you a text message" in text_of(client.post("/join/later/", {"way": "text"}))
    assert texts[0].to == "+447700900982" and not mail.outbox
    link = next(word for word in texts[0].words.body.split() if "/join/return/" in word)
    assert Client().post("/join/return/" + link.split("/join/return/")[1])["Location"] == "/join/name/"
    client.post("/join/later/", {"way": "email", "email": "jo@example.org"})
    assert mail.outbox[0].to == ["jo@example.org"]


def test_a_carrier_that_refuses_is_said(client, monkeypatch):
    def broken(outgoing):
        raise NoSuchAddress

    monkeypatch.setitem(senders.SENDERS, "text", broken)
    start(client)
    client.post("/join/contact/", {"ways": ["text"], "mobile": "07700 900982"})
    answer = client.post("/join/later/", {"way": "text"})
    assert answer.status_code == 409 and "We could not send it just now" in text_of(answer)


def test_a_draft_without_a_date_of_birth_opens_with_one_button(client):
    start(client)
    client.post("/join/later/", {"email": "jo@example.org"})
    assert Client().post("/" + link_in(mail.outbox[0]))["Location"] == "/join/name/"


def test_only_so_many_links_are_sent_from_one_draft(client):
    start(client)
    answers = [client.post("/join/later/", {"email": "jo@example.org"}) for _ in range(6)]
    assert answers[-1].status_code == 409 and len(mail.outbox) == 5
    assert client.post("/join/later/", {"email": "nonsense"}).status_code == 422


def test_nobodys_mailbox_or_telephone_is_filled_from_many_drafts_and_the_page_says_the_same(client, monkeypatch):
    """Whoever typed an address learns neither that it is full nor that others have begun with it."""
    texts, pages = [], []
    monkeypatch.setitem(senders.SENDERS, "text", lambda outgoing: texts.append(outgoing) or "sent")
    for number in range(7):
        other = Client(REMOTE_ADDR=f"10.0.6.{number}")
        start(other)
        other.post("/join/contact/", {"ways": ["text"], "mobile": "07700 900982"})
        for sent in ({"way": "email", "email": f"{'JjJjJjJ'[number]}o@example.org"}, {"way": "text"}):
            pages.append(other.post("/join/later/", sent))
    assert (len(mail.outbox), len(texts)) == (6, 6)
    assert "links" not in Registration.objects.latest("pk").answers, "what was not sent makes no earlier link useless"
    assert all(page.status_code == 200 and "We have sent you" in text_of(page) for page in pages)


def test_what_is_started_from_one_place_is_limited_and_what_was_started_goes_on(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"start_registration": "1/h/ip"}
    first = start(client)
    refused = client.post("/join/")
    assert refused.status_code == 429 and Registration.objects.count() == 1
    assert "Carry on with the one that you have" in text_of(refused) and f'href="{first}"' in text_of(refused)
    assert client.get(first).status_code == 200


def test_links_from_one_place_and_texts_in_all_are_limited(client, monkeypatch, settings):
    texts = []
    monkeypatch.setitem(senders.SENDERS, "text", lambda outgoing: texts.append(outgoing) or "sent")
    limits = {**settings.ACCOUNT_RATE_LIMITS, "return_link": "3/h/ip", "return_texts": "1/h/key"}
    settings.ACCOUNT_RATE_LIMITS = limits
    start(client)
    client.post("/join/contact/", {"ways": ["text"], "mobile": "07700 900982"})
    assert client.post("/join/later/", {"way": "text"}).status_code == 200
    for way in (
        {"way": "text"},
        {"way": "email", "email": "a@example.org"},
        {"way": "email", "email": "b@example.org"},
    ):
        answer = client.post("/join/later/", way)
    assert answer.status_code == 409 and "carry on with it, or try again in an hour" in text_of(answer)
    assert (len(texts), [message.to for message in mail.outbox]) == (1, [["a@example.org"]])


@pytest.mark.parametrize(
    ("given", "gateway", "says", "button"),
    [
        ({"email": "jo@example.org", "text": "+447700900982"}, True, "your email address or your mobile number", True),
        ({"text": "+447700900982"}, True, "Sign in with your mobile number", True),
        ({"text": "+447700900982"}, False, "You gave us no email address", False),
        ({"phone": "+441632960222"}, True, "You gave us no email address", False),
    ],
)
def test_who_has_joined_reads_with_what_they_sign_in(client, settings, given, gateway, says, button):
    """By what they gave, never by who has a login: a page that told that would tell who takes part."""
    settings.TEXT_GATEWAY = "messaging.text_folder.Folder" if gateway else ""
    start(client)
    assert ("Whoever reads its messages" in text_of(client.get("/join/contact/"))) is gateway
    joined = ParticipantFactory()
    for channel, value in given.items():
        ContactPoint.objects.create(person=joined.person, channel=channel, value=value)
    session = client.session
    session["joined"] = [joined.pk, int(time.time())]
    session.save()
    main = text_of(client.get("/join/done/")).split("What happens next")[1]
    assert says in main and ("Sign in\n" in main or ">Sign in<" in main) is button


def test_a_mail_server_that_is_down_is_said(client, monkeypatch):
    def broken(**kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("frontend.views.public.join_return.mail_return_link", broken)
    start(client)
    answer = client.post("/join/later/", {"email": "jo@example.org"})
    assert answer.status_code == 409 and "Write down your reference" in text_of(answer)


def test_later_leaves_an_unfinished_page_behind(client):
    start(client)
    assert client.post("/join/name/", {"given_name": "", "later": "yes"})["Location"] == "/join/later/"
    assert "done" not in Registration.objects.get().answers


@pytest.mark.parametrize(
    ("page", "answer", "words"),
    [
        ("born", {"born-day": "1", "born-month": "1", "born-year": "2020"}, "aged 18 or over"),
        ("area", {"area": "elsewhere"}, "does not reach the place"),
        ("agree-health", {"agrees": "no"}, "unless you agree"),
        ("cancer", {"cancer": "no"}, "having tests for it"),
    ],
)
def test_who_cannot_join_hears_why_and_where_else_to_turn_and_can_change_the_answer(client, page, answer, words):
    address, _ = walk(client, start(client), {page: answer})
    assert address == "/join/not-eligible/"
    shown = text_of(client.get(address))
    assert words in shown and "Where else to turn" in shown and f"/join/{page}/" in shown
    assert EligibilityDecision.objects.get().eligible is False
    address, _ = walk(client, f"/join/{page}/")
    assert address == "/join/check/"
    assert client.get("/join/not-eligible/")["Location"] == "/join/check/"


def test_somebody_who_cannot_join_is_not_registered_by_sending_the_form(client):
    address, _ = walk(client, start(client))
    draft = Registration.objects.get()
    programme = draft.programme
    programme.areas_served = ["Hampshire"]
    programme.save()
    assert client.post(address)["Location"] == "/join/not-eligible/"
    assert not Participant.objects.exists()


def test_a_shared_email_address_gives_no_second_login_and_shows_nothing(client):
    UserFactory(email="JO@example.org")
    answer = client.get(register(client)["Location"])
    second = Participant.objects.get(person__given_name="Jo")
    assert not User.objects.filter(person=second.person).exists()
    assert ContactPoint.objects.filter(person=second.person, value="jo@example.org").exists()
    assert "already" not in text_of(answer)


def test_health_answers_stand_in_no_address_and_no_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    address, _ = walk(client, start(client), {"more": {"health_note": "secret-note"}})
    client.post(address)
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "secret-note" not in logged and "Invented" not in logged and "jo@example.org" not in logged
    assert HealthProfile.objects.get().note == "secret-note"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, note FROM participants_healthprofile")
        assert "secret-note" not in str(cursor.fetchall())


def test_new_wording_of_the_health_questions_asks_them_again(client, monkeypatch):
    address, _ = walk(client, start(client))
    draft = Registration.objects.get()
    draft.answers = {**draft.answers, "health_version": "older"}
    draft.save()
    assert client.get(address)["Location"] == "/join/health-bones/"


def test_with_two_programmes_the_person_chooses(client, programme):
    other = ProgrammeFactory(name="Another")
    install(other, System.COMMAND)
    assert client.post("/join/").status_code == 422
    client.post("/join/", {"programme": other.pk})
    assert Registration.objects.get().programme == other


def test_a_held_draft_can_be_carried_on(client):
    start(client)
    client.post("/join/name/", PAGES["name"])
    assert "/join/born/" in text_of(client.get("/join/"))


def test_every_page_is_kept_out_of_caches(client):
    start(client)
    assert "no-store" in client.get("/join/name/")["Cache-Control"]


def test_without_a_programme_nobody_can_start(client, monkeypatch):
    monkeypatch.setattr(intake, "open_programmes", lambda: [])
    assert "Nobody can register at the moment" in text_of(client.get("/join/"))
