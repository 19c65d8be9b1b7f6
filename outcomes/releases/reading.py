"""A release as it is read: the stored figures of one page, and the releases before and after it.

Here: rows in as few queries as a page can do with, and nothing worked out. Not here: who may read which release
(release.py), the whole as a file (export.py), words. Called by the pages of partners and of the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Agreement
from accounts.permissions import Permission, organisations_allowing
from outcomes.counting.bands import AREA
from outcomes.models import Release, ReleaseCell, ReleaseState

Where = frozenset[tuple[str, str]]  # dimension and value; none is everyone
EVERYONE: Where = frozenset()
COLUMNS = ("measure", "where", "status", "reason", "value", "low", "high", "decimal_places", "counted_in__as_at")


@dataclass(frozen=True, slots=True)
class Figure:
    """One stored cell. `repeats` is the day of the earlier counting that it repeats, if it does."""

    measure: str
    where: Where
    status: str
    reason: str
    value: float | None
    low: float | None
    high: float | None
    decimal_places: int
    repeats: date | None = None


def everyone_in(release: Release) -> dict[str, str]:
    """The group that is everyone of a release: nobody is told apart, or all are of its area."""
    return {AREA: release.area} if release.area else {}


def figures_at(release: Release, by: Collection[str] = ()) -> list[Figure]:
    """Those of everyone, and of each group of the table with the dimensions `by`. One query."""
    rows = ReleaseCell.objects.filter(_of_table(release, by), release=release).order_by("pk")
    return [_figure(*row) for row in rows.values_list(*COLUMNS)]


def headlines_of(releases: Collection[Release], measures: Collection[str]) -> dict[int, list[Figure]]:
    """Of everyone, `measures` of each release, by its key. One query for all of them."""
    found: dict[int, list[Figure]] = {release.pk: [] for release in releases}
    wholes = {release.area: everyone_in(release) for release in releases}
    everyone = reduce(or_, (Q(release__area=area, where=whole) for area, whole in wholes.items()), Q(pk=None))
    rows = ReleaseCell.objects.filter(everyone, release__in=found, measure__in=measures).order_by("pk")
    for pk, *row in rows.values_list("release_id", *COLUMNS):
        found[pk].append(_figure(*row))
    return found


def repeated_in(releases: Iterable[Release]) -> set[int]:
    """Keys of those in which at least one figure repeats an earlier counting."""
    rows = ReleaseCell.objects.filter(release__in=list(releases), counted_in__isnull=False)
    return set(rows.order_by().values_list("release_id", flat=True).distinct())


def published_beside(release: Release) -> list[Release]:
    """Every published release of the same people of a programme for the same organisation, the latest first.

    With the groups, as the one before is asked for them.
    """
    rows = Release.objects.published().filter(
        programme=release.programme_id, organisation=release.organisation_id, area=release.area
    )
    return list(rows.defer("attack"))


def before(release: Release, beside: Iterable[Release]) -> Release | None:
    """The published release that this one follows, or would follow if it were published now."""
    published = list(beside)
    if release.state != ReleaseState.PUBLISHED:
        return next(iter(published), None)
    return next((one for one in published if one.pk == release.supersedes_id), None)


def ended_agreements_of(user: object) -> QuerySet[Agreement]:
    """Agreements of the user's organisations that have run out: nothing that was shared under them is shown now."""
    organisations = organisations_allowing(user, Permission.READ_RELEASES)
    ended = Agreement.objects.filter(organisation_id__in=organisations, ends_on__lt=timezone.localdate())
    return ended.select_related("organisation", "programme").order_by("-ends_on", "pk")


def _of_table(release: Release, by: Collection[str]) -> Q:
    everyone = everyone_in(release)
    if not by:
        return Q(where=everyone)
    others = [name for name in release.groups if name not in (*by, *everyone)]
    return Q(where=everyone) | Q(where__has_keys=list(by)) & ~Q(where__has_any_keys=others)


def _figure(measure: str, where: dict[str, str], *rest: Any) -> Figure:
    return Figure(measure, frozenset(where.items()), *rest)
