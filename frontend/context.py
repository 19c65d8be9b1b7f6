"""What every page is given: who is signed in, where they may go, whom they act for.

Here: the navigation table and the context processor (settings.TEMPLATES). Not
here: who may do what (accounts/permissions.py); a hidden link guards nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.permissions import Permission, allows


@dataclass(frozen=True)
class Link:
    words: str
    name: str  # the URL's name


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
        (Permission.TAKE_PART, Permission.SUPPORT),
        (
            Link("Home", "me:home"),
            Link("Find a class", "me:classes"),
            Link("My classes", "me:bookings"),
            Link("How I am doing", "me:progress"),
            Link("My details", "me:details"),
        ),
    ),
    ((Permission.TEACH,), (Link("My teaching", "teach:sessions"), Link("Add a class", "teach:new_class"))),
    (
        (Permission.WORK_AT_DESK,),
        (
            Link("To do", "desk:worklist"),
            Link("People", "desk:people"),
            Link("Timetable", "desk:sessions"),
        ),
    ),
    ((Permission.BUILD_RELEASES,), (Link("Summaries", "desk:releases"),)),
    ((Permission.READ_RELEASES,), (Link("Summaries", "partner:releases"),)),
)


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor. A view may set `request.acting_for` to the name a supporter acts for."""
    user = getattr(request, "user", None)
    return {
        "user": user,
        "signed_in": bool(user and user.is_authenticated),
        "navigation": navigation(request.path, links_for(user)),
        "acting_for": getattr(request, "acting_for", ""),
        "demo": settings.DEMO,
    }


def links_for(user: object) -> list[Link]:
    """The menu of `user`: one block for each thing they may do, the public pages when there is none."""
    blocks = [links for permissions, links in BY_PERMISSION if any(allows(user, p) for p in permissions)]
    return [link for links in blocks for link in links] or list(PUBLIC)


def navigation(path: str, links: list[Link]) -> list[Place]:
    """The links that lead somewhere, the deepest one above `path` marked as current."""
    found = [(link.words, address) for link in links if (address := address_of(link.name))]
    above = [address for _, address in found if path == address or path.startswith(address.rstrip("/") + "/")]
    here = max(above, key=len, default=None)
    return [Place(words, address, address == here) for words, address in found]


def address_of(name: str) -> str:
    """Empty for a page that this copy does not serve: a menu never breaks the page it stands on."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
