"""Access needs of a person, whether they take part or help somebody: recorded, shared, confirmed, and what each limits.

Here: changing them. A row is never rewritten: it ends, and another takes its place
with who wrote it down, when, and when to ask again. Not here: what a kind asks for
(formats.py), who is asked when (needs_review.py), what follows for places
(consequences.py). Called by the pages of the person and of the desk, and when somebody joins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import Person
from messaging.outbox import cancel
from messaging.ways import Limits
from messaging.worklist import cancel_tasks
from participants.consequences import NEEDS_CHANGED, run_consequences
from participants.details import current_needs_of
from participants.health_content import rules
from participants.models import AccessNeed, AccessNeedKind, Participant
from participants.refusals import BadReviewDate
from participants.rules.application import Need
from participants.rules.formats import METHODS, WAYS, closed_ways, print_size, unmet_by
from participants.rules.screening import add_months

NEEDS_DUE, NEEDS_REVIEW = "needs_due", "needs_review"  # kinds of message and of task; subject: the person
LATEST_REVIEW_MONTHS = 24


def next_review() -> date:
    """When to ask again, unless somebody says another day."""
    return add_months(timezone.localdate(), rules().needs_review_months)


def review_days() -> tuple[date, date]:
    """The first and the last day that may be chosen."""
    today = timezone.localdate()
    return date.fromordinal(today.toordinal() + 1), add_months(today, LATEST_REVIEW_MONTHS)


def record_needs(
    *, person: Person, needs: Iterable[Need], shared: Collection[str], by: Person, review_on: date | None = None
) -> None:
    """All the needs that the person has now; instructors may know those whose kind is in `shared`.

    What is left out ends. Saying the same again is as good as a review: it is asked again
    on `review_on`. Raises BadReviewDate.
    """
    until = _checked(review_on)
    with acting(by, "participants.record_needs", on_behalf_of=person):
        _lock(person)
        _replace(person, {(need.kind, need.detail): (need.kind in shared, until) for need in needs}, by)
        _settle(person, by)


def share_needs(*, person: Person, shared: Collection[str], by: Person) -> None:
    """Which of the needs instructors may know, by kind. When to ask again stays as it is."""
    with acting(by, "participants.share_needs", on_behalf_of=person):
        _lock(person)
        kept = {(row.kind, row.detail): (row.kind in shared, row.review_on) for row in current_needs_of(person)}
        _replace(person, kept, by)


def confirm_needs(*, person: Person, by: Person, review_on: date | None = None) -> int:
    """They are still right: ask again on `review_on`. Returns how many there are. Raises BadReviewDate."""
    until = _checked(review_on)
    with acting(by, "participants.confirm_needs", on_behalf_of=person):
        _lock(person)
        kept = {(row.kind, row.detail): (row.share_with_instructors, until) for row in current_needs_of(person)}
        _replace(person, kept, by)
        _settle(person, by)
        return len(kept)


def write_down(*, person: Person, needs: Iterable[Need], shared: Collection[str], by: Person) -> None:
    """The needs of somebody who joins, inside the action that makes them a participant."""
    until = next_review()
    _replace(person, {(need.kind, need.detail): (need.kind in shared, until) for need in needs}, by)


def stop_asking(participant: Participant, by: Actor) -> None:
    """Nobody asks this person about their needs any more. A consequence of leaving and of the end of all contact."""
    with acting(by, "participants.stop_asking_about_needs"):
        _end_questions(participant.person, by)


def limits_to_reaching(person: Person) -> Limits:
    """What each way of telling this person leaves unmet, for messaging. One query."""
    kinds = set(AccessNeed.objects.filter(person=person).current().values_list("kind", flat=True))
    return limits_of_kinds(kinds)


def limits_of_kinds(kinds: Collection[str]) -> Limits:
    return Limits(closed_ways(kinds), {way: unmet for way in WAYS if (unmet := unmet_by(way, kinds))})


def wanted_for(person: Person, way: str) -> list[AccessNeed]:
    """The needs that a message of ours by `way` leaves unmet."""
    rows = current_needs_of(person)
    order = unmet_by(way or "email", {row.kind for row in rows})
    return sorted((row for row in rows if row.kind in order), key=lambda row: order.index(row.kind))


def letter_size(person: Person) -> int:
    """In how many points a letter to this person is printed; 0 when nothing asks for large print."""
    large = [row.detail for row in current_needs_of(person) if row.kind == AccessNeedKind.LARGE_PRINT]
    return print_size(large) if large else 0


def _checked(review_on: date | None) -> date:
    earliest, latest = review_days()
    if review_on is not None and not earliest <= review_on <= latest:
        raise BadReviewDate(earliest, latest)
    return review_on or next_review()


def _lock(person: Person) -> None:
    """One change to somebody's needs at a time; rows that only point at the person, such as a place, do not wait."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _replace(person: Person, wanted: dict[tuple[str, str], tuple[bool, date]], by: Person) -> None:
    """End every row that is not exactly as wanted, and write those that are missing. (kind, detail) → (shared, when)

    How to reach somebody is no business of an instructor, whatever was ticked.
    """
    wanted = {key: (shared and key[0] not in METHODS, until) for key, (shared, until) in wanted.items()}
    missing = dict(wanted)
    for row in current_needs_of(person):
        key = (row.kind, row.detail)
        if wanted.get(key) == (row.share_with_instructors, row.review_on):
            del missing[key]
        else:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
    for (kind, detail), (shared, review_on) in missing.items():
        AccessNeed.objects.create(
            person=person,
            kind=kind,
            detail=detail,
            share_with_instructors=shared,
            recorded_by=by,
            review_on=review_on,
        )


def _settle(person: Person, by: Person) -> None:
    """What was asked is answered, and what follows from the needs is seen to."""
    _end_questions(person, by)
    for participant in person.participations.select_related("person", "programme").order_by("pk"):
        run_consequences(NEEDS_CHANGED, participant, by)


def _end_questions(person: Person, by: Actor) -> None:
    cancel(kinds=[NEEDS_DUE], subject_id=person.pk)
    cancel_tasks(kinds=[NEEDS_REVIEW], subject_id=person.pk, by=by)
