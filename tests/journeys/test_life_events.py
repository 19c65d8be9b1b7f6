"""A break and the way back on a phone; and what the desk does when somebody has died."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from classes.models import Booking, BookingSource, BookingState
from classes.places.booking import book_place
from messaging.models import Message, MessageState, Task
from participants import health
from participants.health_content import health_questions
from participants.models import EnrolmentPause, Participant, ParticipantStatus
from safefit.demo.people import WELL
from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.journeys.world import World

Window = Callable[..., Visitor]


def place_of(participant: Participant, world: World, **fields: Any) -> Booking:
    session = world.a_class(**fields)
    return book_place(participant=participant, session=session, by=participant.person, source=BookingSource.SELF)


def answer_everything(visitor: Visitor, **other: str) -> None:
    """Every question of the page as somebody who is well answers it; `other` by question, as a value."""
    for question in health_questions().asked_of_all:
        said = other.get(question.id) or WELL[question.id]
        value = said if isinstance(said, str) else said[0]
        visitor.page.locator(f'[name="{question.id}"][value="{value}"]').check()


def test_somebody_takes_a_break_and_comes_back(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    place = place_of(pat, world)
    visitor = open_window(width=PHONE)
    visitor.sign_in("pat")
    visitor.sees("You are in week 1 of your programme")
    visitor.look("home-where-i-am")
    visitor.follow("I need a break")
    visitor.sees("1 class that you have booked")
    visitor.look("break")
    visitor.press("Start my break")
    visitor.look("break-error", error=True)
    visitor.choose("Treatment")
    visitor.fill_date("review_on", timezone.localdate() + dt.timedelta(days=20))
    visitor.press("Start my break")
    visitor.sees("Your break has begun")
    visitor.look("break-going-on")
    place.refresh_from_db()
    assert (place.state, place.end_reason) == (BookingState.CANCELLED, "paused")

    visitor.fill_date("review_on", timezone.localdate() + dt.timedelta(days=30))
    visitor.press("Change the day")
    assert EnrolmentPause.objects.get().review_on == timezone.localdate() + dt.timedelta(days=30)
    visitor.goto("/me/")
    visitor.sees("You are having a break")
    visitor.look("home-on-a-break")
    visitor.follow("Come back, or take longer")
    visitor.press("I am ready to come back")
    assert visitor.heading == "My health has changed"
    visitor.sees("Last time, on")
    visitor.look("health-again")
    answer_everything(visitor)
    visitor.press("Send my answers")
    visitor.sees("You can book classes until")
    visitor.look("health-answered")
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE


def test_a_place_that_is_being_checked_says_so_and_what_to_do(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    place = place_of(pat, world)
    visitor = open_window()
    visitor.sign_in("pat")
    visitor.goto("/me/health/changed/")
    answer_everything(visitor, surgery="yes")
    visitor.press("Send my answers")
    visitor.sees("One of our team is reading your answers")
    visitor.look("health-answered-review")
    visitor.goto("/me/bookings/")
    visitor.sees("We are checking that this class is safe for you")
    visitor.look("my-classes-in-doubt")
    visitor.goto(f"/me/bookings/{place.pk}/")
    visitor.sees("We keep the place until")
    visitor.look("place-in-doubt")


def test_the_desk_asks_about_health_by_phone_and_moves_a_break(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    dee = open_window()
    dee.sign_in("dee")
    dee.goto(f"/desk/people/{pat.pk}/")
    dee.sees("Not identified yet")
    dee.look("desk-person-not-identified")
    dee.is_told_by("Pat Example")
    dee.sees("Pat Example is on the line, known by date of birth and reference.")
    dee.look("desk-person-identified")
    dee.follow("Ask the health questions by phone")
    dee.look("desk-ask-health")
    answer_everything(dee, surgery="yes")
    dee.press("Keep their answers")
    dee.sees("somebody will be in touch by")
    dee.follow("Pause")
    dee.look("desk-pause")
    dee.choose("Away")
    dee.press("Pause")
    dee.sees("Paused.")
    dee.look("desk-person-paused")
    dee.follow("Their break")
    dee.look("desk-their-break")
    dee.press("Back from the break")
    dee.sees("Back in the programme")
    assert health.clearance_of(pat).state == "paused"  # type: ignore[union-attr]


def test_the_desk_records_a_death(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    sam = world.helper("Sam Helper", pat)
    place_of(pat, world)
    helping = open_window(width=DESKTOP)
    helping.sign_in("sam")
    helping.sees("Book for Pat")

    dee = open_window()
    dee.sign_in("dee")
    dee.goto(f"/desk/people/{pat.pk}/")
    dee.follow("They have died, are in the care of a hospice, or want no more contact")
    dee.sees("1 class booked or waited for")
    dee.sees("Help: Sam Helper can do and see nothing more")
    dee.look("desk-stop")
    dee.press("End everything")
    dee.look("desk-stop-error", error=True)
    dee.choose("They have died")
    dee.choose("I will write to the family")
    dee.press("End everything")
    dee.sees("Pat Example has died. Do not write to them, and do not call them.")
    dee.look("desk-person-stopped")
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.DIED
    assert set(Message.objects.filter(person=pat.person).values_list("state", flat=True)) == {MessageState.NOT_WANTED}
    helping.goto("/me/")
    helping.does_not_see("Book for Pat")
    assert not Participant.objects.supported_by(sam).exists()

    letter = Task.objects.get(kind="write_to_family")
    dee.goto(f"/desk/tasks/{letter.pk}/")
    dee.look("desk-task-family")
    dee.goto(f"/desk/people/{pat.pk}/")
    dee.press("It was a mistake: take it back")
    dee.sees("Their places are not given back")
    dee.look("desk-person-restored")
