"""Participants, cleared and enrolled unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from messaging.calls import note_call
from messaging.models import Caller
from participants.models import (
    Clearance,
    ClearanceState,
    ClinicalContact,
    ClinicalLetter,
    Enrolment,
    Participant,
    Supporter,
    SupporterScope,
    SupporterStatus,
    TreatmentDays,
)
from tests.factories.accounts import PersonFactory, ProgrammeFactory


class ParticipantFactory(DjangoModelFactory[Participant]):
    class Meta:
        model = Participant
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    reference = factory.Sequence(lambda n: f"SF-{n:06d}")
    source = "self"
    area = "Dorset"
    emergency_name = "Emer Madeup"
    emergency_relationship = "sister"
    emergency_phone = "01632 960111"

    @factory.post_generation
    def clearance(self: Participant, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        """`clearance=False` leaves it undecided; `clearance__state=…` makes another decision."""
        if create and extracted is not False:
            ClearanceFactory(participant=self, **kwargs)

    @factory.post_generation
    def enrolled_from(self: Participant, create: bool, extracted: dt.date | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            EnrolmentFactory(participant=self, starts_on=extracted or timezone.localdate() - dt.timedelta(days=30))


class ClearanceFactory(DjangoModelFactory[Clearance]):
    class Meta:
        model = Clearance

    participant = factory.SubFactory(ParticipantFactory)
    state = ClearanceState.CLEARED
    valid_from = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=150))
    review_due_at = factory.LazyAttribute(
        lambda o: timezone.now() + dt.timedelta(days=5) if o.state == ClearanceState.NEEDS_REVIEW else None
    )


class EnrolmentFactory(DjangoModelFactory[Enrolment]):
    class Meta:
        model = Enrolment

    participant = factory.SubFactory(ParticipantFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=30))


class SupporterFactory(DjangoModelFactory[Supporter]):
    class Meta:
        model = Supporter

    participant = factory.SubFactory(ParticipantFactory)
    person = factory.SubFactory(PersonFactory)
    relationship = "daughter"
    scopes = [SupporterScope.BOOK]
    status = SupporterStatus.ACTIVE
    starts_at = factory.LazyFunction(timezone.now)


class TreatmentDaysFactory(DjangoModelFactory[TreatmentDays]):
    class Meta:
        model = TreatmentDays

    participant = factory.SubFactory(ParticipantFactory)
    said = factory.LazyFunction(lambda: {"first": timezone.localdate().isoformat(), "every_weeks": 3, "times": 6})


class ClinicalContactFactory(DjangoModelFactory[ClinicalContact]):
    class Meta:
        model = ClinicalContact

    participant = factory.SubFactory(ParticipantFactory)
    role = "gp"
    name = "Dr Ada Invented"
    organisation = "Made Up Surgery"
    channel = "post"
    value = "1 Surgery Lane\nBournemouth BH1 1AA"
    noted_by = factory.SelfAttribute("participant.person")


class ClinicalLetterFactory(DjangoModelFactory[ClinicalLetter]):
    class Meta:
        model = ClinicalLetter

    participant = factory.SelfAttribute("contact.participant")
    contact = factory.SubFactory(ClinicalContactFactory)
    kind = "start"
    key = factory.Sequence(lambda n: f"clinical_letter:start:{n}")
    way = "posted"
    subject = "Pat Example has started SafeFit"
    words = "They have started.\n\nYou do not need to do anything."
    copied = True
    sent_by = factory.SelfAttribute("participant.person")


def on_the_line(participant: Participant, *, by: User) -> None:
    """The participant has called, and `by` has found out that it is they."""
    person, programme = participant.person, participant.programme
    note_call(programme=programme, about=person, caller=Caller.SELF, checked=["born", "postcode"], by=by.person)
