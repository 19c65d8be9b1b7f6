import datetime as dt

import pytest
from django.utils import timezone

from messaging.models import Task, TaskAttempt, TaskState
from messaging.worklist import (
    TakenBySomebody,
    TaskIsClosed,
    cancel_tasks,
    close_task,
    raise_task,
    record_attempt,
    take_task,
)
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(programme, dee):
    def ask(key="review:1", **changes):
        fields = {"programme": programme, "kind": "review", "due_at": timezone.now(), "by": dee.person, **changes}
        return raise_task(dedupe_key=key, **fields)

    return ask


def test_a_need_has_one_open_task(ask):
    first = ask(subject_id=1)
    assert ask(subject_id=2) == first
    assert Task.objects.get().subject_id == 1


def test_a_need_that_comes_back_after_its_task_was_closed_has_a_new_one(ask, dee):
    first = ask()
    close_task(task=first, outcome="done", by=dee.person)
    again = ask()
    assert again != first and again.state == TaskState.OPEN
    assert ask() == again


def test_a_task_is_taken_by_one_person_and_named_in_its_history(ask, dee, clare):
    task = take_task(task=ask(), by=dee.person)
    assert task.owner == dee.person
    assert take_task(task=task, by=dee.person).owner == dee.person
    with pytest.raises(TakenBySomebody) as refusal:
        take_task(task=task, by=clare.person)
    assert refusal.value.owner == dee.person
    assert task.events.latest("pgh_id").pgh_context["by"] == f"person:{dee.person.pk}"


def test_a_task_is_taken_over_only_from_the_person_one_saw(ask, dee, clare, ada):
    task = take_task(task=ask(), by=dee.person)
    with pytest.raises(TakenBySomebody):
        take_task(task=task, by=clare.person, instead_of=ada.person)
    assert take_task(task=task, by=clare.person, instead_of=dee.person).owner == clare.person


def test_a_try_is_kept_and_the_task_stays_open(ask, dee):
    task = ask()
    attempt = record_attempt(task=task, outcome="no_answer", note="Rang twice", by=dee.person)
    task.refresh_from_db()
    assert task.state == TaskState.OPEN
    assert (attempt.by, attempt.outcome, attempt.note) == (dee.person, "no_answer", "Rang twice")


def test_closing_says_when_by_what_outcome_and_who(ask, dee):
    task = close_task(task=ask(), outcome="done", by=dee.person, note="All well")
    assert (task.state, task.outcome) == (TaskState.DONE, "done")
    assert task.closed_at is not None
    assert TaskAttempt.objects.get().note == "All well"


@pytest.mark.parametrize("act", ["take", "try", "close"])
def test_nothing_more_happens_to_a_closed_task(ask, dee, act):
    task = close_task(task=ask(), outcome="done", by=dee.person)
    acts = {
        "take": lambda: take_task(task=task, by=dee.person),
        "try": lambda: record_attempt(task=task, outcome="no_answer", by=dee.person),
        "close": lambda: close_task(task=task, outcome="other", by=dee.person),
    }
    with pytest.raises(TaskIsClosed) as refusal:
        acts[act]()
    assert refusal.value.task.outcome == "done"
    assert TaskAttempt.objects.count() == 1


def test_open_tasks_of_a_kind_about_a_row_are_cancelled_and_no_others(ask, dee):
    mine, other, kind = ask("a", subject_id=1), ask("b", subject_id=2), ask("c", subject_id=1, kind="call")
    done = close_task(task=ask("d", subject_id=1), outcome="done", by=dee.person)
    assert cancel_tasks(kinds=["review"], subject_id=1, by=dee.person) == 1
    states = {task.pk: task.state for task in Task.objects.all()}
    assert states == {mine.pk: "cancelled", other.pk: "open", kind.pk: "open", done.pk: "done"}


def test_the_desk_sees_the_tasks_of_its_programmes_in_the_order_in_which_they_are_due(ask, dee, nell, programme):
    now = timezone.now()
    late, soon = ask("late", due_at=now + dt.timedelta(hours=2)), ask("soon", due_at=now)
    ask("elsewhere", programme=ProgrammeFactory())
    assert list(Task.objects.visible_to(dee).to_do()) == [soon, late]
    assert not Task.objects.visible_to(nell).exists()
