"""Content that is configuration: consent texts, health questions, signposts. None of it is signed off.

Here: reading the files beside this one and putting consent texts and the shape
of a programme into the database. Called by `manage.py setup_programme` and by
the demo data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.history import Actor, acting
from accounts.models import Programme
from participants.admission import Reason
from participants.models import ConsentText, Phase, Timepoint

FOLDER = Path(__file__).parent

# name, weeks, least and most contacts, in how many weeks
PHASES = (
    ("First month: one to three sessions a week", 4, 1, 3, 1),
    ("Months 2 and 3: one session a week", 9, 1, 1, 1),
    ("Months 4 to 6: one session a month", 13, 1, 1, 4),
)
# code, label, day, opens before, closes after
TIMEPOINTS = (
    ("start", "Start", 0, 28, 7),
    ("w12", "12 weeks", 84, 21, 21),
    ("w26", "26 weeks", 182, 28, 28),
)


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


@cache
def all_signposts() -> dict[Reason, Signpost]:
    content = tomllib.loads((FOLDER / "signposts_v1.toml").read_text())
    return {
        reason: Signpost(reason, content[reason]["words"], tuple(Place(**place) for place in content[reason]["place"]))
        for reason in Reason
    }


def signposts(reasons: Iterable[str]) -> list[Signpost]:
    """What to say, and where else to turn, for each reason somebody cannot join."""
    return [all_signposts()[Reason(reason)] for reason in reasons]


def install(programme: Programme, by: Actor) -> None:
    """Give a programme its phases, timepoints and consent texts. Twice is harmless; what is there is left alone."""
    with acting(by, "participants.install_content"):
        for order, (name, weeks, least, most, per_weeks) in enumerate(PHASES, start=1):
            Phase.objects.get_or_create(
                programme=programme,
                order=order,
                defaults={
                    "name": name,
                    "weeks": weeks,
                    "contacts_least": least,
                    "contacts_most": most,
                    "per_weeks": per_weeks,
                },
            )
        for code, label, day, before, after in TIMEPOINTS:
            Timepoint.objects.get_or_create(
                programme=programme,
                code=code,
                defaults={"label": label, "day": day, "opens_before": before, "closes_after": after},
            )
        for text in tomllib.loads((FOLDER / "consents_v1.toml").read_text())["consent"]:
            ConsentText.objects.get_or_create(
                programme=programme,
                kind=text["kind"],
                version=text["version"],
                defaults={
                    "title": text["title"],
                    "body": text["body"].strip(),
                    "required": text["required"],
                },
            )
