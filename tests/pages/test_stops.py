"""The desk ends all contact: what the page says beforehand is what happens; a mistake is taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from classes.judging.refusals import TryAgain
from classes.models import Booking, BookingSource
from classes.places.booking import book_place
from frontend.views.desk.stops import ENDED_TASKS
from messaging.models import Message, MessageState, Task, TaskState
from messaging.suppression import BeingWrittenTo
from outcomes.asking.planning import plan_assessments
from participants.content import install
from participants.models import ContactStop, Participant, ParticipantStatus, StopKind
from participants.taking_part import life, stops
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(dee: Any, sign_in: Any) -> Client:
    client: Client = sign_in(dee)
    return client


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def page_of(participant: Participant, more: str = "stop/") -> str:
    return f"/desk/people/{participant.pk}/{more}"


def test_the_page_names_a_break_that_goes_on(desk, pat) -> None:
    assert "The break" not in text_of(desk.get(page_of(pat)))
    life.pause(participant=pat, reason="treatment", by=pat.person)
    assert "The break that they are having: ended" in text_of(desk.get(page_of(pat)))


def test_the_page_names_what_will_happen_and_one_press_does_it(desk, dee, pat, sam) -> None:
    install(pat.programme, pat.person)
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=2))
    book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)
    plan_assessments(participant=pat, by=pat.person)
    shown = text_of(desk.get(page_of(pat)))
    for words in (
        "1 class booked or waited for: cancelled",
        "2 messages not sent yet: taken back",
        "5 questionnaires not answered: closed",
        "Help: Sam Helper can do and see nothing more",
        "Make sure that this is the right person",
        pat.reference,
    ):
        assert words in shown, words
    assert "at the desk (calls" not in shown, "of what there is none, nothing is said"
    assert Booking.objects.live().count() == 1, "looking changes nothing"

    assert desk.post(page_of(pat), {}).status_code == 422
    sent = {
        "kind": "died",
        "happened_on-day": "1",
        "happened_on-month": "2",
        "happened_on-year": "2024",
        "letter": "yes",
    }
    assert desk.post(page_of(pat), sent)["Location"] == page_of(pat, "")
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.DIED
    assert not Booking.objects.live().exists()
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.NOT_WANTED}
    letter = Task.objects.get(kind="write_to_family")
    assert letter.owner == dee.person
    person = text_of(desk.get(page_of(pat, "")))
    assert "Pat Example has died on 1 February 2024. Do not write to them, and do not call them." in person
    assert "Noted by Dee Desk" in person and "Book a class for them" not in person
    sheet = text_of(desk.get(f"/desk/tasks/{letter.pk}/"))
    assert "All contact with Pat Example has ended" in sheet and "pat@example.org" not in sheet


def test_every_task_that_the_page_counts_is_taken_back_and_no_other(desk, pat) -> None:
    for kind in (*ENDED_TASKS, "mark_without_place"):
        Task.objects.create(
            programme=pat.programme, kind=kind, about=pat.person, subject_id=pat.pk, due_at=timezone.now(),
            dedupe_key=kind,
        )  # fmt: skip
    assert f"{len(ENDED_TASKS)} tasks at the desk" in text_of(desk.get(page_of(pat)))
    desk.post(page_of(pat), {"kind": "no_contact"})
    left = Task.objects.filter(state=TaskState.OPEN).values_list("kind", flat=True)
    assert set(left) == {"mark_without_place", "waiting_call", "place_in_doubt"}, "those two end with their booking"


def test_a_mistake_is_taken_back_on_the_same_day_and_the_page_says_what_stays_lost(desk, pat) -> None:
    desk.post(page_of(pat), {"kind": "died"})
    assert "Noted by mistake?" in text_of(desk.get(page_of(pat, "")))
    assert desk.get(page_of(pat, "stop/undo/")).status_code == 405
    done = text_of(desk.post(page_of(pat, "stop/undo/"), follow=True))
    assert "Their places are not given back" in done and "must be invited again" in done
    assert "Do not write to them" not in done and "Book a class for them" in done
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.ACTIVE
    assert desk.post(page_of(pat, "stop/undo/")).status_code == 404


def test_the_day_after_it_cannot_be_taken_back(desk, pat, dee, sign_in) -> None:
    desk.post(page_of(pat), {"kind": "hospice"})
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        later = sign_in(dee)
        assert "Noted by mistake?" not in text_of(later.get(page_of(pat, "")))
        assert "only on the day it was made" in text_of(later.post(page_of(pat, "stop/undo/"), follow=True))
    assert ContactStop.objects.standing().exists()


def test_who_comes_second_is_told_who_was_first(desk, pat) -> None:
    desk.post(page_of(pat), {"kind": "died"})
    late = desk.post(page_of(pat), {"kind": "hospice"})
    assert late.status_code == 409 and "Dee Desk noted it before" in text_of(late)


@pytest.mark.parametrize("trouble", [BeingWrittenTo, TryAgain])
def test_where_a_message_or_a_class_is_busy_nothing_changes_and_it_is_said(desk, pat, monkeypatch, trouble) -> None:
    def busy(**kwargs):
        raise trouble

    monkeypatch.setattr(stops, "stop_everything", busy)
    answer = desk.post(page_of(pat), {"kind": "died"})
    assert answer.status_code == 409 and "Press the button again" in text_of(answer)
    assert not ContactStop.objects.exists()


def test_nobody_else_ends_anything(pat, quinn, sam, ines, omar, sign_in) -> None:
    others = [pat.person.user, quinn.person.user, sam, ines.person.user, omar]
    others.append(someone("Other Desk", Role.COORDINATOR, programme=ProgrammeFactory()))
    for user in others:
        assert sign_in(user).post(page_of(pat), {"kind": StopKind.DIED}).status_code == 404
        assert sign_in(user).post(page_of(pat, "stop/undo/")).status_code == 404
    assert not ContactStop.objects.exists()
