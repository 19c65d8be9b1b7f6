"""What clashes between two people as people: logins, ways to reach them, choices, needs that were noted twice.

Here: finding and settling that. Not here: their part in the programme (taking_part.py). Called by look.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import BrowserSession, ContactPoint, Membership, Person, User
from classes.models import CalendarFeed, ConcernNames, IdempotencyKey
from messaging.models import ChosenWay, OptOut
from outcomes.models import ExtractMember
from participants.models import AccessNeed, ClinicalContact, Equality, NhsNumber
from records.merging.clash import Clash, Settling, Two
from records.models import TwoPeople

# Each with whose it is, by what it is known again, and whether anybody needs to hear that it was there twice.
ONCE: tuple[tuple[Any, str, tuple[str, ...], bool], ...] = (
    (OptOut, "person", ("topic",), False),
    (ChosenWay, "person", ("matter",), True),
    (Equality, "participant", (), True),
    (NhsNumber, "participant", (), True),
    (CalendarFeed, "participant", (), True),
    (ExtractMember, "participant", ("extract",), False),
    (ConcernNames, "person", ("concern",), False),
    (IdempotencyKey, "by", ("key",), False),
)


def find(two: Two) -> Iterator[Clash]:
    yield from _logins(two)
    yield from _ways(two)
    yield from _needs(two)
    yield from _clinical_team(two)
    for model, owner, known_by, told in ONCE:
        yield from _held_twice(two, model, owner, known_by, told)
    yield from _told_apart(two)


def _logins(two: Two) -> Iterator[Clash]:
    """One stays. The other is closed and kept aside: two ways in to one record are two that can be lost."""
    stays, goes = (User.objects.filter(person=one.person).first() for one in two.both)
    if stays and goes:
        facts = {"stays": _login(stays), "closes": _login(goes)}
        yield Clash("login_closed", facts, partial(_close_login, stays, goes))


def _login(user: User) -> str:
    return user.email or str(user.mobile)


def _close_login(stays: User, goes: User, settling: Settling) -> None:
    """Signed out everywhere. What they may do for others goes on with the login that stays."""
    BrowserSession.objects.filter(user=goes).delete()
    held = set(stays.memberships.filter(ends_at=None).values_list("role", "programme"))
    for one in goes.memberships.filter(ends_at=None):
        if (one.role, one.programme_id) not in held:
            settling.journal.move(Membership, "user", [one.pk], to=stays.pk, before=goes.pk)
    settling.journal.set_aside(User.objects.filter(pk=goes.pk))


def _ways(two: Two) -> Iterator[Clash]:
    known = list(ContactPoint.objects.current().filter(person=two.keep.person))
    there = {(point.channel, point.value.casefold()) for point in known}
    best = any(point.preferred for point in known)
    for point in ContactPoint.objects.current().filter(person=two.gone.person):
        again = (point.channel, point.value.casefold()) in there
        if again or (point.preferred and best):
            facts = {"channel": point.channel, "value": point.value}
            yield Clash("same_way" if again else "liked_best", facts, partial(_end_way, point, again, best))


def _end_way(point: ContactPoint, again: bool, best: bool, settling: Settling) -> None:
    ended = {"ended_at": settling.now} if again else {}
    settling.journal.change(point, preferred=point.preferred and not best, **ended)


def _needs(two: Two) -> Iterator[Clash]:
    """Noted on both: the row of the record that stays is the one in force."""
    there = AccessNeed.objects.current().filter(
        person=two.keep.person, kind=OuterRef("kind"), detail=OuterRef("detail")
    )
    for need in AccessNeed.objects.current().filter(Exists(there), person=two.gone.person):
        yield Clash("same_need", {}, partial(_end_need, need), told=False)


def _end_need(need: AccessNeed, settling: Settling) -> None:
    settling.journal.change(need, ended_at=settling.now)


def _clinical_team(two: Two) -> Iterator[Clash]:
    """Named on both in the same words: the one of the record that stays is the one in force."""
    same = {name: OuterRef(name) for name in ("role", "name", "organisation", "channel", "value")}
    there = ClinicalContact.objects.filter(participant=two.keep, ended_at=None, **same)
    for contact in ClinicalContact.objects.filter(Exists(there), participant=two.gone, ended_at=None):
        yield Clash("same_team", {}, partial(_end_contact, contact), told=False)


def _end_contact(contact: ClinicalContact, settling: Settling) -> None:
    settling.journal.change(contact, ended_at=settling.now, ended_by=settling.by)


def _held_twice(two: Two, model: Any, owner: str, known_by: tuple[str, ...], told: bool) -> Iterator[Clash]:
    keep, gone = (one if owner == "participant" else one.person for one in two.both)
    there = model.objects.filter(**{owner: keep}, **{name: OuterRef(name) for name in known_by})
    twice = model.objects.filter(Exists(there), **{owner: gone})
    if twice.exists():
        yield Clash("set_aside", {"table": model._meta.label}, partial(_set_aside, twice), told)


def _set_aside(rows: QuerySet[Any], settling: Settling) -> None:
    settling.journal.set_aside(rows)


def _told_apart(two: Two) -> Iterator[Clash]:
    """That they are two people was wrong; and of whoever both were told apart from, once is enough."""
    keep, gone = (one.person for one in two.both)
    others = {_other(row, keep) for row in TwoPeople.objects.filter(Q(one=keep) | Q(other=keep))} | {keep.pk}
    rows = TwoPeople.objects.filter(Q(one=gone, other__in=others) | Q(other=gone, one__in=others))
    if rows.exists():
        yield Clash("told_apart", {}, partial(_set_aside, rows), told=False)


def _other(row: TwoPeople, person: Person) -> int:
    return row.other_id if row.one_id == person.pk else row.one_id
