"""Registrations that were begun and not handed in: by the same actions, page by page, some weeks ago.

Most stop somewhere on the way; a few learned that they cannot join.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Programme
from participants.consents import current_texts
from participants.models import ConsentText, Registration, Source
from participants.registering import intake
from safefit.demo.story import Story
from safefit.demo.story.people import Individual

CANNOT = ({"cancer": "no"}, {"area": "Elsewhere"})  # told so at once, with where else to turn


def leave_drafts(story: Story, programme: Programme) -> None:
    texts = {text.kind: text for text in current_texts(programme)}
    for number, one in enumerate(story.drafts):
        draft = intake.start_registration(programme=programme, source=Source.SELF)
        pages = _pages(one, texts)
        answered = pages[: 2 + number % len(pages)]
        if number % 5 == 4:
            answered = [*pages, ("cancer", CANNOT[0])] if number % 2 else [*pages[:2], ("area", CANNOT[1])]
        for page, values in answered:
            intake.save_page(registration=draft, page=page, values=values)
        touched = timezone.now() - dt.timedelta(days=1 + 2 * number, hours=number)
        Registration.objects.filter(pk=draft.pk).update(started_at=touched, changed_at=touched)


def _pages(one: Individual, texts: dict[str, ConsentText]) -> list[tuple[str, dict[str, Any]]]:
    """The first pages of the form, by the names that the form has for them."""
    contact = one.contacts[0]
    names = {"email": "email", "text": "mobile", "phone": "phone", "post": "address"}
    return [
        ("name", {"given_name": one.name.given, "family_name": one.name.family, "known_as": one.name.known_as}),
        ("born", {"born": one.born.isoformat()}),
        ("area", {"area": one.area}),
        ("postcode", {"postcode": one.postcode}),
        ("agree-service", _agrees(texts["service"])),
        ("agree-health", _agrees(texts["health"])),
        ("cancer", {"cancer": "confirmed"}),
        ("contact", {names[contact.channel]: contact.value, "preferred": contact.channel}),
    ]


def _agrees(text: ConsentText) -> dict[str, Any]:
    return {"consents": {text.kind: {"given": True, "text": text.pk}}}
