"""Leaving, and having everything deleted, on a phone: what somebody reads on the way, and what is left of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts.history import System
from accounts.models import ContactPoint, Person, User
from classes.models import BookingState
from participants.models import Participant, ParticipantStatus
from records.erasing.asking import erase_confirmed
from safefit.demo import cast
from tests.journeys.test_life_events import place_of
from tests.journeys.visitor import PHONE, Visitor
from tests.journeys.world import Post, World

Window = Callable[..., Visitor]
MAILBOX = f"pat@{cast.DOMAIN}"


def test_somebody_leaves_and_has_everything_deleted(open_window: Window, world: World, post: Post) -> None:
    pat = world.someone("Pat Example")
    place = place_of(pat, world)
    visitor = open_window(width=PHONE)
    visitor.sign_in("pat")
    visitor.follow("My details")
    visitor.follow("Leave SafeFit")
    visitor.sees("We cancel the classes you have booked")
    visitor.look("leave")
    visitor.choose("Moving away")
    visitor.press("Leave SafeFit")
    visitor.sees("You have left")
    visitor.look("left")
    place.refresh_from_db()
    pat.refresh_from_db()
    assert (place.state, pat.status) == (BookingState.CANCELLED, ParticipantStatus.WITHDRAWN)

    visitor.goto("/me/record/")
    visitor.follow("See what that means")
    visitor.sees("This cannot be undone")
    visitor.look("delete")
    visitor.press("Send me a code")
    visitor.look("delete-code")
    visitor.fill("Your code", "000000")
    visitor.press("Delete everything")
    visitor.sees("4 tries left")
    visitor.look("delete-code-error", error=True)
    post.deliver()
    code = re.search(r"\b\d{6}\b", str(post.newest_to(MAILBOX).body))
    assert code is not None, post.newest_to(MAILBOX).body
    visitor.fill("Your code", code[0])
    visitor.press("Delete everything")
    visitor.sees("You are signed out, and your classes are cancelled")
    visitor.look("being-deleted")
    visitor.goto("/me/")
    assert visitor.heading == "Sign in"

    post.deliver()
    erase_confirmed(by=System.WORKER)
    assert not Participant.objects.filter(reference=pat.reference).exists()
    assert "Example" not in set(Person.objects.values_list("family_name", flat=True))
    assert not User.objects.filter(email=MAILBOX).exists() and not ContactPoint.objects.filter(value=MAILBOX).exists()
