"""Signing in as people do it: over HTTP, with the emails that go out."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import BrowserSession, Membership, Programme, User
from accounts.permissions import Role
from accounts.urls import urlpatterns
from participants.models import Participant
from tests.factories.accounts import MembershipFactory, someone

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, PASSWORD_PAGE = "/account/sign-in/", "/account/sign-in/code/", "/account/sign-in/password/"
SET_UP, NEEDED = "/account/security/set-up/", "/account/security/needed/"
PASSWORD = "three unlikely words"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def without_token(answer: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', "", answer.content.decode())


def ask_for_code(client: Client, email: str, **extra: Any) -> Any:
    return client.post(SIGN_IN, {"email": email, **extra})


def emailed_code() -> str:
    found = re.search(r"code to sign in is: (\d{6})\b", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_now(secret: str, moment: float | None = None) -> str:
    at = timezone.now().timestamp() if moment is None else moment
    return format_hotp_value(hotp_value(secret, int(at) // 30))


@pytest.fixture
def dee(dee: User) -> User:
    dee.set_password(PASSWORD)
    dee.save()
    return dee


def give_password(client: Client, email: str = "dee@example.org", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(PASSWORD_PAGE, {"login": email, "password": password, **extra})


def set_up_second_factor(client: Client) -> tuple[str, Any]:
    secret = key_shown(client.get(SET_UP))
    return secret, client.post(SET_UP, {"code": code_now(secret)})


def key_shown(answer: Any) -> str:
    """The key to type into the app; the page sets it in fours, so that one keeps one's place."""
    shown = re.search(r"type this key into the app: <strong>((\w{4} ){8})<", answer.content.decode())
    assert shown
    return shown[1].replace(" ", "")


# --- the emailed code --------------------------------------------------------


def test_a_participant_signs_in_with_the_code_from_the_email(client: Client, pat: Participant) -> None:
    answer = ask_for_code(client, "pat@example.org")
    assert (answer.status_code, answer.url) == (302, CODE)
    assert mail.outbox[0].subject == "Your code to sign in to SafeFit"
    assert mail.outbox[0].to == ["pat@example.org"]

    answer = client.post(CODE, {"code": emailed_code()})

    assert (answer.status_code, answer.url) == (302, reverse("start"))
    assert client.session["_auth_user_id"] == str(pat.person.user.pk)
    row = BrowserSession.objects.get(session_key=client.session.session_key)
    assert (row.expire_date - timezone.now()).days == 13, "fourteen from now"
    assert client.cookies["sessionid"]["max-age"] == 15 * 24 * 60 * 60, "so that it is known whose it was"


