"""Passkeys: added, used as the way in and as the second step, removed."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.models import BrowserSession, User
from participants.models import Participant
from tests.authenticator import Device
from tests.pages.test_signin import PASSWORD, give_password, set_up_second_factor, text_of

pytestmark = pytest.mark.django_db

SECURITY, ADD = "/account/security/", "/account/security/passkeys/add/"
SIGN_IN, USE, ASK = "/account/sign-in/", "/account/sign-in/passkey/", "/account/sign-in/passkey/ask/"
STEP = "/account/sign-in/second-step/"
TOLD = "How you sign in to SafeFit has changed"


def options_in(answer: Any) -> str:
    found = re.search(r'data-sf-passkey-(?:add|use)="([^"]+)"', answer.content.decode())
    assert found
    return html.unescape(found[1])


def fresh(client: Client, method: str = "code") -> Client:
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time()}]
    session.save()
    return client


def add(client: Client, device: Device, name: str = "My phone") -> Any:
    asked = options_in(client.get(ADD))
    return client.post(ADD, {"name": name, "credential": device.make(asked)}, follow=True)


def use(client: Client, device: Device, **more: str) -> Any:
    return client.post(USE, {"credential": device.use(client.post(ASK).content), **more})


@pytest.fixture
def mine(pat: Participant, sign_in: Any) -> Client:
    return fresh(sign_in(pat.person.user))


@pytest.fixture
def phone() -> Device:
    return Device()


def test_a_passkey_is_added_opens_the_login_and_is_removed(mine: Client, pat: Participant, phone: Device) -> None:
    elsewhere = Client()
    elsewhere.force_login(pat.person.user)
    page = text_of(add(mine, phone))
    assert "Your passkey is saved" in page and "<strong>My phone</strong>" in page and "last used" not in page
    assert not BrowserSession.objects.filter(session_key=elsewhere.session.session_key).exists()
    assert [(told.to, told.subject) for told in mail.outbox] == [(["pat@example.org"], TOLD)]

    later = Client()
    before = later.post(ASK) and later.session.session_key
    assert use(later, phone, next="/who-can-join/").url == "/who-can-join/"
    assert later.session["_auth_user_id"] == str(pat.person.user.pk) and later.session.session_key != before
    assert "last used" in text_of(later.get(SECURITY))
    evil = Client()
    assert use(evil, phone, next="//evil.example/").url == "/start/"

    passkey = Authenticator.objects.get()
    assert "Remove the passkey “My phone”" in text_of(later.get(f"/account/security/passkeys/{passkey.pk}/remove/"))
    assert "is removed" in text_of(later.post(f"/account/security/passkeys/{passkey.pk}/remove/", follow=True))
    assert not BrowserSession.objects.filter(session_key=evil.session.session_key).exists()
    refused = use(Client(), phone)
    assert refused.url == SIGN_IN and not Authenticator.objects.exists()


def test_a_mail_server_that_is_down_undoes_no_passkey(
    mine: Client, phone: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.entrance.AccountAdapter.send_mail", broken)
    assert "Your passkey is saved" in text_of(add(mine, phone)) and Authenticator.objects.exists()


def test_an_answer_is_good_once_and_for_whoever_was_asked(mine: Client, phone: Device, quinn: Participant) -> None:
    add(mine, phone)
    client = Client()
    answer = phone.use(client.post(ASK).content)
    assert Client().post(USE, {"credential": answer}).url == SIGN_IN, "another browser was not asked"
    assert client.post(USE, {"credential": answer}).url == "/start/"
    client.post("/account/sign-out/")
    again = client.post(USE, {"credential": answer}, follow=True)
    assert "That passkey did not work here" in text_of(again)
    phone.user = "!"
    assert use(Client(), phone).url == SIGN_IN


NONE_OF_OURS = {"id": "AA", "rawId": "AA", "type": "public-key"}


def test_what_no_device_would_answer_is_refused(mine: Client) -> None:
    broken = dict.fromkeys(("clientDataJSON", "attestationObject", "authenticatorData", "signature"), "AAAA")
    whole = [{**NONE_OF_OURS, "response": r} for r in ({}, broken, {**broken, "userHandle": "AA"}, "no")]
    for sent in ["", "[]", "{}", "no json", '{"id": 1}', *map(json.dumps, whole)]:
        client = Client(REMOTE_ADDR=f"10.0.6.{len(sent) % 250}")
        client.post(ASK)
        assert client.post(USE, {"credential": sent}).url == SIGN_IN
        mine.get(ADD)
        assert "That passkey did not work here" in text_of(mine.post(ADD, {"credential": sent}, follow=True))
    assert not Authenticator.objects.exists()


def test_a_device_of_another_site_or_without_a_lock_adds_none(mine: Client) -> None:
    for device in (Device(origin="https://evil.example"), Device(verifies=False)):
        assert "did not work here" in text_of(add(mine, device))
    assert not Authenticator.objects.exists()


def test_a_code_alone_still_opens_the_login_of_whoever_has_a_passkey(
    mine: Client, phone: Device, mailoutbox: Any
) -> None:
    add(mine, phone)
    client = Client()
    client.post(SIGN_IN, {"email": "pat@example.org"})
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)
    assert code and client.post("/account/sign-in/code/", {"code": code[0]}).url == "/start/"


def test_ten_are_enough_and_nobody_removes_anothers(mine: Client, pat: Participant, quinn: Participant) -> None:
    theirs = Authenticator.objects.create(user=quinn.person.user, type="webauthn", data={"name": "x"})
    assert mine.post(f"/account/security/passkeys/{theirs.pk}/remove/").status_code == 404
    Authenticator.objects.bulk_create(
        Authenticator(user=pat.person.user, type="webauthn", data={"name": "x"}) for _ in range(10)
    )
    assert "which is the most" in text_of(mine.get(ADD, follow=True))


# --- staff -------------------------------------------------------------------


@pytest.fixture
def staff(dee: User) -> Client:
    """Dee, with password and app, who has just signed in."""
    dee.set_password(PASSWORD)
    dee.save()
    client = Client()
    give_password(client)
    set_up_second_factor(client)
    return client


def test_staff_use_a_passkey_as_the_second_step_or_instead_of_both(staff: Client, phone: Device) -> None:
    add(staff, phone, name="")
    assert "<strong>Passkey 1</strong>" in text_of(staff.get(SECURITY))
    second = Client()
    give_password(second, next="/desk/")
    page = second.get(STEP)
    refused = second.post(STEP, {"credential": "{}"}, follow=True)
    assert "That passkey did not work here" in text_of(refused) and "_auth_user_id" not in second.session
    assert "Or use your passkey" in text_of(page)
    answer = second.post(STEP, {"credential": phone.use(options_in(refused))})
    assert answer.url == "/desk/" and second.get("/desk/").status_code == 200

    alone = Client()
    assert use(alone, phone, next="/desk/").url == "/desk/"
    assert alone.get("/desk/").status_code == 200
    passkey = Authenticator.objects.get(type="webauthn")
    alone.post(f"/account/security/passkeys/{passkey.pk}/remove/")
    assert alone.get("/desk/").url == "/account/security/needed/", "what the passkey has shown counts no longer"
