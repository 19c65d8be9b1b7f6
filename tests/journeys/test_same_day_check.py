"""The safety check on the day of a class in a real browser: alone, as a scribe, by phone, aloud at the class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

import pytest
from django.utils import timezone

from classes.models import Booking, BookingSource, BookingState, SymptomCheck
from classes.places.booking import book_place
from classes.same_day.symptom_questions import shipped_questions
from participants.models import Participant, SupporterScope
from tests.factories.symptoms import LETTERS
from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.journeys.world import Post, World

Window = Callable[..., Visitor]
LINK = "https://meet.example.org/secret"


def place_today(world: World, person: Participant, *, online: bool = False, minutes: int = 90) -> Booking:
    """A place in a class that starts in so many minutes."""
    where = {"mode": "remote", "venue": None, "room": None, "join_url": LINK} if online else {}
    session = world.a_class(starts_at=timezone.now() + dt.timedelta(minutes=minutes), **where)
    return book_place(participant=person, session=session, by=person.person, source=BookingSource.SELF)


def say(visitor: Visitor, *yes: str, leave_out: Collection[str] = ()) -> None:
    """Answer on the page: yes to these letters of the design, no to the others."""
    for letter, name in LETTERS.items():
        if letter not in leave_out:
            said = "yes" if letter in yes else "no"
            visitor.page.locator(f'[name="{name}"][value="{said}"]').check()


def test_on_the_morning_of_a_class(open_window: Window, world: World, post: Post) -> None:
    pat = world.someone("Pat Example")
    place = place_today(world, pat)
    visitor = open_window()
    visitor.sign_in("pat")
    visitor.sees(": answer the safety check")
    visitor.look("check-home")
    visitor.follow("Answer the safety check")
    assert visitor.heading == "Your safety check"
    visitor.look("check-questions")
    say(visitor, "h", leave_out="ag")
    visitor.press("Send the answers")
    visitor.sees("Answer yes or no: feeling unwell, hot or shivery")
    visitor.look("check-error", error=True)
    visitor.page.locator(".nhsuk-error-summary a").first.click()
    assert visitor.page.evaluate("document.activeElement.name") == "unwell"
    assert visitor.page.locator('[name="fall"][value="yes"]').is_checked(), "nothing is lost"
    say(visitor, "h")
    visitor.press("Send the answers")
    assert visitor.heading == "Talk to your instructor first"
    visitor.look("check-talk-first")
    visitor.follow("Something has changed: answer again")
    say(visitor)
    visitor.press("Send the answers")
    assert visitor.heading == "You are ready for your class"
    visitor.look("check-ready")
    visitor.goto(f"/me/bookings/{place.pk}/")
    visitor.sees("Safety check done")
    visitor.look("check-place")
    visitor.follow("Something has changed: answer again")
    say(visitor, "b", leave_out="acdefgh")
    visitor.press("Send the answers")
    visitor.sees("Call 999 now")
    visitor.look("check-error-that-cannot-wait", error=True)
    say(visitor, "b")
    visitor.press("Send the answers")
    assert visitor.heading == "Call 999 now" and visitor.page.title().startswith("Call 999 now")
    visitor.look("check-call-999")
    place.refresh_from_db()
    assert place.state == BookingState.CANCELLED
    visitor.goto("/me/")
    visitor.does_not_see("answer the safety check")
    visitor.goto("/me/health/")
    visitor.look("check-health-afterwards")


def test_the_24_hour_line_and_what_a_screen_reader_meets_first(open_window: Window, world: World) -> None:
    place = place_today(world, world.someone("Pat Example"))
    visitor = open_window(width=390)
    visitor.sign_in("pat")
    visitor.goto(f"/me/bookings/{place.pk}/check/")
    read = visitor.page.locator("main").aria_snapshot()
    asked = [f'group "{question.ask}' for question in shipped_questions()]
    assert [read.index(words) for words in asked] == sorted(read.index(words) for words in asked)
    assert read.index('heading "Your safety check"') < read.index(asked[0]) < read.index('button "Send the answers"')
    visitor.look("check-questions-390")
    say(visitor, "e")
    visitor.press("Send the answers")
    read = visitor.page.locator("main").aria_snapshot()
    order = [
        'heading "Call the 24-hour line',
        'link "No card? Call NHS 111"',
        'heading "What to do"',
        'heading "What happened to',
    ]
    assert [read.index(words) for words in order] == sorted(read.index(words) for words in order)
    visitor.look("check-24-hour-line")


def test_text_at_twice_the_size_on_a_small_phone(open_window: Window, world: World) -> None:
    place = place_today(world, world.someone("Pat Example"))
    visitor = open_window(width=PHONE)
    visitor.enlarge_text()
    visitor.sign_in("pat")
    visitor.look("check-large-home")
    visitor.goto(f"/me/bookings/{place.pk}/check/")
    visitor.look("check-large-questions")
    visitor.press("Send the answers")
    visitor.look("check-large-error", error=True)
    say(visitor, "b")
    visitor.press("Send the answers")
    visitor.look("check-large-999")


def test_without_scripts_into_an_online_class(open_window: Window, world: World) -> None:
    place = place_today(world, world.someone("Pat Example"), online=True, minutes=10)
    visitor = open_window(width=PHONE, javascript=False)
    visitor.sign_in("pat")
    visitor.goto(f"/me/bookings/{place.pk}/join/")
    visitor.look("check-join-first")
    visitor.follow("Answer the safety check")
    visitor.press("Send the answers")
    visitor.look("check-no-script-error", error=True)
    say(visitor)
    visitor.press("Send the answers")
    visitor.look("check-ready-online")
    visitor.follow("Go to the class")
    visitor.sees("Your instructor sees these answers during the class")
    assert SymptomCheck.objects.get().result == "ready"


def test_by_keyboard_alone(open_window: Window, world: World) -> None:
    place = place_today(world, world.someone("Pat Example"))
    visitor = open_window(width=DESKTOP)
    visitor.sign_in("pat")
    visitor.tab_to("Answer the safety check")
    visitor.press_enter()
    for question in shipped_questions():
        for _ in range(40):
            visitor.page.keyboard.press("Tab")
            if visitor.page.evaluate("document.activeElement.name") == question.id:
                break
        visitor.page.keyboard.press("ArrowRight")
        assert visitor.page.evaluate("document.activeElement.value") == "no"
    visitor.tab_to("Send the answers", within=2)
    visitor.press_enter()
    assert visitor.heading == "You are ready for your class"
    assert SymptomCheck.objects.get().booking == place


def test_a_supporter_types_for_somebody(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    place = place_today(world, pat)
    sam = world.helper("Sam Helper", pat)
    pat.supporters.filter(person=sam.person).update(scopes=[SupporterScope.SCRIBE])
    visitor = open_window()
    visitor.sign_in("sam")
    visitor.sees("The class of Pat")
    visitor.look("check-scribe-home")
    visitor.follow("Answer for Pat")
    visitor.sees("You are typing for Pat")
    visitor.look("check-scribe-questions")
    say(visitor, "b")
    visitor.press("Send the answers")
    assert visitor.heading == "Call 999 now for Pat"
    visitor.look("check-scribe-999")
    check = SymptomCheck.objects.get()
    assert (check.mode, check.by, check.booking) == ("scribe", sam.person, place)


def test_by_phone_through_the_desk(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    place_today(world, pat)
    visitor = open_window()
    visitor.sign_in("dee")
    visitor.goto(f"/desk/people/{pat.pk}/")
    visitor.is_told_by(pat.person.full_name)
    visitor.follow("Same-day safety check by phone")
    visitor.look("check-desk-list")
    visitor.follow("Balance and breathing")
    visitor.look("check-desk-questions")
    visitor.press("Send the answers")
    visitor.look("check-desk-error", error=True)
    say(visitor, "a", "f")
    visitor.press("Send the answers")
    assert visitor.heading == "Ask Pat to call the 24-hour line on their alert card"
    visitor.look("check-desk-result")
    visitor.goto("/desk/")
    visitor.follow("Call: not well on the day: Pat Example")
    visitor.look("check-desk-not-well-call")
    visitor.follow("What they answered, and their classes")
    visitor.sees("Feeling unwell, hot or shivery")
    visitor.look("check-desk-answered")


def test_aloud_at_the_class(open_window: Window, world: World) -> None:
    pat, quinn, rory = (world.someone(name) for name in ("Pat Example", "Quinn Sample", "Rory Test"))
    first = place_today(world, pat)
    for other in (quinn, rory):
        book_place(participant=other, session=first.session, by=other.person, source=BookingSource.SELF)
    visitor = open_window()
    visitor.sign_in("ines")
    register = f"/teach/classes/{first.session_id}/register/"
    visitor.goto(register)
    visitor.look("check-register")
    visitor.page.get_by_role("link", name="Ask the safety questions aloud: Quinn Sample").click()
    visitor.look("check-aloud-questions")
    visitor.press("Send the answers")
    visitor.look("check-aloud-error", error=True)
    say(visitor, "f")
    visitor.press("Send the answers")
    assert visitor.heading == "Talk with Quinn first"
    visitor.look("check-aloud-talk-first")
    visitor.follow("Write down the talk")
    visitor.look("check-talk")
    visitor.press("Save")
    visitor.look("check-talk-error", error=True)
    visitor.choose("They can take part today")
    visitor.fill("What was said", "Treatment yesterday, feels well. Goes slowly, sits when tired.")
    visitor.press("Save")
    visitor.sees("Saved for Quinn.")
    visitor.page.get_by_role("link", name="Ask the safety questions aloud: Rory Test").click()
    say(visitor, "b")
    visitor.press("Send the answers")
    assert visitor.heading == "999 now for Rory"
    visitor.look("check-aloud-999")
    visitor.follow("Back to the register")
    visitor.sees("Rory does not exercise today.")
    visitor.look("check-register-afterwards")


@pytest.mark.parametrize("letter", ["b", ""])
def test_who_was_signed_out_goes_on_where_they_were(open_window: Window, world: World, letter: str) -> None:
    place = place_today(world, world.someone("Pat Example"))
    visitor = open_window(width=PHONE)
    visitor.sign_in("pat")
    visitor.goto(f"/me/bookings/{place.pk}/check/")
    say(visitor, *letter)
    visitor.context.clear_cookies(name="sessionid")
    visitor.complaints.clear()
    visitor.press("Send the answers")
    visitor.sees("Your answers are not sent yet")
    visitor.complaints = [words for words in visitor.complaints if "401" not in words]
    visitor.look(f"check-signed-out{'-999' if letter else ''}")
