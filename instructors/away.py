"""When an instructor is away: said by themselves, in whole days. Not here: dates they lead in that time (classes)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from instructors.models import Instructor, Unavailability


class AwayAlready(Exception):
    """Some of these days are noted already."""


class NotThatWay(Exception):
    """It ends before it begins, or is over already."""


def say_away(*, instructor: Instructor, first: date, last: date, reason: str = "", by: Person) -> Unavailability:
    """From the first day to the last, both included: nobody gives them a class then. Raises AwayAlready, NotThatWay."""
    if last < first or last < timezone.localdate():
        raise NotThatWay
    with acting(by, "instructors.say_away"):
        try:
            with transaction.atomic():
                return Unavailability.objects.create(
                    instructor=instructor, during=(_begins(first), _begins(last + timedelta(days=1))), reason=reason
                )
        except IntegrityError as refused:
            raise AwayAlready from refused


def is_there_after_all(*, away: Unavailability, by: Person) -> None:
    with acting(by, "instructors.is_there_after_all"):
        Unavailability.objects.filter(pk=away.pk).delete()


def _begins(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))
