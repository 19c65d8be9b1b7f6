"""The rows of everybody who takes part: the person, how to reach them, their login, their part in the programme.

What `participants.intake.submit_registration` writes for one person of today is written here for six hundred people
of the last nine months. Not here: health and clearance (checks.py), classes (bookings.py), the newcomers of today,
who register by the action itself (people.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import ContactPoint, Membership, Person, Programme, User
from accounts.permissions import Role
from participants.models import (
    AccessNeed,
    ConsentEvent,
    ConsentText,
    EligibilityDecision,
    Enrolment,
    EnrolmentPause,
    Equality,
    Participant,
    Registration,
    RegistrationStatus,
)
from participants.rules.admission import VERSION
from participants.rules.numbers import shipped_rules
from participants.rules.screening import add_months
from participants.rules.tokens import token_hash
from safefit.demo.story import Story
from safefit.demo.story.lives import Life, Stage

# The group in which a kind counts, and the kind; of those who registered before kinds were asked the group alone.
KINDS = (
    *(("breast", "breast"), ("prostate", "prostate"), ("breast", ""), ("bowel", "bowel"), ("lung", "lung")),
    *(("blood", "lymphoma"), ("other", "bladder"), ("prefer_not", ""), ("breast", "breast"), ("prostate", "")),
    *(("breast", "breast"), ("bowel", ""), ("other", "other"), ("blood", "myeloma"), ("other", "ovary"), ("lung", "")),
)
TREATMENT = ("during", "after", "after", "living_with", "before", "")
ETHNIC = ("white",) * 9 + ("asian", "black", "mixed", "white", "other", "prefer_not")
CANCER = ("confirmed", "confirmed", "confirmed", "suspected")


def make_members(story: Story, programme: Programme, staff: Mapping[str, User]) -> list[Participant]:
    """The participants, in the order of the story's lives."""
    desk = staff["dee"].person
    people = Person.objects.bulk_create(_person(life) for life in story.lives)
    _make_ways_to_reach(story, people, programme)
    members = Participant.objects.bulk_create(
        _participant(life, person, programme, desk) for life, person in zip(story.lives, people, strict=True)
    )
    texts = {text.kind: text for text in ConsentText.objects.filter(programme=programme)}
    _make_registrations(story, members, texts)
    _make_enrolments(story, members)
    _make_consents(story, members, texts, desk)
    AccessNeed.objects.bulk_create(
        need for life, member in zip(story.lives, members, strict=True) for need in _needs(life, member, desk)
    )
    Equality.objects.bulk_create(
        _about(life, member) for life, member in zip(story.lives, members, strict=True) if life.number % 4
    )
    return members


def entered_by(life: Life, member: Participant, desk: Person) -> Person:
    """Who typed what this person said."""
    return desk if life.source == "desk" else member.person


def _person(life: Life) -> Person:
    name = life.one.name
    return Person(
        given_name=name.given,
        family_name=name.family,
        known_as=name.known_as,
        date_of_birth=life.one.born,
        created_at=life.registered_at,
    )


def _make_ways_to_reach(story: Story, people: list[Person], programme: Programme) -> None:
    with_life = list(zip(story.lives, people, strict=True))
    ContactPoint.objects.bulk_create(
        ContactPoint(
            person=person,
            channel=contact.channel,
            value=contact.value,
            preferred=contact.preferred,
            may_leave_message=contact.may_leave_message,
        )
        for life, person in with_life
        for contact in life.one.contacts
    )
    users = User.objects.bulk_create(
        User(person=person, email=contact.value, password=make_password(None), created_at=life.registered_at)
        for life, person in with_life
        for contact in life.one.contacts
        if contact.channel == "email" and life.one.opens_login
    )
    joined = {person.pk: life.registered_at for life, person in with_life}
    Membership.objects.bulk_create(
        Membership(
            user=user, role=Role.PARTICIPANT.value, programme=programme, starts_at=joined[user.person_id]
        )
        for user in users
    )  # fmt: skip


def _participant(life: Life, person: Person, programme: Programme, desk: Person) -> Participant:
    return Participant(
        person=person,
        programme=programme,
        reference=life.reference,
        status=life.status,
        source=life.source,
        entered_by=desk if life.source == "desk" else None,
        area=life.one.area,
        postcode=life.one.postcode,
        emergency_name=life.one.emergency.name,
        emergency_relationship=life.one.emergency.relationship,
        emergency_phone=life.one.emergency.phone,
        facts_version=1 + 2 * len(life.checks),
        registered_at=life.registered_at,
    )


