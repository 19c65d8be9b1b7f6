"""Cover through the API: asking, reading what wants somebody, and taking it."""

import datetime as dt

import pytest
from django.utils import timezone

from classes.cover.asking import leader_of
from instructors.away import say_away
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db
COVERS = "/api/v1/covers/"


@pytest.fixture
def session(programme, ines):
    return SessionFactory(programme=programme, leader=ines, starts_at=timezone.now() + dt.timedelta(days=5))


def ask(browser, session, **sent):
    return browser.post(f"/api/v1/sessions/{session.pk}/cover/", sent, "application/json")


def test_who_leads_a_date_asks_and_the_first_who_takes_it_has_it(session, ines, ivor, programme, sign_in):
    own, other = sign_in(ines.person.user), sign_in(ivor.person.user)
    asked = ask(own, session, reason="ill")
    assert asked.status_code == 201 and (asked.json()["state"], asked.json()["asked"]) == ("open", 1)
    assert ask(own, session, reason="ill").json()["id"] == asked.json()["id"]
    (wanted,) = other.get(COVERS).json()
    assert (wanted["session"], wanted["venue"]) == (session.pk, session.venue.name)
    assert own.get(COVERS).json() == []
    taken = other.post(f"{COVERS}{wanted['id']}/take/", {}, "application/json")
    assert taken.json() == {"session": session.pk, "role": "cover"}
    assert other.post(f"{COVERS}{wanted['id']}/take/", {}, "application/json").status_code == 200  # it is theirs
    assert leader_of(session).instructor == ivor and other.get(COVERS).json() == []
    assert ask(own, session, reason="ill").status_code == 404  # they lead it no more


def test_who_may_not_lead_it_reads_why_and_what_is_off_is_said(session, ines, ivor, sign_in):
    own, other = sign_in(ines.person.user), sign_in(ivor.person.user)
    assert ask(own, session).status_code == 400 and ask(other, session, reason="ill").status_code == 404
    key = ask(own, session, reason="ill").json()["id"]
    on = timezone.localdate(session.starts_at)
    say_away(instructor=ivor, first=on, last=on, by=ivor.person)
    refused = other.post(f"{COVERS}{key}/take/", {}, "application/json")
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["why"]) == ("may_not_cover", ["away"])
    assert other.get(COVERS).json() == []
    assert own.post(f"{COVERS}{key}/take/", {}, "application/json").status_code == 404
    over = SessionFactory(programme=session.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=5))
    assert ask(own, over, reason="ill").json()["code"] == "nothing_to_cover"
