"""What a telephone is given for a hall without signal, and what it hands in."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.fields import encrypt
from accounts.history import System
from accounts.models import AccessLog, User
from classes.models import (
    Attendance,
    Booking,
    CompanionMark,
    Guest,
    Incident,
    Session,
    SessionLeader,
    SessionNote,
    SymptomCheck,
)
from frontend.keeper import keeper_of
from instructors.models import Instructor
from instructors.roster import stand_down
from messaging.models import Task
from participants.models import Participant
from tests.factories.classes import AttendanceFactory, BookingFactory, GuestFactory, SessionFactory
from tests.factories.parcels import sealed
from tests.factories.participants import ClearanceFactory

pytestmark = pytest.mark.django_db
REGISTERS, KEPT, MAY_KEEP = "/teach/offline/registers/", "/teach/offline/kept/", "/teach/offline/may-keep/"
OPEN = ("/teach/offline/", "/teach/service-worker.js", "/teach/manifest.webmanifest")
BUILT = Path(__file__).resolve().parents[2] / "frontend" / "static"
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.fixture
def session(ines: Instructor) -> Session:
    return SessionFactory(programme=ines.programme, leader=ines, starts_at=timezone.now() - 10 * MINUTE)


@pytest.fixture
def booking(session: Session, pat: Participant) -> Booking:
    return BookingFactory(session=session, participant=pat, party=2)


@pytest.fixture
def phone(ines: Instructor, sign_in: Any) -> Client:
    return sign_in(ines.person.user)


def owner(phone: Client) -> str:
    return phone.get(REGISTERS).json()["for"]


def sent(booking: Booking, /, **more: Any) -> dict[str, Any]:
    at = int((timezone.now() - MINUTE).timestamp() * 1000)
    told = {"id": str(uuid.uuid4()), "kind": "mark", "session": booking.session_id, "booking": booking.pk}
    return {**told, "guest": None, "state": "attended", "knew": "", "at": at, "parcel": None, **more}


def with_note(item: dict[str, Any], note: Any) -> dict[str, Any]:
    return {**item, "parcel": sealed({"note": note}, f"mark:{item['id']}")}


def test_the_pages_that_mark_say_what_time_it_is_by_our_clock(phone: Client, booking: Booking) -> None:
    for page in ("register", "register/rest"):
        words = phone.get(f"/teach/classes/{booking.session_id}/{page}/").content.decode()
        told = int(re.search(r'data-sf-now="(\d+)"', words)[1])  # type: ignore[index]
        assert abs(told - timezone.now().timestamp() * 1000) < 60_000


def hand_in(phone: Client, *items: Any, by: str | None = None) -> Any:
    body = {"for": owner(phone) if by is None else by, "items": list(items)}
    return phone.post(KEPT, json.dumps(body), content_type="application/json")


# --- for everybody -----------------------------------------------------------


def test_the_page_without_signal_is_the_same_for_everybody_and_reads_nothing(
    phone: Client, session: Session, booking: Booking, django_assert_num_queries: Any
) -> None:
    for address in OPEN:
        with django_assert_num_queries(0):
            anybodys = Client().get(address).content
        assert phone.get(address).content == anybodys, address
    page = Client().get(OPEN[0]).content.decode()
    assert "data-sf-keeper" not in page and "csrfmiddlewaretoken" not in page


def test_the_service_worker_names_every_file_that_the_page_is_drawn_with() -> None:
    answer = Client().get("/teach/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    files = json.loads(re.search(r"safefitFiles = (\[.*?\]);", answer.content.decode())[1])  # type: ignore[index]
    named = {file["url"] for file in files}
    page = Client().get("/teach/offline/").content.decode()
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|woff2|svg))"', page))
    assert asked <= named
    assert {url for url in named if url.startswith("/static/")} == {f"/static/{name}" for name in files_on_disk()}, (
        "another file: look whether the page needs it without signal"
    )
    assert "/teach/offline/" in named and all(file["revision"] for file in files)


def files_on_disk() -> set[str]:
    found = {str(file.relative_to(BUILT)) for file in BUILT.rglob("*") if file.is_file()}
    return {
        name for name in found if name.endswith((".css", ".js", ".svg", ".woff2")) and "service-worker" not in name
    } - {
        "frontend/images/nhsuk-icon-cross.svg",
        "frontend/rehearsal.js",
        "frontend/passkeys.js",
    }  # of pages that need a signal


def test_the_register_can_be_installed() -> None:
    answer = Client().get("/teach/manifest.webmanifest")
    told = json.loads(answer.content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/teach/", "/teach/", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert all((BUILT / icon["src"].removeprefix("/static/")).exists() for icon in told["icons"])
    assert answer["Content-Type"] == "application/manifest+json"


def test_every_page_says_for_whom_it_was_drawn_in_a_way_that_names_nobody(
    phone: Client, sign_in: Any, ines: Instructor, ivor: Instructor, pat: Participant
) -> None:
    def drawn_for(browser: Client, page: str = "/accessibility/") -> str:
        return re.search(r'data-sf-keeper="([^"]*)"', browser.get(page).content.decode())[1]  # type: ignore[index]

    ineses = drawn_for(phone)
    assert ineses == owner(phone) == drawn_for(phone, "/teach/") and re.fullmatch(r"[0-9a-f]{20}", ineses)
    assert drawn_for(sign_in(ivor.person.user)) not in ("", ineses)
    assert (drawn_for(sign_in(pat.person.user)), drawn_for(Client())) == ("-", "")
    with override_settings(SECRET_KEY="another secret key"):
        assert keeper_of(ines.person.user) == ineses, "marks that wait would be stranded"


def test_a_telephone_where_nobody_is_signed_in_asks_whether_it_may_keep_what_it_has(
    phone: Client, ines: Instructor, session: Session
) -> None:
    ticket = phone.get(REGISTERS).json()["ticket"]

    def may_keep(shown: str = ticket) -> Any:
        return Client().get(MAY_KEEP, headers={"X-SafeFit-Ticket": shown}).json()["keep"]

    assert may_keep() is True, "a session that has run out wipes nothing"
    assert [may_keep(nonsense) for nonsense in ("", "x", encrypt("x:1"))] == [None] * 3
    stand_down(instructor=ines, reason="The phone is lost", by=System.COMMAND)
    assert may_keep() is False


def test_a_telephone_that_the_desk_says_is_lost_is_signed_out_and_keeps_nothing(
    phone: Client, ines: Instructor, session: Session, dee: User, sign_in: Any
) -> None:
    ticket = phone.get(REGISTERS).json()["ticket"]
    desk = sign_in(dee)
    page = f"/desk/instructors/{ines.pk}/lost-phone/"
    assert "Sign them out everywhere" in desk.get(page).content.decode()
    answer = desk.post(page, follow=True)
    assert "is signed out everywhere" in answer.content.decode()
    assert phone.get(REGISTERS).status_code == 302
    shown = {"X-SafeFit-Ticket": ticket}
    assert Client().get(MAY_KEEP, headers=shown).json()["keep"] is False


def test_whoever_says_that_a_device_is_lost_stays_signed_in_where_they_say_it(
    phone: Client, ines: Instructor, session: Session, sign_in: Any
) -> None:
    ticket = phone.get(REGISTERS).json()["ticket"]
    here = sign_in(ines.person.user)
    answer = here.post("/account/security/lost-device/", follow=True)
    assert "signed out on every other phone" in answer.content.decode()
    assert here.get(REGISTERS).status_code == 200
    assert phone.get(REGISTERS).status_code == 302
    assert Client().get(MAY_KEEP, headers={"X-SafeFit-Ticket": ticket}).json()["keep"] is False


# --- what is kept ------------------------------------------------------------


def test_registers_of_the_next_two_days_are_given_with_what_people_need_in_the_last_one(
    phone: Client, ines: Instructor, session: Session, booking: Booking, quinn: Participant
) -> None:
    ClearanceFactory(participant=booking.participant, adaptations=["seated_only"], state="cleared_adapted")
    GuestFactory(session=session, name="Somebody at the door", participant=None)
    now = timezone.now()
    tomorrow = SessionFactory(programme=ines.programme, leader=ines, starts_at=now + 40 * HOUR)
    BookingFactory(session=tomorrow, participant=quinn)
    for away in (now + 49 * HOUR, now - 27 * HOUR):
        SessionFactory(programme=ines.programme, leader=ines, starts_at=away)
    answer = phone.get(REGISTERS)
    assert "no-store" in answer["Cache-Control"]
    assert "/teach/" in reverse("teach:registers_to_keep")
    today, then = answer.json()["classes"]
    assert (today["id"], then["id"]) == (session.pk, tomorrow.pk)
    line = next(person for person in today["people"] if person["booking"] == booking.pk)
    assert (line["name"], line["state"]) == (booking.participant.person.full_name, "")
    assert line["changes"] == ["Seated only"] and line["contact"]["number"] and line["tick"] == ""
    bare = next(person for person in today["people"] if person["booking"] is None)
    assert (bare["name"], bare["contact"], bare["check"]) == ("Somebody at the door", None, None)
    assert (bare["unknown"], line["unknown"], today["out_of_view"]) == (True, False, [])
    assert today["photos"] == "No photos or recordings: nobody here agreed to them."
    assert today["until"] == int((session.ends_at + 24 * HOUR).timestamp() * 1000)
    assert today["emergency"][0][0] == "Say where you are" and session.venue.postcode in today["emergency"][0][1]
    (quinns,) = then["people"]
    assert (quinns["contact"], quinns["needs"], quinns["changes"], then["shows_facts"]) == (None, [], [], False)
    logged = AccessLog.objects.filter(by=ines.person, target=booking.participant.person)
    assert {row.what for row in logged} == {"register with health facts, saved for offline"}


def test_a_class_of_somebody_else_or_one_that_is_called_off_is_not_given(
    phone: Client, session: Session, booking: Booking
) -> None:
    SessionLeader.objects.filter(session=session).update(active=False)
    assert phone.get(REGISTERS).json()["classes"] == []
    SessionLeader.objects.filter(session=session).update(active=True)
    Session.objects.filter(pk=session.pk).update(
        status="cancelled", cancelled_at=timezone.now(), cancel_reason="The hall is shut"
    )
    assert phone.get(REGISTERS).json()["classes"] == []


def test_an_online_class_has_no_hall_to_send_help_to(phone: Client, ines: Instructor) -> None:
    SessionFactory(
        programme=ines.programme, leader=ines, starts_at=timezone.now() + HOUR, mode="remote", venue=None, room=None
    )
    (online,) = phone.get(REGISTERS).json()["classes"]
    assert (online["emergency"], online["place"]) == ([], "Online")
    assert [what for what, _ in online["out_of_view"]] == ["Look and call their name", "Ring them", "Call 999"]


def test_thirty_people_are_given_in_six_queries_and_forty_kilobytes(
    phone: Client, session: Session, django_assert_num_queries: Any
) -> None:
    places = BookingFactory.create_batch(30, session=session)
    AttendanceFactory(session=session, booking=places[0], note="Came late")
    phone.get(REGISTERS)
    with django_assert_num_queries(6):
        answer = phone.get(REGISTERS)
    (register,) = answer.json()["classes"]
    assert len(register["people"]) == 30 and len(answer.content) < 40_000
    marked = next(person for person in register["people"] if person["booking"] == places[0].pk)
    assert (marked["state"], marked["note"]) == ("attended", "Came late")
    page = phone.get(f"/teach/classes/{session.pk}/register/")
    assert page.content.count(b'id="person-b') == 30 and len(gzip.compress(page.content)) < 12_000


# --- what comes back ---------------------------------------------------------


def test_marks_are_handed_in_and_each_is_answered(phone: Client, ines: Instructor, booking: Booking) -> None:
    guest = GuestFactory(session=booking.session)
    good = with_note(sent(booking), "Came with a stick")
    walk_in = sent(booking, booking=None, guest=guest.pk, knew=None)
    spoilt: list[Any] = [
        sent(booking, state="flew"), sent(booking, id="x"), sent(booking, knew="flew"), sent(booking, at="now"),
        sent(booking, at=10**17), sent(booking, session=True), sent(booking, booking=-1), with_note(sent(booking), 7),
        with_note(sent(booking), "\0"), with_note(sent(booking), "\ud800"), sent(booking, parcel=good["parcel"]),
        sent(booking, parcel="x"), {"id": 7}, "nonsense", None,
    ]  # fmt: skip
    answer = hand_in(phone, good, *spoilt, walk_in)
    told = {one["id"]: one["fate"] for one in answer.json()["items"]}
    assert (told[good["id"]], told[walk_in["id"]]) == ("kept", "kept")
    assert [fate for key, fate in told.items() if key not in (good["id"], walk_in["id"])] == ["unreadable"] * 12
    assert Attendance.objects.count() == 2
    again = hand_in(phone, good).json()["items"]
    assert again == [{"id": good["id"], "fate": "kept", "differs": False}]
    assert Attendance.objects.count() == 2
    assert Attendance.objects.get(booking=booking).note == "Came with a stick"


def parcel_of(booking: Booking, kind: str, inside: Any, /, **more: Any) -> dict[str, Any]:
    bare = {name: value for name, value in sent(booking, kind=kind, **more).items() if name not in ("state", "knew")}
    return {**bare, "parcel": sealed(inside, f"{kind}:{bare['id']}")}


def test_whoever_came_what_was_asked_and_what_went_wrong_are_handed_in_too(
    phone: Client, ines: Instructor, booking: Booking
) -> None:
    Session.objects.filter(pk=booking.session_id).update(places_taken=1)
    shared = phone.get(REGISTERS).json()["shared"]
    version = shared["questions"]["version"]
    said = {q["id"]: False for _, asked in shared["questions"]["groups"] for q in asked}
    report = {
        "kind": "incident",
        "harm": "severe",
        "called_999": True,
        "what_happened": " A fall ",
        "what_was_done": "",
    }
    good = {
        "walk_in": parcel_of(booking, "walk_in", {"name": " Wanda  Unknown", "phone": ""}, booking=None),
        "check": parcel_of(booking, "check", {"version": version, "answers": said}),
        "incident": parcel_of(booking, "incident", report),
    }
    spoilt = [
        *(parcel_of(booking, kind, [7]) for kind in good),
        *(
            {**item, "parcel": good["check" if kind != "check" else "incident"]["parcel"]}
            for kind, item in good.items()
        ),
        *({**item, "id": str(uuid.uuid4()), "parcel": None} for item in good.values()),
        parcel_of(booking, "walk_in", {"name": " ", "phone": ""}),
        parcel_of(booking, "check", {"version": version, "answers": "yes"}),
        parcel_of(booking, "incident", {**report, "harm": "bad"}),
        parcel_of(booking, "incident", {**report, "called_999": "yes"}),
        parcel_of(booking, "incident", {**report, "what_happened": " "}),
        parcel_of(booking, "song", {}),
    ]
    told = hand_in(phone, *spoilt).json()["items"]
    assert {one["fate"] for one in told} == {"unreadable"} and len(told) == len(spoilt)
    assert not Guest.objects.exists()
    for _ in range(2):
        fates = {one["id"]: one["fate"] for one in hand_in(phone, *good.values()).json()["items"]}
        assert fates == {item["id"]: "kept" for item in good.values()}
    assert Guest.objects.get().name == "Wanda Unknown"
    assert (SymptomCheck.objects.get().by, SymptomCheck.objects.get().result) == (ines.person, "ready")
    assert Incident.objects.get().what_happened == "A fall"
    assert {task.kind for task in Task.objects.all()} == {"walk_in", "incident_review"}
    line = next(one for one in phone.get(REGISTERS).json()["classes"][0]["people"] if one["guest"])
    assert line["alerts"][0].startswith("Not known to us yet: does not exercise") and not line["asks"]


def test_who_came_along_and_how_it_went_are_handed_in_too_and_what_is_none_costs_the_others_nothing(
    phone: Client, booking: Booking
) -> None:  # pitfalls 50
    went = {"plan": " Chair stands ", "effort": 4, "adaptation": "", "next_time": "", "for_colleagues": ""}
    tick = {**parcel_of(booking, "companion", {}), "parcel": None, "came": "came", "knew": ""}
    changed = {**tick, "id": str(uuid.uuid4()), "came": "not", "knew": "came"}
    note = parcel_of(booking, "note", went)
    spoilt = [
        {**tick, "id": str(uuid.uuid4()), "came": "perhaps"},
        {**tick, "id": str(uuid.uuid4()), "knew": None},
        {**tick, "id": str(uuid.uuid4()), "booking": None},
        parcel_of(booking, "note", {**went, "effort": 11}),
        parcel_of(booking, "note", {**went, "effort": True}),
        parcel_of(booking, "note", {**went, "plan": " ", "effort": None}),
        parcel_of(booking, "note", {**went, "plan": 7}),
        {**note, "id": str(uuid.uuid4())},
    ]
    for _ in range(2):
        told = {one["id"]: one["fate"] for one in hand_in(phone, tick, changed, note, *spoilt).json()["items"]}
        assert [told[one["id"]] for one in (tick, changed, note)] == ["kept"] * 3
        assert [told[one["id"]] for one in spoilt] == ["unreadable"] * len(spoilt)
    assert [one.came for one in CompanionMark.objects.order_by("at")] == [True, False]
    kept = SessionNote.objects.get()
    assert (kept.plan, kept.effort, kept.participant) == ("Chair stands", 4, booking.participant)
    assert not Attendance.objects.exists() and not Task.objects.exists()
    answer = phone.get(REGISTERS).json()
    (person,) = answer["classes"][0]["people"]
    assert (person["tick"], person["noted"], "Chair" in json.dumps(answer["classes"])) == ("not", True, False)


def test_marks_of_another_login_are_not_taken_in_this_ones_name(
    phone: Client, booking: Booking, ivor: Instructor, sign_in: Any
) -> None:
    assert hand_in(sign_in(ivor.person.user), sent(booking), by=owner(phone)).status_code == 409
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"items": 7}', "\xff"])
def test_what_is_no_list_of_marks_is_refused(phone: Client, body: str) -> None:
    assert phone.post(KEPT, body.encode("latin-1"), content_type="application/json").status_code == 400


def test_nobody_hands_in_without_signing_in_or_from_another_site(booking: Booking, ines: Instructor) -> None:
    body = json.dumps({"for": "", "items": [sent(booking)]})
    assert Client().post(KEPT, body, content_type="application/json").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ines.person.user)
    assert strict.post(KEPT, body, content_type="application/json").status_code == 403
    assert not Attendance.objects.exists()
