import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client, override_settings

from accounts.history import System
from participants.content import install
from participants.models import Participant, Referrer, Registration
from participants.registering.referrals import refer, write_for_referrals
from tests.factories.participants import ParticipantFactory
from tests.factories.referrals import SENT, referral
from tests.factories.registering import walk

pytestmark = pytest.mark.django_db
LINK = "/join/return/"


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)
    with time_machine.travel(dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)):
        yield


def text_of(answer):
    return answer.content.decode()


def test_from_the_referral_to_somebody_who_has_joined(client):
    done = client.post("/refer/", SENT | {"safety_note": "Had a fall."}, follow=True)
    row = Referrer.objects.get()
    assert row.reference in text_of(done) and row.registration.reference not in text_of(done)
    assert "Rea" not in text_of(done)
    write_for_referrals()
    person = Client()
    link = LINK + mail.outbox[0].body.split(LINK)[1].split()[0]
    assert "Ravi" not in text_of(person.get(link)), "whoever has the link is not known yet"
    first = person.post(link, {"born-day": "14", "born-month": "3", "born-year": "1958"})["Location"]
    shown = text_of(person.get(first))
    assert "Ravi Referrer, physiotherapist, Invented Hospital, asked us to get in touch with you" in shown
    assert 'value="Rea"' in shown and "Had a fall" not in shown
    answers = {
        "name": {"given_name": "Rea", "family_name": "Ferred"},
        "contact": {"ways": ["email"], "email": "rea@example.org"},
        "referrer": {"referrer_told": "yes", "referrer_kept": "no"},
    }
    address, met = walk(person, first, answers)
    assert address == "/join/check/" and met[-1] == "referrer"
    checked = text_of(person.get(address))
    assert "You can tell them that I have joined" in checked and "Do not keep how to reach them" in checked
    assert "Waiting for us to check" in text_of(person.post(address, follow=True))
    row.refresh_from_db()
    assert (row.may_be_told, row.may_be_kept) == (True, False)
    assert Participant.objects.get(person__given_name="Rea").source == "referral"


def test_the_page_is_the_same_whoever_is_named(programme):
    ParticipantFactory(
        programme=programme, person__given_name="Rea", person__family_name="Ferred",
        person__date_of_birth=dt.date(1958, 3, 14),
    )  # fmt: skip
    pages = [text_of(Client().post("/refer/", SENT | {"given_name": name}, follow=True)) for name in ("Rea", "New")]
    for row in Referrer.objects.all():
        pages = [page.replace(row.reference, "RF") for page in pages]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"your_email": ""}, "Enter your work email address or your work phone number"),
        ({"agreed": ""}, "Tick to say that they agreed"),
        ({"agreed_on-year": "2030"}, "The day on which they agreed must be"),
        ({"preferred": "post"}, "Select one of the ways that you ticked above"),
        ({"ways": []}, "Select at least one way to reach them"),
        ({"born-year": "2012"}, "SafeFit is for adults"),
        ({"cancer": "no"}, "cancer"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, wrong, says):
    answer = client.post("/refer/", SENT | wrong)
    assert answer.status_code == 422 and says in text_of(answer) and 'value="Ravi Referrer"' in text_of(answer)
    assert not Registration.objects.exists()


def test_sent_again_from_the_same_page_it_is_kept_once_and_another_is_another(client):
    key = re.search(r'name="id" value="([^"]+)"', text_of(client.get("/refer/")))[1]
    for sent in (SENT | {"id": key}, SENT | {"id": key}, SENT | {"id": "nonsense"}):
        assert client.post("/refer/", sent)["Location"] == "/refer/sent/"
    assert Referrer.objects.count() == 2


def test_at_a_computer_that_others_use_the_reference_is_gone_after_a_quarter_of_an_hour(client):
    client.post("/refer/", SENT)
    assert client.cookies["sessionid"]["max-age"] == "", "nor does it outlive the browser"
    assert Referrer.objects.get().reference in text_of(client.get("/refer/sent/"))
    with time_machine.travel(dt.datetime(2027, 2, 3, 12, 16, tzinfo=dt.UTC)):
        assert client.get("/refer/sent/")["Location"] == "/refer/"


def test_only_so_many_come_from_one_place_and_go_to_one_mailbox(client):
    for given_name in ("One", "Two", "Three"):
        client.post("/refer/", SENT | {"given_name": given_name})
    assert [row.link_due for row in Referrer.objects.order_by("referred_at")] == [True, True, False]
    with override_settings(ACCOUNT_RATE_LIMITS={"refer": "0/h/ip"}):
        answer = client.post("/refer/", SENT)
    assert answer.status_code == 429 and "Try again in an hour" in text_of(answer)
    assert Client().get("/refer/sent/")["Location"] == "/refer/"


def test_the_desk_reads_whom_to_get_in_touch_with_and_deletes_what_nobody_wants(sign_in, dee, clare, pat):
    said = referral(
        safety_note="Had a fall.", given_name=pat.person.given_name, family_name=pat.person.family_name,
        born=pat.person.date_of_birth,
    )  # fmt: skip
    row = refer(programme=pat.programme, said=said)
    browser, address = sign_in(dee), f"/desk/referrals/{row.pk}/"
    task = text_of(browser.get("/desk/"))
    assert f"Get in touch with somebody who was referred: {row.reference}" in task
    shown = text_of(browser.get(address))
    assert "takes part already" in shown and pat.reference in shown and "rea@example.org" in shown
    assert "Had a fall" not in shown and "Had a fall" in text_of(sign_in(clare).get(address))
    assert browser.get(f"/desk/register/{row.registration.reference}/name/").status_code == 200
    assert browser.post(f"{address}delete/")["Location"] == "/desk/"
    assert browser.get(address).status_code == 404 and not Referrer.objects.exists()


def test_the_referral_stands_on_the_page_of_whoever_joined(sign_in, clare, pat):
    row = refer(programme=pat.programme, said=referral(safety_note="Had a fall."))
    Participant.objects.filter(pk=pat.pk).update(source="referral")
    Registration.objects.filter(pk=row.registration_id).update(participant=pat)
    browser = sign_in(clare)
    assert "Ravi Referrer, physiotherapist" in text_of(browser.get(f"/desk/people/{pat.pk}/"))
    assert "Registered, after a professional referred them" in text_of(browser.get(f"/desk/people/{pat.pk}/timeline/"))
    assert "They have joined" in text_of(browser.get(f"/desk/referrals/{row.pk}/"))
    assert "Had a fall" in text_of(browser.get(f"/desk/people/{pat.pk}/clearance/"))
    assert browser.post(f"/desk/referrals/{row.pk}/delete/")["Location"] == f"/desk/people/{pat.pk}/"
    assert Referrer.objects.exists()
