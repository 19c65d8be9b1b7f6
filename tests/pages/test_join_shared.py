"""Registering at a computer that others use: who sits down next reads nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from accounts.history import System
from accounts.models import Programme
from participants.content import install
from participants.models import Participant, Registration
from tests.factories.registering import PAGES, walk

pytestmark = pytest.mark.django_db
BEGUN = dt.datetime(2027, 7, 6, 10, 0, tzinfo=dt.UTC)
A_DAY_MORE = 24 * 60 * 60  # so that it is known whose session ended
ANSWERS = ("/join/", "/join/name/", "/join/check/", "/join/not-eligible/", "/join/return/")
AN_HOUR, ASKED_AGAIN = dt.timedelta(hours=1, minutes=1), "/join/return/"


@pytest.fixture(autouse=True)
def clock(programme: Programme) -> Iterator[time_machine.Coordinates]:
    install(programme, System.COMMAND)
    with time_machine.travel(BEGUN, tick=False) as clock:
        yield clock


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def token_of(answer: HttpResponse) -> str:
    return text(answer).split('name="draft" value="')[1].split('"')[0]


@pytest.fixture
def begun(client: Client) -> Registration:
    client.post("/join/")
    for name in ("name", "born"):
        client.post(f"/join/{name}/", PAGES[name])
    return Registration.objects.get()


def read_by_the_next(client: Client) -> str:
    return " ".join(text(client.get(address, follow=True)) for address in ANSWERS)


def test_saved_for_later_the_next_person_finds_nothing(client: Client, begun: Registration) -> None:
    token = token_of(client.get("/join/postcode/"))
    client.post("/join/postcode/", {"later": "yes"})
    later = text(client.get("/join/later/"))
    assert begun.reference in later and 'href="/join/return/"' in later
    assert f'value="{begun.reference}"' in text(client.get("/join/return/"))
    shown = read_by_the_next(client)
    assert "You have started already" not in shown and PAGES["name"]["family_name"] not in shown
    opened = client.post("/join/area/", {"area": "Dorset", "draft": token})  # the page behind the Back button
    assert opened["Location"] == ASKED_AGAIN and PAGES["name"]["family_name"] not in read_by_the_next(client)
    client.post("/join/", {"forget": "yes"})
    assert client.get("/join/later/")["Location"] == "/join/"


def test_the_reference_of_a_saved_one_is_readable_for_a_quarter_of_an_hour(
    client: Client, begun: Registration, clock: time_machine.Coordinates
) -> None:
    client.post("/join/postcode/", {"later": "yes"})
    clock.shift(dt.timedelta(minutes=16))
    assert begun.reference not in text(client.get("/join/later/", follow=True)) + read_by_the_next(client)


def test_after_an_hour_the_date_of_birth_is_asked_and_what_was_typed_is_kept(
    client: Client, begun: Registration, clock: time_machine.Coordinates
) -> None:
    clock.shift(dt.timedelta(minutes=50))
    assert client.get("/join/name/").status_code == 200
    clock.shift(dt.timedelta(minutes=50))
    page = client.get("/join/postcode/")
    assert page.status_code == 200, "an hour without a page, not an hour from the start"
    clock.shift(AN_HOUR)
    assert client.get("/join/name/")["Location"] == client.get("/join/later/")["Location"] == ASKED_AGAIN
    assert f'href="{ASKED_AGAIN}"' in text(client.get("/join/"))
    assert client.post("/join/postcode/", {"postcode": "BH15 1AA"})["Location"] == ASKED_AGAIN
    assert client.post("/join/contact/", {"ways": ["email"], "email": "kept@"}).status_code == 422
    other = {"born-day": "1", "born-month": "1", "born-year": "1960"}
    assert client.post("/join/born/", other)["Location"] == ASKED_AGAIN, "nobody makes the date theirs"
    assert "What is your date of birth" in text(client.get(ASKED_AGAIN))
    assert "not the date of birth we have" in text(client.post(ASKED_AGAIN, other))
    assert client.post(ASKED_AGAIN, PAGES["born"])["Location"] == "/join/area/"
    assert "BH15 1AA" in text(client.get("/join/postcode/"))


def test_an_old_page_is_saved_and_asks_too_and_the_dates_that_are_tried_are_counted(
    client: Client, begun: Registration, clock: time_machine.Coordinates
) -> None:
    token = token_of(client.get("/join/postcode/"))
    client.cookies.clear()
    clock.shift(AN_HOUR)
    sent = client.post("/join/postcode/", {"postcode": "BH15 1AA", "draft": token})
    assert sent["Location"] == ASKED_AGAIN
    assert client.post("/join/area/", {"later": "yes"})["Location"] == "/join/later/"
    client.post("/join/area/", {"area": "Dorset", "draft": token})
    other = {"born-day": "1", "born-month": "1", "born-year": "1960"}
    assert [client.post(ASKED_AGAIN, other).status_code for _ in range(6)] == [422] * 5 + [429]
    begun.refresh_from_db()
    assert (begun.answers["postcode"], begun.answers["area"]) == ("BH15 1AA", "Dorset")


def test_before_there_is_a_date_of_birth_an_old_page_goes_on_and_a_look_starts_anew(
    client: Client, clock: time_machine.Coordinates
) -> None:
    client.post("/join/")
    clock.shift(AN_HOUR)
    assert client.get("/join/name/")["Location"] == "/join/" and "started already" not in text(client.get("/join/"))
    assert client.post("/join/name/", PAGES["name"])["Location"] == "/join/born/"
    assert client.get("/join/born/").status_code == 200


def test_one_button_forgets_it_here_and_the_answers_stay(client: Client, begun: Registration) -> None:
    token = token_of(client.get("/join/postcode/"))
    assert "Forget this on this computer" in text(client.get("/join/"))
    assert "Nothing of a registration is kept" in text(client.post("/join/", {"forget": "yes"}, follow=True))
    assert client.get("/join/name/")["Location"] == "/join/"
    assert client.post("/join/postcode/", {"draft": token})["Location"] == ASKED_AGAIN
    begun.refresh_from_db()
    assert begun.answers["given_name"] == PAGES["name"]["given_name"]


def test_the_page_of_who_has_registered_is_gone_when_it_is_left(
    client: Client, clock: time_machine.Coordinates
) -> None:
    address, _ = walk(client, client.post("/join/")["Location"])
    client.post(address)
    reference = Participant.objects.get().reference
    assert reference in text(client.get("/join/done/"))
    clock.shift(dt.timedelta(minutes=16))
    late = text(client.get("/join/done/", follow=True))
    assert reference not in late and "need not register again" in late
    clock.move_to(BEGUN)
    assert client.get("/join/done/")["Location"] == "/join/"


def test_nothing_outlives_the_browser_and_who_signs_in_is_remembered(
    client: Client, begun: Registration, pat: Participant
) -> None:
    assert client.cookies["sessionid"]["max-age"] == ""
    client.post("/account/sign-in/", {"email": pat.person.user.email})
    code = re.search(r"code to sign in is: (\d{6})", mail.outbox[-1].body)
    assert code
    client.post("/account/sign-in/code/", {"code": code[1]})
    assert client.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE + A_DAY_MORE
    client.post("/join/")
    assert client.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE + A_DAY_MORE
