"""Other people in somebody's copy: said by what they are to that person, never by name.

Here: who is who for one person, and the names and addresses of those who help them taken out of words that somebody
typed. Not here: which rows there are (reading.py). Words are looked through for those who help them and whom they
help, and for nobody else: the copy says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.models import ContactPoint, Membership, Person, User
from accounts.permissions import Role
from instructors.models import Instructor
from participants.models import Supporter

YOU, HELPS, HELPED, SOMEBODY = "you", "a supporter", "somebody you help", "somebody else"
SYSTEM = "SafeFit itself"
INSTRUCTOR, STAFF = "an instructor", "our staff"
SHORTEST = 3  # letters of a first name that is looked for by itself


@dataclass
class Names:
    """`called`: what people are to the person, by key. `hidden`: names and addresses, with what is said instead."""

    person: Person
    called: dict[int | None, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def of(self, key: int | None) -> str:
        return "" if key is None else self.called.get(key, SOMEBODY)

    def of_actor(self, actor: str) -> str:
        """Somebody as history writes them: "person:7" or "system:worker"."""
        kind, _, key = actor.partition(":")
        return self.of(int(key)) if kind == "person" else SYSTEM

    def without_others(self, text: str) -> str:
        """`text` with no name or address of those who help them, or whom they help."""
        if not self.hidden:
            return text
        longest_first = sorted(self.hidden, key=len, reverse=True)
        found = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first))
        return found.sub(lambda hit: self.hidden[hit.group()], text)


def who_is_who(person: Person) -> Names:
    """What everybody is to this person, in three reads; nobody's name is looked for in words."""
    names = Names(person)
    names.called |= dict.fromkeys(_staff(), STAFF)
    names.called |= dict.fromkeys(Instructor.objects.values_list("person_id", flat=True), INSTRUCTOR)
    for helper, helped in _ties(person).values_list("person_id", "participant__person_id"):
        names.called |= {helper: HELPS} if helped == person.pk else {helped: HELPED}
    names.called[person.pk] = YOU
    return names


def names_for(person: Person) -> Names:
    """The same, with the names and addresses of those who help them, or whom they help."""
    names = who_is_who(person)
    for tie in _ties(person).select_related("person", "participant__person"):
        if tie.participant.person_id == person.pk:
            names.hidden |= dict.fromkeys(_long_enough([tie.invited_name, tie.invited_email]), HELPS)
            _hide(names, tie.person, HELPS)
        else:
            _hide(names, tie.participant.person, HELPED)
    own = {person.full_name, person.given_name, person.family_name, person.first_name}
    own |= set(person.contact_points.values_list("value", flat=True))
    names.hidden = {name: words for name, words in names.hidden.items() if name not in own}
    return names


def _ties(person: Person) -> QuerySet[Supporter]:
    return Supporter.objects.filter(Q(participant__person=person) | Q(person=person))


def _staff() -> Iterable[int]:
    roles = set(Role) - {Role.PARTICIPANT, Role.SUPPORTER}
    return Membership.objects.filter(role__in=roles).values_list("user__person_id", flat=True)


def _hide(names: Names, other: Person | None, words: str) -> None:
    if other is None:
        return
    login = User.objects.filter(person=other).values_list("email", "mobile")
    ways = ContactPoint.objects.filter(person=other).values_list("value", flat=True)
    known = [other.full_name, other.given_name, other.family_name, other.known_as, *ways]
    known += [str(value) for row in login for value in row if value]
    names.hidden |= dict.fromkeys(_long_enough(known), words)


def _long_enough(names: Iterable[str]) -> list[str]:
    return [name for name in names if len(name) >= SHORTEST]
