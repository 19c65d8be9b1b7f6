"""A lost telephone: signed out everywhere else, and what a device was given before is old."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.devices import forget_devices, is_forgotten
from accounts.fields import encrypt
from accounts.models import BrowserSession, User
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


@pytest.fixture
def user(ines) -> User:
    return ines.person.user


def session(key: str, user: User) -> BrowserSession:
    return BrowserSession.objects.create(session_key=key, session_data="", expire_date=NOON, user=user)


def test_every_session_ends_but_the_one_in_which_it_is_said_and_nobody_elses(user, ivor):
    for key in ("here", "there", "elsewhere"):
        session(key, user)
    session("another", ivor.person.user)
    forget_devices(person=user.person, keep="here", by=user.person)
    assert set(BrowserSession.objects.values_list("session_key", flat=True)) == {"here", "another"}
    forget_devices(person=user.person, by=user.person)
    assert set(BrowserSession.objects.values_list("session_key", flat=True)) == {"another"}


def test_what_a_device_was_given_before_is_forgotten_and_what_it_is_given_after_is_not(user):
    with time_machine.travel(NOON, tick=False) as clock:
        before = encrypt("ticket")
        assert not is_forgotten(user, before)
        clock.shift(0.5)
        in_the_same_second = encrypt("ticket")
        forget_devices(person=user.person, by=user.person)
        user.refresh_from_db()
        clock.shift(1)
        assert is_forgotten(user, before)
        assert is_forgotten(user, in_the_same_second), "a ticket knows the second alone, and the doubt is for wiping"
        assert not is_forgotten(user, encrypt("ticket"))


def test_whoever_never_signs_in_has_left_nothing(user):
    forget_devices(person=PersonFactory(), by=user.person)
    user.refresh_from_db()
    assert user.devices_forgotten_at is None
