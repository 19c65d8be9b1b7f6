"""People of whom every word is unmistakable, so that one that reaches somebody else is found.

Here: writing a person's mark into every free field that is held about them, and
finding it in whatever was rendered or sent. Not here: what is looked through
(test_nothing_of_another.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.fields import EncryptedTextField
from accounts.models import Channel, ContactPoint, Person
from classes.models import (
    Attendance,
    Booking,
    Concern,
    ConcernNote,
    Guest,
    Incident,
    IncidentAddendum,
    IncidentReview,
    SessionNote,
    SymptomTalk,
    Whereabouts,
)
from messaging.models import ReceivedText, Task, TaskAttempt
from outcomes.models import Goal
from participants.models import (
    AccessNeed,
    AccessNeedKind,
    Clearance,
    ClinicalContact,
    ClinicalLetter,
    DecidesBy,
    DecisionMaker,
    Equality,
    HealthProfile,
    NhsNumber,
    Participant,
    ReferBack,
    Supporter,
)
from participants.registering.referrals import refer
from participants.rules.questions import CURRENT
from tests.factories.classes import AttendanceFactory, GuestFactory
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.participants import ClearanceFactory
from tests.factories.referrals import referral
from tests.factories.symptoms import SymptomCheckFactory, SymptomTalkFactory

APPS = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records")
# Held as text, and a code or a key all the same.
CODES = {
    "password", "purpose", "what", "kind", "source", "area", "outcome", "mode", "reason", "token",
    "skipped_reason", "end_reason", "wording_version", "rules_version", "last_error", "version", "sex", "gender",
    "answers", "said", "ethnicity", "cancer_type", "cancer_site", "treatment_stage", "instructor_sex_preference",
    "scale", "reference", "ending", "postcode", "sent_as", "became", "session_data", "session_key",
    "person_hash",
}  # fmt: skip


@dataclass
class Marked:
    """Whose word, telephone number and reference stand in no other person's papers."""

    word: str
    telephone: str
    also: set[str] = field(default_factory=set)

    def found_in(self, text: str) -> list[str]:
        """What of this person stands in `text`, however it is written; and a little of what is around it."""
        pattern = "|".join(re.escape(one) for one in (self.word, *self.also))
        digits = r"\s?".join(self.telephone[-9:])
        return [text[max(0, hit.start() - 40) : hit.end() + 40] for hit in re.finditer(f"(?i){pattern}|{digits}", text)]

    def words(self, model: type[models.Model]) -> dict[str, str]:
        """For every free field of `model` a value that says whose it is."""
        return {one.name: self._value(one) for one in free_fields(model)}

    def _value(self, one: Any) -> str:
        if isinstance(one, PhoneNumberField):
            return self.telephone
        if isinstance(one, models.EmailField):
            return f"{self.word}.{one.name}@example.org".lower()
        return f"{self.word} {one.name}"[: one.max_length or None]

    def mark(self, row: models.Model, **more: Any) -> None:
        changes = self.words(type(row)) | more
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(update_fields=list(changes))

    def mark_person(self, person: Person) -> None:
        self.mark(person)
        email = f"{self.word}.{person.pk}@example.org".lower()  # whoever helps has another login, and the same mark
        self.mark(person.user, email=email, mobile=None)
        ContactPoint.objects.filter(person=person).delete()
        street = f"1 {self.word} Street"
        ways = {Channel.EMAIL: email, Channel.TEXT: self.telephone, Channel.PHONE: self.telephone, Channel.POST: street}
        for channel, value in ways.items():
            first = channel == Channel.EMAIL
            ContactPoint.objects.create(person=person, channel=channel, value=value, preferred=first)

    def mark_everything(self, participant: Participant, supporter: Supporter, *, by: Person) -> None:
        """The person and who helps them, and what is noted about them by staff."""
        self.mark_person(participant.person)
        self.mark(participant)
        self.mark(supporter)
        for enrolment in participant.enrolments.all():
            self.mark(enrolment)
        self.also = {participant.reference}
        today = timezone.localdate()
        of, noted = {"participant": participant}, {"recorded_by": by}
        need = {"kind": AccessNeedKind.OTHER, "share_with_instructors": True, "review_on": today, **noted}
        AccessNeed.objects.create(person=participant.person, **need, **self.words(AccessNeed))
        ground = {"ground": DecidesBy.values[0], "seen_by": by, "seen_on": today, **noted}
        DecisionMaker.objects.create(**of, **ground, **self.words(DecisionMaker))
        Equality.objects.update_or_create(**of, defaults={"cancer_type": "other", **self.words(Equality)})
        reached = {"role": "gp", "channel": Channel.POST, "noted_by": by}
        contact = ClinicalContact.objects.create(**of, **reached, **self.words(ClinicalContact))
        went = {"kind": "start", "key": self.word, "way": "posted", "copied": True, "sent_by": by}
        ClinicalLetter.objects.create(**of, contact=contact, **went, **self.words(ClinicalLetter))
        profile = HealthProfile.objects.create(
            **of, wording_version=CURRENT, answers={}, by=by, **self.words(HealthProfile)
        )
        ClearanceFactory(**of, profile=profile, **self.words(Clearance))
        task = Task.objects.create(
            programme=participant.programme, kind="call", about=participant.person, due_at=timezone.now(),
            dedupe_key=self.word,
        )  # fmt: skip
        ReceivedText.objects.create(
            programme=participant.programme, person=participant.person, carrier_id=self.word,
            **self.words(ReceivedText),
        )  # fmt: skip
        TaskAttempt.objects.create(task=task, by=by, outcome="no_answer", **self.words(TaskAttempt))
        referred = referral(contacts={"phone": self.telephone}, phone=self.telephone)
        self.mark(refer(programme=participant.programme, said=referred))
        NhsNumber.objects.create(**of, noted_by=by, ending="0000", **self.words(NhsNumber))
        ReferBack.objects.create(**of, by=by, **self.words(ReferBack))
        Goal.objects.create(**of, set_by=by, **self.words(Goal))
        concern = ConcernFactory(**of, programme=participant.programme, reported_by=by, **self.words(Concern))
        ConcernNote.objects.create(concern=concern, step="noted", by=by, **self.words(ConcernNote))

    def mark_in_class(self, booking: Booking, *, by: Person) -> None:
        """What is noted at a class that is over."""
        AttendanceFactory(booking=booking, **self.words(Attendance))
        SessionNote.objects.create(
            session=booking.session, participant=booking.participant, by=by, **self.words(SessionNote)
        )
        Whereabouts.objects.create(booking=booking, at_home=False, alone=False, by=by, **self.words(Whereabouts))
        GuestFactory(session=booking.session, **self.words(Guest))
        check = SymptomCheckFactory(booking=booking, result="talk_first")
        SymptomTalkFactory(check_of=check, by=by, **self.words(SymptomTalk))
        incident = IncidentFactory(
            session=booking.session, participant=booking.participant, reported_by=by, **self.words(Incident)
        )
        IncidentAddendum.objects.create(incident=incident, by=by, **self.words(IncidentAddendum))
        IncidentReview.objects.create(incident=incident, outcome="changed", by=by, **self.words(IncidentReview))


def free_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Those that hold words about somebody: names, addresses, numbers, notes."""
    held = {name for entry in getattr(model, "held", ()) for name in entry.names}
    text = (models.CharField, models.TextField, EncryptedTextField)
    return [
        one
        for one in model._meta.concrete_fields
        if one.name in held - CODES and isinstance(one, text) and not one.choices
    ]


def models_with_words() -> Iterator[type[models.Model]]:
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if not hasattr(model, "pgh_tracked_model") and free_fields(model):
                yield model
