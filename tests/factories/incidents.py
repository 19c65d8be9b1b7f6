"""What somebody writes when something went wrong, made up for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from classes.incident_rules import Harm, IncidentKind
from classes.incidents import NewIncident
from classes.models import Concern, Incident
from tests.factories.accounts import PersonFactory
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory


class IncidentFactory(DjangoModelFactory[Incident]):
    """A report as it stands; nobody is asked to look into it: tests of that report with `report_incident`."""

    class Meta:
        model = Incident

    session = factory.SubFactory(SessionFactory)
    programme = factory.SelfAttribute("session.programme")
    kind = IncidentKind.INCIDENT.value
    harm = Harm.LOW.value
    happened_at = factory.LazyFunction(timezone.now)
    what_happened = "A chair slid on the wet floor."
    called_999 = False
    reported_by = factory.SubFactory(PersonFactory)


class ConcernFactory(DjangoModelFactory[Concern]):
    """A concern as it stands; nobody is told."""

    class Meta:
        model = Concern

    participant = factory.SubFactory(ParticipantFactory)
    programme = factory.SelfAttribute("participant.programme")
    words = "They seemed afraid to go home."
    in_danger = False
    reported_by = factory.SubFactory(PersonFactory)


def written(**differs: Any) -> NewIncident:
    """A fall without harm, a quarter of an hour ago; `differs` names what is otherwise."""
    plain: dict[str, Any] = {
        "id": uuid4(),
        "kind": IncidentKind.INCIDENT,
        "harm": Harm.NONE,
        "happened_at": timezone.now() - dt.timedelta(minutes=15),
        "what_happened": "A chair slid on the wet floor.",
        "what_was_done": "The floor was dried.",
        "called_999": False,
    }
    return NewIncident(**plain | differs)
