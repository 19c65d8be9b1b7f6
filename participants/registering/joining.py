"""The rows of somebody who joins: everything that one registration turns into.

Here: the writing, in one transaction that the caller opened. Not here: whether
they may join (admission.py), the order of the pages (frontend). Called by intake.py.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.logins import open_login
from accounts.models import Channel, ContactPoint, Person, User
from participants.consequences import ENROLLED, run_consequences
from participants.health import record_answers
from participants.models import ConsentEvent, Enrolment, Participant, Registration, Source
from participants.needs import write_down
from participants.nhs_numbers import keep_number
from participants.notices import registered
from participants.registering.referrers import noted_by, referrer_of, settle
from participants.rules.application import Application
from participants.rules.questions import QuestionSet


def join(
    *, registration: Registration, application: Application, questions: QuestionSet, person: Person, by: Person
) -> Participant:
    """Everything but the decision itself: contact, login, consents, health, needs, enrolment, and the message."""
    mode = "desk" if registration.source == Source.DESK or by != person else "self"
    referrer = referrer_of(registration)
    participant = _participant(registration, application, person)
    _reach(application, person)
    _open_login(application, participant)
    _record_consents(application, participant, mode, by)
    if application.nhs_number:
        keep_number(participant=participant, number=application.nhs_number, by=by)
    write_down(
        person=person,
        needs=application.needs,
        shared={need.kind for need in application.needs} if application.share_needs else (),
        by=by,
    )
    record_answers(
        participant=participant,
        questions=questions,
        answers=application.health,
        note=application.health_note,
        mode=mode,
        noted=noted_by(referrer),
        by=by,
    )
    Enrolment.objects.create(participant=participant, starts_on=timezone.localdate())
    run_consequences(ENROLLED, participant, by)
    registered(participant=participant)
    if referrer:
        settle(referrer=referrer, application=application, by=by)
    return participant


def _participant(registration: Registration, application: Application, person: Person) -> Participant:
    return Participant.objects.create(
        person=person,
        programme=registration.programme,
        reference=registration.reference,
        source=registration.source,
        entered_by=registration.entered_by,
        area=application.area or "",
        postcode=application.postcode,
        emergency_name=application.emergency_name,
        emergency_relationship=application.emergency_relationship,
        emergency_phone=application.emergency_phone,
    )


def _reach(application: Application, person: Person) -> None:
    for channel, value in application.contacts.items():
        ContactPoint.objects.create(
            person=person,
            channel=channel,
            value=value,
            may_leave_message=channel == Channel.PHONE and application.may_leave_message,
            preferred=channel == application.preferred_channel,
        )


def _open_login(application: Application, participant: Participant) -> User | None:
    """A login, unless others sign in with their addresses already: a shared address is nobody's identity.

    The email address before the mobile number. Nothing on a page tells who has one. Whoever shares
    both gets a login of their own through the desk.
    """
    email, mobile = (application.contacts.get(channel) for channel in (Channel.EMAIL, Channel.TEXT))
    return open_login(person=participant.person, programme=participant.programme, email=email, mobile=mobile)


def _record_consents(application: Application, participant: Participant, mode: str, by: Person) -> None:
    for answer in application.consents.values():
        ConsentEvent.objects.create(participant=participant, text_id=answer.text, given=answer.given, by=by, mode=mode)
