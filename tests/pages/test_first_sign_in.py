"""An address that was written down wrongly is a stranger's: what they meet, and what its owner and the desk do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.logins import change_login
from accounts.models import User
from messaging.models import Task, TaskState
from participants.first_sign_in import ADDRESS_IN_DOUBT
from participants.models import Participant
from tests.pages.test_signin import CODE, ask_for_code, emailed_code, signed_in, text_of

pytestmark = pytest.mark.django_db
PAGE = "/first-sign-in/"
RIGHT, WRONG = date(1958, 3, 14), date(1958, 3, 15)


@pytest.fixture
def new(pat: Participant) -> Participant:
    User.objects.filter(person=pat.person).update(email_proved_at=None)
    return pat


def typed(born: date) -> dict[str, str]:
    return {"born-day": str(born.day), "born-month": str(born.month), "born-year": str(born.year)}


def come(client: Client, address: str = "pat@example.org") -> Any:
    ask_for_code(client, address)
    return client.post(CODE, {"code": emailed_code()})


def say(client: Client, born: date) -> Any:
    return client.post(PAGE, typed(born))


def shut(client: Client) -> None:
    come(client)
    for _ in range(3):
        say(client, WRONG)


def pick_up(desk: Client, pat: Participant) -> None:
    assert desk.post(f"/desk/people/{pat.pk}/caller/", {"who": "self", "right": ["email", "reference"]}).url


def test_whoever_comes_first_by_an_address_gives_their_date_of_birth_once(client: Client, new: Participant) -> None:
    answer = come(client)
    assert (answer.status_code, answer.url) == (302, PAGE) and not signed_in(client)
    assert client.get("/me/").status_code == 302 and client.get("/api/v1/bookings/").status_code == 401
    page = text_of(client.get(PAGE))
    assert "What is your date of birth?" in page and "Pat" not in page

    answer = say(client, RIGHT)

    assert (answer.status_code, answer.url) == (302, reverse("start")) and signed_in(client)
    again = Client()
    assert come(again).url == reverse("start") and signed_in(again)


def test_where_they_were_going_is_kept(client: Client, new: Participant) -> None:
    ask_for_code(client, "pat@example.org", next="/me/progress/")
    client.post(f"{CODE}?next=/me/progress/", {"code": emailed_code()})
    assert say(client, RIGHT).url == "/me/progress/"


def test_a_wrong_date_says_what_to_do_and_lets_nobody_in(client: Client, new: Participant) -> None:
    come(client)
    for sent in ({}, {"born-day": "31", "born-month": "2", "born-year": "1958"}, typed(WRONG)):
        answer = client.post(PAGE, sent)
        assert answer.status_code == 422 and not signed_in(client)
    assert "not the date of birth we have" in text_of(answer)
    assert User.objects.get(person=new.person).wrong_births == 1, "what is no date is no answer"
    assert say(client, RIGHT).status_code == 302 and signed_in(client)
    assert User.objects.get(person=new.person).wrong_births == 0


def test_three_wrong_dates_from_however_many_browsers_end_it_and_the_desk_calls(
    client: Client, new: Participant
) -> None:
    for browser in (client, Client(), Client()):
        come(browser)
        answer = say(browser, WRONG)
    assert (answer.status_code, answer.url) == (302, "/account/sign-in/")
    assert "Call us" in text_of(browser.get("/account/sign-in/"))
    task = Task.objects.get(kind=ADDRESS_IN_DOUBT)
    assert (task.subject_id, task.about, task.state) == (new.pk, new.person, TaskState.OPEN)

    late = say(client, RIGHT)  # who is still at the question
    assert late.url == "/account/sign-in/" and not signed_in(client)
    assert "Call us" in text_of(client.get("/account/sign-in/"))
    afresh = Client()
    assert come(afresh).url == "/account/sign-in/" and not signed_in(afresh)
    assert Task.objects.filter(kind=ADDRESS_IN_DOUBT).count() == 1


def test_the_desk_sets_the_address_with_them_and_they_try_again(
    client: Client, new: Participant, dee: User, sign_in: Any
) -> None:
    shut(client)
    desk, page = sign_in(dee), f"/desk/people/{new.pk}/sign-in/"
    pick_up(desk, new)
    assert "wrong date of birth was given three times" in text_of(desk.get(page))
    desk.post(page, {"email": "pat@example.org", "mobile": ""})  # it was right
    assert Task.objects.get(kind=ADDRESS_IN_DOUBT).state == TaskState.CANCELLED
    assert "wrong date of birth" not in text_of(desk.get(page))
    come(client)
    assert say(client, RIGHT).status_code == 302 and signed_in(client)


def test_a_date_put_right_at_the_desk_opens_it(client: Client, new: Participant, dee: User, sign_in: Any) -> None:
    shut(client)
    desk = sign_in(dee)
    pick_up(desk, new)
    correct = {"given_name": "Pat", "family_name": new.person.family_name, "why": "written_wrongly"}
    answer = desk.post(f"/desk/people/{new.pk}/identity/", correct | typed(WRONG))
    assert answer.status_code == 302, text_of(answer)
    come(client)
    assert say(client, WRONG).status_code == 302 and signed_in(client)


def test_an_address_that_is_changed_is_asked_about_anew_and_the_one_that_stays_is_not(
    client: Client, pat: Participant, dee: User
) -> None:
    changed = {"person": pat.person, "programme": pat.programme, "by": dee.person}
    change_login(email="pat@example.org", mobile="+447700900123", **changed)
    assert come(client).url == reverse("start")
    change_login(email="another@example.org", mobile="+447700900123", **changed)
    afresh = Client()
    assert come(afresh, "another@example.org").url == PAGE
    user = User.objects.get(person=pat.person)
    assert (user.email_proved_at, user.mobile_proved_at) == (None, None)


def test_a_code_to_an_address_that_was_changed_meanwhile_opens_nothing(
    client: Client, pat: Participant, dee: User
) -> None:
    ask_for_code(client, "pat@example.org")
    change_login(person=pat.person, programme=pat.programme, email="another@example.org", mobile=None, by=dee.person)
    answer = client.post(CODE, {"code": emailed_code()})
    assert answer.url == "/account/sign-in/" and not signed_in(client)
    assert "changed just now" in text_of(client.get("/account/sign-in/"))


def test_nobody_is_asked_for_a_date_that_is_not_known_and_nobody_is_called_who_is_not_to_be(
    client: Client, new: Participant
) -> None:
    new.person.date_of_birth = None
    new.person.save()
    assert come(client).url == reverse("start") and signed_in(client)
    new.person.date_of_birth, new.person.contact_stopped_at = RIGHT, new.registered_at
    new.person.save()
    shut(Client())
    assert not Task.objects.exists()


def test_the_question_waits_half_an_hour_and_stands_for_nobody_else(client: Client, new: Participant) -> None:
    assert client.get(PAGE).url == "/account/sign-in/", "nobody typed a code here"
    with time_machine.travel("2026-10-01 10:00Z", tick=False) as clock:
        come(client)
        clock.shift(31 * 60)
        assert say(client, RIGHT).url == "/account/sign-in/" and not signed_in(client)
    assert User.objects.get(person=new.person).email_proved_at is None


def test_nothing_that_is_sent_says_why_or_who(client: Client, new: Participant) -> None:
    shut(client)
    assert {one.subject for one in mail.outbox} == {"Your code to sign in to SafeFit"}
