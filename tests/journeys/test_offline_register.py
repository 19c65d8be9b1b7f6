"""An instructor in a hall without signal: nothing is lost, nothing is doubled, and a lost telephone tells nothing.

Pitfalls 47, 48, 49, 51 and 56. What the scripts decide by themselves is in tests/unit/frontend/offline.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.history import System
from classes.models import (
    Attendance,
    AttendanceState,
    Booking,
    CompanionMark,
    Guest,
    Incident,
    Session,
    SessionNote,
    SymptomCheck,
)
from classes.register import NewMark, take_register
from instructors.roster import stand_down
from messaging.models import Task
from tests.factories.classes import BookingFactory
from tests.journeys.test_teaching import card, latest
from tests.journeys.visitor import Visitor
from tests.journeys.world import World

Window = Callable[..., Visitor]
PIN = "274913"
LONG = "Wilhelmina-Konstantinopoulou Featherstonehaugh-Cholmondeley"
NAMES = ("Avis Canaryname", "Basil Sample", LONG)
DUMP = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => { indexedDB.open(name).onsuccess = (e) => done(e.target.result) });
    for (const shelf of base.objectStoreNames) {
      const rows = base.transaction(shelf).objectStore(shelf).getAll();
      await new Promise((done) => { rows.onsuccess = done });
      const readable = (key, value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder("latin1").decode(value) : value;
      for (const row of rows.result) found.push(`${name}/${shelf} ${JSON.stringify(row, readable)}`);
    }
    base.close();
  }
  return found.concat(Object.entries(localStorage).map((pair) => pair.join("=")));
}"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}"""


@pytest.fixture
def session(world: World) -> Session:
    """A class of Ines that began ten minutes ago."""
    return world.a_class(starts_at=timezone.now() - dt.timedelta(minutes=10))


@pytest.fixture
def bookings(world: World, session: Session) -> dict[str, Booking]:
    health = {"Avis Canaryname": {"moving": ["floor"]}}
    people = {name: world.someone(name, health=health.get(name)) for name in NAMES}
    party = {"Avis Canaryname": 2}  # somebody comes along with her
    places = {
        name: BookingFactory(session=session, participant=person, party=party.get(name, 1))
        for name, person in people.items()
    }
    Session.objects.filter(pk=session.pk).update(places_taken=len(places) + 1)
    return places


def prepared(open_window: Window) -> Visitor:
    """Ines at home, with a signal: she has chosen a PIN, and her registers are saved."""
    ines = open_window(width=320)
    ines.sign_in("ines")
    ines.goto("/teach/")
    expect(ines.page.get_by_text("Not saved for offline yet.")).to_be_visible()
    ines.look("offline-not-saved-yet")
    ines.page.get_by_role("link", name="Choose a PIN").click()
    choose_pin(ines)
    ines.goto("/teach/")
    expect(ines.page.get_by_text("Saved for offline at")).to_be_visible()
    becomes(ines, "navigator.serviceWorker.controller !== null")
    ines.harmless += "|ERR_INTERNET_DISCONNECTED"  # without signal a browser complains of that
    return ines


def choose_pin(ines: Visitor, pin: str = PIN) -> None:
    ines.page.get_by_label("PIN").fill(pin)
    ines.page.get_by_role("button", name="Choose this PIN").click()
    if pin == PIN:
        expect(ines.page.get_by_role("heading", name="Balance and breathing")).to_be_visible()


def without_signal(ines: Visitor, path: str) -> None:
    ines.context.set_offline(True)
    ines.goto(path)
    expect(ines.page.get_by_role("heading", name="Enter your PIN")).to_be_visible()


def give(ines: Visitor, pin: str) -> None:
    ines.page.get_by_label("PIN").fill(pin)
    ines.page.get_by_role("button", name="Open", exact=True).click()


def mark(ines: Visitor, booking: Booking, words: str) -> None:
    card(ines, booking).get_by_label(words, exact=True).check()


def becomes(ines: Visitor, so: str) -> None:
    """The page itself looks: Playwright's own way of waiting evaluates words, which our policy forbids."""
    look = f"async () => {{ for (let n = 0; n < 200 && !({so}); n++) await new Promise((r) => setTimeout(r, 50)) }}"
    ines.page.evaluate(look)
    assert ines.page.evaluate(f"() => {so}"), so


def shows(ines: Visitor, words: str) -> None:
    """Once the page has been drawn: what is kept is sealed first."""
    expect(ines.page.get_by_text(words).first).to_be_visible()


