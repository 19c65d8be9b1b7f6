"""People of a list whom nobody has registered yet: the desk hears of it a week before they are forgotten.

Here: the warning. Not here: forgetting (intake.purge_drafts), bringing a list in (from_list.py). Called by
the worker (tasks.py).
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import BroughtList
from messaging.models import Task, TaskState
from messaging.worklist import asked_before, cancel_open, raise_task
from participants.models import Registration

FORGOTTEN_SOON = "forgotten_soon"  # a kind of task; its subject is the list
WARNED_BEFORE, LAST_DAY = timedelta(days=7), timedelta(days=1)


def warn_before_forgetting() -> int:
    """A week before the people of a list are forgotten the desk hears of it, once for each list; returns how many are.

    Where nobody is left to be registered nobody has to be warned. Harmless when it runs twice.
    """
    left = Registration.objects.unfinished().exclude(brought_by=None)
    oldest = left.values("brought_by").annotate(since=Min("changed_at"))
    begun = BroughtList.objects.filter(pk__in=left.values("brought_by")).select_related("programme")
    lists = {brought.pk: brought for brought in begun}
    soon = {}
    for one in oldest:
        brought = lists[one["brought_by"]]
        on = one["since"] + timedelta(days=brought.programme.draft_days)
        if timezone.now() >= on - WARNED_BEFORE:
            soon[f"{FORGOTTEN_SOON}:{brought.pk}"] = (brought, on)
    open_ones = Task.objects.filter(kind=FORGOTTEN_SOON, state=TaskState.OPEN)
    with acting(System.WORKER, "participants.warn_before_forgetting"):
        cancel_open(open_ones.exclude(subject_id__in=lists))
        asked = asked_before(soon)
        for key, (brought, on) in soon.items():
            if key not in asked:
                raise_task(
                    programme=brought.programme, kind=FORGOTTEN_SOON, due_at=on - LAST_DAY, subject_id=brought.pk,
                    context={"on": f"{timezone.localdate(on)}"}, dedupe_key=key, by=System.WORKER,
                )  # fmt: skip
    return len(soon.keys() - asked)