def test_the_email_says_nothing_of_health(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    words = (mail.outbox[0].subject + mail.outbox[0].body).lower()
    assert not [word for word in ("cancer", "illness", "treatment", "health", "pat ") if word in words]


def test_capitals_in_the_address_do_not_matter(client: Client, pat: Participant) -> None:
    ask_for_code(client, "Pat@Example.ORG")
    client.post(CODE, {"code": emailed_code()})
    assert signed_in(client)


def test_the_page_for_the_code_gives_our_telephone_number(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    page = text_of(client.get(CODE))
    assert "Or call us on <a href" in page
    assert ">None<" not in page
    assert page.count(settings.PHONE) >= 3


def test_spaces_in_the_code_do_not_matter(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    code = emailed_code()
    client.post(CODE, {"code": f" {code[:3]} {code[3:]}"})
    assert signed_in(client)


def test_what_is_no_address_to_go_on_to_is_left_out(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org", next="http://[::1")
    assert client.post(f"{CODE}?next=http://[::1", {"code": emailed_code()}).url == reverse("start")
    assert client.post("/account/sign-out/", {"next": "http://[::1"}).url == "/"


def test_signing_in_gives_a_new_session_key_and_ends_the_old_one(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    before = client.session.session_key
    client.post(CODE, {"code": emailed_code()})
    assert client.session.session_key != before
    assert not BrowserSession.objects.filter(session_key=before).exists()


def test_a_wrong_code_is_422_and_says_what_to_do(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    answer = client.post(CODE, {"code": wrong(emailed_code())})
    assert answer.status_code == 422
    assert "That code is not right. Check the 6 digits and try again." in text_of(answer)
    assert not signed_in(client)


def test_an_empty_code_is_asked_for_again(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    answer = client.post(CODE, {"code": ""})
    assert answer.status_code == 422
    assert "Enter the 6 digits from the email" in text_of(answer)


def test_five_wrong_codes_end_the_attempt(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    code = emailed_code()
    answers = [client.post(CODE, {"code": wrong(code)}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 302]
    assert "Too many tries" in text_of(client.get(SIGN_IN))
    client.post(CODE, {"code": code})
    assert not signed_in(client)


def test_guesses_are_counted_for_the_address_across_sessions_and_keep_out_nobody_who_types_rightly(
    pat: Participant,
) -> None:
    for n, guesses in enumerate((5, 5, 3)):
        guesser = Client(REMOTE_ADDR=f"10.0.0.{n}")
        ask_for_code(guesser, "pat@example.org")
        for _ in range(guesses):
            guesser.post(CODE, {"code": wrong(emailed_code())})
    answer = guesser.post(CODE, {"code": emailed_code()})  # the eleventh that counts, though it is right
    assert answer.status_code == 422 and "Too many tries. Wait 10 minutes" in text_of(answer)
    another = Client(REMOTE_ADDR="10.0.0.10")
    ask_for_code(another, "pat@example.org")
    another.post(CODE, {"code": emailed_code()})
    assert signed_in(another) and not signed_in(guesser)


def test_an_expired_code_is_refused_with_a_sentence(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(CODE, {"code": emailed_code()}, follow=True)
    assert answer.redirect_chain[-1][0] == SIGN_IN
    assert "That code has run out. Ask for a new one." in text_of(answer)
    assert not signed_in(client)


def test_a_code_works_once(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    code = emailed_code()
    client.post(CODE, {"code": code})
    client.post("/account/sign-out/")
    client.post(CODE, {"code": code})
    assert not signed_in(client)


def test_a_code_works_only_in_the_browser_that_asked(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    other = Client()
    ask_for_code(other, "quinn@example.org")
    other.post(CODE, {"code": emailed_code() if len(mail.outbox) == 1 else mail.outbox[0].body[-6:]})
    assert not signed_in(other)


def test_another_code_can_be_sent_and_replaces_the_first(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    first = emailed_code()
    answer = client.post(CODE, {"action": "resend"})
    assert (answer.status_code, answer.url) == (302, CODE)
    assert len(mail.outbox) == 2
    if emailed_code() != first:
        assert client.post(CODE, {"code": first}).status_code == 422
    client.post(CODE, {"code": emailed_code()})
    assert signed_in(client)


def test_somebody_may_start_again_with_another_address(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pet@example.org")
    assert client.get(SIGN_IN).url == CODE  # the page for the code comes back until then
    answer = client.post("/account/sign-in/start-again/")
    assert answer.url == SIGN_IN
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.parametrize("email", ["nobody@example.org", "dee@example.org", "closed@example.org"])
def test_the_pages_are_the_same_for_known_and_unknown_addresses(email: str, pat: Participant, dee: User) -> None:
    """A person we do not know, one who must use a password, one whose login is closed."""
    closed = someone("Closed Person", Role.PARTICIPANT, programme=pat.programme)
    closed.is_active = False
    closed.save()
    known, other = Client(), Client()
    first, second = ask_for_code(known, "pat@example.org"), ask_for_code(other, email)
    assert (first.status_code, first.url, first.content) == (second.status_code, second.url, second.content)
    pages = [without_token(c.get(CODE)).replace(e, "…") for c, e in ((known, "pat@example.org"), (other, email))]
    assert pages[0] == pages[1]
    wrongs = [c.post(CODE, {"code": "no"}) for c in (known, other)]
    assert [w.status_code for w in wrongs] == [422, 422]
    assert without_token(wrongs[0]).replace("pat@example.org", email) == without_token(wrongs[1])


def test_an_unknown_address_gets_a_letter_that_gives_nothing_away(client: Client, dee: User) -> None:
    ask_for_code(client, "nobody@example.org")
    ask_for_code(Client(), "dee@example.org")
    assert [m.to for m in mail.outbox] == [["nobody@example.org"], ["dee@example.org"]]
    assert mail.outbox[0].body == mail.outbox[1].body
    assert f"{settings.PUBLIC_URL}{PASSWORD_PAGE}" in mail.outbox[0].body


def test_codes_are_not_sent_without_end(pat: Participant) -> None:
    answers = [ask_for_code(Client(REMOTE_ADDR=f"10.0.1.{n}"), "pat@example.org") for n in range(6)]
    assert [a.status_code for a in answers] == [302] * 5 + [422]
    assert "Too many tries" in text_of(answers[-1])


def test_an_address_that_is_none_is_422(client: Client) -> None:
    answer = ask_for_code(client, "not an address")
    assert answer.status_code == 422
    assert "Enter an email address in the correct format, like name@example.com" in text_of(answer)
    assert "Enter your email address" in text_of(ask_for_code(client, ""))


def test_an_address_that_somebody_has_left_opens_nothing(client: Client, pat: Participant) -> None:
    user = pat.person.user
    EmailAddress.objects.create(user=user, email="old@example.org", verified=True, primary=True)
    ask_for_code(client, "old@example.org")
    assert "cannot sign in with an emailed code" in mail.outbox[0].body


def test_somebody_who_is_signed_in_is_sent_on(client: Client, pat: Participant) -> None:
    client.force_login(pat.person.user)
    assert client.get(SIGN_IN).url == reverse("start")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)", "\\\\evil.example"],
)
def test_nobody_is_sent_to_another_site_after_signing_in(client: Client, pat: Participant, target: str) -> None:
    client.post(f"{SIGN_IN}", {"email": "pat@example.org", "next": target})
    answer = client.post(CODE, {"code": emailed_code(), "next": target})
    assert answer.url == reverse("start")


def test_the_page_that_was_asked_for_is_reached_after_signing_in(client: Client, pat: Participant) -> None:
    answer = ask_for_code(client, "pat@example.org", next="/who-can-join/")
    assert answer.url == f"{CODE}?next=%2Fwho-can-join%2F"
    page = client.get(answer.url)
    assert '<input type="hidden" name="next" value="/who-can-join/">' in page.content.decode()
    answer = client.post(answer.url, {"code": emailed_code(), "next": "/who-can-join/"})
    assert answer.url == "/who-can-join/"


def test_a_login_closed_after_the_code_went_out_is_told_so(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    User.objects.filter(pk=pat.person.user.pk).update(is_active=False)
    answer = client.post(CODE, {"code": emailed_code()}, follow=True)
    assert "This sign-in is closed" in text_of(answer)
    assert not signed_in(client)


def test_a_program_that_wants_json_gets_the_page(client: Client) -> None:
    answer = client.post(PASSWORD_PAGE, {"login": "", "password": ""}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer["content-type"].startswith("text/html")


# --- password and second factor ----------------------------------------------


def test_staff_sign_in_with_password_then_set_up_their_second_factor(client: Client, dee: User) -> None:
    assert give_password(client).status_code == 302
    assert signed_in(client)
    assert client.get("/start/").url == SET_UP

    _, answer = set_up_second_factor(client)

    assert answer.url == "/account/security/backup-codes/"
    assert len(re.findall(r"<li><strong>\w+</strong>", client.get(answer.url).content.decode())) == 10
    assert client.get("/account/security/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/start/",
        SIGN_IN,
        "/account/security/",
        "/account/password/change/",
        "/account/security/backup-codes/",
        "/demo/",
    ],
)
def test_without_the_second_factor_staff_reach_only_its_set_up_page(client: Client, dee: User, path: str) -> None:
    give_password(client)
    answer = client.get(path)
    assert (answer.status_code, answer.url) == (302, SET_UP)


def test_without_the_second_factor_staff_may_sign_out(client: Client, dee: User) -> None:
    give_password(client)
    client.post("/account/sign-out/")
    assert not signed_in(client)


def test_without_the_second_factor_the_api_answers_403(client: Client, dee: User) -> None:
    give_password(client)
    answer = client.get("/api/schema/")
    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["title"]) == ("second_factor_missing", "Forbidden")


def test_with_the_second_factor_set_up_its_code_is_asked_for(client: Client, dee: User) -> None:
    give_password(client)
    secret, _ = set_up_second_factor(client)
    later = Client()
    assert give_password(later, next="/desk/").url == "/account/sign-in/second-step/"
    assert not signed_in(later)

    refused = later.post("/account/sign-in/second-step/", {"code": "000000"})
    assert refused.status_code == 422
    assert "That code is not right. Wait for a new one in your app" in text_of(refused)

    before = later.session.session_key
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        answer = later.post("/account/sign-in/second-step/", {"code": code_now(secret)})
    assert answer.url == "/desk/"
    assert signed_in(later)
    assert later.session.session_key != before and not BrowserSession.objects.filter(session_key=before).exists()


def test_a_code_of_the_app_works_once_however_long_it_would_be_good_for(dee: User) -> None:
    first = Client()
    give_password(first)
    secret, _ = set_up_second_factor(first)
    start = timezone.now() + timedelta(minutes=10)
    second, third = Client(), Client()
    with time_machine.travel(start, tick=False):
        give_password(second)
        code = code_now(secret, start.timestamp() + 30)  # the telephone runs half a minute ahead
        second.post("/account/sign-in/second-step/", {"code": code})
        assert signed_in(second)
    with time_machine.travel(start + timedelta(seconds=45), tick=False):
        give_password(third)
        assert third.post("/account/sign-in/second-step/", {"code": code}).status_code == 422
    assert not signed_in(third)


def test_a_backup_code_stands_in_for_the_telephone_once(client: Client, dee: User) -> None:
    give_password(client)
    set_up_second_factor(client)
    page = client.get("/account/security/backup-codes/").content.decode()
    backup = re.findall(r"<li><strong>(\w+)</strong>", page)[0]
    results = []
    for _ in range(2):
        later = Client()
        give_password(later)
        later.post("/account/sign-in/second-step/", {"code": backup})
        results.append(signed_in(later))
    assert results == [True, False]


def test_guesses_at_the_second_factor_are_limited(dee: User, client: Client) -> None:
    give_password(client)
    secret, _ = set_up_second_factor(client)
    later = Client()
    give_password(later)
    for _ in range(5):
        later.post("/account/sign-in/second-step/", {"code": "000000"})
    answer = later.post("/account/sign-in/second-step/", {"code": code_now(secret)})
    assert answer.status_code == 422
    assert "Too many tries" in text_of(answer)


def test_the_second_step_without_a_code_in_the_form_is_404(client: Client, dee: User) -> None:
    give_password(client)
    set_up_second_factor(client)
    later = Client()
    give_password(later)
    assert later.post("/account/sign-in/second-step/", {}).status_code == 404


def test_a_wrong_password_is_422_and_the_same_for_an_unknown_address(dee: User) -> None:
    first = give_password(Client(), password="not this one")
    second = give_password(Client(), email="nobody@example.org")
    assert first.status_code == second.status_code == 422
    assert "The email address or the password is not right" in text_of(first)
    assert without_token(first).replace("dee@example.org", "nobody@example.org") == without_token(second)


def test_guesses_at_a_password_are_limited(dee: User) -> None:
    for n in range(5):
        give_password(Client(REMOTE_ADDR=f"10.0.2.{n}"), password="not this one")
    answer = give_password(Client(REMOTE_ADDR="10.0.2.99"))
    assert answer.status_code == 422
    assert "Too many tries" in text_of(answer)


def test_many_tries_from_one_place_are_answered_429_with_our_page(db: None) -> None:
    client = Client(REMOTE_ADDR="10.0.3.1")
    answers = [client.post(PASSWORD_PAGE, {"login": f"x{n}@example.org"}) for n in range(31)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in text_of(answers[-1])
    assert "sf-header" in text_of(answers[-1])


def test_staff_cannot_sign_in_with_an_emailed_code(client: Client, dee: User) -> None:
    ask_for_code(client, "dee@example.org")
    assert "code to sign in is" not in mail.outbox[0].body


def test_a_role_given_between_asking_and_typing_the_code_closes_that_way(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    MembershipFactory(user=pat.person.user, role=Role.COORDINATOR.value, programme=pat.programme)
    answer = client.post(CODE, {"code": emailed_code()}, follow=True)
    assert answer.redirect_chain == [(PASSWORD_PAGE, 302)]
    assert "sign in with your email and password" in text_of(answer)
    assert not signed_in(client)


def test_a_role_given_during_a_session_by_code_counts_on_the_next_request(client: Client, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    client.post(CODE, {"code": emailed_code()})
    MembershipFactory(user=pat.person.user, role=Role.COORDINATOR.value, programme=pat.programme)
    for path in ("/start/", SET_UP, "/account/password/again/", "/account/security/"):
        assert client.get(path).url == NEEDED, path
    page = client.get(NEEDED)
    assert page.status_code == 200
    assert "Sign in again to go on" in text_of(page)


def test_a_role_taken_away_during_a_session_counts_on_the_next_request(client: Client, dee: User) -> None:
    give_password(client)
    assert client.get("/start/").url == SET_UP
    Membership.objects.filter(user=dee).update(ends_at=timezone.now())
    assert client.get("/demo/").status_code == 200


def test_the_page_about_the_missing_second_factor_sends_a_strong_session_on(dee: User, sign_in: Any) -> None:
    assert sign_in(dee).get(NEEDED).url == reverse("start")


def test_a_session_that_missed_the_set_up_elsewhere_must_sign_in_again(dee: User) -> None:
    early, other = Client(), Client()
    give_password(early)
    give_password(other)
    set_up_second_factor(other)
    assert early.get(SET_UP).url == f"{SIGN_IN}?next={SET_UP}"


def test_an_old_session_is_asked_for_the_password_before_the_set_up(client: Client, dee: User) -> None:
    give_password(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = client.get(SET_UP)
        assert answer.url.startswith("/account/password/again/")
        refused = client.post(answer.url, {"password": "not this one"})
        assert refused.status_code == 422
        assert "That password is not right" in text_of(refused)
        assert client.post(answer.url, {"password": PASSWORD}).url == SET_UP
        assert client.get(SET_UP).status_code == 200


def test_a_wrong_code_at_the_set_up_is_422_and_keeps_the_key(client: Client, dee: User) -> None:
    give_password(client)
    first = key_shown(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": "000000"})
    assert answer.status_code == 422
    assert key_shown(answer) == first


def test_whoever_changes_the_second_step_is_signed_out_everywhere_else(client: Client, dee: User, sign_in: Any) -> None:
    def another() -> str:
        return str(sign_in(dee).session.session_key)

    def is_there(key: str) -> bool:
        return BrowserSession.objects.filter(session_key=key).exists()

    give_password(client)
    for change in (set_up_second_factor, lambda client: client.post("/account/security/backup-codes/new/")):
        key = another()
        change(client)
        assert not is_there(key)
        assert signed_in(client)
    key = another()
    client.post("/account/security/remove/")
    assert not is_there(key)
    assert client.get(SET_UP).status_code == 200, "this session goes on"


def test_the_picture_to_scan_is_ours_and_needs_no_inline_style(client: Client, dee: User) -> None:
    give_password(client)
    page = client.get(SET_UP).content.decode()
    assert "style=" not in page
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture
    drawn = ElementTree.fromstring(base64.b64decode(picture[1]))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"  # without its namespace a browser draws nothing
    assert not [part for part in drawn.iter() if "style" in part.attrib]


def test_another_telephone_takes_over_only_after_a_new_set_up(client: Client, dee: User) -> None:
    give_password(client)
    old, _ = set_up_second_factor(client)
    assert client.get("/account/security/remove/").status_code == 200
    client.post("/account/security/remove/")
    assert client.get("/account/security/").url == SET_UP
    new, _ = set_up_second_factor(client)
    assert new != old
    assert client.get("/account/security/").status_code == 200
    assert client.get(SET_UP).url == "/account/security/"


def test_new_backup_codes_replace_the_old_and_can_be_saved(client: Client, dee: User) -> None:
    give_password(client)
    set_up_second_factor(client)
    page = "/account/security/backup-codes/"
    before = re.findall(r"<li><strong>(\w+)</strong>", client.get(page).content.decode())
    assert "10 codes you have left" in text_of(client.get(f"{page}new/"))
    assert client.post(f"{page}new/").url == page
    after = re.findall(r"<li><strong>(\w+)</strong>", client.get(page).content.decode())
    assert not set(before) & set(after)
    file = client.get(f"{page}download/")
    assert file["content-disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in file.content.decode() for code in after)


def test_second_factor_secrets_are_encrypted_at_rest(client: Client, dee: User) -> None:
    give_password(client)
    secret, _ = set_up_second_factor(client)
    stored = str(list(dee.authenticator_set.values_list("data", flat=True)))
    assert secret not in stored
    assert "gAAAA" in stored


# --- passwords ---------------------------------------------------------------


def link_in_mail() -> str:
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/account/password/new/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


def test_a_forgotten_password_is_replaced_through_the_link(client: Client, dee: User) -> None:
    give_password(client)
    set_up_second_factor(client)
    later = Client()
    assert later.post("/account/password/forgotten/", {"email": "dee@example.org"}).status_code == 302
    link = link_in_mail()
    form = later.get(link)
    assert "set-password" in form.url
    mismatch = later.post(form.url, {"password1": "another long sentence", "password2": "something else"})
    assert mismatch.status_code == 422
    saved = later.post(
        form.url, {"password1": "another long sentence", "password2": "another long sentence"}, follow=True
    )
    assert "Your password is saved" in text_of(saved)
    assert give_password(Client(), password="another long sentence").url == "/account/sign-in/second-step/"
    assert "This link no longer works" in text_of(Client().get(link))


@pytest.mark.parametrize("email", ["nobody@example.org", "pat@example.org", "dee@example.org"])
def test_no_link_goes_to_a_login_without_a_second_factor(
    client: Client, email: str, pat: Participant, dee: User
) -> None:
    """Otherwise a mailbox alone would open it."""
    answer = client.post("/account/password/forgotten/", {"email": email}, follow=True)
    assert "Look in your email" in text_of(answer)
    assert "/password/new/" not in mail.outbox[-1].body
    assert mail.outbox[-1].to == [email]


def test_links_for_a_password_are_limited(db: None) -> None:
    answers = [
        Client(REMOTE_ADDR=f"10.0.4.{n}").post("/account/password/forgotten/", {"email": "x@example.org"})
        for n in range(6)
    ]
    assert [a.status_code for a in answers] == [302] * 5 + [422]
    assert "Too many tries" in text_of(answers[-1])


def test_staff_change_their_password(client: Client, dee: User) -> None:
    give_password(client)
    set_up_second_factor(client)
    page = "/account/password/change/"
    bad = {"oldpassword": "not this one", "password1": "another long sentence", "password2": "another long sentence"}
    assert client.post(page, bad).status_code == 422
    short = client.post(page, {**bad, "oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert short.status_code == 422
    answer = client.post(page, {**bad, "oldpassword": PASSWORD}, follow=True)
    assert "Your new password is saved." in text_of(answer)
    dee.refresh_from_db()
    assert dee.check_password("another long sentence")


def test_somebody_without_a_password_has_none_to_change(ada: User, sign_in: Any) -> None:
    assert sign_in(ada).get("/account/password/change/").status_code == 404


def test_somebody_without_a_password_cannot_be_asked_for_it(nell: User, sign_in: Any) -> None:
    assert sign_in(nell).get("/account/password/again/").status_code == 403


# --- every page, in our design -----------------------------------------------

ANONYMOUS = [
    SIGN_IN,
    PASSWORD_PAGE,
    "/account/closed/",
    "/account/password/forgotten/",
    "/account/password/forgotten/sent/",
    "/account/password/new/saved/",
    "/account/password/new/1-nonsense/",
]
STAFF = [
    "/account/sign-out/",
    "/account/security/",
    "/account/security/lost-device/",
    "/account/security/remove/",
    "/account/security/backup-codes/",
    "/account/security/backup-codes/new/",
    "/account/password/change/",
    "/account/password/again/",
]
MIDWAY = [  # opened one by one in test_every_page_midway
    CODE,
    "/account/sign-in/second-step/",
    SET_UP,
    NEEDED,
    r"/account/^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
]
NOT_PAGES = [
    "/account/sign-in/start-again/",
    "/account/security/backup-codes/download/",
    "/account/security/mobile/remove/",
]
ELSEWHERE = [  # test_sign_in_by_text.py, test_passkeys.py, test_idle.py
    "/account/stay/",
    "/account/not-sent-yet/",
    "/account/security/mobile/",
    "/account/security/mobile/code/",
    "/account/sign-in/passkey/",
    "/account/sign-in/passkey/ask/",
    "/account/security/passkeys/add/",
    "/account/security/passkeys/<int:pk>/remove/",
]


def assert_ours(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="sf-header"' in page
    assert page.count("<h1") == 1
    assert "– SafeFit</title>" in page


@pytest.mark.parametrize("path", ANONYMOUS)
def test_every_page_before_signing_in_is_in_our_design(client: Client, path: str) -> None:
    assert_ours(client.get(path))


@pytest.mark.parametrize("path", STAFF)
def test_every_page_of_staff_is_in_our_design(client: Client, dee: User, path: str) -> None:
    give_password(client)
    set_up_second_factor(client)
    assert_ours(client.get(path))


def test_every_page_midway_is_in_our_design(client: Client, dee: User, pat: Participant) -> None:
    ask_for_code(client, "pat@example.org")
    assert_ours(client.get(CODE))
    client.post(CODE, {"code": emailed_code()})
    assert_ours(client.get(NEEDED) if client.get(NEEDED).status_code == 200 else client.get("/account/sign-out/"))
    staff = Client()
    give_password(staff)
    assert_ours(staff.get(SET_UP))
    set_up_second_factor(staff)
    later = Client()
    give_password(later)
    assert_ours(later.get("/account/sign-in/second-step/"))
    later.post("/account/password/forgotten/", {"email": "dee@example.org"})
    assert_ours(later.get(link_in_mail(), follow=True))


def test_no_address_of_signing_in_is_left_out_of_these_tests() -> None:
    served = {f"/account/{pattern.pattern}" for pattern in urlpatterns}
    known = {path for path in [*ANONYMOUS, *STAFF, *MIDWAY, *NOT_PAGES, *ELSEWHERE] if "nonsense" not in path}
    assert served == known


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "mfa_reauthenticate"])
def test_what_is_not_needed_of_the_library_is_not_served(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_library_knows_that_nobody_signs_up_through_it() -> None:
    assert not get_adapter().is_open_for_signup(HttpRequest())


def test_signing_out_by_get_asks_first(client: Client, pat: Participant) -> None:
    client.force_login(pat.person.user)
    assert "Do you want to sign out?" in text_of(client.get("/account/sign-out/"))
    assert signed_in(client)
    answer = client.post("/account/sign-out/")
    assert answer.url == "/"
    assert not signed_in(client)


def test_a_form_without_its_token_is_403(pat: Participant) -> None:
    assert Client(enforce_csrf_checks=True).post(SIGN_IN, {"email": "pat@example.org"}).status_code == 403


def test_only_roles_with_a_second_factor_see_its_pages(pat: Participant, nell: User, programme: Programme) -> None:
    for user in (pat.person.user, nell):
        browser = Client()
        browser.force_login(user)
        assert "Password" not in text_of(browser.get("/account/security/"))
        assert browser.get(SET_UP).status_code == 403
    assert Client().get("/account/security/").url == f"{SIGN_IN}?next=/account/security/"
