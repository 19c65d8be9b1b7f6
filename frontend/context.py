"""What every page is given: who is signed in, where they may go, whom they act for.

Here: the navigation table and the context processor (settings.TEMPLATES). Not
here: who may do what (accounts/permissions.py); a hidden link guards nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.idle import idle_after
from accounts.permissions import Permission, allows
from frontend.acting import name_acted_for
from frontend.keeper import keeper_of
from frontend.on_the_phone import call_of
from frontend.page_feedback import asked_about
from frontend.reading_out import read_out_in_call
from frontend.site_notices import site_notices
from messaging.access import most_pressing_at_desk_of
from messaging.models import Task

MOST_SHOWN = 2  # one is opened from any page, more from the list


@dataclass(frozen=True)
class Link:
    words: str
    name: str  # the URL's name
    also: tuple[str, ...] = ()  # addresses of pages that belong to this one without lying below it


@dataclass(frozen=True)
class Place:
    """A link of the menu as this person sees it; `current` is where they are."""

    words: str
    url: str
    current: bool


PUBLIC = (
    Link("Find a class", "public:classes"),
    Link("Who can join", "public:who_can_join"),
    Link("How it works", "public:about"),
)
BY_PERMISSION: tuple[tuple[tuple[Permission, ...], tuple[Link, ...]], ...] = (
    (
        (Permission.TAKE_PART,),
        (
            Link("Home", "me:home"),
            Link("Find a class", "me:classes", ("/classes/",)),
            Link("My classes", "me:bookings"),
            Link("How I am doing", "me:progress", ("/me/wellbeing/", "/me/goals/")),
            Link(
                "My details",
                "me:details",
                (
                    "/me/health/",
                    "/me/supporters/",
                    "/me/clinical-team/",
                    "/me/letters/",
                    "/me/studies/",
                    "/me/research/",
                    "/me/record/",
                ),  # fmt: skip
            ),
        ),
    ),
    (
        (Permission.SUPPORT,),  # the same pages, in the words of somebody who has none of this for themselves
        (
            Link("Home", "me:home"),
            Link("Find a class", "me:classes", ("/classes/",)),
            Link("Booked classes", "me:bookings"),
            Link("Questions", "me:progress", ("/me/wellbeing/",)),
            Link("People I help", "me:supporters", ("/me/details/", "/me/record/")),
        ),
    ),
    ((Permission.TEACH,), (Link("My teaching", "teach:sessions"), Link("Add a class", "teach:new_class"))),
    (
        (Permission.WORK_AT_DESK,),
        (
            Link("To do", "desk:worklist"),
            Link("People", "desk:people", ("/desk/needs/", "/desk/bookings/", "/desk/wellbeing/")),
            Link("Timetable", "desk:sessions", ("/desk/lists/", "/desk/instructors/")),
        ),
    ),
    ((Permission.PUBLISH_FOR_ANYONE,), (Link("Questionnaires", "desk:questionnaires"),)),
    ((Permission.BUILD_RELEASES,), (Link("Summaries", "desk:releases", ("/desk/studies/", "/desk/what-it-is-like/")),)),
    ((Permission.HANDLE_EXTRACTS,), (Link("Research", "desk:research"),)),
    ((Permission.READ_RELEASES,), (Link("Summaries", "partner:releases"),)),
    ((Permission.DECIDE_CLEARANCE, Permission.CONFIGURE), (Link("Safety content", "content:overview"),)),
    ((Permission.CONFIGURE,), (Link("Who may do what", "staff:everybody"),)),
)


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor. A view may set `request.typing_for` to the name of whoever's answers are typed in."""
    user = getattr(request, "user", None)
    return {
        "user": user,
        "signed_in": bool(user and user.is_authenticated),
        "navigation": navigation(request.path, links_for(user)),
        "acting_for": name_acted_for(request),
        "on_the_phone": call_of(request),
        "to_read_out": lambda: read_out_in_call(request),
        "cannot_wait": cannot_wait_for(request),
        "typing_for": getattr(request, "typing_for", ""),
        "demo": settings.DEMO,
        "keeper": keeper_of(user),
        "site_notices": lambda: site_notices(request),
        "asks_of_page": None if call_of(request) else asked_about(request),  # in a call it is in the way
        "idle_seconds": int(limit.total_seconds()) if (limit := idle_after(user)) else None,
    }


def cannot_wait_for(request: HttpRequest) -> Callable[[], list[Task]]:
    """What nobody has taken yet, asked only by a page that is drawn, of whoever works at a desk.

    The list of what is to be done, and the page of each task, say so by themselves.
    """
    user = getattr(request, "user", None)
    desk = address_of("desk:worklist")
    if not allows(user, Permission.WORK_AT_DESK) or request.path == desk or request.path.startswith(f"{desk}tasks/"):
        return list
    return lambda: most_pressing_at_desk_of(user, MOST_SHOWN)


def links_for(user: object) -> list[Link]:
    """The menu of `user`: one block for each thing they may do, the public pages when there is none."""
    found: dict[str, Link] = {}
    for permissions, links in BY_PERMISSION:
        if any(allows(user, permission) for permission in permissions):
            for link in links:
                found.setdefault(link.name, link)
    return list(found.values()) or list(PUBLIC)


def navigation(path: str, links: list[Link]) -> list[Place]:
    """The links that lead somewhere, the deepest one above `path` marked as current."""
    found = [(link, address) for link in links if (address := address_of(link.name))]
    above = [(root, link) for link, address in found for root in (address, *link.also) if path.startswith(root)]
    _, here = max(above, key=lambda one: len(one[0]), default=("", None))
    return [Place(link.words, address, link is here) for link, address in found]


def address_of(name: str) -> str:
    """Empty for a page that this copy does not serve: a menu never breaks the page it stands on."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
