"""What joins the demonstration to the world around it: a referral, clinical teams with their letters, a study.

Done by the product's own actions, as if people had done it today; whom somebody named when they joined is written
as it was. Called by safefit/demo/__init__.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.utils import timezone

from accounts.history import System
from accounts.models import Channel, Person, Programme
from frontend.clinical_letters import letter_words
from outcomes.counting.bands import age_band
from outcomes.studies import running
from participants import clinical_letters, clinical_team, consents
from participants.models import (
    ClinicalContact,
    ClinicalRole,
    ConsentKind,
    Enrolment,
    LetterWay,
    Participant,
    ParticipantStatus,
)
from participants.registering import referrals
from participants.rules.letter_rules import WORTH_TELLING, LetterKind
from safefit.demo.story.people import DOMAIN

PRACTICE = clinical_team.Contact(
    ClinicalRole.GP, "Dr Greta Practice", "Invented Surgery", Channel.POST, "1 Example Way\nPretend Town\nBH1 9ZZ"
)
NURSE = clinical_team.Contact(
    ClinicalRole.NURSE, "Nora Nurse", "Invented Hospital", Channel.EMAIL, f"nora.nurse@{DOMAIN}"
)


def refer_somebody(programme: Programme) -> None:
    """A physiotherapist has filled in the form for somebody who has only a telephone: the desk is to call."""
    said = referrals.Referral(
        id=uuid4(),
        name="Ravi Referrer",
        role="Physiotherapist",
        organisation="Invented Hospital",
        email=f"ravi.referrer@{DOMAIN}",
        phone="",
        given_name="Rea",
        family_name="Ferred",
        born=dt.date(1957, 6, 21),
        contacts={Channel.PHONE: "+441632960777"},
        preferred=Channel.PHONE,
        cancer="confirmed",
        agreed_on=timezone.localdate(),
        safety_note="Walks with a stick since her operation.",
    )
    referrals.refer(programme=programme, said=said)


def write_to_clinical_teams(known: Mapping[str, Participant], members: Sequence[Participant], *, by: Person) -> None:
    """Two who have just started, one letter sent and one to write; and one whose programme has ended."""
    for one, contact in ((known["rosa"], PRACTICE), (known["phyllis"], NURSE)):
        clinical_team.note_contact(participant=one, contact=contact, by=one.person)
        _agree(one)
    ended = _whose_programme_ended(members)
    if ended is not None:
        ClinicalContact.objects.create(participant=ended, noted_by=ended.person, **vars(PRACTICE))
        _agree(ended)
    clinical_letters.ask_for_letters(on=timezone.localdate(), by=System.COMMAND)
    for task, kind, _ in clinical_letters.letters_to_write(known["phyllis"]):
        words = letter_words(known["phyllis"], LetterKind(kind))
        sent = clinical_letters.Sent(LetterWay.EMAILED, words.subject, words.body, tell_person=False)
        clinical_letters.record_letter(task=task, participant=known["phyllis"], sent=sent, by=by)


def tell_of_a_study(pat: Participant, *, by: Person) -> None:
    """A study that Pat and others of that age and area are told of; nobody, where they are too few."""
    today = timezone.localdate()
    words = running.Words(
        title="Walking and sleep",
        team="University of Pretend, with Invented Hospital",
        description="We ask whether a short walk each day helps people to sleep. You would wear a watch for two weeks "
        "and answer ten questions before and after. Nothing is done at a hospital.",
        contact=f"Dr Stella Study, walking.study@{DOMAIN}",
        ethics_reference="27/XX/0000 (invented)",
        ages=[age_band(pat.person.date_of_birth, today)],
        areas=[pat.area],
        cancers=[],
        phases=[],
        opens_on=today,
        closes_on=today + dt.timedelta(days=60),
    )
    study = running.write_study(programme=pat.programme, words=words, by=by)
    running.count_for(study=study, by=by)
    running.open_study(study=study, by=by)
    try:
        running.invite(study=study, by=by)
    except running.TooFew:
        return  # in a small demonstration


def _agree(participant: Participant) -> None:
    texts = {text.kind: text for text in consents.current_texts(participant.programme)}
    consents.give_consent(participant=participant, text=texts[ConsentKind.CLINICAL_TEAM], by=participant.person)


def _whose_programme_ended(members: Sequence[Participant]) -> Participant | None:
    """The latest who has finished, recently enough for a letter."""
    today = timezone.localdate()
    lately = Enrolment.objects.filter(
        participant__in=[one.pk for one in members if one.status == ParticipantStatus.COMPLETED],
        ends_on__gt=today - WORTH_TELLING + dt.timedelta(days=7),
        ends_on__lt=today,
    )
    newest = lately.select_related("participant__person", "participant__programme").order_by("-ends_on", "pk").first()
    return newest.participant if newest else None
