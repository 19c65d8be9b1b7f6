"""Answers to every page of registering, and the walk through them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

HEALTHY = {
    "health-bones": {"bones": "none"},
    "health-heart-lungs": {"heart_lungs": "no"},
    "health-surgery": {"surgery": "no"},
    "health-blood": {"blood": "no"},
    "health-symptoms": {"symptoms": "no"},
    "health-falls": {"falls": "none"},
    "health-devices": {"devices": "none"},
    "health-swelling": {"swelling": "none"},
    "health-treatment": {"treatment": "no"},
    "health-moving": {"moving": "none"},
}

PAGES: dict[str, dict[str, Any]] = {
    "name": {"given_name": "Jo", "family_name": "Invented", "known_as": ""},
    "born": {"born-day": "14", "born-month": "3", "born-year": "1958"},
    "area": {"area": "Dorset"},
    "postcode": {"postcode": "BH15 1AA"},
    "agree-service": {"agrees": "yes"},
    "agree-health": {"agrees": "yes"},
    "cancer": {"cancer": "confirmed"},
    "contact": {"ways": ["email"], "email": "jo@example.org"},
    "preferred": {"preferred": "email"},
    "needs": {"needs": "none"},
    "share-needs": {"share_needs": "yes"},
    "emergency": {
        "emergency_name": "Emer Invented",
        "emergency_relationship": "sister",
        "emergency_phone": "01632 960111",
    },
    "nhs-number": {"nhs_number": ""},
    **HEALTHY,
    "more": {"health_note": ""},
    "agree-instructors": {"agrees": "yes"},
    "agree-summaries": {"agrees": "no"},
    "agree-research": {"agrees": "no"},
    "agree-studies": {"agrees": "no"},
    "agree-recording": {"agrees": "no"},
}

# The same answers as a draft keeps them, without the ids of consent texts.
HEALTH = {
    "bones": ["none"],
    "heart_lungs": "no",
    "surgery": "no",
    "blood": "no",
    "symptoms": "no",
    "falls": ["none"],
    "devices": ["none"],
    "swelling": ["none"],
    "treatment": "no",
    "moving": ["none"],
}


def walk(
    browser: Client, address: str, answers: dict[str, dict[str, Any]] | None = None, *, look: bool = False
) -> tuple[str, list[str]]:
    """Answer page after page from `address`; returns where it led in the end and the names of the pages met.

    `look` opens each page before answering it, as a person does.
    """
    given, met = {**PAGES, **(answers or {})}, []
    while (name := address.rstrip("/").rsplit("/", 1)[-1]) in given and len(met) < 60:
        assert not look or browser.get(address).status_code == 200, name
        answer: HttpResponse = browser.post(address, given[name])
        assert answer.status_code == 302, (name, answer.status_code)
        met.append(name)
        address = answer["Location"]
    return address, met