def write_besides_marks(ines: Visitor, asked: Booking) -> None:
    """Somebody at the door, a check asked aloud that comes to a stop, and a report: each is kept, and says so."""
    page = ines.page
    page.get_by_role("link", name="Somebody came who is not listed").click()
    page.get_by_role("button", name="Put them on the register").click()
    shows(ines, "Enter their name")
    ines.look("offline-walk-in", error=True)
    page.get_by_label("Name", exact=True).fill("Wanda Unknown")
    page.get_by_label("Telephone number").fill("01632 960222")
    page.get_by_role("button", name="Put them on the register").click()
    expect(page.get_by_role("heading", name="Wanda Unknown")).to_be_visible()

    card(ines, asked).get_by_role("link", name="Ask the safety check aloud").click()
    expect(page.get_by_role("heading", name="Safety check")).to_be_visible()
    for group in page.get_by_role("group").all():
        group.get_by_label("No", exact=True).check()
    page.get_by_role("group").nth(2).get_by_label("Yes", exact=True).check()
    expect(page.get_by_role("alert")).to_contain_text("24-hour line")
    ines.look("offline-check")
    page.get_by_role("button", name="Keep the answers").click()
    shows(ines, "The desk does not know of it yet.")
    ines.look("offline-check-stop")
    page.get_by_role("link", name="Back to the register").click()
    expect(card(ines, asked)).to_contain_text("does not exercise today")

    page.get_by_role("link", name="Report an incident").click()
    shows(ines, "Nobody has been told yet.")
    page.get_by_label("Incident", exact=True).check()
    page.get_by_label("Severe").check()
    page.get_by_role("button", name="Keep this report").click()
    shows(ines, "Select whether 999 was called")
    ines.look("offline-report", error=True)
    page.get_by_role("group", name="Was 999 called?").get_by_label("Yes").check()
    page.get_by_label("What happened?").fill("A chair slid")
    page.get_by_role("button", name="Keep this report").click()
    expect(page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    ines.look("offline-report-kept")
    page.get_by_role("link", name="Back to the register").click()
    expect(card(ines, asked)).to_contain_text("does not exercise today")
    page.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('full') } }")
    mark(ines, asked, "Attended")
    shows(ines, "This phone did not keep it.")
    ines.look("offline-not-kept")
    page.reload()
    give(ines, PIN)
    besides = "1 report, 1 safety check, 1 person at the door, 1 note of how it went, 1 mark of a companion and 3 marks"
    shows(ines, f"{besides} on this phone are not sent yet.")
    ines.look("offline-written")


def kept(ines: Visitor) -> str:
    return "\n".join(ines.page.evaluate(DUMP))


