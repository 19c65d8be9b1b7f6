"""Asking for what is due: one word about all forms of a timepoint, reminders with a cap, a call, then silence.

Here: messages and the desk's task about open questionnaires, and taking them
back. Not here: what comes next (reminders.py), when a window opens (planning.py),
the words (messages/questionnaire_*.txt), whether a message is still wanted when
its moment comes (notices.py). Called by planning.py every night and with each
consequence, and by answering/recording.py once answers are sent.

Everything about one timepoint of one person hangs on its head: the oldest of its
assessments, whichever of them is still unanswered. What is asked once more is a round
of its own, with a head of its own.

What was taken back before anybody heard it was not said: a break, for one, stops the
first word, and after it the first word is still due. So it is for whoever did without
such messages and wants them again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.history import Actor
from messaging import outbox
from messaging.choices import topics_wanted_by
from messaging.delivery import written_by_itself
from messaging.models import Message, MessageState, MessageStep, OptOut, Step, Task, TaskState, Topic, WhyNot
from messaging.worklist import cancel_open, raise_task
from outcomes.asking.reminders import SoFar, Word, last_reminder, next_word, told_of
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


@dataclass(frozen=True)
class _Written:
    """One message: of which kind, for which day, and whether it was taken back before anybody heard it."""

    kind: str
    on: date
    unheard: bool


@dataclass(frozen=True)
class _Said:
    """What was said about one timepoint; and how many messages of each kind were ever written, for their keys."""

    so_far: SoFar
    written: Counter[str]


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
    of_this = {name: getattr(assessment, name) for name in ("participant_id", "timepoint_id", "round")}
    if not rest.filter(**of_this).exists():
        take_back(heads_of(Assessment.objects.filter(pk=assessment.pk)))


def _oldest() -> Subquery:
    same = {name: OuterRef(name) for name in ("participant", "timepoint", "round")}
    beside = Assessment.objects.filter(**same)
    return Subquery(beside.order_by().values("participant").annotate(oldest=Min("pk")).values("oldest"))


def _so_far(forms: dict[int, Open]) -> dict[int, _Said]:
    written = _written(forms)
    asked = Task.objects.filter(kind=QUESTIONS_CALL, subject_id__in=forms).exclude(state=TaskState.CANCELLED)
    called = set(asked.values_list("subject_id", flat=True))
    return {head: _said(form.window, written[head], called=head in called) for head, form in forms.items()}


def _written(heads: Collection[int]) -> dict[int | None, list[_Written]]:
    """Whatever was put into the outbox about each."""
    rows = Message.objects.filter(kind__in=WRITTEN, subject_id__in=heads)
    rows_and_why = rows.annotate(unheard=_is_unheard())
    found = defaultdict(list)
    for head, kind, due_at, unheard in rows_and_why.values_list("subject_id", "kind", "due_at", "unheard"):
        found[head].append(_Written(kind, timezone.localdate(due_at), unheard))
    return found


def _is_unheard() -> Q:
    """Not sent, as it was taken back; or as they did without such messages, where they no longer do."""
    steps = MessageStep.objects.filter(message=OuterRef("pk"), what=Step.NOT_WANTED)
    over = steps.filter(reason__in=[WhyNot.OVER, WhyNot.TAKEN_BACK])
    does_without = OptOut.objects.filter(person=OuterRef("person"), topic=Topic.QUESTIONS)
    declined = Exists(steps.filter(reason=WhyNot.DECLINED)) & ~Exists(does_without)
    return Q(state=MessageState.NOT_WANTED) & (Exists(over) | declined)


def _said(window: Window, written: Sequence[_Written], *, called: bool) -> _Said:
    heard = [one for one in written if not one.unheard]
    firsts = [one.on for one in heard if one.kind == DUE_MESSAGE]
    so_far = SoFar(
        told=told_of(window, firsts),
        reminders=sum(one.kind == REMINDER for one in heard),
        last_on=max((one.on for one in heard), default=None),
        called=called,
    )
    return _Said(so_far, Counter(one.kind for one in written))


def _ask(form: Open, said: _Said, on: date, by: Actor) -> None:
    word = next_word(form.window, said.so_far, on=on, reaches=True)
    if word is Word.REMINDER and not written_by_itself(form.assessment.participant.person):
        word = next_word(form.window, said.so_far, on=on, reaches=False)
    if word is Word.CALL:
        _have_called(form, by)
    elif word is not None:
        _write(form, word, said, on)


def _write(form: Open, word: Word, said: _Said, on: date) -> None:
    first = word is Word.FIRST
    kind = DUE_MESSAGE if first else REMINDER
    morning = timezone.make_aware(datetime.combine((form.window.opens_on if first else on) or on, WRITTEN_FROM))
    outbox.enqueue(
        programme=form.assessment.participant.programme,
        person=form.assessment.participant.person,
        kind=kind,
        subject_id=form.head,
        context={} if first else {"last": last_reminder(said.so_far.reminders + 1)},
        due_at=max(morning, timezone.now()),
        dedupe_key=f"{kind}:{form.head}:{said.written[kind] + 1}",
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
