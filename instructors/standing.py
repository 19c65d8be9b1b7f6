"""What instructors hold, read from the database as the rule reads it (credentials.py).

Here: reading. Not here: judging, changing (checking.py). Called by the timetable, and by pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from instructors.credentials import Held
from instructors.models import Credential, Instructor, Override


def held_by(instructor: Instructor) -> tuple[Held, ...]:
    return held_by_all([instructor.pk])[instructor.pk]


def held_by_all(instructors: Iterable[int]) -> dict[int, tuple[Held, ...]]:
    """By key of the instructor, in one query for credentials and one for overrides, however many there are."""
    asked = list(instructors)
    held: dict[int, list[Held]] = defaultdict(list)
    for c in Credential.objects.counting().filter(instructor__in=asked).order_by("pk"):
        held[c.instructor_id].append(Held(c.kind, c.issued_on, c.expires_on, c.verified_at is not None))
    for o in Override.objects.standing().filter(instructor__in=asked).order_by("pk"):
        held[o.instructor_id].append(Held(o.kind, o.starts_on, o.ends_on, verified=True, override=True))
    return {pk: tuple(held[pk]) for pk in asked}
