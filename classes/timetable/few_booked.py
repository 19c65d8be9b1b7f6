"""Too few for a class: two days before, the desk is asked what to do.

Here: one task for each class that wants a least number and has fewer booked. Not
here: cancelling, which somebody decides; nothing is ever cancelled by itself.
Called by the worker, harmless when it runs twice; a class that is cancelled takes
its task with it (timetable/cancelling.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.history import Actor, System, acting
from classes.models import BookingState, Session
from messaging import worklist
from messaging.one_by_one import one_by_one

FEW_BOOKED = "few_booked"  # kind of the desk's task; its subject is the class
ASKED_BEFORE = timedelta(hours=48)  # of elapsed time, whatever the clocks do
TIME_TO_DECIDE = timedelta(hours=12)


def ask_about_few(*, by: Actor = System.WORKER) -> int:
    """Ask about each class that has too few, once for each start; take back what has filled. Returns how many asked."""
    now = timezone.now()
    soon = Session.objects.published().filter(starts_at__gt=now, starts_at__lte=now + ASKED_BEFORE, minimum__gt=0)
    booked = Count("bookings", filter=Q(bookings__state=BookingState.BOOKED))
    counted = soon.annotate(booked=booked).select_related("programme", "class_type")
    sessions = list(counted.order_by("starts_at", "pk"))
    few = set(counted.filter(booked__lt=F("minimum")).values_list("pk", flat=True))
    known = worklist.asked_before(_key(session) for session in sessions if session.pk in few)

    def see_to(session: Session) -> bool:
        with acting(by, "classes.ask_about_few"):
            if session.pk not in few:
                no_longer_few(session, by)
            elif _key(session) not in known:
                _ask(session, now, by)
                return True
            return False

    return sum(one_by_one(see_to, sessions))


def no_longer_few(session: Session, by: Actor) -> None:
    """Enough have booked, or the class is off."""
    worklist.cancel_tasks(kinds=[FEW_BOOKED], subject_id=session.pk, by=by)


def _ask(session: Session, now: datetime, by: Actor) -> None:
    worklist.raise_task(
        programme=session.programme,
        kind=FEW_BOOKED,
        due_at=max(now, min(now + TIME_TO_DECIDE, session.starts_at)),
        subject_id=session.pk,
        context={"class": session.class_type.name, "on": timezone.localdate(session.starts_at).isoformat()},
        dedupe_key=_key(session),
        by=by,
    )


def _key(session: Session) -> str:
    return f"{FEW_BOOKED}:{session.pk}:{session.starts_at.isoformat()}"