def test_marks_made_without_signal_arrive_once_whatever_happens_on_the_way(
    open_window: Window, world: World, session: Session, bookings: dict[str, Booking]
) -> None:  # pitfalls 47, 48, 49, 51, 56
    avis, basil, wilhelmina = (bookings[name] for name in NAMES)
    ines = prepared(open_window)
    ines.look("offline-saved")
    register = f"/teach/classes/{session.pk}/register/"
    without_signal(ines, register)
    ines.look("offline-enter-pin")
    give(ines, PIN)
    expect(ines.page.get_by_role("heading", name="Register")).to_be_visible()
    ines.sees("No signal, or SafeFit does not answer.")
    ines.sees("No floor work")
    mark(ines, avis, "Attended")
    mark(ines, basil, "Sent home unwell")
    card(ines, avis).locator("summary").click()
    card(ines, avis).get_by_role("textbox").fill("Came with a stick")
    card(ines, avis).get_by_role("button", name="Keep the note").click()
    expect(ines.page.get_by_text("The note is kept.")).to_be_visible()
    ines.sees("2 of 3 marked, 3 not sent yet")
    ines.look("offline-register")
    card(ines, avis).get_by_label("Companion came", exact=True).check()  # pitfalls 50
    card(ines, avis).get_by_role("link", name="Write how it went").click()
    ines.page.get_by_role("button", name="Keep, then Basil").click()
    shows(ines, "Write at least one answer")
    ines.look("offline-how-it-went", error=True)
    ines.page.get_by_label("What they did").fill("Chairstands")
    ines.page.get_by_label("How hard did it feel?").fill("4")
    ines.page.get_by_role("button", name="Keep, then Basil").click()
    expect(ines.page.get_by_role("heading", name="How it went: Basil Sample")).to_be_visible()
    ines.page.get_by_role("link", name="Back to the register").click()
    expect(card(ines, basil).get_by_role("heading")).to_be_focused()
    ines.page.get_by_role("link", name="Emergency").click()
    expect(ines.page.get_by_role("heading", name="Emergency")).to_be_visible()
    ines.sees(session.venue.postcode)
    ines.look("offline-emergency")
    ines.page.get_by_role("link", name="Back to the register").click()
    write_besides_marks(ines, basil)
    ines.page.get_by_role("link", name="Emergency").click()

    ines.page.reload()
    give(ines, PIN)
    expect(ines.page.get_by_role("heading", name="Emergency")).to_be_visible()
    ines.page.get_by_role("link", name="Back to the register").click()
    expect(card(ines, basil).get_by_label("Sent home unwell", exact=True)).to_be_checked()
    mark(ines, basil, "Attended in part")  # it was a mistake, and is put right
    ines.page.evaluate("document.documentElement.style.fontSize = '200%'")
    ines.look("offline-register-large")
    ines.page.evaluate("document.documentElement.style.fontSize = ''")
    dump = kept(ines)
    # Six digits alone stand now and then within a moment in milliseconds: a number is looked for whole.
    words = "Canaryname|Featherstonehaugh|stick|Chairstands|floor|Wanda|slid|severe"
    secrets = rf".{{0,40}}(?:{words}|1632 ?960222|(?<!\d){PIN}(?!\d)).{{0,20}}"
    assert re.findall(secrets, dump) == []
    assert re.findall(secrets, f'{dump} "phone":"01632 960222", "pin":"{PIN}"') != [], "this check finds nothing"
    assert str(avis.pk) in dump, "what waits to be sent is there"
    assert not Attendance.objects.exists() and not Incident.objects.exists() and not Guest.objects.exists()

    other = NewMark(uuid.uuid4(), AttendanceState.ABSENT_TOLD, timezone.now(), avis.pk)
    take_register(session=session, marks=[other], by=world.staff["ines"].person)  # on another device
    ines.page.evaluate(  # the server is stopped before its answer arrives, once
        """() => { const real = window.fetch; window.fetch = async (...asked) => {
          const answer = await real(...asked); window.fetch = real; throw new TypeError("cut off"); } }"""
    )
    ines.context.set_offline(False)
    ines.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ines.page.locator("[data-sf-register-count]")).to_have_text("2 of 3 marked", timeout=15_000)
    assert {booking: latest(booking).state for booking in (avis, basil)} == {
        avis: "attended",
        basil: "attended_in_part",
    }
    assert latest(avis).note == "Came with a stick"
    assert Attendance.objects.filter(booking=avis).count() == 3, "both devices', and the note"
    assert Attendance.objects.filter(booking=basil).count() == 2
    tasks = set(Task.objects.values_list("kind", "subject_id"))
    assert ("marks_differ", avis.pk) in tasks
    assert {kind for kind, _ in tasks} == {
        "marks_differ", "walk_in", "not_well_call", "incident_review", "mark_without_place"
    }  # fmt: skip
    assert (Guest.objects.get().name, Incident.objects.get().what_happened) == ("Wanda Unknown", "A chair slid")
    assert SymptomCheck.objects.get().result == "cancer_line", "judged again here"
    assert CompanionMark.objects.get().came and SessionNote.objects.get().plan == "Chairstands"
    ines.sees("There is a signal again.")
    ines.look("offline-sent")
    assert {path for path in ines.page.evaluate(CACHED) if not path.startswith("/static/")} == {"/teach/offline/"}

    for address, words, button, waits in (  # with a signal again, which goes between opening and saving
        (f"{register}rest/", "Absent, told us", "Mark 1 person", "1 mark on this phone is not sent yet."),
        (register, "Sent home unwell", "Save the register", "1 mark on this phone is not sent yet."),
    ):
        ines.goto(address)
        ines.page.get_by_label(words, exact=True).last.check()
        ines.context.set_offline(True)
        ines.press(button)
        expect(ines.page.get_by_text(waits)).to_be_visible()
        ines.context.set_offline(False)
        expect(ines.page.get_by_text("not sent yet")).to_have_count(0)
    assert [mark.state for mark in Attendance.objects.filter(booking=wilhelmina).order_by("received_at")] == [
        "absent_told",
        "sent_home",
    ]
    ines.goto(register)
    ines.sees("everybody has a mark")
    mark(ines, wilhelmina, "Attended")
    ines.press("Save the register")
    ines.sees("Saved: 1 mark.")
    expect(ines.page.get_by_text("not sent yet")).to_have_count(0)
    assert Attendance.objects.filter(booking=wilhelmina).count() == 3, "what the form sent is not sent again"


