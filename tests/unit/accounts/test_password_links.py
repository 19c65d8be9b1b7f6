"""How long each link at which somebody chooses a password is good, and that it opens nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.models import User
from accounts.password_links import HandedOver, PasswordLinks, SentByEmail

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 2, 3, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.mark.parametrize(("make", "good_for"), [(SentByEmail(), 10 * MINUTE), (HandedOver(), 3 * DAY)])
def test_a_link_is_good_for_its_time_and_not_for_a_second_more(
    dee: User, make: PasswordLinks, good_for: dt.timedelta
) -> None:
    with time_machine.travel(NOON, tick=False):
        token = make.make_token(dee)
    for late, good in ((dt.timedelta(), True), (good_for, True), (good_for + dt.timedelta(seconds=1), False)):
        with time_machine.travel(NOON + late, tick=False):
            assert PasswordLinks().check_token(dee, token) is good, late


def test_the_page_makes_the_short_kind_and_a_link_of_it_is_not_taken_for_the_other(dee: User) -> None:
    token = PasswordLinks().make_token(dee)
    assert SentByEmail().check_token(dee, token) and not HandedOver().check_token(dee, token)


def test_an_hour_that_comes_twice_opens_nothing_again(dee: User) -> None:
    before, after = (dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC) for hour in (0, 1))  # 01:30 by the clock, twice
    with time_machine.travel(before, tick=False):
        token = PasswordLinks().make_token(dee)
    with time_machine.travel(after, tick=False):
        assert not PasswordLinks().check_token(dee, token)


def test_it_opens_no_other_login_and_nothing_once_the_password_has_changed(dee: User, ines: object) -> None:
    token = PasswordLinks().make_token(dee)
    other = User.objects.exclude(pk=dee.pk).first()
    dee.set_password("another long sentence")
    assert other is not None
    for user, said in ((other, token), (dee, token), (None, token), (dee, None), (dee, "no-token"), (dee, "nonsense")):
        assert not PasswordLinks().check_token(user, said)
