"""Erasing what is held about one person, in every table and its history, in one transaction.

Here: doing it, by the declarations of records/tables.py. Not here: whether it may be done (asking.py). Called by the
worker, and by `manage.py erase_again` after a restore. Rows that the database protects are let go for this alone; who
did what stays in the history, with keys in place of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.fields import EncryptedJSONField
from accounts.history import Actor, acting, actor_name
from accounts.models import Person
from messaging.models import Task
from messaging.outbox import stop_contact
from messaging.worklist import cancel_open
from outcomes.releases.past import forget
from participants.models import Participant
from records.erasing import ledger
from records.erasing.ending import end_part
from records.erasing.merged import former_people, set_aside_of, undone_merges_of
from records.erasing.preview import parts_of
from records.models import Merge
from records.reach import held_in, history_of, history_rows_of, model_of, rows_of
from records.tables import TABLES, Fate, Table

GUARDS: Final = (pgtrigger.Protect, pgtrigger.ReadOnly)  # what keeps a row as it is; history itself goes on
_KEY: Final = Cast(F("pk"), CharField())
INSTEAD: Final[dict[tuple[str, str], Any]] = {
    ("accounts.Person", "given_name"): Value(ledger.ERASED),
    ("accounts.Person", "family_name"): Concat(Value("person "), _KEY),
    ("participants.Participant", "reference"): Concat(Value("X-"), _KEY),
}
_REASONS: Final = """
    UPDATE "{table}" SET pgh_context = pgh_context - 'reason'
    WHERE pgh_context ? 'reason' AND ARRAY[pgh_context->>'by', pgh_context->>'on_behalf_of'] && %s::text[]
"""


def erase_person(*, person: Person, by: Actor) -> None:
    """Nothing of them is left that says who they were. Twice is harmless. Raises suppression.BeingWrittenTo."""
    with acting(by, "records.erase_person"):
        stop_contact(person=person, by=by)  # first: it waits for what is just being sent
        end_part(person=person, by=person)  # who was restored from a backup takes part again
        Person.objects.select_for_update().get(pk=person.pk)
        list(parts_of(person).select_for_update(of=("self",)))
        cancel_open(Task.objects.filter(about=person, only_for=""))
        everybody = [person, *former_people(person)]
        in_summaries = _in_summaries(person)
        with unguarded():
            _erase_rows(person)
            _forget_reasons(everybody)
        forget(in_summaries)
        person.refresh_from_db()
        ledger.enter(everybody)


def _in_summaries(person: Person) -> set[Any]:
    """Their keys as participants, and of everybody erased before: what was just being counted has those too."""
    before = Participant.objects.filter(person__given_name=ledger.ERASED, person__family_name__startswith="person ")
    own = parts_of(person).values_list("pk", flat=True)
    return {*own, *before.values_list("pk", flat=True), *set_aside_of(person)[Participant._meta.label]}


def _erase_rows(person: Person) -> None:
    """The keys of what has a history are read first: rows that are gone do not lead to anybody."""
    aside, undone = set_aside_of(person), undone_merges_of(person)
    told = {table.label: _keys_in_history(table, person) | aside[table.label] for table in TABLES if table.ways}
    told[Merge._meta.label] |= set(undone.values_list("pk", flat=True))
    undone.delete()
    for table in TABLES:
        if table.fate is Fate.DELETED:
            rows_of(table, person).delete()
        elif table.fate is Fate.EMPTIED:
            rows_of(table, person).update(**_emptied(table, model_of(table), table.fields.split()))
    for table in TABLES:
        _empty_history(table, told.get(table.label, set()))


def _keys_in_history(table: Table, person: Person) -> set[Any]:
    """Of rows that are there, and of rows of which only the history is left."""
    history = history_rows_of(table, person)
    if history is None:
        return set()
    there = rows_of(table, person).values_list("pk", flat=True)
    return set(there) | set(history.values_list("pgh_obj_id", flat=True))


def _empty_history(table: Table, keys: set[Any]) -> None:
    history = history_of(table)
    if history is None or not keys or table.fate is Fate.KEPT:
        return
    names = table.fields.split() if table.fate is Fate.EMPTIED else _words(table)
    there = {one.name for one in history._meta.concrete_fields}
    emptied = {name: value for name, value in _emptied(table, history, names).items() if name in there}
    if emptied:
        history._default_manager.filter(pgh_obj_id__in=keys).update(**emptied)


def _words(table: Table) -> list[str]:
    """Everything that is held in a table whose rows are deleted."""
    return [name for one in held_in(table) for name in one.names]


def _emptied(table: Table, model: type[models.Model], names: Iterable[str]) -> dict[str, Any]:
    """What each field becomes. A day or a number that cannot be empty says nothing by itself, and stays."""
    fields = {one.name: one for one in model._meta.concrete_fields}
    found: dict[str, Any] = {}
    for name in names:
        one = fields.get(name)
        if one is None:
            continue  # its history does not keep it
        own = model_of(table) is model
        instead = INSTEAD.get((table.label, name)) if own else None
        if instead is not None:
            found[name] = instead
        elif one.null:
            found[name] = None
        elif isinstance(one, ArrayField):
            found[name] = []
        elif isinstance(one, models.JSONField | EncryptedJSONField):
            found[name] = {}
        elif isinstance(one, CharField | TextField):
            found[name] = ""
    return found


def _forget_reasons(people: Iterable[Person]) -> None:
    """Why something was done by them or for them stands in the history of whatever it touched."""
    names = [actor_name(one) for one in people]
    with connection.cursor() as cursor:
        for model in _histories():
            cursor.execute(_REASONS.format(table=model._meta.db_table), [names])


def _histories() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


@contextmanager
def unguarded() -> Iterator[None]:
    """In here rows of these tables, and of every history, can be changed that otherwise never are."""
    with ExitStack() as stack:
        for model in {*map(model_of, TABLES), *_histories()}:
            for trigger in getattr(model._meta, "triggers", ()):
                if isinstance(trigger, GUARDS):
                    stack.enter_context(pgtrigger.ignore(f"{model._meta.label}:{trigger.name}"))
        yield
