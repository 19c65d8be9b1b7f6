"""Agreements with partners: made, changed, ended, and what each uses summaries for.

Here: the actions, their refusals, and the doors. Not here: the register for everybody (data_uses.py), publishing,
which is refused without a purpose (release.py). Called by the desk's pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from accounts.history import acting
from accounts.models import Agreement, Membership, Organisation, Person, Programme
from accounts.permissions import Permission, Role, programmes_allowing
from messaging.worklist import cancel_tasks
from outcomes.counting.bands import NAMES, WITHIN_AN_AREA
from outcomes.endings import AGREEMENT_ENDS
from outcomes.models import MachineClient, Release, ReleaseState

LONGEST_PURPOSE: Final = 500
LEAST_K: Final = 8  # a rule of the database too
MOST_K: Final = 100
TERMS: Final = ("area", "dimensions", "k", "starts_on", "ends_on")


class NoWords(Exception):
    """A purpose says something, and so does a name."""


class NotTerms(ValueError):
    """Nothing can be agreed like this; the message names the term."""


class AgreedAlready(Exception):
    """The organisation has one on this programme, perhaps ended or to come: that one is changed."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(agreement.pk)
        self.agreement = agreement


class ChangedMeanwhile(Exception):
    """It stands otherwise than whoever acts has seen it."""


@dataclass(frozen=True)
class Terms:
    """By what people are told apart, below which number nothing is shown, and its first and last day.

    `area`: whose people alone are counted; empty: those of the whole programme.
    """

    dimensions: Sequence[str]
    k: int
    starts_on: date
    ends_on: date | None
    area: str = ""


@dataclass(frozen=True)
class Reach:
    """What hangs on an agreement: summaries that are read under it, and by whom."""

    published: int
    waiting: int  # not published yet, perhaps not built
    people: int  # who may sign in for the organisation
    systems: int


# --- doors -------------------------------------------------------------------


def agreements_at_desk_of(user: object) -> QuerySet[Agreement]:
    """Agreements in force for which the user may build a release."""
    return every_agreement_at_desk_of(user) & Agreement.objects.live()


def every_agreement_at_desk_of(user: object) -> QuerySet[Agreement]:
    """Those that have ended and those to come too."""
    programmes = programmes_allowing(user, Permission.BUILD_RELEASES)
    rows = Agreement.objects.filter(programme_id__in=programmes)
    return rows.select_related("organisation", "programme").order_by("organisation__name", "pk")


def programmes_at_desk_of(user: object) -> list[Programme]:
    """Those for whose partners the user may build a release."""
    allowed = programmes_allowing(user, Permission.BUILD_RELEASES)
    return list(Programme.objects.filter(pk__in=allowed).order_by("name"))


def partner_called(name: str) -> Organisation | None:
    """The organisation of that name, however it is typed. Names of organisations are no secret: partners are public."""
    return Organisation.objects.filter(name__iexact=_tidy(name)).first()


def terms_of(agreement: Agreement) -> Terms:
    return Terms(agreement.dimensions, agreement.k, agreement.starts_on, agreement.ends_on, agreement.area)


def reach_of(agreement: Agreement) -> Reach:
    releases = Release.objects.filter(programme=agreement.programme_id, organisation=agreement.organisation_id)
    waiting = (ReleaseState.QUEUED, ReleaseState.BUILDING, ReleaseState.BUILT)
    readers = Membership.objects.live().filter(organisation=agreement.organisation_id, role=Role.PARTNER.value)
    return Reach(
        published=releases.filter(state=ReleaseState.PUBLISHED).count(),
        waiting=releases.filter(state__in=waiting).count(),
        people=readers.values("user").distinct().count(),
        systems=MachineClient.objects.in_force().filter(organisation=agreement.organisation_id).count(),
    )


# --- actions -----------------------------------------------------------------