def _make_registrations(story: Story, members: list[Participant], texts: Mapping[str, ConsentText]) -> None:
    """The form that each of them handed in, empty by now, and the decision that they could join."""
    forms = Registration.objects.bulk_create(
        Registration(
            programme=member.programme,
            reference=member.reference,
            resume_hash=token_hash(member.reference),
            status=RegistrationStatus.SUBMITTED,
            source=member.source,
            entered_by=member.entered_by,
            participant=member,
            started_at=member.registered_at - dt.timedelta(minutes=25),
            submitted_at=member.registered_at,
        )
        for member in members
    )
    EligibilityDecision.objects.bulk_create(
        EligibilityDecision(
            registration=form,
            participant=member,
            eligible=True,
            rules_version=VERSION,
            answers=_answers(life, texts),
            decided_at=member.registered_at,
            decided_by=member.entered_by,
        )
        for life, member, form in zip(story.lives, members, forms, strict=True)
    )


def _answers(life: Life, texts: Mapping[str, ConsentText]) -> dict[str, Any]:
    """What the decision rests on, as intake keeps it."""
    return {
        "born": life.one.born,
        "area": life.one.area,
        "cancer": CANCER[life.number % len(CANCER)],
        "consents": {kind: {"given": given, "text": texts[kind].pk} for kind, given in life.consents},
    }


def _make_enrolments(story: Story, members: list[Participant]) -> None:
    enrolments = Enrolment.objects.bulk_create(
        _enrolment(life, member) for life, member in zip(story.lives, members, strict=True)
    )
    EnrolmentPause.objects.bulk_create(
        EnrolmentPause(
            enrolment=enrolment,
            starts_on=life.pause.starts_on,
            ends_on=life.pause.back_on,
            reason=life.pause.reason,
            review_on=life.pause.starts_on + dt.timedelta(days=42),
        )
        for life, enrolment in zip(story.lives, enrolments, strict=True)
        if life.pause
    )


def _enrolment(life: Life, member: Participant) -> Enrolment:
    enrolment = Enrolment(participant=member, starts_on=life.joined_on)
    if life.stage is Stage.COMPLETED:
        enrolment.ends_on, enrolment.end_reason = life.programme_end, "completed"
    if life.left_on:
        enrolment.ends_on, enrolment.end_reason = life.left_on, life.left_because
    return enrolment


def _make_consents(story: Story, members: list[Participant], texts: Mapping[str, ConsentText], desk: Person) -> None:
    ConsentEvent.objects.bulk_create(
        (
            event
            for life, member in zip(story.lives, members, strict=True)
            for event in _consents(life, member, texts, entered_by(life, member, desk))
        ),
        batch_size=2000,
    )


def _consents(life: Life, member: Participant, texts: Mapping[str, ConsentText], by: Person) -> Iterator[ConsentEvent]:
    for kind, given in life.consents:
        yield ConsentEvent(
            participant=member, text=texts[kind], given=given, at=life.registered_at, by=by, mode=life.source
        )
    for kind in life.took_back:
        later = life.registered_at + dt.timedelta(days=25)
        yield ConsentEvent(participant=member, text=texts[kind], given=False, at=later, by=by, mode=life.source)


def _needs(life: Life, member: Participant, desk: Person) -> Iterator[AccessNeed]:
    for need in life.one.needs:
        yield AccessNeed(
            person=member.person,
            kind=need.kind,
            detail=need.detail,
            share_with_instructors=life.one.shares_needs,
            recorded_at=life.registered_at,
            recorded_by=entered_by(life, member, desk),
            review_on=add_months(life.joined_on, shipped_rules().needs_review_months),
        )


def _about(life: Life, member: Participant) -> Equality:
    """What three in four say about themselves; nothing of their health where they took the consent to hold it back."""
    held = dict(life.consents).get("health", False) and "health" not in life.took_back
    kind, site = KINDS[life.number % len(KINDS)]
    return Equality(
        participant=member,
        ethnicity=ETHNIC[life.number % len(ETHNIC)],
        cancer_type=kind if held else "",
        cancer_site=site if held else "",
        cancer_words="Thymoma" if held and site == "other" else "",
        treatment_stage=TREATMENT[life.number % len(TREATMENT)] if held else "",
    )
