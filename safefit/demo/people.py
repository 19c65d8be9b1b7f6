"""The demo participants who join today, and the supporters of the cast.

Pat and Quinn have a history (story/lives.py). Rory, Rosa and Phyllis register here by
the same actions as everybody: Rory waits for a review, Phyllis has no email.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Person, Programme, User
from participants import support
from participants.consents import current_texts
from participants.models import Participant, Source, SupporterScope
from participants.registering import intake
from participants.rules.questions import CURRENT
from safefit.demo.cast import make_login, make_person
from safefit.demo.story.health import PLAIN
from safefit.demo.story.people import DOMAIN

WELL: dict[str, Any] = dict(PLAIN)
EMERGENCY = {
    "emergency_name": "Emer Madeup",
    "emergency_relationship": "sister",
    "emergency_phone": "01632 960111",
}


def register_newcomers(programme: Programme, *, desk: Person) -> dict[str, Participant]:
    """Rory needs a review, Rosa is cleared, Phyllis is registered by telephone and has no email."""
    return {
        "rory": _register(
            programme,
            {"given_name": "Rory", "family_name": "Placeholder", "born": "1951-02-11", "area": "Hampshire"},
            {"email": f"rory@{DOMAIN}", "preferred": "email"},
            {**WELL, "bones": ["cancer_in_bones"], "falls": ["fallen"]},
        ),
        "rosa": _register(
            programme,
            {"given_name": "Rosa", "family_name": "Pretend", "born": "1964-09-30", "area": "Isle of Wight"},
            {"email": f"rosa@{DOMAIN}", "preferred": "email"},
            {**WELL, "moving": ["floor"]},
        ),
        "phyllis": _register(
            programme,
            {
                "given_name": "Phyllis",
                "family_name": "Sample",
                "known_as": "Phyl",
                "born": "1941-12-05",
                "area": "Dorset",
            },
            {"phone": "+441632960222", "preferred": "phone", "may_leave_message": True},
            WELL,
            needs={"needs": ["more_time"], "share_needs": True},
            by=desk,
        ),
    }


def _register(
    programme: Programme,
    about: dict[str, Any],
    contact: dict[str, Any],
    health: dict[str, Any],
    *,
    needs: dict[str, Any] | None = None,
    by: Person | None = None,
) -> Participant:
    draft = intake.start_registration(programme=programme, source=Source.DESK if by else Source.SELF, by=by)
    texts = current_texts(programme)
    consents = {"consents": {text.kind: {"given": text.kind != "recording", "text": text.pk} for text in texts}}
    pages = (about, {"cancer": "confirmed"}, contact, needs or {}, EMERGENCY, consents)
    for number, values in enumerate((*pages, {"health_version": CURRENT, "health": health})):
        intake.save_page(registration=draft, page=f"demo-{number}", values=values, by=by)
    return intake.submit_registration(registration=draft, by=by)


def make_supporters(participants: dict[str, Participant], *, desk: Person) -> dict[str, User]:
    """Sam helps Pat with everything; Sue books for Phyllis."""
    helping = {
        "sam": ("Sam Helper", "pat", "partner", list(SupporterScope)),
        "sue": ("Sue Helper", "phyllis", "daughter", [SupporterScope.BOOK, SupporterScope.BE_CONTACTED]),
    }
    made = {}
    for slug, (name, whom, relationship, scopes) in helping.items():
        made[slug] = make_login(slug, make_person(name, dt.date(1972, 4, 4)))
        support.verify_supporter(
            participant=participants[whom],
            person=made[slug].person,
            relationship=relationship,
            scopes=scopes,
            by=desk,
        )
    return made
