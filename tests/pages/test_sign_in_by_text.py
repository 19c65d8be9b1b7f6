"""A code by text message: signing in with a mobile number, and making one's own number a way in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.fields import decrypt
from accounts.logins import is_proved
from accounts.models import BrowserSession, Channel, User
from accounts.permissions import Role
from messaging.models import Message
from messaging.neutral import telling_words
from messaging.sign_in_codes import send_code
from messaging.words import words_now
from participants.desk_sign_in import SIGN_IN_CHANGED
from participants.models import Participant
from tests.factories.accounts import ContactPointFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db

SIGN_IN, CODE = "/account/sign-in/", "/account/sign-in/code/"
SECURITY, MOBILE = "/account/security/", "/account/security/mobile/"
NUMBER, AS_TYPED = "+447700900123", "07700 900123"


@pytest.fixture(autouse=True)
def texts(tmp_path: Path) -> Iterator[Path]:
    """Text messages are carried, and lie in this folder."""
    with override_settings(TEXT_GATEWAY="messaging.text_folder.Folder", TEXT_FILE_PATH=tmp_path):
        yield tmp_path


@pytest.fixture(autouse=True)
def queue() -> Iterator[InMemoryConnector]:
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


@pytest.fixture
def mobile(pat: Participant) -> User:
    """Pat, who signs in with a mobile number and has no email address here."""
    User.objects.filter(person=pat.person).update(email=None, mobile=NUMBER)
    return User.objects.get(person=pat.person)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def alike(answer: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', "", text_of(answer))


def left(queue: InMemoryConnector) -> list[tuple[str, str]]:
    """Number and code (or other words) of each job that waits."""
    jobs = [json.loads(decrypt(job["args"]["sealed"])) for job in queue.jobs.values()]
    return [(number, (re.findall(r"\b\d{6}\b", said) or [said])[0]) for number, said, _ in jobs]


def texted(queue: InMemoryConnector, texts: Path) -> list[str]:
    """What the worker has sent, now that it has done what waits."""
    for job in queue.jobs.values():
        send_code(job["args"]["sealed"], again=False)
    return [path.read_text() for path in texts.iterdir()]


def test_somebody_without_email_signs_in_with_a_code_by_text(
    client: Client, mobile: User, queue: InMemoryConnector, texts: Path
) -> None:
    assert "Email address or mobile number" in text_of(client.get(SIGN_IN))
    answer = client.post(SIGN_IN, {"email": AS_TYPED})
    assert (answer.status_code, answer.url) == (302, CODE)
    page = text_of(client.get(CODE))
    assert "If you sign in with 07700 900123" in page and "Code from the text message" in page
    (sent,) = texted(queue, texts)
    assert sent.startswith(f"To: {NUMBER}\n")
    code = re.search(r"\b\d{6}\b", sent.split("\n\n")[1])
    assert code and not mail.outbox
    assert client.post(CODE, {"code": "000000" if code[0] != "000000" else "111111"}).status_code == 422
    client.post(CODE, {"code": code[0]})
    assert client.session["_auth_user_id"] == str(mobile.pk)


def test_a_number_is_met_the_same_way_whether_it_is_known_or_not(
    mobile: User, dee: User, queue: InMemoryConnector, texts: Path
) -> None:
    """One that we know, one that we do not, and one of staff, who have a password."""
    User.objects.filter(pk=dee.pk).update(mobile="+447700900124")
    pages = []
    for typed in (AS_TYPED, "07700 900125", "07700 900124"):
        browser = Client()
        asked = browser.post(SIGN_IN, {"email": typed})
        shown, again = browser.get(CODE), browser.post(CODE, {"action": "resend"})
        wrong = browser.post(CODE, {"code": "no"})
        answers = (asked, shown, again, wrong)
        pages.append(
            [(a.status_code, sorted(a.headers), a.get("Location"), alike(a).replace(typed, "…")) for a in answers]
        )
    assert pages[0] == pages[1] == pages[2]
    known = [number for number, code in left(queue) if code]
    assert known == [NUMBER, NUMBER] and len(left(queue)) == 6, "the same work for each, and nothing for a stranger"
    assert len(texted(queue, texts)) == 2


def test_text_messages_to_one_number_and_in_all_are_limited(mobile: User, queue: InMemoryConnector) -> None:
    answers = [Client(REMOTE_ADDR=f"10.0.5.{n}").post(SIGN_IN, {"email": AS_TYPED}) for n in range(6)]
    assert [a.status_code for a in answers] == [302] * 5 + [422]
    few = {**settings.ACCOUNT_RATE_LIMITS, "text_login_code": "1/h/key", "text_login_codes": "1/h/key"}
    with override_settings(ACCOUNT_RATE_LIMITS=few):
        User.objects.filter(pk=mobile.pk).update(mobile="+447700900126")
        browser = Client()
        browser.post(SIGN_IN, {"email": "07700900126"})
        refused = browser.post(CODE, {"action": "resend"}, follow=True)
        assert "Too many tries" in text_of(refused)
        User.objects.filter(pk=mobile.pk).update(mobile="+447700900127")
        assert Client().post(SIGN_IN, {"email": "07700900127"}).status_code == 302
    assert [code != "" for number, code in left(queue)[5:]] == [True, False], "the page says the same, nothing is sent"


def test_what_is_neither_is_asked_for_again(client: Client) -> None:
    answer = client.post(SIGN_IN, {"email": "no address"})
    assert answer.status_code == 422 and "or a mobile number, like 07700 900 982" in text_of(answer)


def test_email_still_works_where_texts_are_carried(client: Client, pat: Participant) -> None:
    client.post(SIGN_IN, {"email": "pat@example.org"})
    assert mail.outbox[0].to == ["pat@example.org"]


# --- one's own number --------------------------------------------------------


def fresh(client: Client, by: str = "pat@example.org") -> Client:
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time(), "email": by}]
    session.save()
    return client


def test_ones_own_number_becomes_a_way_in_with_the_code_that_came(
    pat: Participant, sign_in: Any, queue: InMemoryConnector
) -> None:
    old, elsewhere = sign_in(pat.person.user), sign_in(pat.person.user)
    assert "Sign in again first" in text_of(old.get(MOBILE))
    browser = fresh(old)
    assert "Add or change a mobile number" in text_of(browser.get(SECURITY))
    assert "Enter a mobile number" in text_of(browser.post(MOBILE, {"mobile": "no number"}))
    assert browser.get(f"{MOBILE}code/").url == MOBILE, "no code is on its way"
    assert browser.post(MOBILE, {"mobile": AS_TYPED}).url == f"{MOBILE}code/"
    ((number, code),) = left(queue)
    assert browser.post(f"{MOBILE}code/", {"code": "no"}).status_code == 422
    saved = browser.post(f"{MOBILE}code/", {"code": code}, follow=True)
    assert "Saved." in text_of(saved) and AS_TYPED in text_of(saved)
    theirs = User.objects.get(mobile=number)
    assert theirs.person == pat.person and is_proved(theirs, number)
    assert not BrowserSession.objects.filter(session_key=elsewhere.session.session_key).exists()
    (told,) = mail.outbox
    assert (told.to, told.subject) == (["pat@example.org"], "How you sign in to SafeFit has changed")
    assert "If it was not you, phone us at once" in told.body and not telling_words(told.body)
    assert "Saved." in text_of(browser.post(f"{MOBILE}remove/", follow=True))
    assert not User.objects.filter(mobile=number).exists()


def test_a_number_that_somebody_else_signs_in_with_gets_no_code_and_nothing_says_so(
    mobile: User, quinn: Participant, sign_in: Any, queue: InMemoryConnector
) -> None:
    browser = fresh(sign_in(quinn.person.user))
    assert browser.post(MOBILE, {"mobile": AS_TYPED}).url == f"{MOBILE}code/"
    assert left(queue) == [(NUMBER, "")]
    shown = browser.session["own_mobile"]["code"]
    answer = browser.post(f"{MOBILE}code/", {"code": shown}, follow=True)
    assert "That number cannot be used here" in text_of(answer)
    assert User.objects.get(mobile=NUMBER) == mobile


def test_the_number_before_hears_of_another(mobile: User, sign_in: Any, queue: InMemoryConnector) -> None:
    browser = fresh(sign_in(mobile))
    browser.post(MOBILE, {"mobile": "07700 900131"})
    browser.post(f"{MOBILE}code/", {"code": left(queue)[0][1]})
    assert User.objects.get(pk=mobile.pk).mobile == "+447700900131"
    number, words = left(queue)[1]
    assert number == NUMBER and "If that was not you" in words and not mail.outbox


def test_five_wrong_codes_end_the_check_of_a_number(pat: Participant, sign_in: Any) -> None:
    browser = fresh(sign_in(pat.person.user))
    browser.post(MOBILE, {"mobile": AS_TYPED})
    for _ in range(5):
        answer = browser.post(f"{MOBILE}code/", {"code": "no"})
    assert answer.url == SECURITY and browser.get(f"{MOBILE}code/").url == MOBILE


@pytest.mark.parametrize("known", ["email", "mobile"])
def test_nobody_reads_of_their_sign_in_whether_a_stranger_has_the_address_they_gave(
    pat: Participant, sign_in: Any, known: str
) -> None:
    """Pat registered with two addresses; one is Pat's own, of the other we have seen no code come back."""
    shown, own = [], {"email": NUMBER, "mobile": "pat@example.org"}[known]
    for both in (False, True):
        addresses = {"email": "pat@example.org", "mobile": NUMBER} if both else {"email": None, "mobile": None}
        addresses["email" if known == "mobile" else "mobile"] = own
        User.objects.filter(person=pat.person).update(**addresses)
        browser = fresh(sign_in(pat.person.user), by=own)
        pages = [browser.get(SECURITY), browser.post(f"{MOBILE}remove/", follow=True)]
        asked = text_of(browser.get("/account/security/passkeys/add/"))
        names = re.findall(r"pat@example.org|7700 ?900123", re.sub(r"\\u0040", "@", asked))
        shown.append([*(text_of(page).split("<main")[1].split("</main")[0] for page in pages), str(names)])
    without_tokens = [[re.sub(r'value="[^"]{64}"', "", page) for page in pages] for pages in shown]
    assert without_tokens[0] == without_tokens[1]
    assert "Shown here when you have signed in with it" in shown[0][0] and shown[0][2] == "[]"


