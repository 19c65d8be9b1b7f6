"""What went wrong, as numbers: how often, and how long it took until somebody had it and had looked into it.

Here: counts by kind, harm and quarter, with median times. No words, no person, no class: a line holds nothing else,
so that a summary for others can be built on it. Not here: protecting small numbers in what is released
(outcomes/disclosure). Called by the desk's download, and made for the releases of outcomes to call.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.happenings import in_history
from accounts.permissions import Permission, programmes_allowing
from classes.models import Incident, IncidentReview
from classes.models.incidents import INCIDENT_REVIEW
from messaging.models import Task


@dataclass(frozen=True)
class SummaryLine:
    """One quarter, kind and harm. Medians in whole minutes and hours, of those that have got so far; else None."""

    quarter: str  # 2026-Q4: when it happened, in UK time
    kind: str
    harm: str
    incidents: int
    acknowledged: int
    median_minutes_to_acknowledgement: int | None
    reviewed: int
    median_hours_to_review: int | None


@dataclass(frozen=True)
class _Fact:
    key: tuple[str, str, str]
    acknowledged: timedelta | None
    reviewed: timedelta | None


COLUMNS = tuple(field.name for field in fields(SummaryLine))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def safety_summary(
    programme_ids: Collection[int], *, start: datetime | None = None, end: datetime | None = None
) -> list[SummaryLine]:
    """Every line there is, in order. `start` and `end` bound when it happened; the end is not in it. Two queries."""
    found = Incident.objects.filter(programme_id__in=programme_ids)
    if start is not None:
        found = found.filter(happened_at__gte=start)
    if end is not None:
        found = found.filter(happened_at__lt=end)
    facts = sorted(_facts(found, _first_taken(programme_ids)), key=lambda fact: fact.key)
    return [_line(key, list(group)) for key, group in groupby(facts, key=lambda fact: fact.key)]


def summary_at_desk_of(user: object) -> list[SummaryLine]:
    """That of the programmes at whose desk the user works, together."""
    return safety_summary(programmes_allowing(user, Permission.WORK_AT_DESK))


def row_of(line: SummaryLine) -> tuple[str, ...]:
    """A line as cells of a file; nothing that a person typed is ever in one."""
    return tuple("" if cell is None else str(cell) for cell in astuple(line))


def quarter_of(at: datetime) -> str:
    on = timezone.localdate(at)
    return f"{on.year}-Q{(on.month + 2) // 3}"


def _facts(found: QuerySet[Incident], taken: dict[str, datetime]) -> list[_Fact]:
    first = IncidentReview.objects.filter(incident=OuterRef("pk")).order_by("id").values("at")[:1]
    rows = found.annotate(looked_at=Subquery(first))
    facts = []
    for pk, kind, harm, at, sent, looked_at in rows.values_list(
        "pk", "kind", "harm", "happened_at", "reported_at", "looked_at"
    ):
        seen = [moment for moment in (taken.get(f"{INCIDENT_REVIEW}:{pk}"), looked_at) if moment is not None]
        facts.append(
            _Fact(
                (quarter_of(at), kind, harm),
                min(seen) - sent if seen else None,
                looked_at - sent if looked_at else None,
            )
        )
    return facts


def _first_taken(programme_ids: Collection[int]) -> dict[str, datetime]:
    """When somebody first took each task; who took it over later does not count."""
    taken = in_history(Task).filter(kind=INCIDENT_REVIEW, programme_id__in=programme_ids, taken_at__isnull=False)
    return dict(taken.order_by().values_list("dedupe_key").annotate(Min("taken_at")))


def _line(key: tuple[str, str, str], group: list[_Fact]) -> SummaryLine:
    acknowledged = [fact.acknowledged for fact in group if fact.acknowledged is not None]
    reviewed = [fact.reviewed for fact in group if fact.reviewed is not None]
    return SummaryLine(
        *key,
        len(group),
        len(acknowledged),
        _median(acknowledged, MINUTE),
        len(reviewed),
        _median(reviewed, HOUR),
    )


def _median(times: list[timedelta], unit: timedelta) -> int | None:
    return round(median(time / unit for time in times)) if times else None