def test_a_lost_telephone_tells_nothing(open_window: Window, world: World, bookings: dict[str, Booking]) -> None:
    ines = prepared(open_window)
    without_signal(ines, "/teach/")
    ines.page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000 }")
    give(ines, PIN)
    expect(ines.page.get_by_text("clock is earlier")).to_be_visible()
    ines.look("offline-clock-back")
    ines.page.reload()
    ines.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 26 * 3_600_000 }")
    give(ines, PIN)
    expect(ines.page.get_by_text("over its time, and wiped")).to_be_visible()
    ines.look("offline-expired")

    ines.context.set_offline(False)
    ines.goto("/teach/")
    expect(ines.page.get_by_text("Saved for offline at")).to_be_visible()  # the server's time is known again
    without_signal(ines, "/teach/")
    for left in ("4 tries are", "3 tries are", "2 tries are", "1 try is"):
        give(ines, "000000")
        expect(ines.page.get_by_text(left).first).to_be_visible()
    ines.look("offline-wrong-pin", error=True)
    give(ines, "000000")
    expect(ines.page.get_by_text("What was saved is wiped")).to_be_visible()
    ines.look("offline-wiped")
    assert "safefit-register/kept" not in kept(ines) and "safefit-register/lock" not in kept(ines)

    ines.context.set_offline(False)
    ines.goto("/teach/offline/")
    choose_pin(ines, "123456")
    expect(ines.page.get_by_text("not in a row").first).to_be_visible()
    ines.look("offline-choose-pin", error=True)
    choose_pin(ines)
    assert "safefit-register/kept" in kept(ines)
    stand_down(instructor=world.instructors["ines"], reason="The phone is lost", by=System.COMMAND)
    ines.goto("/teach/")
    becomes(ines, "localStorage.getItem('safefit-kept') === null")
    assert "safefit-register/" not in kept(ines)


def test_a_session_that_ended_locks_and_signing_out_warns_and_wipes_what_people_need(
    open_window: Window, world: World, bookings: dict[str, Booking]
) -> None:
    ines, avis = prepared(open_window), bookings["Avis Canaryname"]
    ines.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)  # fourteen days have passed
    ines.goto("/teach/")
    assert "safefit-register/kept" in kept(ines)
    ines.goto("/teach/offline/")
    give(ines, PIN)
    ines.page.get_by_role("link", name="Open the register").click()
    mark(ines, avis, "Attended")
    expect(ines.page.get_by_role("heading", name="Enter your PIN")).to_be_visible()
    shows(ines, "1 mark on this phone is not sent yet. Sign in to send: nothing is lost until then.")
    ines.look("offline-locked")
    give(ines, PIN)
    expect(card(ines, avis).get_by_label("Attended", exact=True)).to_be_checked()
    other = NewMark(uuid.uuid4(), AttendanceState.ABSENT_TOLD, timezone.now(), avis.pk)
    take_register(session=avis.session, marks=[other], by=world.staff["ines"].person)  # on another device
    ines.sign_in("ines")
    ines.goto("/teach/")
    expect(ines.page.get_by_text("Saved for offline at")).to_be_visible()
    assert latest(avis).state == "attended"
    ines.page.get_by_role("link", name="Read what became of it").click()
    give(ines, PIN)
    shows(ines, "1 person was marked differently on another device.")
    ines.look("offline-conflict")
    ines.goto("/teach/")
    expect(ines.page.get_by_text("Saved for offline at")).to_be_visible()

    asked: list[str] = []
    ines.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    ines.page.evaluate("localStorage.setItem('safefit-unsent', '2')")
    ines.page.get_by_role("button", name="Sign out").click()
    assert asked and asked[0].startswith("2 entries are not sent yet.")
    assert "safefit-register/kept" in kept(ines)
    ines.page.once("dialog", lambda dialog: dialog.accept())
    ines.press("Sign out")
    becomes(ines, "localStorage.getItem('safefit-kept') === null")
    assert "safefit-register/" not in kept(ines)
