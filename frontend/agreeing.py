"""What somebody agreed to: each consent with its words, and giving or taking one back. For the person and the desk.

Here: what a page of one consent shows, and what its button does. Not here: the
pages (views/me/details.py, views/desk/agreeing.py), the rows (participants/consents.py).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from django.http import Http404

from accounts.models import Person
from frontend.views.public.join_pages import CONSENT_TITLES
from participants import consents
from participants.models import ConsentText, Participant


class Answered(enum.Enum):
    KEPT = enum.auto()
    MEANS_LEAVING = enum.auto()  # nothing was changed: without this one there is no service
    NOT_SAID = enum.auto()  # nothing was changed: what was sent was neither a yes nor a no
    OTHER_WORDS = enum.auto()  # nothing was changed: newer words have come since the page was drawn


def consents_of(participant: Participant) -> list[tuple[str, str, bool | None]]:
    """Kind, what it is called, and the answer in force (None: never asked)."""
    answers = consents.consents_in_force(participant)
    return [
        (text.kind, CONSENT_TITLES[text.kind], answers[text.kind].given if text.kind in answers else None)
        for text in consents.current_texts(participant.programme)
    ]


def about_consent(participant: Participant, kind: str) -> dict[str, Any]:
    """For a page of one consent: its words, and the answer in force. Raises Http404."""
    text = _text(participant, kind)
    event = consents.consents_in_force(participant).get(kind)
    return {"text": text, "title": CONSENT_TITLES[kind], "event": event, "paragraphs": text.body.splitlines()}


def answer(participant: Participant, kind: str, said: Mapping[str, str], *, mode: str, by: Person) -> Answered:
    """Give or take back, as the button of the page says. Raises Http404.

    Yes counts only for the words that stood on the page; no is taken whichever stood there.
    """
    text = _text(participant, kind)
    if said.get("agrees") not in ("yes", "no"):
        return Answered.NOT_SAID
    if said.get("agrees") == "yes":
        if said.get("version") != str(text.version):
            return Answered.OTHER_WORDS
        consents.give_consent(participant=participant, text=text, mode=mode, by=by)
        return Answered.KEPT
    try:
        consents.withdraw_consent(participant=participant, kind=kind, mode=mode, by=by)
    except consents.MeansLeaving:
        return Answered.MEANS_LEAVING
    return Answered.KEPT


def _text(participant: Participant, kind: str) -> ConsentText:
    text = next((text for text in consents.current_texts(participant.programme) if text.kind == kind), None)
    if text is None:
        raise Http404
    return text
