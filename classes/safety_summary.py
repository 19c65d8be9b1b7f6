"""What went wrong, as numbers: how often, and how long it took until somebody had it and had looked into it.

Here: counts by kind, harm and quarter, with median times; and of the days on which somebody did not exercise, because
their same-day check or the talk after it said so, how many there were. No words, no person, no class: a line holds
nothing else, so that a summary for others can be built on it. Not here: protecting small numbers in what is released
(outcomes/disclosure). Called by the desk's download, and made for the releases of outcomes to call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.happenings import in_history
from accounts.permissions import Permission, programmes_allowing
from classes.models import Incident, IncidentReview, SymptomCheck, SymptomTalk, TalkOutcome
from classes.models.incidents import INCIDENT_REVIEW
from classes.same_day.symptoms import Result
from messaging.models import Task


@dataclass(frozen=True)
class SummaryLine:
    """One quarter, kind and harm. Medians in whole minutes and hours, of those that have got so far; else None."""

    quarter: str  # 2026-Q4: when it happened, in UK time
    kind: str
    harm: str
    incidents: int
    acknowledged: int | None  # None of what is no report, and so is only counted
    median_minutes_to_acknowledgement: int | None
    reviewed: int | None
    reviewed_in_a_week: int | None  # of being reported
    median_hours_to_review: int | None


@dataclass(frozen=True)
class _Fact:
    key: tuple[str, str, str]
    acknowledged: timedelta | None
    reviewed: timedelta | None


CHECK_STOP, TALK_STOP = "same_day_check_stop", "same_day_talk_not_today"  # kinds of line that are counts alone
COLUMNS = tuple(field.name for field in fields(SummaryLine))
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON = timedelta(days=7)  # for counting alone; how soon each must be taken up is classes/incident_rules.py


def safety_summary(
    programme_ids: Collection[int], *, start: datetime | None = None, end: datetime | None = None
) -> list[SummaryLine]:
    """Every line there is, in order. `start` and `end` bound when it happened; the end is not in it. Four queries."""
    found = _between(Incident.objects.filter(programme_id__in=programme_ids), "happened_at", start, end)
    facts = sorted(_facts(found, _first_taken(programme_ids)), key=lambda fact: fact.key)
    lines = [_line(key, list(group)) for key, group in groupby(facts, key=lambda fact: fact.key)]
    return sorted([*lines, *_stops(programme_ids, start, end)], key=lambda line: (line.quarter, line.kind, line.harm))


def _stops(programme_ids: Collection[int], start: datetime | None, end: datetime | None) -> list[SummaryLine]:
    """Days on which somebody was told not to exercise: by the check, or by whoever leads the class after a talk."""
    stops = [result for result in Result if result.is_stop]
    checks = SymptomCheck.objects.filter(session__programme_id__in=programme_ids, result__in=stops)
    talks = SymptomTalk.objects.filter(check_of__session__programme_id__in=programme_ids, outcome=TalkOutcome.NOT_TODAY)
    found: Counter[tuple[str, str]] = Counter()
    for kind, rows, when in ((CHECK_STOP, checks, "answered_at"), (TALK_STOP, talks, "at")):
        moments = _between(rows, when, start, end).values_list(when, flat=True)
        found.update((quarter_of(moment), kind) for moment in moments)
    return [SummaryLine(quarter, kind, "", number, *[None] * 5) for (quarter, kind), number in found.items()]


def _between(rows: Any, when: str, start: datetime | None, end: datetime | None) -> Any:
    bounds = {f"{when}__gte": start, f"{when}__lt": end}
    return rows.filter(**{name: moment for name, moment in bounds.items() if moment is not None})


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
        sum(time <= SOON for time in reviewed),
        _median(reviewed, HOUR),
    )


def _median(times: list[timedelta], unit: timedelta) -> int | None:
    return round(median(time / unit for time in times)) if times else None
