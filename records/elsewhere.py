"""Whether somebody's record reaches into a programme at whose desk the reader does not work.

Here: the one question. A person is one across programmes, so what is done to the whole of them (a copy of everything,
deleting, putting two records together) is done by themselves, or by somebody who works at every desk concerned.
Called by exporting/, erasing/ and merging/, and by the pages that say so beforehand.
"""

from __future__ import annotations

from accounts.models import Person
from accounts.permissions import Permission, programmes_allowing
from participants.models import Participant, Supporter, SupporterStatus


class TakesPartElsewhere(Exception):
    """They take part, or help somebody, in a programme that is not of whoever asks."""


def reaches_beyond(person: Person, by: Person, asked: Permission = Permission.WORK_AT_DESK) -> bool:
    """Whether `by` has not what is `asked` of them in each of the person's programmes. Never for oneself.

    Whoever has left a programme still has a record there; whoever helped somebody once has none.
    """
    if by == person:
        return False
    own = programmes_allowing(getattr(by, "user", None), asked)
    helps = Supporter.objects.filter(person=person).exclude(status=SupporterStatus.ENDED)
    return (
        Participant.objects.filter(person=person).exclude(programme__in=own).exists()
        or helps.exclude(participant__programme__in=own).exists()
    )


def require_own(person: Person, by: Person, asked: Permission) -> None:
    """Raises TakesPartElsewhere."""
    if reaches_beyond(person, by, asked):
        raise TakesPartElsewhere
