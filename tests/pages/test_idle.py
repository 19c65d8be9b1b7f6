"""Sessions in which nothing is done: ended by role, and nothing that was typed is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from accounts.expiry import forget_what_ran_out
from accounts.idle import idle_after, is_idle
from accounts.models import BrowserSession, User
from accounts.permissions import Role
from instructors.models import Instructor
from participants.models import Participant
from tests.pages.test_signin import PASSWORD, text_of

UNSENT, STAY = "/account/not-sent-yet/", "/account/stay/"


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    with override_settings(IDLE_MINUTES=30, IDLE_MINUTES_TEACHING=90):
        yield


def holding(*roles: Role) -> SimpleNamespace:
    return SimpleNamespace(live_memberships=[SimpleNamespace(role=role.value) for role in roles])


@pytest.mark.parametrize(
    ("roles", "minutes"),
    [
        ((), None),
        ((Role.PARTICIPANT, Role.SUPPORTER), None),
        ((Role.INSTRUCTOR,), 90),
        ((Role.PARTNER,), 30),
        ((Role.INSTRUCTOR, Role.COORDINATOR, Role.PARTICIPANT), 30),
    ],
)
def test_the_shortest_limit_of_somebodys_roles_holds(roles: tuple[Role, ...], minutes: int | None) -> None:
    user, now = holding(*roles), timezone.now()
    assert idle_after(user) == (None if minutes is None else timedelta(minutes=minutes))
    over = timedelta(minutes=(minutes or 10**6) + 1)
    assert not is_idle(user, now - over, now)
    assert is_idle(user, now - over - timedelta(seconds=1), now) is (minutes is not None)


def after(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


@pytest.mark.django_db
def test_a_session_goes_on_while_something_is_done_and_ends_when_nothing_is(
    dee: User, pat: Participant, ines: Instructor, sign_in: Any
) -> None:
    desk, member, teacher = sign_in(dee), sign_in(pat.person.user), sign_in(ines.person.user)
    assert 'data-sf-idle="1800"' in text_of(desk.get("/start/", follow=True))
    assert "data-sf-idle" not in text_of(member.get("/me/"))
    with after(25):
        assert desk.post(STAY, {"next": "/desk/people/"}).url == "/desk/people/"
        assert desk.post(STAY, {"next": "//evil.example/"}).url == "/start/"
    with after(50):
        assert desk.get("/desk/people/").status_code == 200
    with after(82):
        assert desk.get("/desk/people/").url.startswith("/account/sign-in/")
        assert teacher.get("/teach/").status_code == 200
    with after(200):
        assert teacher.get("/teach/").status_code == 302 and member.get("/me/").status_code == 200


@pytest.mark.django_db
def test_what_is_done_is_noted_once_a_minute_and_for_nobody_without_a_limit(
    dee: User, pat: Participant, sign_in: Any
) -> None:
    for user, noted in ((dee, 1), (pat.person.user, 0)):
        browser = sign_in(user)
        row = BrowserSession.objects.filter(session_key=browser.session.session_key)
        before = row.get().seen_at
        browser.get("/start/")
        assert row.get().seen_at == before
        with after(2):
            browser.get("/start/")
        assert (row.get().seen_at > before) is bool(noted)


@pytest.fixture
def away(dee: User, pat: Participant, sign_in: Any) -> tuple[Client, str]:
    """Dee, who has typed what to call Pat, and has been signed out meanwhile."""
    return sign_in(dee), f"/desk/people/{pat.pk}/name/"


def back(client: Client, user: User) -> Client:
    """They sign in again in the same browser."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.mark.django_db
def test_what_was_typed_is_kept_and_sent_on_by_whoever_typed_it(
    away: tuple[Client, str], dee: User, pat: Participant
) -> None:
    desk, page = away
    with after(40):
        file = SimpleUploadedFile("x.txt", b"x")
        answer = desk.post(page, {"known_as": "Patty <3", "file": file})
        assert answer.url == f"/account/sign-in/?next={UNSENT}"
        assert "Patty" not in json.dumps(dict(desk.session)), "nobody reads it in the session"
        back(desk, dee)
        shown = text_of(desk.get(UNSENT))
        assert "What you typed is kept" in shown and 'value="Patty &lt;3"' in shown and "A file could not" in shown
        sent = desk.post(UNSENT, {"known_as": "Patty <3"}, follow=True)
        assert (page, 307) in sent.redirect_chain and "Say it back" in text_of(sent)
        pat.person.refresh_from_db()
        assert pat.person.known_as == "Patty <3"
        assert "Nothing is kept here" in text_of(desk.get(UNSENT, follow=True))


@pytest.mark.django_db
def test_what_a_participant_typed_is_kept_when_their_fourteen_days_are_over(pat: Participant, sign_in: Any) -> None:
    browser, page = sign_in(pat.person.user), "/me/details/name/"
    row = BrowserSession.objects.filter(session_key=browser.session.session_key)
    with after(14 * 24 * 60 - 1):
        assert browser.get(page).status_code == 200
    with after(14 * 24 * 60 + 1):
        same = Client()
        same.cookies = browser.cookies.copy()
        assert same.get(page).url.startswith("/account/sign-in/"), "it is over to the minute"
        assert browser.post(page, {"known_as": "Patty"}).url == f"/account/sign-in/?next={UNSENT}"
        assert 'value="Patty"' in text_of(back(browser, pat.person.user).get(UNSENT))
    with after(15 * 24 * 60 + 2):
        assert row.exists()
        forget_what_ran_out()
        assert not row.exists()


@pytest.mark.django_db
def test_nobody_else_is_told_of_it_and_it_is_not_kept_for_ever(away: tuple[Client, str], dee: User, ada: User) -> None:
    desk, page = away
    with after(40):
        desk.post(page, {"known_as": "Patty"})
        assert "Nothing is kept here" in text_of(back(desk, ada).get(UNSENT, follow=True))
    with after(80):
        desk = back(Client(), dee)
    with after(120):
        desk.post(page, {"known_as": "Patty"})
        back(desk, dee)
        assert desk.post(UNSENT, {"throw_away": "yes"}).url == "/start/"
    with after(160):
        desk.post(page, {"known_as": "Patty"})
    with after(230):
        assert desk.get(page).status_code == 302
        assert "Nothing is kept" in text_of(back(desk, dee).get(UNSENT, follow=True))


@pytest.mark.django_db
def test_a_password_is_not_kept(dee: User, sign_in: Any) -> None:
    desk = sign_in(dee)
    with after(40):
        desk.post("/account/password/change/", {"oldpassword": PASSWORD})
        assert "unsent" not in desk.session
