"""Who is on the line: noted before anything is said about a person, and over after half an hour at the latest.

Here: noting a caller, ending a call, the call that somebody at the desk has in
hand. Not here: which facts there are and who may call for whom
(participants/callers.py), the pages (frontend). Rows are added, never changed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, Programme
from messaging.models import Call, CallEnd, Caller, CallQuerySet, Task

LASTS = timedelta(minutes=30)
ENOUGH = 2  # facts that a caller must have right
DIALLED = "dialled"  # a fact of its own: the desk called a number on record


def note_call(
    *,
    programme: Programme,
    about: Person,
    caller: Caller,
    checked: Collection[str],
    helper: Person | None = None,
    scopes: Collection[str] = (),
    task: Task | None = None,
    by: Person,
) -> Call:
    """Keep who is on the line. Whoever gets fewer than two facts right is not identified, and a stranger never is.

    A call that `by` had in hand is over with it: each caller is asked anew.
    """
    with acting(by, "messaging.note_call", on_behalf_of=about):
        _end(_in_hand(by))
        return Call.objects.create(
            programme=programme,
            about=about,
            task=task,
            caller=caller,
            helper=helper,
            scopes=list(scopes),
            checked=sorted(set(checked)),
            identified=caller != Caller.OTHER and len(set(checked)) >= ENOUGH,
            by=by,
        )


def end_call(*, by: Person) -> int:
    """The call that `by` has in hand is over; returns how many there were. Twice is harmless."""
    with acting(by, "messaging.end_call"):
        return _end(_in_hand(by))


def call_in_hand(*, by: Person, pk: int) -> Call | None:
    """The call of this key, while it is going on and `by` is the one who noted it."""
    return _in_hand(by).filter(pk=pk).select_related("about", "helper").first()


def is_on_the_line(*, about: Person, by: Person) -> bool:
    """Whether `by` has the person themselves on the line at this moment, and they were identified."""
    return _in_hand(by).filter(about=about, caller=Caller.SELF, identified=True).exists()


def _in_hand(by: Person) -> CallQuerySet:
    return Call.objects.filter(by=by).going_on(since=timezone.now() - LASTS)


def _end(calls: CallQuerySet) -> int:
    return len(CallEnd.objects.bulk_create([CallEnd(call=call) for call in calls], ignore_conflicts=True))
