"""A programme of which twelve people agree to research, and three who may handle extracts of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from accounts.models import Programme, User
from outcomes.models import ResearchProject
from participants.models import ConsentKind, Participant
from tests.factories.extracts import agreed
from tests.factories.outcomes import attended_together, consents
from tests.factories.participants import ParticipantFactory


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.EXTRACT_KEYS = tmp_path / "keys"  # type: ignore[attr-defined]
    return tmp_path / "keys"


@pytest.fixture
def queue() -> Iterator[InMemoryConnector]:
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector


@pytest.fixture
def members(programme: Programme) -> list[Participant]:
    people = [ParticipantFactory(programme=programme) for _ in range(6)]
    attended_together(people, timezone.localdate() - dt.timedelta(days=20))
    for person in people:
        consents(person, ConsentKind.RESEARCH)
    return people


@pytest.fixture
def project(programme: Programme, dee: User, clare: User, ada: User, queue: InMemoryConnector) -> ResearchProject:
    """Asked for by Dee, agreed to by Clare and Ada."""
    return agreed(programme, dee.person, clare.person, ada.person).project
