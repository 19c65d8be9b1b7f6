import pytest

from accounts.history import System
from participants.consents import current_texts
from participants.content import install
from participants.registering.intake import save_page, start_registration
from tests.factories.registering import HEALTH


@pytest.fixture
def ready(programme):
    """The programme with its content."""
    install(programme, System.COMMAND)
    return programme


@pytest.fixture
def draft(ready):
    """Fills a registration; what is passed stands in place of the usual answers."""

    def fill(by=None, source="self", **changes):
        registration = start_registration(programme=ready, source=source, by=by)
        consents = {text.kind: {"given": True, "text": text.pk} for text in current_texts(ready)}
        values = {
            "given_name": "Jo",
            "family_name": "Invented",
            "known_as": "",
            "born": "1958-03-14",
            "area": "Dorset",
            "cancer": "suspected",
            "email": "jo@example.org",
            "emergency_name": "Emer Invented",
            "emergency_relationship": "sister",
            "emergency_phone": "+441632960111",
            "health": HEALTH,
            "health_version": "2026-1",
            "consents": consents,
        }
        save_page(registration=registration, page="all", values=values | changes, by=by)
        return registration

    return fill
