"""The desk's timetable: who waits, and how many places a date has."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from classes.judging.refusals import TooLate, TryAgain
from classes.models import Booking, BookingSource, BookingState, Session, SessionKind
from classes.places.booking import book_place
from messaging.worklist import raise_task
from tests.factories.classes import BookingFactory, SeriesFactory, SessionFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(programme):
    return SessionFactory(programme=programme, capacity=1)


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


def text(answer):
    return " ".join(answer.content.decode().split())


def places(session):
    return f"/desk/timetable/{session.pk}/places/"


def book(session, **more):
    other = ParticipantFactory(programme=session.programme)
    return book_place(participant=other, session=session, by=other.person, source=BookingSource.SELF, **more)


def test_the_timetable_leads_to_the_waiting_list_only_where_somebody_waits(desk, session, clare, sign_in):
    link = f'href="/desk/timetable/{session.pk}/waiting/"'
    assert link not in text(desk.get("/desk/timetable/"))
    book(session)
    book(session, or_wait=True)
    book(session, or_wait=True)
    page = text(desk.get("/desk/timetable/"))
    assert link in page and "Waiting list: 2 people" in page
    clares = text(sign_in(clare).get("/desk/timetable/"))  # she works at the desk, and arranges no classes
    assert link in clares and places(session) not in clares


def test_the_timetable_is_narrowed_to_whom_a_class_is_led_by(desk, ines, ivor):
    of_ines, of_ivor = (places(SessionFactory(programme=who.programme, leader=who)) for who in (ines, ivor))
    everybody = text(desk.get("/desk/timetable/"))
    assert of_ines in everybody and of_ivor in everybody
    only = text(desk.get(f"/desk/timetable/?led_by={ivor.pk}"))
    assert of_ivor in only and of_ines not in only
    assert f'value="{ines.pk}"' in only and f'value="{ivor.pk}" selected' in only
    assert of_ines in text(desk.get("/desk/timetable/?led_by=nonsense"))


def test_the_timetable_is_narrowed_to_a_week_and_a_kind_of_class(desk, programme):
    soon = SessionFactory(programme=programme, class_type__name="Gentle strength")
    later = SessionFactory(
        programme=programme, class_type__name="Chair yoga", starts_at=soon.starts_at + dt.timedelta(weeks=3)
    )
    on = timezone.localdate(later.starts_at)
    monday = on - dt.timedelta(days=on.weekday())
    weeks = text(desk.get(f"/desk/timetable/?week={monday}"))
    assert f'value="{monday}" selected' in weeks
    assert places(later) in weeks and places(soon) not in weeks
    kinds = text(desk.get(f"/desk/timetable/?kind={soon.class_type_id}"))
    assert places(soon) in kinds and places(later) not in kinds
    nothing = text(desk.get(f"/desk/timetable/?week={monday}&kind={soon.class_type_id}"))
    assert "No such class is to come." in nothing and "See all classes" in nothing


def test_a_full_class_says_so(desk, session):
    book(session)
    assert "Full: 1 of 1 booked" in text(desk.get("/desk/timetable/"))
    Session.objects.filter(pk=session.pk).update(capacity=3, reserved=2)
    page = text(desk.get("/desk/timetable/"))
    assert "Full: 1 of 3 booked" in page and "2 places kept back" in page


def test_what_to_think_of_stands_with_its_date_and_nowhere_else(desk, session):
    assert "Note: " not in text(desk.get("/desk/timetable/"))
    session.class_type.people_per_instructor = 8
    session.class_type.positions = ["standing"]
    session.class_type.save()
    Session.objects.filter(pk=session.pk).update(capacity=12, places_taken=9)
    someone = ParticipantFactory(programme=session.programme, clearance__adaptations=["seated_only"])
    BookingFactory(session=session, participant=someone)
    page = text(desk.get("/desk/timetable/"))
    most = "Note: More people have booked than one instructor should have: at most 8 people in this kind of class."
    assert most in page
    assert "Note: 1 person with a place exercises in another way than this class." in page
    Session.objects.filter(pk=session.pk).update(places_taken=1)
    assert "Note: There are more places than one instructor should have" in text(desk.get("/desk/timetable/"))


def test_more_places_go_to_those_who_wait(desk, session):
    book(session)
    waits = book(session, or_wait=True, book_automatically=True)
    page = text(desk.get(places(session)))
    assert "New places go first to the people who wait" in page and 'value="1"' in page
    answer = desk.post(places(session), {"capacity": "3"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/timetable/")
    session.refresh_from_db()
    waits.refresh_from_db()
    assert (session.capacity, waits.state) == (3, BookingState.BOOKED)
    assert f"{session.class_type.name} now has 3 places" in text(desk.get("/desk/timetable/"))


def test_a_class_cannot_be_smaller_than_what_is_held(desk, programme):
    session = SessionFactory(programme=programme, capacity=5, reserved=1)
    book(session)
    book(session)
    answer = desk.post(places(session), {"capacity": "2"})
    assert answer.status_code == 409
    assert "3 places are taken or kept: 1 too many. Choose whose are given back, or set a higher number." in text(
        answer
    )
    assert 'value="2"' in text(answer)  # what was typed is not lost
    session.refresh_from_db()
    assert session.capacity == 5
    assert desk.post(places(session), {"capacity": "3"}).status_code == 302


def test_who_gives_a_place_back_is_chosen_with_a_reason(desk, programme):  # pitfalls 12
    session = SessionFactory(programme=programme, capacity=2)
    stays, goes = book(session), book(session)
    asked = text(desk.post(places(session), {"capacity": "1"}))
    assert asked.index(str(goes.participant.person)) < asked.index(str(stays.participant.person))  # last come first
    sent = {"capacity": "1", "giving_up": [str(goes.pk)], "reason": ""}
    assert desk.post(places(session), sent).status_code == 422
    nobody = desk.post(places(session), {"capacity": "1", "reason": "The small hall"})
    assert nobody.status_code == 422 and "Select whose place is given back" in text(nobody)
    too_few = desk.post(places(session), sent | {"capacity": "0", "reason": "The small hall"})
    assert too_few.status_code == 409 and "1 place is taken or kept: 1 too many." in text(too_few)
    assert f'value="{goes.pk}" checked' in text(too_few)
    too_many = {"capacity": "1", "giving_up": [str(goes.pk), str(stays.pk)], "reason": "The small hall"}
    assert "2 places are taken or kept now: only 1 too many." in text(desk.post(places(session), too_many))
    assert "none too many" in text(desk.post(places(session), too_many | {"capacity": "2"}))
    assert desk.post(places(session), sent | {"reason": "The small hall"}).status_code == 302
    session.refresh_from_db()
    goes.refresh_from_db()
    assert (session.capacity, session.places_taken, goes.state) == (1, 1, BookingState.CLOSED)
    assert desk.post(places(session), {"capacity": "3", "reason": ""}).status_code == 302  # or a higher number
    again = desk.post(places(session), sent | {"reason": "The small hall"})
    assert again.status_code == 422  # pressed twice: who gave it back is no longer to be chosen


@pytest.mark.parametrize(("refusal", "words"), [(TryAgain, "Nothing was changed"), (TooLate, "This class has begun")])
def test_what_came_between_is_said_and_what_was_chosen_is_kept(desk, programme, monkeypatch, refusal, words):
    session = SessionFactory(programme=programme, capacity=1)
    goes = book(session)

    def refuse(**given):
        raise refusal

    monkeypatch.setattr("classes.places.making_smaller.make_smaller", refuse)
    answer = desk.post(places(session), {"capacity": "0", "giving_up": [str(goes.pk)], "reason": "The small hall"})
    assert answer.status_code == 409 and words in text(answer)
    assert "The small hall" in text(answer) and f'value="{goes.pk}" checked' in text(answer)


@pytest.mark.parametrize("typed", ["", "-1", "501", "many", "1.5"])
def test_what_is_no_number_of_places_is_422(desk, session, typed):
    assert desk.post(places(session), {"capacity": typed}).status_code == 422
    session.refresh_from_db()
    assert session.capacity == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": SessionKind.ONE_TO_ONE}, "A one-to-one session always has one place."),
        ({"starts_at": timezone.now() - dt.timedelta(days=1)}, "This class is over."),
        ({"status": "cancelled", "cancelled_at": timezone.now(), "cancel_reason": "Snow"}, "This class is cancelled."),
    ],
)
def test_a_date_whose_places_are_fixed_says_why(desk, programme, fields, words):
    session = SessionFactory(programme=programme, capacity=1, **fields)
    page = text(desk.get(places(session)))
    assert words in page and 'name="capacity"' not in page
    assert desk.post(places(session), {"capacity": "2"}).status_code == 409
    session.refresh_from_db()
    assert session.capacity == 1


def test_a_lost_race_is_said_and_may_be_sent_again(desk, session, monkeypatch):
    def refuse(**given):
        raise TryAgain

    monkeypatch.setattr("classes.places.booking.change_capacity", refuse)
    answer = desk.post(places(session), {"capacity": "2"})
    assert answer.status_code == 409 and "Nothing was changed" in text(answer)


def test_each_task_leads_to_where_it_is_done(desk, pat, programme, dee, clare, sign_in):
    waiting = BookingFactory(session=SessionFactory(programme=programme), participant=pat, state=BookingState.WAITING)
    series = SeriesFactory(instructor__programme=programme)
    ask = {"programme": programme, "due_at": timezone.now(), "by": dee.person}
    pages = {
        ("waiting_call", waiting.pk): f"/desk/timetable/{waiting.session_id}/waiting/",
        ("place_in_doubt", waiting.pk): f"/desk/people/{pat.pk}/",
        ("mark_without_place", waiting.pk): f"/desk/people/{pat.pk}/",
    }
    for (kind, subject), address in pages.items():
        task = raise_task(kind=kind, about=pat.person, subject_id=subject, dedupe_key=kind, **ask)
        assert f'<p><a href="{address}">' in text(desk.get(f"/desk/tasks/{task.pk}/"))
    date = raise_task(kind="date_not_published", subject_id=series.pk, dedupe_key="date", **ask)
    assert '<a href="/desk/timetable/new-class/">Publish a class by hand' in text(desk.get(f"/desk/tasks/{date.pk}/"))
    assert "Publish a class by hand" not in text(sign_in(clare).get(f"/desk/tasks/{date.pk}/"))


def test_a_task_whose_booking_is_not_to_be_found_leads_nowhere(desk, pat, programme, dee):
    ask = {"programme": programme, "due_at": timezone.now(), "by": dee.person}
    gone = raise_task(kind="waiting_call", about=pat.person, subject_id=10**9, dedupe_key="gone", **ask)
    nobody = raise_task(kind="place_in_doubt", dedupe_key="nobody", **ask)
    for task in (gone, nobody):
        page = desk.get(f"/desk/tasks/{task.pk}/")
        assert page.status_code == 200
        assert "The waiting list of this class" not in text(page) and "Look at their page<" not in text(page)
    assert not Booking.objects.exists()
