"""What a browser does with the same-day check: its addresses, a filled form, and what is read on a page."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.test import Client

from classes.models import Booking
from classes.readiness import todays_check
from tests.factories.symptoms import LETTERS, VERSION

NOON = dt.datetime(2027, 7, 6, 11, tzinfo=dt.UTC)


def mine(place: Booking) -> str:
    return f"/me/bookings/{place.pk}/check/"


def by_phone(place: Booking) -> str:
    return f"/desk/bookings/{place.pk}/safety-check/"


def aloud(place: Booking) -> str:
    return f"/teach/classes/{place.session_id}/check/b{place.pk}/"


def talk_url(place: Booking) -> str:
    return f"/teach/classes/{place.session_id}/talk/b{place.pk}/"


def filled(*yes: str, **more: str) -> dict[str, str]:
    """A form with every answer in it, as a browser sends it."""
    said = {id: "yes" if letter in yes else "no" for letter, id in LETTERS.items()}
    return {"version": VERSION, "client_id": str(uuid.uuid4()), **said, **more}


def text(answer: Any) -> str:
    """The words of the page as they are read."""
    main = re.sub(r"<script.*?</script>|<style.*?</style>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def heading(answer: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.S)
    assert found
    return " ".join(found[1].split())


def title(answer: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.S)
    assert found
    return found[1]


def sent(browser: Client, url: str, form: dict[str, str]) -> Any:
    """Sent and followed to the result, as a browser does."""
    answer = browser.post(url, form)
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"{url}result/#maincontent")
    return browser.get(f"{url}result/")


def stands(place: Booking) -> str:
    return todays_check(place.session, place.participant).readiness


def checked(answer: Any) -> dict[str, str]:
    """The answers, and hidden values, that stand on a page."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") != "radio" or " checked" in tag:
            found[given.get("name", "")] = given.get("value", "")
    return found
