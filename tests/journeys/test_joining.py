"""A person joins: registers, stops and comes back, is checked, signs in, books and cancels. And by telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from accounts.models import Channel, ContactPoint, User
from classes.models import Booking, BookingSource, BookingState
from messaging.models import Message, MessageState, Task, TaskState
from messaging.worklist import CALL
from participants.health import REVIEW_CLEARANCE, clearance_of
from participants.models import ClearanceState, Participant, Registration, Source
from tests.journeys.registering import ANSWERS, BORN, BY_PHONE, EMAIL, WRONG, answer_pages, page_of
from tests.journeys.visitor import DESKTOP, Visitor
from tests.journeys.world import Post, World, evening_in

Window = Callable[..., Visitor]


@pytest.mark.slow
def test_a_person_joins_and_takes_part(open_window: Window, world: World, post: Post) -> None:
    session = world.a_class()
    visitor = open_window()
    _register(visitor, open_window, post)
    person = _joined(visitor, post)

    _is_reviewed(open_window(), person)
    post.deliver()
    assert post.subjects_to(EMAIL)[-1] == "News about your SafeFit registration"

    _signs_in(visitor, post)
    visitor.goto("/me/health/")
    visitor.look("me-health-cleared")
    visitor.goto("/me/")
    visitor.look("me-home-nothing-booked")
    visitor.follow("Find a class")
    visitor.look("me-find-a-class")
    visitor.follow(session.class_type.name)
    visitor.follow("Book this class")
    visitor.press("Book this place")
    visitor.sees("Booking confirmed")
    visitor.look("joined-booked")
    booking = Booking.objects.get()
    assert (booking.participant, booking.state, booking.source) == (person, BookingState.BOOKED, BookingSource.SELF)
    visitor.goto("/me/")
    visitor.sees(session.class_type.name)
    visitor.look("me-home-booked")
    visitor.follow("My classes")
    visitor.follow(session.class_type.name)
    visitor.follow("Cancel my place")
    visitor.choose("I have an appointment")
    visitor.press("Cancel my place")
    visitor.sees("You have cancelled")
    booking.refresh_from_db()
    session.refresh_from_db()
    assert (booking.state, booking.end_reason, session.places_taken) == (BookingState.CANCELLED, "appointment", 0)
    post.deliver()  # the place was given up before its confirmation left: only the news that counts is sent
    assert Message.objects.get(kind="booking_confirmed").state == MessageState.NOT_WANTED
    assert post.subjects_to(EMAIL)[-1].endswith("is cancelled")


def _register(visitor: Visitor, open_window: Window, post: Post) -> None:
    """From the first page to the check, with a wrong answer here and there and a break in the middle."""
    visitor.goto("/")
    visitor.look("home")
    visitor.follow("Register")
    visitor.look("join")
    visitor.press("Start now")
    first = answer_pages(visitor, ANSWERS, until="emergency", wrong=WRONG, look_as="join")
    assert first.index("agree-health") < first.index("cancer"), "consent comes before the first health question"
    ANSWERS["emergency"](visitor)
    visitor.press("Save and come back later")
    visitor.look("join-later")
    visitor.fill("Your email address", "not an address")
    visitor.press("Send me a link")
    visitor.look("join-later-error", error=True)
    visitor.fill("Your email address", EMAIL)
    visitor.press("Send me a link")
    visitor.sees("We have sent you an email with a link")
    visitor.look("join-later-sent")

    link = re.search(r"https?://\S+", post.newest_to(EMAIL).body)
    assert link, "the email holds no link"
    elsewhere = open_window()  # another browser: nothing but the link and the date of birth is known
    elsewhere.goto(urlsplit(link.group()).path)
    elsewhere.look("join-return")
    elsewhere.fill_date("born", BORN.replace(year=1959))
    elsewhere.press("Carry on")
    elsewhere.look("join-return-error", error=True)
    elsewhere.fill_date("born", BORN)
    elsewhere.press("Carry on")
    assert page_of(elsewhere) == "nhs-number", "nothing that was saved is asked again"

    visitor.follow("Carry on now")  # it was put away: whoever is at this computer now says who they are
    visitor.look("join-carry-on-now")
    visitor.fill_date("born", BORN)
    visitor.press("Carry on")
    answer_pages(visitor, ANSWERS, until="check", wrong=WRONG, look_as="join")
    visitor.sees("BH24 1AA")
    visitor.look("join-check")
    visitor.press("Send my registration")


def _joined(visitor: Visitor, post: Post) -> Participant:
    visitor.sees("Waiting for us to check it is safe for you")
    visitor.look("join-done")
    person = Participant.objects.get()
    assert Registration.objects.get().participant == person
    assert User.objects.filter(email=EMAIL, person=person.person).exists()
    assert set(person.person.access_needs.values_list("kind", flat=True)) == {"lip_reads", "more_time"}
    given = {event.text.kind: event.given for event in person.consent_events.select_related("text")}
    assert given == {
        "service": True, "health": True, "instructors": True, "summaries": True, "research": False, "studies": False,
        "recording": False,
    }  # fmt: skip
    clearance = clearance_of(person)
    assert clearance and clearance.state == ClearanceState.NEEDS_REVIEW
    post.deliver()
    assert person.reference in post.newest_to(EMAIL).body
    return person


def _is_reviewed(clare: Visitor, person: Participant) -> None:
    """Clare finds the task, reads the answers and decides."""
    clare.sign_in("clare")
    clare.look("desk-worklist")
    clare.follow("Jo Invented")
    clare.look("desk-task-review")
    clare.press("I will do it")
    clare.look("desk-task-mine")
    clare.goto(f"/desk/people/{person.pk}/clearance/")
    clare.sees("My bones are thin")
    clare.look("desk-review-clearance")
    clare.press("Decide")
    clare.sees("Select your decision")
    clare.look("desk-review-clearance-error", error=True)
    clare.choose("Cleared with adaptations")
    clare.choose("No loaded bending or twisting of the spine")
    clare.choose("No floor work")
    clare.fill("Note for the instructor", "Offer a chair first.")
    clare.press("Decide")
    clare.sees("Decided. They are being told.")
    clare.look("desk-person")
    clearance = clearance_of(person)
    assert clearance and clearance.state == ClearanceState.CLEARED_WITH_ADAPTATIONS
    assert {"no_loaded_spine", "no_floor_work"} <= set(clearance.adaptations)
    assert clearance.decided_by and clearance.decided_by.given_name == "Clare"
    assert Task.objects.get(kind=REVIEW_CLEARANCE).state == TaskState.DONE
    clare.follow("To do")
    clare.sees("Nothing to do")
    clare.look("desk-worklist-empty")


def _signs_in(visitor: Visitor, post: Post) -> None:
    visitor.goto("/")
    visitor.follow("Sign in")
    visitor.look("sign-in")
    visitor.press("Email me a code")
    visitor.look("sign-in-error", error=True)
    visitor.fill("Email address", EMAIL)
    visitor.press("Email me a code")
    visitor.look("sign-in-code")
    code = re.search(r"\b\d{6}\b", post.newest_to(EMAIL).body)
    assert code, "the email holds no code"
    wrong = "000000" if code.group() != "000000" else "111111"
    visitor.page.locator("input[name=code]").fill(wrong)
    visitor.press("Sign in")
    visitor.sees("That code is not right")
    visitor.look("sign-in-code-error", error=True)
    visitor.page.locator("input[name=code]").fill(code.group())
    visitor.press("Sign in")
    visitor.sees("What is your date of birth?")
    visitor.look("first-sign-in")
    visitor.fill_date("born", BORN.replace(year=1957))
    visitor.press("Sign in")
    visitor.sees("This is not the date of birth we have")
    visitor.look("first-sign-in-error", error=True)
    visitor.fill_date("born", BORN)
    visitor.press("Sign in")
    visitor.sees("Hello Jo")


@pytest.mark.slow
def test_the_desk_registers_somebody_by_telephone_and_her_daughter_books(
    open_window: Window, world: World, post: Post
) -> None:
    first, second = world.a_class(), world.a_class("Steady circuits", starts_at=evening_in(days=5))
    dee = open_window(width=DESKTOP)
    dee.sign_in("dee")
    dee.follow("People")
    dee.look("desk-people")
    dee.press("Find")
    dee.look("desk-people-error", error=True)
    dee.follow("Register somebody")
    dee.look("desk-register")
    dee.press("Start")
    dee.look("desk-register-name")
    answer_pages(dee, BY_PHONE, until="check")
    dee.look("desk-register-check")
    dee.press("Send the registration")
    dee.sees("Registered. Their reference is")
    dee.look("desk-person-phyllis")
    phyllis = Participant.objects.get()
    assert (phyllis.source, phyllis.entered_by) == (Source.DESK, world.staff["dee"].person)
    assert not User.objects.filter(person=phyllis.person).exists()
    assert [*ContactPoint.objects.filter(person=phyllis.person).values_list("channel", flat=True)] == [Channel.PHONE]

    dee.is_told_by(phyllis.person.full_name)
    dee.press("Book a class for them")
    dee.sees("You are booking for Phyllis")
    dee.look("desk-book-for")
    dee.follow(first.class_type.name)
    dee.follow("Book this class")
    dee.press("Book this place")
    dee.sees("Booking confirmed")
    dee.look("desk-booked-for")
    assert Booking.objects.get().source == BookingSource.DESK
    post.deliver()
    assert post.subjects_to("") == [] and Task.objects.filter(kind=CALL, about=phyllis.person).exists()
    dee.goto("/desk/")
    dee.follow("Call with a message")
    dee.sees("18002")
    dee.look("desk-task-call")

    sues = world.helper("Sue Helper", phyllis)
    other = world.someone("Quinn Sample")
    sue = open_window(width=320)
    sue.sign_in("sue")
    sue.look("supporter-home")
    sue.press("Book for Phyllis")
    sue.sees("You are booking for Phyllis")
    sue.look("supporter-classes")
    sue.follow(second.class_type.name)
    sue.follow("Book this class")
    sue.press("Book this place")
    sue.look("supporter-booked")
    booking = phyllis.bookings.get(session=second)
    assert (booking.source, booking.made_by) == (BookingSource.SUPPORTER, sues.person)
    # The scope is to book: nobody else's, and nothing of her health.
    assert sue.status_of("/me/health/") == 403
    assert sue.status_of(f"/desk/people/{phyllis.pk}/") in (403, 404)
    assert sue.status_of_post(f"/me/act-for/{other.pk}/") == 404
