"""Summaries that were built, and that another one published since has overtaken: the two were not attacked together.

Here: which those are, and asking for each anew, so that a quarter's summaries of several partners are published one
after the other without anybody asking for them again. Called by the worker after each that is published
(tasks.py), and by the desk's pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.history import Actor
from messaging.one_by_one import one_by_one
from outcomes.models import Release, ReleaseState
from outcomes.models.releases import MOST_DAYS
from outcomes.releases.release import NoAgreement, request_release


def overtaken(releases: Iterable[Release]) -> set[int]:
    """Keys of those that are built and can be published no more, because others were. One query."""
    built = [row for row in releases if row.state == ReleaseState.BUILT]
    published: dict[int, set[str]] = defaultdict(set)
    if built:
        rows = Release.objects.published().filter(programme__in={row.programme_id for row in built})
        for programme, pk in rows.values_list("programme_id", "pk"):
            published[programme].add(str(pk))
    return {row.pk for row in built if set(row.attack.get("beside", ())) != published[row.programme_id]}


def ask_anew(programme_id: int, *, by: Actor) -> int:
    """Ask for the latest summary of each partner once more where it was overtaken, and say for how many.

    Not where it is too old to be published in any case, nor where its agreement has ended.
    """

    def ask(row: Release) -> None:
        with suppress(NoAgreement):
            request_release(programme=row.programme, organisation=row.organisation, by=by)

    later = Release.objects.filter(
        programme=OuterRef("programme"), organisation=OuterRef("organisation"), number__gt=OuterRef("number")
    )
    since = timezone.localdate() - timedelta(days=MOST_DAYS)
    rows = Release.objects.filter(programme=programme_id, state=ReleaseState.BUILT, as_at__gte=since)
    latest = list(rows.exclude(Exists(later)).select_related("programme", "organisation").order_by("pk"))
    gone = overtaken(latest)
    return len(one_by_one(ask, [row for row in latest if row.pk in gone]))
