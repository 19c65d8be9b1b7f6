"""Asking for an erasure: what stands against it, the code, what happens at once, and when the worker erases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.history import System, log_read
from accounts.models import Person, User
from accounts.permissions import Role
from classes.models import BookingState
from classes.models.incidents import INCIDENT_REVIEW
from instructors.models import Instructor
from messaging.calls import end_call, note_call
from messaging.kinds import owner_of
from messaging.models import Caller, Message, MessageState, Task
from participants.models import Participant, ParticipantStatus, SupporterStatus
from participants.needs import record_needs
from records.elsewhere import TakesPartElsewhere, reaches_beyond
from records.erasing import asking
from records.erasing.preview import fingerprint, preview
from records.exporting import copies
from records.just_now import JUST_NOW, NotSignedInJustNow
from records.models import ErasureRequest, RecordCopy
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.incidents import ConcernFactory, IncidentFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory

pytestmark = pytest.mark.django_db


def ask(participant: Participant, *, by: Any = None) -> ErasureRequest:
    person = participant.person
    return asking.ask_to_erase(person=person, seen=fingerprint(person), signed_in_at=timezone.now(), by=by or person)


def confirm(request: ErasureRequest, code: str = "", *, by: Any = None) -> None:
    asking.confirm_erasure(
        request=request,
        code=code or asking.code_of(request),
        signed_in_at=timezone.now(),
        by=by or request.person,
    )


def on_the_line(participant: Participant, *, by: User, checked: tuple[str, ...] = ("born", "postcode")) -> None:
    person, programme = participant.person, participant.programme
    note_call(programme=programme, about=person, caller=Caller.SELF, checked=checked, by=by.person)


def test_confirmed_it_ends_everything_at_once_and_erases_once_they_were_told(
    pat: Participant, sam: User, quinn: Participant
) -> None:
    place = BookingFactory(participant=pat, session=SessionFactory(programme=pat.programme, places_taken=1))
    seen = preview(pat.person)
    assert (seen.ahead, seen.helpers, seen.helps, seen.signs_in) == (1, 1, 0, True)
    assert preview(sam.person).helps == 1
    asked = ask(pat)
    code = Message.objects.get(kind=asking.CODE)
    content = owner_of(asking.CODE)(code)
    assert content is not None and content.context == {"code": asking.code_of(asked)}
    assert asking.open_request(pat.person, by=pat.person) == asked and not asking.is_being_erased(pat.person)
    for _ in range(2):  # pressed twice
        confirm(asked)
    place.refresh_from_db()
    pat.refresh_from_db()
    assert place.state == BookingState.CANCELLED and pat.status == ParticipantStatus.WITHDRAWN
    assert pat.supporters.get().status == SupporterStatus.ENDED and not User.objects.get(person=pat.person).is_active
    assert asking.is_being_erased(pat.person) and owner_of(asking.CODE)(code) is None
    told = Message.objects.get(kind=asking.BEGUN)
    said = owner_of(asking.BEGUN)(told)
    assert said is not None and said.urgent, "they are awake, and nothing is deleted before it has reached them"
    assert asking.erase_confirmed(by=System.WORKER) == 0, "they have not been told yet"
    Message.objects.filter(pk=told.pk).update(state=MessageState.SENT)
    assert asking.erase_confirmed(by=System.WORKER) == 1
    pat.person.refresh_from_db()
    assert pat.person.given_name == "Erased" and not ErasureRequest.objects.exists()
    assert asking.erase_confirmed(by=System.WORKER) == 0 and quinn.status == ParticipantStatus.ACTIVE


def test_whom_nothing_reaches_is_erased_after_two_weeks(pat: Participant, clare: User) -> None:
    on_the_line(pat, by=clare)
    asked = ask(pat, by=clare.person)
    assert not Message.objects.filter(kind=asking.CODE).exists(), "at the desk they say their reference"
    with pytest.raises(asking.WrongCode):
        confirm(asked, asking.code_of(asked), by=clare.person)
    confirm(asked, f" {pat.reference.lower()} ", by=clare.person)
    said = owner_of(asking.BEGUN)(Message.objects.get(kind=asking.BEGUN))
    assert said is not None and not said.urgent, "whom the desk did it for is not woken"
    with time_machine.travel(timezone.now() + asking.LONGEST_WAIT):
        assert asking.erase_confirmed(by=System.WORKER) == 1


def tries(asked: ErasureRequest, *expected: int) -> None:
    for left in expected:
        with pytest.raises(asking.WrongCode) as refused:
            confirm(asked, "nonsense")
        assert refused.value.left == left


def test_five_wrong_codes_end_it_for_a_day_however_many_are_asked_for(pat: Participant, quinn: Participant) -> None:
    tries(ask(pat), 4, 3)
    asked = ask(pat)
    tries(asked, 2, 1, 0)
    with pytest.raises(asking.WrongCode):
        confirm(asked)
    with pytest.raises(asking.AskedTooOften):
        ask(pat)
    tries(ask(quinn), 4)
    with time_machine.travel(timezone.now() + asking.OPEN_FOR):
        assert asking.forget_requests(by=System.WORKER) == 0, "its tries still count"
        with pytest.raises(asking.AskedTooOften):
            ask(pat)
    with time_machine.travel(timezone.now() + asking.A_DAY):
        tries(ask(pat), 4)


def test_three_codes_go_out_in_a_day_and_the_newest_works(pat: Participant) -> None:
    asked = [ask(pat) for _ in range(asking.MOST_CODES)]
    for _ in range(5):
        with pytest.raises(asking.AskedTooOften):
            ask(pat)
    assert Message.objects.filter(kind=asking.CODE).count() == asking.MOST_CODES
    confirm(asked[-1])
    assert asking.is_being_erased(pat.person)


def test_its_hour_ends_it(pat: Participant) -> None:
    asked = ask(pat)
    message = Message.objects.get(kind=asking.CODE, subject_id=asked.pk)
    with time_machine.travel(timezone.now() + asking.OPEN_FOR):
        assert owner_of(asking.CODE)(message) is None and asking.open_request(pat.person, by=pat.person) is None
        with pytest.raises(asking.WrongCode):
            confirm(asked)
    with time_machine.travel(timezone.now() + asking.A_DAY):
        assert asking.forget_requests(by=System.WORKER) == 1
    assert owner_of(asking.BEGUN)(message) is None


def test_wrong_references_at_the_desk_are_counted_together_and_open_no_page_of_theirs(
    pat: Participant, dee: User, clare: User
) -> None:
    MembershipFactory(user=dee, role=Role.CLINICAL_LEAD.value, programme=pat.programme)
    for lead in (dee, clare):
        on_the_line(pat, by=lead)
    for left in (4, 3, 2, 1, 0):
        asked = ask(pat, by=dee.person)
        with pytest.raises(asking.WrongCode) as refused:
            confirm(asked, "SF-NONE-NONE", by=dee.person)
        assert refused.value.left == left
    with pytest.raises(asking.WrongCode):
        confirm(ask(pat, by=dee.person), pat.reference, by=dee.person)
    record_needs(person=pat.person, needs=[], shared=(), by=pat.person)
    assert ask(pat, by=dee.person).tries == asking.MOST_TRIES, "a change of the record gives no more"
    assert asking.open_request(pat.person, by=pat.person) is None, "their reference stands on their own page"
    assert ask(pat, by=clare.person).tries == 0


def test_a_reference_alone_opens_nothing_at_the_desk(pat: Participant, sam: User, dee: User, clare: User) -> None:
    on_the_line(pat, by=dee)
    with pytest.raises(asking.NotTheirsToDecide):  # whoever works at the desk reads it there
        ask(pat, by=dee.person)
    lead, programme = clare.person, pat.programme
    with pytest.raises(asking.NotOnTheLine):  # another one is
        ask(pat, by=lead)
    on_the_line(pat, by=clare, checked=("reference",))  # not identified
    with pytest.raises(asking.NotOnTheLine):
        ask(pat, by=lead)
    helps = {"caller": Caller.HELPER, "helper": sam.person, "checked": ["born", "postcode"]}
    note_call(programme=programme, about=pat.person, by=lead, **helps)
    with pytest.raises(asking.NotOnTheLine):
        ask(pat, by=lead)
    on_the_line(pat, by=clare)
    asked = ask(pat, by=lead)
    end_call(by=lead)
    with pytest.raises(asking.NotOnTheLine):
        confirm(asked, pat.reference, by=lead)
    on_the_line(pat, by=clare)
    confirm(asked, pat.reference, by=lead)
    assert asking.is_being_erased(pat.person)


def test_it_is_refused_after_a_change_and_to_who_has_not_signed_in_just_now(pat: Participant) -> None:
    asked = ask(pat)
    record_needs(person=pat.person, needs=[], shared=(), by=pat.person)
    BookingFactory(participant=pat, session=SessionFactory(programme=pat.programme))
    with pytest.raises(asking.ChangedMeanwhile):
        confirm(asked)
    long_ago = timezone.now() - JUST_NOW - dt.timedelta(seconds=1)
    for signed_in_at in (long_ago, None):
        with pytest.raises(NotSignedInJustNow):
            asking.ask_to_erase(
                person=pat.person, seen=fingerprint(pat.person), signed_in_at=signed_in_at, by=pat.person
            )


def test_the_fingerprint_changes_with_any_row_and_with_history_alone_and_not_by_looking(pat: Participant) -> None:
    seen = [fingerprint(pat.person)]
    BookingFactory(participant=pat, session=SessionFactory(programme=pat.programme))
    seen.append(fingerprint(pat.person))
    pat.person.known_as = "Patty"  # no row more, none less
    pat.person.save()
    seen.append(fingerprint(pat.person))
    assert len(set(seen)) == 3
    log_read(target=pat.person, purpose="desk", what="details", by=pat.person)
    assert fingerprint(pat.person) == seen[-1]


def test_it_is_refused_while_something_is_open_and_nobody_is_told_what(
    pat: Participant, quinn: Participant, ines: Instructor
) -> None:
    report_incident_about(pat, ines)
    ConcernFactory(participant=quinn, programme=quinn.programme, reported_by=ines.person)
    for participant in (pat, quinn):
        with pytest.raises(asking.SomethingIsOpen):
            ask(participant)


def report_incident_about(participant: Participant, ines: Instructor) -> None:
    session = SessionFactory(programme=participant.programme, leader=ines)
    incident = IncidentFactory(session=session, participant=participant, reported_by=ines.person)
    due = {"kind": INCIDENT_REVIEW, "due_at": timezone.now()}
    Task.objects.create(programme=participant.programme, dedupe_key=f"{INCIDENT_REVIEW}:{incident.pk}", **due)


def test_whoever_works_here_is_spoken_with(ines: Instructor, dee: User) -> None:
    for person in (ines.person, dee.person, PersonFactory()):
        assert isinstance(asking.why_not(person, person), asking.WorksHere)


def test_whoever_only_helps_is_written_to_in_the_name_of_where_they_help(sam: User) -> None:
    asked = asking.ask_to_erase(
        person=sam.person, seen=fingerprint(sam.person), signed_in_at=timezone.now(), by=sam.person
    )
    confirm(asked)
    assert Message.objects.get(kind=asking.BEGUN).programme == sam.person.supports.get().participant.programme


@pytest.mark.parametrize("helps", [False, True])
def test_one_desk_neither_deletes_nor_copies_what_belongs_to_another_programme_too(
    pat: Participant, clare: User, helps: bool
) -> None:
    there = SupporterFactory(person=pat.person) if helps else ParticipantFactory(person=pat.person)
    other = there.participant.programme if helps else there.programme
    for refused in (
        lambda: ask(pat, by=clare.person),
        lambda: copies.ask_for_copy(person=pat.person, by=clare.person),
        lambda: copies.take_copy(person=pat.person, by=clare.person),
    ):
        with pytest.raises(TakesPartElsewhere):
            refused()
    assert not ErasureRequest.objects.exists() and not RecordCopy.objects.exists()
    assert asking.why_not(pat.person, pat.person) is None, "they delete all of it themselves"
    MembershipFactory(user=clare, role=Role.CLINICAL_LEAD.value, programme=other)
    assert not reaches_beyond(pat.person, Person.objects.get(pk=clare.person_id), copies.READS_ALL)
    with pytest.raises(copies.NotThere):
        copies.take_copy(person=pat.person, by=Person.objects.get(pk=clare.person_id))
