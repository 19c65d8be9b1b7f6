"""Somebody with only a landline, from registering to leaving: one coordinator, the desk's pages, nothing else.

Two others come in where the programme asks for them: the clinical lead reads
answers, and the instructor takes the register. The worker does its jobs between.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from accounts.history import System
from accounts.models import Person, User
from classes.models import Booking, BookingSource, BookingState, SymptomCheck
from classes.places.booking import book_place, cancel_booking
from classes.telling.asking import ask_for_checks
from messaging.delivery import deliver_due
from messaging.models import Message, MessageState, Task, TaskState
from outcomes.asking.planning import refresh_windows
from outcomes.models import Assessment, AssessmentState
from participants import consents, details
from participants.content import install
from participants.health import clearance_of
from participants.models import Participant, ParticipantStatus
from tests.factories.classes import SessionFactory
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH, walk
from tests.factories.symptoms import LETTERS, VERSION

pytestmark = pytest.mark.django_db
START = dt.datetime(2027, 2, 2, 10, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LONG = {
    "given_name": "Wilhelmina-Konstantinopoulou",
    "family_name": "Featherstonehaugh-Cholmondeley",
    "known_as": "Mina",
}
LANDLINE = {"ways": ["phone"], "phone": "01632 960333", "may_leave_message": "no"}
SAYS = {"name": LONG, "contact": LANDLINE, "health-bones": {"bones": ["thin_bones"]}}


class Desk:
    """Dee, with a telephone and a browser."""

    def __init__(self, browser, dee):
        self.browser, self.dee, self.person = browser, dee.person, None

    @property
    def page(self):
        return f"/desk/people/{self.participant.pk}/"

    @property
    def participant(self):
        return Participant.objects.get(person=self.person)

    def read(self, address):
        answer = self.browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
        return words(answer)

    def send(self, address, **sent):
        """Press the button of a page that was read, and read where it leads."""
        answer = self.browser.post(address, sent, follow=True)
        assert answer.redirect_chain and answer.status_code == 200, (address, answer.status_code, words(answer))
        return words(answer)

    def knows_who_calls(self):
        return self.send(f"{self.page}caller/", who="self", right=["born", "reference"])

    def calls(self, kind, outcome, message=""):
        """The one open task of the kind: read the sheet, call, keep what came of it."""
        tasks = Task.objects.to_do().filter(kind=kind, about=self.person)
        if message:
            tasks = tasks.filter(subject_id__in=Message.objects.filter(kind=message).values("pk"))
        (task,) = tasks
        sheet = self.read(f"/desk/tasks/{task.pk}/")
        assert "01632 960" in sheet
        self.send(f"/desk/tasks/{task.pk}/", outcome=outcome, note="")
        task.refresh_from_db()
        assert task.state != TaskState.OPEN
        return sheet


def words(answer):
    return " ".join(answer.content.decode().split())


def hidden(page, *names):
    return {name: re.search(rf'name="{name}"(?: value="([^"]*)")?', page)[1] or "" for name in names}


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("messaging.delivery.require_a_right_clock", lambda: None)
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(clock, programme, dee, sign_in):
    install(programme, System.COMMAND)
    return Desk(sign_in(dee), dee)


@pytest.fixture
def session(desk, programme, ines):
    return SessionFactory(programme=programme, leader=ines, capacity=1, starts_at=START + 7 * DAY)


# pitfalls 46
def test_one_coordinator_does_everything_for_somebody_with_only_a_landline(desk, clare, session, ines, sign_in, clock):
    # registering: it is read back to her, and what was noted is told her by a call
    check, _ = walk(desk.browser, desk.browser.post("/desk/register/")["Location"], SAYS)
    assert "Read the answers back" in desk.read(check)
    assert "Registered. Their reference is" in desk.send(check)
    desk.person = Person.objects.get(known_as="Mina")
    assert not User.objects.filter(person=desk.person).exists()
    deliver_due()
    assert "Featherstonehaugh-Cholmondeley" in desk.calls("call", "reached", "registered")

    # health review: by the clinical lead, and told by a call
    standing = clearance_of(desk.participant)
    decision = {"reviewed": standing.pk, "state": "cleared_adapted", "adaptations": ["no_loaded_spine"], "note": "Ok"}
    assert sign_in(clare).post(f"{desk.page}clearance/", decision)["Location"] == desk.page
    deliver_due()
    desk.calls("call", "reached", "clearance_decided")

    # booking: she calls, the class is full, and she waits
    rival = ParticipantFactory(programme=session.programme)
    held = book_place(participant=rival, session=session, by=rival.person, source=BookingSource.SELF)
    assert "is on the line" in desk.knows_who_calls()
    assert "Mina" in desk.send(f"{desk.page}book/")
    address = f"/me/classes/{session.pk}/book/"
    desk.send(address, **hidden(desk.read(address), "request_key", "person", "wait"))
    place = Booking.objects.get(participant=desk.participant)
    assert (place.state, place.source) == (BookingState.WAITING, BookingSource.DESK)
    deliver_due()
    desk.calls("call", "reached", "waiting_joined")

    # the waiting list: a place comes free, she is offered it by a call, and hears in that call all there is to know
    cancel_booking(booking=held, by=rival.person)
    desk.calls("waiting_call", "takes_place")
    place.refresh_from_db()
    assert place.state == BookingState.BOOKED
    address, confirmed = "/desk/call/read-out/", Message.objects.get(kind="booking_confirmed", person=desk.person)
    booked = desk.read(f"/me/bookings/{place.pk}/booked/")
    assert f'href="{address}">To read out: 2</a>' in booked
    assert "Add to my calendar" not in booked, "nobody at the desk wants the class of a caller in theirs"
    assert desk.browser.post(address, {}).status_code == 422, "nothing is kept without a tick"
    sheet = desk.read(address)
    assert "Read out to Mina" in sheet and "If you cannot come" in sheet
    assert f'nhsuk-back-link" href="{desk.page}">Wilhelmina' in sheet, "the way back is to her page"
    assert "Kept: 1 message told in this call" in desk.send(address, told=str(confirmed.pk))
    assert "A few questions from SafeFit" in desk.read(address), "she rang before anybody had called her about that"
    deliver_due()
    confirmed.refresh_from_db()
    assert (confirmed.state, confirmed.channel) == (MessageState.DELIVERED, "phone")
    assert "Told in call" in desk.read(f"/desk/messages/{confirmed.pk}/")
    assert not Task.objects.to_do().filter(kind="call", subject_id=confirmed.pk).exists(), "nobody calls her again"

    # the morning of the class: she is reminded by a call, and answers the check in it
    clock.move_to(session.starts_at - dt.timedelta(hours=1, minutes=50))
    desk.browser = sign_in(desk.dee.user)
    assert ask_for_checks() == 1
    deliver_due()
    (call,) = Task.objects.to_do().filter(kind="call", subject_id=Message.objects.get(kind="same_day_check").pk)
    address = f"/desk/bookings/{place.pk}/safety-check/"
    assert f'href="{address}"' in desk.read(f"/desk/tasks/{call.pk}/")
    drawn = hidden(desk.read(address), "client_id")
    desk.send(address, version=VERSION, **drawn, **dict.fromkeys(LETTERS.values(), "no"))
    checked, _ = SymptomCheck.objects.get(), call.refresh_from_db()
    assert (checked.result, checked.mode, checked.by) == ("ready", "phone", desk.dee)
    assert call.state != TaskState.OPEN  # nobody calls her a second time to ask

    # the class: the instructor confirms whom to call, and marks that she came
    clock.move_to(session.starts_at + dt.timedelta(minutes=5))
    teacher = sign_in(ines.person.user)
    register, line = f"/teach/classes/{session.pk}/register/", f"b{place.pk}"
    assert "First class: confirm who to call" in words(teacher.get(register))
    teacher.post(f"/teach/classes/{session.pk}/contact/{line}/", {"right": "yes"})
    drawn = hidden(words(teacher.get(register)), f"id_{line}", f"was_{line}", f"said_{line}")
    teacher.post(register, {**drawn, f"state_{line}": "attended", f"note_{line}": ""})
    assert desk.participant.emergency_confirmed_by == ines.person

    # the wellbeing check: her answers, typed as she says them
    clock.move_to(session.starts_at + DAY)
    desk.browser = sign_in(desk.dee.user)
    refresh_windows(on=dt.date(2027, 2, 10), by=System.WORKER)
    deliver_due()
    desk.calls("call", "reached", "questionnaire_due")
    (form,) = Assessment.objects.filter(participant=desk.participant, timepoint__code="start")
    assert f"/desk/wellbeing/{form.pk}/" in desk.read(f"{desk.page}wellbeing/")
    address = f"/desk/wellbeing/{form.pk}/question/energy/"
    for answer in (6, 5, 4, 7, 3, 2, 8, 4, 9, 5, 6, 3, 30):
        address = desk.browser.post(address, {"answer": answer})["Location"]
    desk.send(address)
    form.refresh_from_db()
    assert (form.state, form.response.mode) == (AssessmentState.SUBMITTED, "phone")

    # she has moved: another number, and one thing she agreed to is taken back
    moved = LANDLINE | {"phone": "01632 960444", "preferred": "phone"}
    assert "01632 960444" in desk.send(f"{desk.page}contact/", **moved)
    assert [point.value for point in details.contact_points_of(desk.person)] == ["+441632960444"]
    desk.send(f"{desk.page}agreed/instructors/answer/", agrees="no")
    last = consents.consents_in_force(desk.participant)["instructors"]
    assert (last.given, last.mode, last.by) == (False, "desk", desk.dee)

    # a break for an operation, and back: asked about her health again, and decided again
    desk.send(f"{desk.page}pause/", reason="operation")
    assert desk.participant.status == ParticipantStatus.PAUSED
    deliver_due()
    desk.calls("call", "reached", "paused")
    clock.move_to(session.starts_at + 30 * DAY)
    desk.browser = sign_in(desk.dee.user)
    asked = desk.send(f"{desk.page}resume/")
    assert "Read each question" in asked
    desk.send(f"{desk.page}health/", **hidden(asked, "version"), **HEALTH, note="")
    standing = clearance_of(desk.participant)
    assert (desk.participant.status, standing.state) == (ParticipantStatus.ACTIVE, "needs_review")
    sign_in(clare).post(f"{desk.page}clearance/", {"reviewed": standing.pk, "state": "cleared", "note": ""})
    assert clearance_of(desk.participant).state == "cleared"

    # leaving
    assert "can no longer" not in desk.read(f"{desk.page}leave/")
    assert "They have left" in desk.send(f"{desk.page}leave/", reason="moved")
    assert desk.participant.status == ParticipantStatus.WITHDRAWN

    # nothing has gone out in writing, nothing waits to be done, and all of it can be read in one place
    clock.shift(DAY)
    deliver_due()
    assert not Message.objects.filter(person=desk.person, state=MessageState.SENT).exists()
    assert not Task.objects.to_do().filter(about=desk.person).exclude(kind="call").exists()
    desk.browser = sign_in(desk.dee.user)
    happened = "".join(desk.read(f"{desk.page}timeline/?page={page}") for page in (1, 2))
    for told in (
        "Registered",
        "Joined the waiting list",
        "Place booked",
        "Came to class",
        "Same-day check answered, on the telephone with the desk",
        "Wellbeing check answered",
        "How to reach them changed",
        "Emergency contact still right",
        "A break began",
        "Takes part again",
        "Left the programme",
    ):
        assert told in happened, told
