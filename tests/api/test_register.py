"""The register through the API."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLog, User
from classes.models import Attendance, Booking, Session
from instructors.models import Instructor
from instructors.roster import stand_down
from participants.models import Participant
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def booking(session: Session, pat: Participant) -> Booking:
    ClearanceFactory(participant=pat, state="cleared_adapted", adaptations=["seated_only"], note="a private note")
    return BookingFactory(session=session, participant=pat)


@pytest.fixture
def browser(ines: Instructor, sign_in: Any) -> Client:
    client: Client = sign_in(ines.person.user)
    return client


def address(session: Session) -> str:
    return f"/api/v1/sessions/{session.pk}/register/"


def mark(booking: Booking, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "booking": booking.pk,
        "state": "attended",
        "marked_at": timezone.now().isoformat(),
        **more,
    }


def send(browser: Client, session: Session, *marks: Any) -> Any:
    return browser.post(address(session), {"marks": list(marks)}, content_type="application/json")


def test_the_register_is_read_and_the_reading_logged(
    browser: Client, session: Session, booking: Booking, pat: Participant
) -> None:
    answer = browser.get(address(session))
    assert answer.status_code == 200
    (entry,) = answer.json()["entries"]
    assert entry == {
        "booking": booking.pk,
        "guest": None,
        "is_unknown": False,
        "name": "Pat Example",
        "first_name": "Pat",
        "reference": pat.reference,
        "with_companion": False,
        "companion_came": None,
        "first_class": True,
        "first_of_kind": False,
        "may_be_recorded": False,
        "said_coming": False,
        "facts": {
            "adaptations": ["seated_only"],
            "note": "",
            "needs": [],
            "emergency": {"name": "Emer Madeup", "relationship": "sister", "phone": "01632 960111"},
            "confirm_contact": True,
            "cleared": True,
            "ask_first": True,
            "check": {"check": None, "readiness": "not_asked", "at": None},
            "talk_about": [],
        },
        "mark": None,
    }
    assert AccessLog.objects.get().target == pat.person


def test_outside_the_window_it_holds_names_only(browser: Client, session: Session, booking: Booking) -> None:
    with time_machine.travel(session.ends_at + dt.timedelta(hours=48), tick=False):
        (entry,) = browser.get(address(session)).json()["entries"]
    assert (entry["name"], entry["facts"]) == ("Pat Example", None)


def test_each_mark_is_acknowledged_and_repeating_changes_nothing(
    browser: Client, session: Session, booking: Booking
) -> None:
    guest = GuestFactory(session=session)
    sent = [mark(booking, note="did well"), {**mark(booking, state="sent_home"), "guest": guest.pk}]
    del sent[1]["booking"]
    first = send(browser, session, *sent)
    assert first.status_code == 200
    assert first.json() == {"marks": [{"id": m["id"], "outcome": "recorded", "why": None} for m in sent]}
    before = list(Attendance.objects.order_by("id").values())
    again = send(browser, session, *sent)
    assert [m["outcome"] for m in again.json()["marks"]] == ["repeated", "repeated"]
    assert list(Attendance.objects.order_by("id").values()) == before


def test_a_mark_of_another_class_is_refused_alone(browser: Client, session: Session, booking: Booking) -> None:
    answer = send(browser, session, mark(BookingFactory()), mark(booking))
    assert [(m["outcome"], m["why"]) for m in answer.json()["marks"]] == [
        ("refused", "not_on_register"),
        ("recorded", None),
    ]
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "present"},
        {"id": "1"},
        {"id": 5},
        {"id": "{12345678-1234-5678-1234-567812345678}"},
        {"id": "12345678123456781234567812345678"},
        {"marked_at": "2999-01-01T00:00:00Z"},
        {"booking": "1"},
        {"booking": 1.5},
        {"booking": 2**63},
        {"guest": 1},
        {"marked_at": "2026-12-01T18:30:00"},
        {"note": "x" * 201},
        {"by": 1},
        {"received_at": "2026-12-01T18:30:00Z"},
    ],
)
def test_a_body_that_cannot_be_used_is_a_400_and_changes_nothing(
    browser: Client, session: Session, booking: Booking, wrong: dict[str, Any]
) -> None:
    answer = send(browser, session, mark(booking), {**mark(booking), **wrong})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Attendance.objects.exists()


def test_a_device_whose_clock_runs_a_little_fast_is_borne_with(
    browser: Client, session: Session, booking: Booking
) -> None:
    soon = (timezone.now() + dt.timedelta(minutes=4)).isoformat()
    assert send(browser, session, mark(booking, marked_at=soon)).json()["marks"][0]["outcome"] == "recorded"
    later = send(browser, session, mark(booking, marked_at=(timezone.now() + dt.timedelta(minutes=6)).isoformat()))
    assert later.json()["errors"]["marks"]["0"]["marked_at"] == [
        "This has not come yet. Set the clock of the device, and mark again."
    ]


@pytest.mark.parametrize("body", [{}, {"marks": []}, {"marks": {}}, {"marks": [1]}, [], {"marks": [], "x": 1}])
def test_a_body_without_marks_is_a_400(browser: Client, session: Session, body: Any) -> None:
    assert browser.post(address(session), body, content_type="application/json").status_code == 400


def test_before_the_start_and_after_fourteen_days_it_is_a_conflict(
    browser: Client, session: Session, booking: Booking, dee: User, sign_in: Any
) -> None:
    with time_machine.travel(session.starts_at - dt.timedelta(seconds=1), tick=False):
        early = send(browser, session, mark(booking))
    assert (early.status_code, early.json()["code"]) == (409, "register_not_open")
    assert early.json()["opens_at"] == session.starts_at.isoformat()
    with time_machine.travel(session.ends_at + dt.timedelta(days=14), tick=False):
        late = send(sign_in(session.leaders.get().instructor.person.user), session, mark(booking))
        desk = send(sign_in(dee), session, mark(booking))
    assert (late.status_code, late.json()["code"]) == (409, "register_closed")
    assert desk.status_code == 200


def test_nobody_elses_register_is_there(
    session: Session,
    booking: Booking,
    ivor: Instructor,
    quinn: Participant,
    omar: User,
    nell: User,
    sign_in: Any,
) -> None:
    for user in (ivor.person.user, quinn.person.user, booking.participant.person.user, omar, nell):
        browser = sign_in(user)
        assert browser.get(address(session)).status_code == 404
        assert send(browser, session, mark(booking)).status_code == 404
    assert Client().get(address(session)).status_code == 401
    assert not AccessLog.objects.exists()
    assert not Attendance.objects.exists()


def test_who_is_stood_down_loses_it_on_the_next_request(
    browser: Client, session: Session, booking: Booking, ines: Instructor, dee: User, sign_in: Any
) -> None:
    assert browser.get(address(session)).status_code == 200
    stand_down(instructor=ines, reason="left", by=dee.person)
    assert browser.get(address(session)).status_code == 401
    assert send(browser, session, mark(booking)).status_code == 401
    again = sign_in(ines.person.user)
    assert again.get(address(session)).status_code == send(again, session, mark(booking)).status_code == 404


def test_it_is_in_the_papers(client: Client) -> None:
    paths = client.get("/api/schema/?format=json").json()["paths"]
    operations = paths["/api/v1/sessions/{id}/register/"] if "/api/v1/sessions/{id}/register/" in paths else None
    operations = operations or paths["/api/v1/sessions/{pk}/register/"]
    assert set(operations) == {"get", "post"}
    assert {"200", "400", "401", "403", "404", "409"} <= set(operations["post"]["responses"])


def test_a_companion_is_ticked_apart_and_something_must_be_sent(
    browser: Client, session: Session, booking: Booking, quinn: Participant
) -> None:
    for_two = BookingFactory(session=session, participant=quinn, party=2)
    sent = {"id": str(uuid.uuid4()), "booking": for_two.pk, "came": True}
    answer = browser.post(address(session), {"companions": [sent]}, content_type="application/json")
    assert answer.json() == {"marks": [{"id": sent["id"], "outcome": "recorded", "why": None}]}
    shown = {entry["booking"]: entry for entry in browser.get(address(session)).json()["entries"]}
    assert shown[for_two.pk]["companion_came"] is True and shown[for_two.pk]["mark"] is None
    assert browser.post(address(session), {}, content_type="application/json").status_code == 400