def test_the_only_way_in_is_not_taken_away(mobile: User, sign_in: Any) -> None:
    browser = fresh(sign_in(mobile), by=NUMBER)
    assert "sign in with a code by email" in text_of(browser.post(f"{MOBILE}remove/", follow=True))
    assert User.objects.get(pk=mobile.pk).mobile == NUMBER
    assert "Sign in again first" in text_of(sign_in(mobile).post(f"{MOBILE}remove/"))
    mobile.set_password("three unlikely words")  # somebody who worked here once
    mobile.save()
    assert sign_in(mobile).get(MOBILE).url == f"/account/password/again/?{urlencode({'next': MOBILE})}"


def test_staff_have_no_number_here_and_without_texts_nobody_has(dee: User, pat: Participant, sign_in: Any) -> None:
    assert sign_in(dee).get(MOBILE).status_code == 404
    with override_settings(TEXT_GATEWAY=""):
        browser = sign_in(pat.person.user)
        assert browser.get(MOBILE).status_code == 404
        assert "text message" not in text_of(browser.get(SECURITY)).split("<main")[1].split("</main")[0]


# --- at the desk -------------------------------------------------------------


def pick_up(desk: Client, on_the_line: Participant, who: str = "self") -> None:
    sent = {"who": who, "right": ["emergency", "reference"]}
    assert desk.post(f"/desk/people/{on_the_line.pk}/caller/", sent).status_code == 302


