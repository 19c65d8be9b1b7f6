"""The list of summaries: for each what is new in it, whether some of it repeats, and which is the latest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from frontend.releases.figures import Figures
from frontend.releases.funnel import REGISTERED
from frontend.releases.since import headline, rescored
from outcomes.models import Release
from outcomes.releases import reading


@dataclass(frozen=True)
class Listed:
    """`lines` say what is new. The latest is that of its programme or area, and organisation."""

    release: Release
    lines: list[str]
    is_latest: bool


def listed(releases: Sequence[Release]) -> list[Listed]:
    """In the order given, which is the latest first. Two queries, however many there are."""
    found = reading.headlines_of(releases, [REGISTERED])
    figures = {release.pk: Figures(release, found[release.pk]) for release in releases}
    repeated = reading.repeated_in(releases)
    latest: dict[tuple[int, int, str], int] = {}
    for release in releases:
        latest.setdefault(_series(release), release.pk)
    return [
        Listed(
            release,
            _lines(figures[release.pk], figures.get(release.supersedes_id or 0), release.pk in repeated),
            latest[_series(release)] == release.pk,
        )
        for release in releases
    ]


def _series(release: Release) -> tuple[int, int, str]:
    """What follows one another: summaries of the same people for the same organisation."""
    return release.programme_id, release.organisation_id, release.area


def _lines(now: Figures, before: Figures | None, repeats: bool) -> list[str]:
    lines = [headline(now, before)]
    if before is None:
        lines.append("The first summary.")
    elif rescored(now, before):
        lines.append("Scores are worked out anew in it.")
    if repeats:
        lines.append("Some of its figures repeat those of an earlier day.")
    return [line for line in lines if line]
