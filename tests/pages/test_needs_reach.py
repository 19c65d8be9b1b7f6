"""Every kind of access need reaches the roster and the call sheet; a message meets it, or a task exists instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Programme, User
from classes.telling import notices
from frontend.needs import need_words
from instructors.models import Instructor
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task
from participants.models import AccessNeed, AccessNeedKind, Participant
from participants.rules.formats import METHODS
from tests.factories.accounts import ContactPointFactory, PersonFactory
from tests.factories.classes import BookingFactory, SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.unit.participants.rules.test_formats import MET_BY

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
NUMBERS = {"email": "{}@example.org", "text": "+4477009001{}", "phone": "+4416329602{}", "post": "{} Made Up Street"}
DESKS = {"phone": "call", "text": "call", "post": "letter"}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(NOON, tick=False):
        yield


def somebody(programme: Programme, kind: str, number: int, way: str) -> Participant:
    person = PersonFactory(given_name=f"Given{number}")
    ContactPointFactory(person=person, channel=way, value=NUMBERS[way].format(10 + number), preferred=True)
    AccessNeed.objects.create(
        person=person, kind=kind, detail=f"said {number}", share_with_instructors=kind not in METHODS,
        recorded_by=person, review_on=timezone.localdate(),
    )  # fmt: skip
    return ParticipantFactory(person=person, programme=programme)


@pytest.mark.parametrize("way", ["email", "text", "phone", "post"])
def test_a_message_meets_the_need_or_a_task_exists_that_shows_it(
    programme: Programme, dee: User, sign_in: type, way: str
) -> None:
    session = SessionFactory(programme=programme, starts_at=NOON + dt.timedelta(days=20), capacity=40)
    people = {kind: somebody(programme, kind, n, way) for n, kind in enumerate(AccessNeedKind.values)}
    for participant in people.values():
        notices.booking_confirmed(BookingFactory(session=session, participant=participant), participant.person)
    while deliver_due():
        pass
    written_to = {address for message in mail.outbox for address in message.to}
    desk = sign_in(dee)
    used = "phone" if way == "text" else way  # nothing sends texts: a mobile number is called
    for kind, participant in people.items():
        message = Message.objects.get(person=participant.person)
        met = used in MET_BY[kind]
        if met and way == "email":
            assert message.state == MessageState.SENT, kind
            assert participant.person.contact_points.get().value in written_to
            continue
        assert message.state == MessageState.WITH_DESK, kind
        task = Task.objects.get(about=participant.person)
        assert task.kind == (DESKS[way] if met else "format_wanted"), kind
        sheet = desk.get(f"/desk/tasks/{task.pk}/").content.decode()
        words = escape(need_words(kind, participant.person.access_needs.get().detail))
        assert sheet.index(words) < sheet.index("How to reach them"), kind
        assert ("How it must be told" in sheet) == (not met), kind
        assert "Your place is booked." in sheet
    sent_in_silence = {p.person.contact_points.get().value for k, p in people.items() if used not in MET_BY[k]}
    assert not sent_in_silence & written_to


def test_the_roster_shows_each_need_that_was_shared_and_no_other(
    programme: Programme, ines: Instructor, sign_in: type
) -> None:
    session = SessionFactory(programme=programme, leader=ines, starts_at=NOON + dt.timedelta(hours=5), capacity=40)
    for number, kind in enumerate(AccessNeedKind.values):
        participant = somebody(programme, kind, number, "email")
        BookingFactory(session=session, participant=participant)
    unshared = somebody(programme, "braille", 88, "email")
    unshared.person.access_needs.all().delete()
    AccessNeed.objects.create(
        person=unshared.person, kind="braille", detail="kept to myself", recorded_by=unshared.person,
        review_on=timezone.localdate(),
    )  # fmt: skip
    BookingFactory(session=session, participant=unshared)
    page = sign_in(ines.person.user).get(f"/teach/classes/{session.pk}/register/").content.decode()
    for number, kind in enumerate(AccessNeedKind.values):
        assert (escape(need_words(kind, f"said {number}")) in page) == (kind not in METHODS), kind
    assert "kept to myself" not in page
