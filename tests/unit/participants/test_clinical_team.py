"""Whom a person names as their clinical team: noted once, ended with history, written to only with a yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.history import System
from accounts.models import Programme, User
from participants import clinical_team as team
from participants import consents
from participants.content import install
from participants.models import ClinicalContact, ConsentKind, Participant, ParticipantStatus
from participants.refusals import NotPossibleNow
from tests.factories.outcomes import consents as answer

pytestmark = pytest.mark.django_db
GP = team.Contact("gp", "Dr Ada Invented", "Made Up Surgery", "post", "1 Surgery Lane, BH1 1AA")
NURSE = team.Contact("nurse", "Nora Nurse", "", "email", "nora@hospital.example")


def note(pat: Participant, contact: team.Contact = GP) -> ClinicalContact:
    return team.note_contact(participant=pat, contact=contact, by=pat.person)


def test_each_is_noted_once_in_the_order_of_naming(pat: Participant) -> None:
    first, second = note(pat), note(pat, NURSE)
    assert note(pat) == first
    assert team.contacts_of(pat) == [first, second]
    assert [first.title, second.title] == ["Dr Ada Invented, Made Up Surgery", "Nora Nurse"]


def test_what_is_changed_or_removed_stays_in_the_history_with_who_did_it(pat: Participant, dee: User) -> None:
    first, nurse = note(pat), note(pat, NURSE)
    assert team.change_contact(row=first, contact=GP, by=dee.person) == first
    second = team.change_contact(row=first, contact=replace(GP, name="Dr Bo Invented"), by=dee.person)
    assert team.contacts_of(pat) == [nurse, second]
    assert team.change_contact(row=second, contact=NURSE, by=dee.person) == nurse
    for _ in range(2):
        team.end_contact(row=nurse, by=pat.person)
    assert team.contacts_of(pat) == []
    assert [(row.name, row.ended_by) for row in team.earlier_contacts_of(pat)] == [
        ("Nora Nurse", pat.person),
        ("Dr Bo Invented", dee.person),
        ("Dr Ada Invented", dee.person),
    ]
    with pytest.raises(team.ContactEnded):
        team.change_contact(row=nurse, contact=GP, by=pat.person)


def test_what_nobody_could_use_is_refused(pat: Participant) -> None:
    with pytest.raises(team.NobodyNamed):
        note(pat, replace(GP, name="", organisation=""))
    for number in range(team.MOST_CONTACTS):
        note(pat, replace(GP, name=f"Dr {number}"))
    with pytest.raises(team.TooManyContacts):
        note(pat)
    Participant.objects.filter(pk=pat.pk).update(status=ParticipantStatus.WITHDRAWN)
    with pytest.raises(NotPossibleNow):
        note(pat)


@pytest.mark.parametrize(
    "wrong", [{"role": "friend"}, {"channel": "text"}, {"value": ""}, {"name": "", "organisation": ""}]
)
def test_the_database_keeps_nobody_whom_no_letter_would_reach(pat: Participant, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ClinicalContact.objects.create(
            **{"participant": pat, "role": "gp", "name": "X", "channel": "post", "value": "Y", "noted_by": pat.person}
            | wrong
        )


def test_the_database_rewrites_no_contact(pat: Participant) -> None:
    row = note(pat)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClinicalContact.objects.filter(pk=row.pk).update(value="elsewhere")
    team.end_contact(row=row, by=pat.person)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClinicalContact.objects.filter(pk=row.pk).update(ended_at=None, ended_by=None)


def test_only_a_yes_that_stands_lets_us_write(pat: Participant, quinn: Participant) -> None:
    answer(pat, ConsentKind.CLINICAL_TEAM)
    answer(quinn, ConsentKind.CLINICAL_TEAM)
    consents.withdraw_consent(participant=quinn, kind=ConsentKind.CLINICAL_TEAM, by=quinn.person)
    assert team.may_write_about([pat, quinn]) == {pat.pk}


def test_it_is_asked_when_it_comes_up_and_not_while_somebody_registers(programme: Programme) -> None:
    install(programme, System.COMMAND)
    kinds = {text.kind for text in consents.current_texts(programme)}
    assert kinds - {text.kind for text in consents.texts_on_joining(programme)} == consents.ASKED_LATER
    assert consents.ASKED_LATER.isdisjoint(consents.required_kinds(programme))
