"""The register of data uses: what partners, researchers and study teams were given about the people in SafeFit.

Here: who received what, why, which kind of data, and when; never whose. Read from the rows themselves, so that
nothing is left out: what gives data to somebody adds a function to SOURCES. Not here: the page
(frontend/views/public/data_uses.py), publishing (releases/release.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.happenings import in_history
from accounts.models import Agreement
from outcomes.counting.bands import BY, DIMENSIONS
from outcomes.extracts.asking import says
from outcomes.extracts.fields import BY_KEY, PERSON
from outcomes.models import Extract, ExtractState, Release, Study, StudyInvitation, StudyState

NUMBERS: Final = "how many took part, how many answered our questionnaires, how often they came to classes"
WENT_WRONG: Final = "how often something went wrong there"  # counted of the whole programme alone
CHANGED: Final = "and how answers changed"
STUDY_NUMBERS: Final = (
    "About how many people could be told of the study: they agreed to hear of studies, and are of the age, area, kind "
    "of cancer and phase of SafeFit that it asks for. Once it has closed: about how many we told, and about how many "
    "are interested"
)
STUDY_PURPOSE: Final = "To see whether enough people could be asked to take part in the study."
PROTECTED: Final = "Small numbers are hidden. Nobody is named, and nobody can be picked out."
ROWS: Final = "Of people who agreed to research, one by one, under made-up names"
NOT_IN_ROWS: Final = (
    "No names, addresses or dates of birth, and nothing that somebody wrote. Facts that others may know are made less "
    "exact until several people share them."
)
# What a table of an extract comes to, in the order in which it is told; people's own facts are named one by one.
IN_TABLES: Final = {
    "form": "how and when they answered our questionnaires",
    "item": "each of their answers",
    "score": "the scores of their answers",
    "session": "the classes that they had a place in, and whether they came",
    "event": "when they began, paused and ended",
    "measure": "how often they stood up from a chair",
    "goal": "how near they said their goals are, without the goals",
    "safety": "which kinds of reports about safety there were",
}
_LABELS: Final = {dimension.name: dimension.label for dimension in DIMENSIONS}


@dataclass(frozen=True)
class DataUse:
    """One use. `purpose` is empty where nobody wrote it down; `said` is what people had said that went with it.

    `until`: the last day on which rows of people may be kept; `ended_on`: when all of them were destroyed.
    """

    title: str
    received_by: str
    purpose: str
    data: str
    at: datetime
    said: str = ""
    until: date | None = None
    ended_on: date | None = None


def data_uses() -> list[DataUse]:
    """Every use there was, the newest first. One query for each source."""
    return sorted((use for source in SOURCES for use in source()), key=lambda use: use.at, reverse=True)


def of_releases() -> Iterator[DataUse]:
    """Published summaries. One from before purposes were kept shows that of its agreement."""
    agreed = Agreement.objects.filter(
        organisation_id=OuterRef("organisation_id"), programme_id=OuterRef("programme_id")
    )
    rows = Release.objects.published().annotate(
        agreed_purpose=Subquery(agreed.values("purpose")[:1]), given_at=F("published_at")
    )
    facts = rows.values_list(
        "number", "programme__name", "organisation__name", "purpose", "agreed_purpose", "dimensions", "area",
        "given_at", "said",
    )  # fmt: skip
    for number, programme, organisation, purpose, agreed_purpose, dimensions, area, at, said in facts:
        title = f"Summary {number} of {programme}"
        yield DataUse(title, organisation, purpose or agreed_purpose or "", data_in(dimensions, area), at, said)


def data_in(dimensions: Iterable[str], area: str = "") -> str:
    """Which kind of data a summary holds, in plain words: of whom, and by what they are told apart."""
    named = [_in_words(dimension) for dimension in dimensions]
    apart = f", for everybody together and by {', by '.join(named)}" if named else ", for everybody together"
    whose = f"Numbers about groups of people in {area}" if area else "Numbers about groups of people"
    counted = ", ".join([NUMBERS, CHANGED] if area else [NUMBERS, WENT_WRONG, CHANGED])
    return f"{whose}: {counted}{apart}. {PROTECTED}"


def _in_words(dimension: str) -> str:
    return " and ".join(_LABELS.get(name, name) for name in dimension.split(BY))


def of_extracts() -> Iterator[DataUse]:
    """Extracts for research that somebody took away, sealed to whoever they are for."""
    rows = Extract.objects.filter(state=ExtractState.TAKEN).select_related("specification", "project__certificate")
    for row in rows:
        wanted, certificate = says(row.specification), getattr(row.project, "certificate", None)
        yield DataUse(
            title=f"Extract {row.number} for research: {wanted.title}",
            received_by=wanted.recipient,
            purpose=wanted.purpose,
            data=data_in_rows(wanted.fields),
            at=row.taken_at or row.asked_at,
            until=wanted.expires_on,
            ended_on=certificate.destroyed_on if certificate else None,
        )


def data_in_rows(keys: Iterable[str]) -> str:
    """Which kind of data an extract holds, in plain words."""
    fields = [BY_KEY[key] for key in keys]
    tables = {one.table for one in fields}
    facts = [one.label[0].lower() + one.label[1:] for one in fields if one.table == PERSON]
    parts = [*facts, *(words for table, words in IN_TABLES.items() if table in tables)]
    return f"{ROWS}: {'; '.join(parts)}. {NOT_IN_ROWS}"


def of_studies() -> Iterator[DataUse]:
    """Studies whose team may be told a number: people were counted for them, or told of them until they closed."""
    closed = in_history(Study).filter(pgh_obj=OuterRef("pk"), state=StudyState.CLOSED).order_by("pgh_id")
    told = Exists(StudyInvitation.objects.filter(study=OuterRef("pk")))
    rows = Study.objects.annotate(
        counted_at=Max("counts__at"), closed_at=Subquery(closed.values("pgh_created_at")[:1])
    ).filter(Q(counted_at__isnull=False) | Q(told, state=StudyState.CLOSED))
    for title, team, at in rows.values_list("title", "team", Coalesce("closed_at", "counted_at")):
        yield DataUse(f"Numbers for a study: {title}", team, STUDY_PURPOSE, f"{STUDY_NUMBERS}. {PROTECTED}", at)


SOURCES: Final[tuple[Callable[[], Iterable[DataUse]], ...]] = (of_releases, of_extracts, of_studies)
