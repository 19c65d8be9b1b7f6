"""Days on which an instructor is away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from instructors.away import AwayAlready, NotThatWay, is_there_after_all, say_away
from instructors.models import Unavailability

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_both_days_are_included(ines):
    said = say_away(instructor=ines, first=day(3), last=day(4), by=ines.person)
    said.refresh_from_db()
    lower, upper = timezone.localtime(said.during.lower), timezone.localtime(said.during.upper)
    assert (lower.date(), lower.hour, upper.date(), upper.hour) == (day(3), 0, day(5), 0)


@pytest.mark.parametrize(("first", "last"), [(4, 3), (-3, -1)])
def test_it_ends_after_it_begins_and_is_not_over(first, last, ines):
    with pytest.raises(NotThatWay):
        say_away(instructor=ines, first=day(first), last=day(last), by=ines.person)


def test_days_are_noted_once_and_can_be_taken_back(ines):
    said = say_away(instructor=ines, first=day(3), last=day(4), by=ines.person)
    with pytest.raises(AwayAlready):
        say_away(instructor=ines, first=day(4), last=day(6), by=ines.person)
    say_away(instructor=ines, first=day(5), last=day(6), by=ines.person)
    is_there_after_all(away=said, by=ines.person)
    assert Unavailability.objects.count() == 1
