"""Asking for what is due: one word about all forms of a timepoint, reminders with a cap, a call, then silence.

Here: messages and the desk's task about open questionnaires, and taking them
back. Not here: what comes next (reminders.py), when a window opens (planning.py),
the words (messages/questionnaire_*.txt), whether a message is still wanted when
its moment comes (notices.py). Called by planning.py every night and with each
consequence, and by answering/recording.py once answers are sent.

Everything about one timepoint of one person hangs on its head: the oldest of its
assessments, whichever of them is still unanswered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.history import Actor
from messaging import outbox
from messaging.choices import topics_wanted_by
from messaging.delivery import written_by_itself
from messaging.models import Message, Task, TaskState, Topic
from messaging.worklist import cancel_open, raise_task
from outcomes.asking.reminders import SoFar, Word, last_reminder, next_word
from outcomes.asking.windows import Window
from outcomes.models import Assessment
from participants.models import Participant
from participants.working_days import due_in_working_days

DUE_MESSAGE: Final = "questionnaire_due"
REMINDER: Final = "questionnaire_reminder"
WRITTEN: Final = (DUE_MESSAGE, REMINDER)
QUESTIONS_CALL: Final = "questions_call"  # its subject is the head
CALLED_WITHIN: Final = 5  # working days
DAY_ENDS: Final = time(17)
WRITTEN_FROM: Final = time(9)  # nobody is written to at midnight because a window opens then


@dataclass(frozen=True)
class Open:
    """One form that may be answered today; of a row of `with_head`."""

    assessment: Assessment
    window: Window

    @property
    def head(self) -> int:
        return head_in(self.assessment)


def with_head(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Each with the key of its timepoint's oldest assessment as `head`, whatever has become of that."""
    return assessments.annotate(head=_oldest())


def heads_of(assessments: QuerySet[Assessment]) -> set[int]:
    return set(assessments.annotate(head=_oldest()).values_list("head", flat=True))


def head_in(assessment: Assessment) -> int:
    """The head of a row of `with_head`."""
    head: int = assessment.head  # type: ignore[attr-defined]
    return head


def ask(forms: Sequence[Open], *, on: date, by: Actor) -> None:
    """Say what is next about each timepoint that is open. Twice is harmless. Inside an action."""
    by_head = {form.head: form for form in forms}
    so_far = _so_far(by_head)
    for head, form in by_head.items():
        _ask(form, so_far[head], on, by)


def take_back(heads: Collection[int]) -> None:
    """Nothing about these timepoints is sent or called about any more. Inside an action."""
    for head in heads:
        outbox.cancel(kinds=WRITTEN, subject_id=head)
    cancel_open(Task.objects.filter(kind=QUESTIONS_CALL, subject_id__in=heads))


def asked_about(heads: Collection[int]) -> list[int]:
    """Those of `heads` of which a message is unsent or a call is open. One query for all of them."""
    if not heads:
        return []
    waiting = Message.objects.filter(kind__in=WRITTEN, subject_id__in=heads, state__in=outbox.STOPPABLE)
    calls = Task.objects.filter(kind=QUESTIONS_CALL, subject_id__in=heads, state=TaskState.OPEN)
    found = waiting.values_list("subject_id").union(calls.values_list("subject_id"))
    return [head for (head,) in found if head is not None]


def stop_calling(participant: Participant) -> None:
    """While somebody is paused they are not called about questions. Inside an action."""
    cancel_open(Task.objects.filter(kind=QUESTIONS_CALL, about=participant.person, programme=participant.programme))


def answered(assessment: Assessment) -> None:
    """Its answers were sent: unless another form of its timepoint is still open, nobody asks any more."""
    rest = Assessment.objects.answerable().exclude(pk=assessment.pk)
    if not rest.filter(participant=assessment.participant_id, timepoint=assessment.timepoint_id).exists():
        take_back(heads_of(Assessment.objects.filter(pk=assessment.pk)))


def _oldest() -> Subquery:
    beside = Assessment.objects.filter(participant=OuterRef("participant"), timepoint=OuterRef("timepoint"))
    return Subquery(beside.order_by().values("participant").annotate(oldest=Min("pk")).values("oldest"))


def _so_far(forms: dict[int, Open]) -> dict[int, SoFar]:
    said = Message.objects.filter(kind__in=WRITTEN, subject_id__in=forms)
    rows = defaultdict(list)
    for head, kind, due_at, key in said.values_list("subject_id", "kind", "due_at", "dedupe_key"):
        rows[head].append((kind, timezone.localdate(due_at), key))
    asked = Task.objects.filter(kind=QUESTIONS_CALL, subject_id__in=forms).exclude(state=TaskState.CANCELLED)
    called = set(asked.values_list("subject_id", flat=True))
    return {
        head: SoFar(
            told=_key_of_first(form) in {key for *_, key in rows[head]},
            reminders=sum(kind == REMINDER for kind, *_ in rows[head]),
            last_on=max((on for _, on, _ in rows[head]), default=None),
            called=head in called,
        )
        for head, form in forms.items()
    }


def _ask(form: Open, so_far: SoFar, on: date, by: Actor) -> None:
    word = next_word(form.window, so_far, on=on, reaches=True)
    if word is Word.REMINDER and not written_by_itself(form.assessment.participant.person):
        word = next_word(form.window, so_far, on=on, reaches=False)
    if word is Word.CALL:
        _have_called(form, by)
    elif word is not None:
        _write(form, word, replace(so_far, reminders=so_far.reminders + 1), on)


def _write(form: Open, word: Word, so_far: SoFar, on: date) -> None:
    first = word is Word.FIRST
    morning = timezone.make_aware(datetime.combine((form.window.opens_on if first else on) or on, WRITTEN_FROM))
    outbox.enqueue(
        programme=form.assessment.participant.programme,
        person=form.assessment.participant.person,
        kind=DUE_MESSAGE if first else REMINDER,
        subject_id=form.head,
        context={} if first else {"last": last_reminder(so_far.reminders)},
        due_at=max(morning, timezone.now()),
        dedupe_key=_key_of_first(form) if first else f"{REMINDER}:{form.head}:{so_far.reminders}",
    )


def _have_called(form: Open, by: Actor) -> None:
    """Unless they do without questions, or want no contact: then it ends here."""
    person = form.assessment.participant.person
    if person.contact_stopped_at is not None or Topic.QUESTIONS not in topics_wanted_by(person):
        return
    raise_task(
        programme=form.assessment.participant.programme,
        kind=QUESTIONS_CALL,
        due_at=_call_by(form.window.closes_on),
        about=person,
        subject_id=form.head,
        dedupe_key=f"{QUESTIONS_CALL}:{form.head}",
        by=by,
    )


def _call_by(closes_on: date | None) -> datetime:
    """While there is still something to answer: the call is over with the window."""
    by = due_in_working_days(timezone.now(), CALLED_WITHIN)
    return by if closes_on is None else min(by, timezone.make_aware(datetime.combine(closes_on, DAY_ENDS)))


def _key_of_first(form: Open) -> str:
    return f"{DUE_MESSAGE}:{form.head}:{form.window.opens_on}"
