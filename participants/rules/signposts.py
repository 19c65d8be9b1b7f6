"""Where else to turn: what somebody reads who cannot join, by reason, or whose programme has ended. PURE: no Django.

Here: reading and checking what content says. Not here: which version is used
now (health_content.py), who cannot join (admission.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from participants.rules.admission import Reason


class BadSignposts(ValueError):
    """Content that cannot be used; says which part of it, and why."""


@dataclass(frozen=True)
class Place:
    """Somewhere else to turn to."""

    name: str
    what: str
    link: str = ""


@dataclass(frozen=True)
class Signpost:
    reason: Reason
    words: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Onward:
    """Where somebody goes on being active when their programme has ended."""

    words: str
    places: tuple[Place, ...]


def read_signposts(content: Mapping[str, Any]) -> tuple[Signpost, ...]:
    """Check and freeze what content says: words and places for every reason. Raises BadSignposts."""
    return tuple(_signpost(reason, content.get(reason.value)) for reason in Reason)


def _signpost(reason: Reason, raw: Mapping[str, Any] | None) -> Signpost:
    if not raw or not raw.get("place"):
        raise BadSignposts(f"{reason.value}: there is nowhere to turn.")
    return Signpost(reason, raw["words"], _places(raw["place"]))


def read_onward(content: Mapping[str, Any]) -> Onward:
    """Check and freeze where somebody goes on after the end. Raises BadSignposts."""
    if not content.get("words") or not content.get("place"):
        raise BadSignposts("There is nowhere to go on.")
    return Onward(content["words"], _places(content["place"]))


def _places(raw: Iterable[Mapping[str, str]]) -> tuple[Place, ...]:
    places = tuple(Place(**place) for place in raw)
    for place in places:
        if place.link and not place.link.startswith("https://"):
            raise BadSignposts(f"{place.name}: the address must begin with https://")
    return places
