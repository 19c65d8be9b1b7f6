"""Finding a person at the desk by what a caller says: part of a name, a date of birth, a phone number.

Here: the search, always inside the programmes of the one who searches. Not here:
telling duplicates apart. Called by desk/people.py.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import ContactPoint
from participants import access
from participants.models.participant import ParticipantQuerySet

MOST = 50


def find_people(
    user: object, *, name: str = "", born: date | None = None, phone: str = "", reference: str = ""
) -> ParticipantQuerySet:
    """Participants who fit everything that was given; nobody when nothing was. By name, at most `MOST`.

    `name`: every word of it, in any order, is part of a name of theirs. `phone`: E.164.
    """
    found = access.at_desk_of(user)
    if not (name.split() or born or phone or reference):
        return found.none()
    for word in name.split():
        found = found.filter(
            Q(person__given_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(person__known_as__icontains=word)
        )
    if born is not None:
        found = found.filter(person__date_of_birth=born)
    if phone:
        points = ContactPoint.objects.filter(person=OuterRef("person"), value=phone, ended_at=None)
        found = found.filter(Exists(points))
    if reference:
        found = found.filter(reference__iexact=reference.strip())
    return found.order_by("person__family_name", "person__given_name", "pk")[:MOST]