def test_the_desk_opens_and_changes_a_login(
    dee: User, pat: Participant, quinn: Participant, sign_in: Any, queue: InMemoryConnector
) -> None:
    desk, theirs = sign_in(dee), sign_in(pat.person.user)
    page = f"/desk/people/{pat.pk}/sign-in/"
    for before in (lambda: None, lambda: pick_up(desk, pat, "other"), lambda: pick_up(desk, quinn)):
        before()
        assert 'name="email"' not in text_of(desk.get(page))
        refused = desk.post(page, {"email": "mine@example.org"})
        assert refused.status_code == 409 and "Say who is on the line" in text_of(refused)
    assert User.objects.get(person=pat.person).email == "pat@example.org" and not mail.outbox
    pick_up(desk, pat)
    assert 'value="pat@example.org"' in text_of(desk.get(page))
    assert desk.post(page, {"email": "", "mobile": ""}).status_code == 422
    taken = desk.post(page, {"email": "QUINN@example.org"})
    assert taken.status_code == 422 and "Somebody else signs in" in text_of(taken)
    assert "Say it back" in text_of(desk.post(page, {"email": "", "mobile": AS_TYPED}, follow=True))
    assert (User.objects.get(person=pat.person).email, theirs.get("/me/").status_code) == (None, 302)
    (told,) = mail.outbox
    assert (told.to, told.subject) == (["pat@example.org"], "How you sign in to SafeFit has changed")
    desk.post(page, {"email": "", "mobile": AS_TYPED})
    assert len(mail.outbox) == 1 and len(queue.jobs) == 0, "nothing was changed"
    assert not Message.objects.filter(kind=SIGN_IN_CHANGED).exists(), "they heard it at that address"
    assert f'value="{AS_TYPED}"' in text_of(desk.get(page))

    alone = ParticipantFactory(programme=pat.programme)
    ContactPointFactory(person=alone.person, channel=Channel.PHONE, value="+441632960111")
    pick_up(desk, alone)
    assert "do not sign in yet" in text_of(desk.get(f"/desk/people/{alone.pk}/sign-in/"))
    desk.post(f"/desk/people/{alone.pk}/sign-in/", {"mobile": "07700 900 130"})
    assert User.objects.get(mobile="+447700900130").roles == {Role.PARTICIPANT}
    told_them = Message.objects.get(kind=SIGN_IN_CHANGED)
    assert told_them.person == alone.person and words_now(told_them) is not None
    User.objects.filter(person=alone.person).update(is_active=False)
    assert words_now(told_them) is None
    another = ParticipantFactory(programme=pat.programme)
    pick_up(desk, another)
    again = desk.post(f"/desk/people/{another.pk}/sign-in/", {"mobile": "07700 900 130"})
    assert again.status_code == 422 and not User.objects.filter(person=another.person).exists()


def test_the_desk_changes_no_login_of_staff_nor_one_that_was_closed(
    dee: User, pat: Participant, ines: Any, sign_in: Any
) -> None:
    desk, teaches = sign_in(dee), ParticipantFactory(person=ines.person, programme=pat.programme)
    pick_up(desk, teaches)
    answer = desk.post(f"/desk/people/{teaches.pk}/sign-in/", {"email": "mine@example.org"}, follow=True)
    assert "only an administrator" in text_of(answer)
    User.objects.filter(person=pat.person).update(is_active=False)
    pick_up(desk, pat)
    answer = desk.post(f"/desk/people/{pat.pk}/sign-in/", {"email": "mine@example.org"}, follow=True)
    assert "was closed" in text_of(answer) and not User.objects.filter(email="mine@example.org").exists()
    with override_settings(TEXT_GATEWAY=""):
        assert 'name="mobile"' not in text_of(desk.get(f"/desk/people/{pat.pk}/sign-in/"))