def make_agreement(*, programme: Programme, partner: str, terms: Terms, purpose: str, by: Person) -> Agreement:
    """Agree with an organisation, which is added where there is none of that name yet.

    Nobody is told, and nothing is shared before a summary is published. Raises NoWords, NotTerms, AgreedAlready.
    """
    _check(terms, programme.areas)
    partner, purpose = _tidy(partner), purpose.strip()
    if not partner or not purpose:
        raise NoWords
    with acting(by, "outcomes.make_agreement"):
        Programme.objects.select_for_update().get(pk=programme.pk)  # pressed twice, it is made once
        organisation = partner_called(partner) or _new_organisation(partner)
        already = Agreement.objects.filter(organisation=organisation, programme=programme).first()
        if already is not None:
            raise AgreedAlready(already)
        return Agreement.objects.create(
            organisation=organisation, programme=programme, purpose=purpose, **_columns(terms)
        )


def change_agreement(*, agreement: Agreement, seen: Terms, terms: Terms, by: Person) -> Agreement:
    """Agree on other terms; one that has ended begins anew like this. What is published stays as it is.

    `seen`: the terms that whoever acts has read. It may keep the area that it has, though that is on the programme's
    list no more: anything else would widen or end it unasked. Raises NotTerms, ChangedMeanwhile.
    """
    _check(terms, [*agreement.programme.areas, seen.area])
    with acting(by, "outcomes.change_agreement"):
        cancel_tasks(kinds=[AGREEMENT_ENDS], subject_id=agreement.pk, by=by)
        return _write(agreement, seen, terms)


def end_agreement(*, agreement: Agreement, last_day: date, by: Person) -> Agreement:
    """After `last_day` nobody of the organisation reads anything of the programme; yesterday ends it at once.

    Raises NotTerms for a day before that, or after the one on which it ends anyway.
    """
    yesterday = timezone.localdate() - timedelta(days=1)
    with acting(by, "outcomes.end_agreement"):
        row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        if last_day < yesterday or (row.ends_on is not None and last_day > row.ends_on):
            raise NotTerms("ends_on")
        cancel_tasks(kinds=[AGREEMENT_ENDS], subject_id=row.pk, by=by)
        row.ends_on = last_day
        row.save(update_fields=["ends_on"])
        return row


def state_purpose(*, agreement: Agreement, purpose: str, by: Person) -> None:
    """Write down what the partner uses summaries for. What was published before keeps what it said. Raises NoWords."""
    purpose = purpose.strip()
    if not purpose:
        raise NoWords
    with acting(by, "outcomes.state_purpose"):
        agreement.purpose = purpose
        agreement.save(update_fields=["purpose"])


# --- steps -------------------------------------------------------------------


def _check(terms: Terms, areas: Sequence[str]) -> None:
    if terms.area and terms.area not in areas:
        raise NotTerms("area")
    if not set(terms.dimensions) <= set(WITHIN_AN_AREA if terms.area else NAMES):
        raise NotTerms("dimensions")
    if not LEAST_K <= terms.k <= MOST_K:
        raise NotTerms("k")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise NotTerms("ends_on")


def _write(agreement: Agreement, seen: Terms, terms: Terms) -> Agreement:
    row = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if _columns(terms_of(row)) != _columns(seen):
        raise ChangedMeanwhile
    for name, value in _columns(terms).items():
        setattr(row, name, value)
    row.save(update_fields=list(TERMS))
    return row


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "area": terms.area,
        "dimensions": sorted(terms.dimensions, key=_place),
        "k": terms.k,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
    }


def _place(dimension: str) -> int:
    """In the order in which they are declared; what an old agreement names besides comes last."""
    return NAMES.index(dimension) if dimension in NAMES else len(NAMES)


def _new_organisation(name: str) -> Organisation:
    return Organisation.objects.get_or_create(name=name, defaults={"slug": _free_slug(name)})[0]


def _free_slug(name: str) -> str:
    """Of its name, with a number where another has that already."""
    short = slugify(name)[:40] or "partner"
    taken = set(Organisation.objects.filter(slug__startswith=short).values_list("slug", flat=True))
    numbered = (f"{short}-{number}" for number in range(2, len(taken) + 3))
    return short if short not in taken else next(slug for slug in numbered if slug not in taken)


def _tidy(name: str) -> str:
    return " ".join(name.split())
