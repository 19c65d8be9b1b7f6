"""The same pages in other hands: without scripts, by keyboard alone, at twice the size, with motion turned off."""

from __future__ import annotations

import re
from collections.abc import Callable

from classes.models import Attendance, Booking, BookingState
from outcomes.models import Assessment, AssessmentState, Response
from tests.journeys.registering import page_of
from tests.journeys.test_teaching import MARKS, begun_class, card
from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.journeys.world import Post, World

Window = Callable[..., Visitor]


def test_the_whole_way_without_scripts(open_window: Window, world: World) -> None:
    session, bookings = begun_class(world)
    coming = world.a_class("Steady circuits")
    pat = world.someone("Pat Example")

    visitor = open_window(width=PHONE, javascript=False)
    visitor.sign_in("pat")
    visitor.follow("Find a class")
    visitor.look("no-script-find-a-class")
    visitor.follow(coming.class_type.name)
    visitor.follow("Book this class")
    visitor.press("Book this place")
    visitor.sees("Booking confirmed")
    assert Booking.objects.get(session=coming).state == BookingState.BOOKED

    visitor.goto("/me/")
    visitor.follow("SafeFit wellbeing check")
    visitor.follow("Start")
    visitor.press("Save and continue")
    visitor.look("no-script-wellbeing-error", error=True)
    while page_of(visitor) not in ("act_days", "answers"):
        visitor.choose("6")
        visitor.press("Save and continue")
    visitor.choose("0")
    visitor.press("Save and continue")
    visitor.look("no-script-wellbeing-answers")
    visitor.press("Send my answers")
    visitor.sees("Your answers have been sent")
    assert Response.objects.get().answers["energy"] == 6
    assert Assessment.objects.get(participant=pat, timepoint__code="start").state == AssessmentState.SUBMITTED

    ines = open_window(width=PHONE, javascript=False)
    ines.sign_in("ines")
    ines.follow("Open the register")
    for name, (_, words) in MARKS.items():
        card(ines, bookings[name]).get_by_label(words, exact=True).check()
    ines.press("Save the register")
    ines.sees("Saved: 6 marks.")
    ines.look("no-script-register")
    assert Attendance.objects.filter(session=session).count() == len(MARKS)


def test_a_class_is_booked_by_keyboard_alone(open_window: Window, world: World, post: Post) -> None:
    session = world.a_class()
    world.someone("Pat Example")
    visitor = open_window(width=DESKTOP)
    keys = visitor.page.keyboard
    visitor.goto("/account/sign-in/")
    visitor.tab_to("Skip to main content", within=1)
    keys.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "maincontent"
    keys.press("Tab")
    assert visitor.page.evaluate("document.activeElement.type") == "email", "the skip link passes the menu by"
    keys.type("pat@demo.safefit.example")
    visitor.press_enter()
    code = re.search(r"\b\d{6}\b", post.newest_to("pat@demo.safefit.example").body)
    assert code
    for _ in range(40):
        keys.press("Tab")
        if visitor.page.evaluate("document.activeElement.name") == "code":
            break
    keys.type(code.group())
    visitor.press_enter()
    visitor.sees("What is your date of birth?")
    for name, part in (("day", "14"), ("month", "3"), ("year", "1958")):
        for _ in range(40):
            keys.press("Tab")
            if visitor.page.evaluate("document.activeElement.name") == f"born-{name}":
                break
        keys.type(part)
    visitor.press_enter()
    visitor.sees("Hello Pat")
    for words in ("Find a class", session.class_type.name, "Book this class", "Book this place"):
        visitor.tab_to(words)
        visitor.press_enter()
    visitor.sees("Booking confirmed")
    assert Booking.objects.get().state == BookingState.BOOKED


def test_pages_keep_together_at_twice_the_size(open_window: Window, world: World) -> None:
    session, _ = begun_class(world)
    coming = world.a_class("Steady circuits")
    world.someone("Pat Example")
    zoomed = open_window(width=640, device_scale_factor=2)  # a window of 1280 at 200 %
    zoomed.sign_in("pat")
    for name, path in {
        "home": "/me/",
        "find": "/me/classes/",
        "class": f"/classes/{coming.pk}/",
        "details": "/me/details/",
        "join": "/join/",
    }.items():
        zoomed.goto(path)
        zoomed.look(f"zoom-{name}")
    ines = open_window(width=640, device_scale_factor=2)
    ines.sign_in("ines")
    ines.goto(f"/teach/classes/{session.pk}/register/")
    ines.look("zoom-register")


def test_text_at_twice_the_size_stays_inside_the_window(open_window: Window, world: World) -> None:
    coming = world.a_class()
    visitor = open_window(width=DESKTOP)
    visitor.context.new_cdp_session(visitor.page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
    )
    for name, path in {
        "home": "/",
        "classes": "/classes/",
        "class": f"/classes/{coming.pk}/",
        "join": "/join/",
    }.items():
        visitor.goto(path)
        size = visitor.page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
        assert size >= 32, "the text follows the reader's own size"
        visitor.look(f"large-text-{name}")


def test_nothing_moves_for_whoever_asked_for_less_motion(open_window: Window, world: World) -> None:
    world.a_class()
    visitor = open_window(reduced_motion="reduce")
    for path in ("/", "/classes/", "/join/"):
        visitor.goto(path)
        moving = visitor.page.evaluate(
            """[...document.querySelectorAll('*')].filter(one => {
                const s = getComputedStyle(one);
                const milliseconds = t => parseFloat(t) * (t.includes('ms') ? 1 : 1000);
                const longest = list => Math.max(...list.split(',').map(milliseconds));
                return longest(s.transitionDuration) > 10 || longest(s.animationDuration) > 10
                    || s.scrollBehavior === 'smooth';
            }).map(one => one.outerHTML.slice(0, 120))"""
        )
        assert moving == []
        visitor.look(f"still-{path.strip('/') or 'home'}")
