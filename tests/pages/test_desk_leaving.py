"""Leaving by telephone: what the desk reads out, what it does, and what is offered to somebody who has left."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.history import System
from classes.models import BookingSource, BookingState
from classes.places.booking import book_place
from messaging.models import Message
from participants.content import install
from participants.models import ParticipantStatus, SupporterStatus
from participants.taking_part import life
from participants.taking_part.life import NotPossibleNow
from tests.factories.classes import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(programme):
    install(programme, System.COMMAND)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def place(pat):
    session = SessionFactory(programme=pat.programme, starts_at=timezone.now() + dt.timedelta(days=5))
    return book_place(participant=pat, session=session, by=pat.person, source=BookingSource.SELF)


def text_of(answer):
    return answer.content.decode()


def test_somebody_leaves_by_telephone_and_everything_ends_with_it(desk, dee, pat, sam, place):
    page = f"/desk/people/{pat.pk}/leave/"
    assert f'href="{page}"' in text_of(desk.get(f"/desk/people/{pat.pk}/"))
    told = text_of(desk.get(page))
    assert "1 class that they have booked or wait for" in told and "Sam Helper can no longer book" in told
    assert f'href="/desk/people/{pat.pk}/pause/"' in told
    after = text_of(desk.post(page, {"reason": "moved"}, follow=True))
    assert "They have left. Tell them so" in after
    pat.refresh_from_db()
    place.refresh_from_db()
    enrolment = pat.enrolments.get()
    assert (pat.status, place.state, place.end_reason) == ("withdrawn", BookingState.CANCELLED, "withdrawn")
    assert (enrolment.ends_on, enrolment.end_reason) == (timezone.localdate(), "moved")
    assert pat.supporters.get().status == SupporterStatus.ENDED
    assert Message.objects.filter(person=pat.person, subject_id=place.pk, kind="booking_cancelled").exists()
    happened = text_of(desk.get(f"/desk/people/{pat.pk}/timeline/"))
    assert "Left the programme" in happened and "Dee Desk" in happened


def test_whoever_left_is_offered_nothing_that_would_be_refused(desk, dee, pat, sam):
    page = f"/desk/people/{pat.pk}/"
    before = text_of(desk.get(page))
    life.withdraw(participant=pat, by=dee.person)
    shown = text_of(desk.get(page))
    for offered in ("Book a class for them", "Add somebody who helps", "Safe to take part?", "Leave SafeFit"):
        assert offered in before and offered not in shown, offered
    assert "Left the programme on" in shown and "they register again" in shown
    for kept in ("Wellbeing checks", "Read it to them, or change it", "Everything that happened"):
        assert kept in shown, kept
    desk.post(f"{page}caller/", {"who": "self", "right": ["born", "reference"]})
    assert "Book a class for them" not in text_of(desk.get(page))


@pytest.mark.parametrize("status", [ParticipantStatus.WITHDRAWN, ParticipantStatus.COMPLETED])
def test_whoever_takes_no_part_cannot_leave_and_the_page_says_why(desk, pat, status):
    pat.status = status
    pat.save()
    answer = desk.post(f"/desk/people/{pat.pk}/leave/", {"reason": ""}, follow=True)
    assert answer.redirect_chain[0][0] == f"/desk/people/{pat.pk}/"
    assert f"this person is “{status.label}”" in text_of(answer)


def test_whoever_has_left_meanwhile_is_said_and_nothing_is_lost(desk, pat, monkeypatch):
    def gone(**_):
        raise NotPossibleNow(ParticipantStatus.WITHDRAWN)

    monkeypatch.setattr("participants.taking_part.life.withdraw", gone)
    answer = desk.post(f"/desk/people/{pat.pk}/leave/", {"reason": "moved"})
    assert (
        answer.status_code == 409
        and "they have left already" in text_of(answer)
        and 'value="moved" checked' in text_of(answer)
    )


def test_a_reason_that_is_not_among_those_to_choose_from_is_explained(desk, pat):
    answer = desk.post(f"/desk/people/{pat.pk}/leave/", {"reason": "it has come back"})
    pat.refresh_from_db()
    assert answer.status_code == 422 and pat.status == ParticipantStatus.ACTIVE


def test_during_a_break_the_desk_offers_a_longer_one(desk, dee, pat):
    life.pause(participant=pat, reason="treatment", by=dee.person)
    page = f"/desk/people/{pat.pk}/leave/"
    assert "another day for its end" in text_of(desk.get(page))
    assert desk.post(page, {"reason": ""}).status_code == 302
    pat.refresh_from_db()
    assert pat.status == ParticipantStatus.WITHDRAWN
