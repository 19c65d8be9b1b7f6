"""Where somebody is during an online class: kept for an emergency, shown to who leads it, and forgotten."""

import datetime as dt

import pytest
from django.utils import timezone

from classes.models import Mode, Whereabouts
from classes.register import Today, open_register
from classes.whereabouts import NothingToSay, Where, forget_whereabouts, last_said, say_whereabouts
from tests.factories.classes import BookingFactory, SessionFactory

pytestmark = pytest.mark.django_db
HOME = Where(at_home=True, address=" 1 Made Up Street ", phone="+441632960001", alone=True, with_whom="nobody")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def place(ines, pat):
    start = timezone.now() + dt.timedelta(minutes=10)
    session = SessionFactory(programme=ines.programme, leader=ines, mode=Mode.REMOTE, starts_at=start)
    return BookingFactory(session=session, participant=pat)


def test_what_was_said_last_stands_on_the_register_within_its_window(place, pat, ines):
    say_whereabouts(booking=place, where=Where(False, "2 Sea Road", "+441632960002", False, "Kim"), by=pat.person)
    say_whereabouts(booking=place, where=HOME, by=ines.person)
    (entry,) = open_register(session=place.session, by=ines.person).entries
    assert entry.facts.today == Today(True, "1 Made Up Street", "+441632960001", True, "")
    assert last_said(pat) == Whereabouts.objects.get() and Whereabouts.objects.get().by == ines.person
    place.session.starts_at = timezone.now() + 25 * HOUR
    (early,) = open_register(session=place.session, by=ines.person).entries
    assert early.facts is None


@pytest.mark.parametrize(
    "differs",
    [
        {"session": {"mode": Mode.IN_PERSON}},
        {"session": {"ends_at": timezone.now() - HOUR, "starts_at": timezone.now() - 2 * HOUR}},
        {"state": "cancelled"},
    ],
)
def test_nobody_is_asked_without_need(place, pat, differs):
    for name, value in differs.pop("session", {}).items():
        setattr(place.session, name, value)
    for name, value in differs.items():
        setattr(place, name, value)
    with pytest.raises(NothingToSay):
        say_whereabouts(booking=place, where=HOME, by=pat.person)
    assert not Whereabouts.objects.exists()


@pytest.mark.parametrize(("after", "kept"), [(dt.timedelta(days=14, seconds=-9), True), (dt.timedelta(days=14), False)])
def test_it_is_deleted_two_weeks_after_the_class(place, pat, after, kept):
    say_whereabouts(booking=place, where=HOME, by=pat.person)
    place.session.ends_at = timezone.now() - after
    place.session.starts_at = place.session.ends_at - HOUR
    place.session.save(update_fields=["starts_at", "ends_at"])
    forget_whereabouts()
    assert Whereabouts.objects.exists() is kept
