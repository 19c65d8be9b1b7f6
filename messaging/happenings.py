"""What the desk and the worker did for a person: messages, tasks, tries, calls. In the shape of accounts/happenings.py.

Called by the desk's timeline (frontend). No note, no words of a message, and nothing that only some may know of.
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, Concat

from accounts.happenings import Rows, person, told
from accounts.models import Person, Programme
from messaging.models import Call, Message, Task, TaskAttempt, TaskState
from messaging.worklist import MESSAGE_TASKS

MESSAGE, TASK, NOT_NEEDED, ATTEMPT, CALL = "message", "task", "task_not_needed", "attempt", "call"
KNOWN, UNKNOWN = "known", "unknown"


def happenings_of(about: Person, programme: Programme) -> list[Rows]:
    """`detail` is the kind, `more` what became of it; a call's `row` is the helper who called."""
    messages = Message.objects.filter(person=about, programme=programme, only_for="")
    tasks = Task.objects.filter(about=about, programme=programme, only_for="")
    tries = TaskAttempt.objects.filter(task__about=about, task__programme=programme, task__only_for="")
    calls = Call.objects.filter(about=about, programme=programme)
    became = Concat(F("state"), Value(":"), F("channel"), output_field=CharField())
    when = Coalesce("finished_at", "created_at")
    known = Case(When(Q(identified=True), Value(KNOWN)), default=Value(UNKNOWN), output_field=CharField())
    asked = tasks.exclude(kind__in=MESSAGE_TASKS)  # what carries a message stands there as the message, and its tries
    return [
        told(messages, at=when, what=MESSAGE, detail=F("kind"), more=became, row="pk"),
        told(asked, at="created_at", what=TASK, detail=F("kind"), row="pk"),
        told(asked.filter(state=TaskState.CANCELLED), at="closed_at", what=NOT_NEEDED, detail=F("kind"), row="pk"),
        told(
            tries, at="at", what=ATTEMPT, detail=F("task__kind"), more=F("outcome"), row="task_id", by=person("by_id")
        ),
        told(calls, at="at", what=CALL, detail=F("caller"), more=known, row="helper_id", by=person("by_id")),
    ]
