"""What was said so far about somebody's open questionnaires: on which days we asked, and how the offer to call stands.

Here: reading it, for the desk's page of one person. Not here: what is said next (reminders.py, open_forms.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from messaging.models import Message, MessageState, Task, TaskState
from outcomes.asking.open_forms import QUESTIONS_CALL, WRITTEN, head_in
from outcomes.models import Assessment

REACHED = (MessageState.SENT, MessageState.DELIVERED)


@dataclass(frozen=True)
class Said:
    """About all forms of one timepoint together. `on`: when we asked, first and again. `call`: None before one."""

    on: tuple[date, ...] = ()
    call: TaskState | None = None


def said_about(assessments: Sequence[Assessment]) -> dict[int, Said]:
    """By the key of each, of rows of `with_head`. Two queries for all of them."""
    heads = {one.pk: head_in(one) for one in assessments}
    days, calls = _days(set(heads.values())), _calls(set(heads.values()))
    return {pk: Said(tuple(days[head]), calls.get(head)) for pk, head in heads.items()}


def _days(heads: set[int]) -> dict[int | None, list[date]]:
    said = Message.objects.filter(kind__in=WRITTEN, subject_id__in=heads, state__in=REACHED).order_by("due_at")
    days: dict[int | None, list[date]] = defaultdict(list)
    for head, due_at in said.values_list("subject_id", "due_at"):
        days[head].append(timezone.localdate(due_at))
    return days


def _calls(heads: set[int]) -> dict[int | None, TaskState]:
    asked = Task.objects.filter(kind=QUESTIONS_CALL, subject_id__in=heads).exclude(state=TaskState.CANCELLED)
    return {head: TaskState(state) for head, state in asked.order_by("pk").values_list("subject_id", "state")}
