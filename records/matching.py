"""Who may have two records: found by the worker, asked of the desk once, and what the desk says kept for good.

Here: which records are compared, the task, and that they are two people. Not here: the rule (likeness.py), putting
two records together (merging/). Called by tasks.py and by the desk's page. No public page asks anything of this: it
would answer, by its words or by its time, who has a record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Channel, ContactPoint, Person
from messaging.models import Task, TaskState
from messaging.one_by_one import one_by_one
from messaging.worklist import asked_before, close_task, raise_task
from participants.models import Participant
from participants.working_days import due_in_working_days
from records.likeness import Known, Likeness, likeness
from records.models import TwoPeople

SAME_PERSON = "same_person"  # kind of task; its context names both
TWO_PEOPLE = "two_people"  # what came of it
WORKING_DAYS = 3
RINGS = (Channel.PHONE, Channel.TEXT)


@dataclass(frozen=True)
class Pair:
    """Two records of one programme; `older` was registered first."""

    older: Participant
    newer: Participant

    @property
    def key(self) -> str:
        """How the pair stands in an address, whichever of the two was named first."""
        return "-".join(str(pk) for pk in sorted((self.older.pk, self.newer.pk)))


def pair_of(one: Participant, other: Participant) -> Pair:
    older, newer = sorted((one, other), key=lambda row: (row.registered_at, row.pk))
    return Pair(older, newer)


def ask_about_alike(*, by: Actor) -> list[Task]:
    """One task for each pair that is alike, was never asked about and was never told apart."""
    found = alike()
    asked = asked_before(_key(pair) for pair, _ in found)
    apart = _told_apart()
    new = {
        _key(pair): (pair, how)
        for pair, how in found
        if _key(pair) not in asked and frozenset({pair.older.person_id, pair.newer.person_id}) not in apart
    }
    return one_by_one(lambda key: _ask(*new[key], by), new)


def alike() -> list[tuple[Pair, Likeness]]:
    """Every pair of one programme that the rule takes for one person, by two queries and no comparison of all.

    Whoever is not written to any more is in none: nobody asks their family.
    """
    everybody = list(Participant.objects.filter(person__contact_stopped_at=None).select_related("person"))
    known = known_of(everybody)
    judged = ((pair, likeness(known[pair.older.pk], known[pair.newer.pk])) for pair in _close(everybody, known))
    return [(pair, how) for pair, how in judged if how is not None]


def likeness_of(pair: Pair) -> Likeness | None:
    known = known_of([pair.older, pair.newer])
    return likeness(known[pair.older.pk], known[pair.newer.pk])


def known_of(participants: Iterable[Participant]) -> dict[int, Known]:
    """What tells each of them apart, by key. One query."""
    phones: dict[int, set[str]] = defaultdict(set)
    people = [row.person for row in participants]
    points = ContactPoint.objects.current().filter(channel__in=RINGS, person__in=people)
    for person, value in points.values_list("person", "value"):
        phones[person].add(value)
    return {row.pk: _known(row.person, phones[row.person_id]) for row in participants}


def _known(person: Person, phones: set[str]) -> Known:
    return Known(person.given_name, person.family_name, person.known_as, person.date_of_birth, frozenset(phones))


def _close(everybody: Iterable[Participant], known: dict[int, Known]) -> Iterator[Pair]:
    """Who was born on one day, or is called at one number: nobody else is alike by the rule."""
    sharing: dict[tuple[int, object], list[Participant]] = defaultdict(list)
    for row in everybody:
        for fact in {known[row.pk].born, *known[row.pk].phones} - {None}:
            sharing[row.programme_id, fact].append(row)
    seen: set[str] = set()
    for group in sharing.values():
        for pair in (pair_of(one, other) for one, other in combinations(group, 2)):
            if pair.key not in seen:
                seen.add(pair.key)
                yield pair


def _ask(pair: Pair, how: Likeness, by: Actor) -> Task:
    return raise_task(
        programme=pair.newer.programme,
        kind=SAME_PERSON,
        about=pair.newer.person,
        context={"key": pair.key, "how": how.value},
        due_at=due_in_working_days(timezone.now(), WORKING_DAYS),
        dedupe_key=_key(pair),
        by=by,
    )


def _key(pair: Pair) -> str:
    return f"{SAME_PERSON}:{pair.key}"


def _told_apart() -> set[frozenset[int]]:
    return {frozenset(both) for both in TwoPeople.objects.values_list("one", "other")}


def told_apart(pair: Pair) -> TwoPeople | None:
    """That, and by whom, it was said that they are two people."""
    return TwoPeople.objects.of(pair.older.person_id, pair.newer.person_id).select_related("by").first()


def say_two_people(*, pair: Pair, by: Person) -> None:
    """They are two people: remembered for good, and the task is done. Said twice it is kept once."""
    with acting(by, "records.say_two_people"):
        TwoPeople.objects.bulk_create(
            [TwoPeople(one=pair.older.person, other=pair.newer.person, by=by)], ignore_conflicts=True
        )
        close_question(pair=pair, outcome=TWO_PEOPLE, by=by)


def close_question(*, pair: Pair, outcome: str, by: Person) -> None:
    """Whoever asked about this pair has the answer. Inside an action."""
    for task in Task.objects.select_for_update().filter(dedupe_key=_key(pair), state=TaskState.OPEN):
        close_task(task=task, outcome=outcome, by=by)
