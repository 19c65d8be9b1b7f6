"""Places kept back are given away when their time has come: first to who waits, then to anybody.

Here: the release, under the locks of the class and its waiting list. Not here: how
many are kept back, and how long before the start (the timetable says so). Called by
the worker; harmless when it runs twice.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils import timezone

from accounts.history import Actor, System, acting
from classes.judging.refusals import TryAgain
from classes.locks import lock_queue, settled
from classes.models import Session
from classes.waiting_list.serving import offer_in_order
from messaging.one_by_one import one_by_one


def release_places(*, by: Actor = System.WORKER) -> int:
    """Returns how many classes gave away what was kept back. One that is too busy is tried again at the next run."""
    return sum(one_by_one(partial(_release, by=by), due(), busy=(TryAgain,)))


def due() -> QuerySet[Session]:
    """Classes to come whose time to give away what is kept back has come."""
    before = ExpressionWrapper(F("release_hours") * Value(timedelta(hours=1)), output_field=DurationField())
    at = ExpressionWrapper(F("starts_at") - before, output_field=DateTimeField())
    now = timezone.now()
    kept = Session.objects.published().filter(reserved__gt=0, release_hours__isnull=False, starts_at__gt=now)
    return kept.annotate(released_at=at).filter(released_at__lte=now).order_by("starts_at", "pk")


def _release(session: Session, *, by: Actor) -> bool:
    def attempt() -> bool:
        with acting(by, "classes.release_places"):
            queue = lock_queue(session.pk)
            if not due().filter(pk=session.pk).exists():  # somebody was here before, or has moved it
                return False
            Session.objects.filter(pk=session.pk).update(reserved=0, version=F("version") + 1)
            queue.session.reserved = 0
            offer_in_order(queue, by=by, now=timezone.now(), newly_free=True)
            return True

    return settled(attempt)
