"""Which classes a user may reach by their key, and what a place in one of them for oneself is about.

Here: one class at a time, where one that is absent and one that is not for this
user look the same. Not here: lists (the `visible_to` querysets), who may see a
place (classes/models/booking.py). Called by the API.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BigIntegerField

from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.prepared import Given, Prepared, Together
from classes.models import Session
from participants.access import own_records
from participants.models import Participant
from participants.standing import READ, Standing, standing_read

_OPEN_TO_ALL = Prepared(
    lambda: Session.objects.public().filter(pk=Given("pk", BigIntegerField())).select_related("class_type")
)


_FOR_ONESELF = Together(
    Prepared(lambda: own_records(Given("user", BigIntegerField())).only("person", "programme")),
    READ,
    _OPEN_TO_ALL,
)


@dataclass(frozen=True)
class ForOneself:
    """The class, one's own record and where it stands. Whoever judges by that must be told when it has moved since:
    the statement that takes a place compares its version."""

    session: Session | None
    participant: Participant | None = None
    standing: Standing | None = None


def for_oneself(pk: int, *, user: User) -> ForOneself:
    """What `visible_session` and `own_record` say, with the standing, in one read; None for each that is not there.

    Of the record, only its own key, person and programme are read at once: the rest when it is asked for.
    """
    if _sees_drafts(user):
        return ForOneself(visible_session(pk, to=user))
    own, facts, session = _FOR_ONESELF.read(user=user.pk, pk=pk)
    if own is None:
        return ForOneself(session)
    own.person = user.person  # it is theirs: so it is not read again
    return ForOneself(session, own, standing_read(*facts))


def _sees_drafts(user: object) -> bool:
    return allows(user, Permission.TEACH) or allows(user, Permission.WORK_AT_DESK)


def visible_session(pk: int, *, to: object) -> Session | None:
    """The class with its type, if it is public, or a draft of the user's own classes or programme."""
    if _sees_drafts(to):
        return Session.objects.visible_to(to).select_related("class_type").filter(pk=pk).first()
    return _OPEN_TO_ALL.first(pk=pk)
