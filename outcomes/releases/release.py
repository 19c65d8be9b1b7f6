"""Releases: asked for, built from the people who agreed, attacked, and frozen when published.

Here: the actions and the doors. Not here: reading people (gathering.py), adding
up (figures.py), what may be shown (disclosure/), files (export.py). Called by
the desk's and partners' pages, the API, the worker and the commands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from accounts.models import AccessLog, Agreement, Organisation, Person, Programme
from messaging.one_by_one import one_by_one
from messaging.worklist import cancel_tasks
from outcomes import being_built
from outcomes.being_built import UNDER_WAY, hold, require
from outcomes.comments import said_by_now
from outcomes.counting.bands import chosen
from outcomes.counting.forms import ScoredAnotherWay, instruments_of
from outcomes.counting.gathering import cohort_of, counted_now, events_of, lengths_of, timings_of
from outcomes.counting.measured import movements_of
from outcomes.endings import SUMMARY_WAITS
from outcomes.models import Release, ReleaseCell, ReleaseState
from outcomes.models.releases import MOST_DAYS
from outcomes.releases import figures, past
from outcomes.releases.export import fingerprint
from outcomes.releases.notices import tell_readers

BUILD_JOB: Final = "outcomes.build_release"
ANEW_JOB: Final = "outcomes.ask_anew_for_overtaken"

log = structlog.get_logger(__name__)


# --- refusals ----------------------------------------------------------------


class NoAgreement(Exception):
    """The organisation has no agreement on the programme in force today."""

    def __init__(self, organisation: Organisation, programme: Programme) -> None:
        super().__init__(organisation.pk, programme.pk)
        self.organisation, self.programme = organisation, programme


class AgreementChanged(Exception):
    """The agreement now hides more than the release was built to hide: a new one must be made."""


class NoPurpose(Exception):
    """Nobody has written down what the partner uses summaries for (agreements.state_purpose)."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(agreement.pk)
        self.agreement = agreement


class OvertakenByAnother(Exception):
    """Another release of the programme was published since this one was attacked: a new one must be made."""


class TooLongAgo(Exception):
    """It was made more than MOST_DAYS ago: a new one must be made."""


class AgreeNoMore(Exception):
    """Somebody who is in it is not counted any more (consent, erasure), or nobody can tell: a new one must be made."""


# --- doors -------------------------------------------------------------------


def releases_at_desk_of(user: object) -> QuerySet[Release]:
    return Release.objects.built_by_desk_of(user).select_related("organisation", "programme", "supersedes")


def releases_shared_with(user: object) -> QuerySet[Release]:
    return Release.objects.shared_with(user).select_related("organisation", "programme")


def published_ids() -> list[int]:
    """Numbers of the rows that are published, whoever they are for: what the demonstration lists."""
    return list(Release.objects.published().values_list("pk", flat=True))


def note_the_read(*, release: Release, by: Person) -> None:
    """Keep that a summary was read. It is about nobody, so the log names no target."""
    AccessLog.objects.create(by=by, target=None, purpose="release", what=f"release {release.pk}")


# --- actions -----------------------------------------------------------------


def request_release(*, programme: Programme, organisation: Organisation, by: Actor) -> Release:
    """Ask for a new release; a worker builds it. One that is being built already is returned instead.

    Raises NoAgreement.
    """
    with acting(by, "outcomes.request_release"):
        agreement = _lock_agreement(programme, organisation)
        earlier = Release.objects.filter(programme=programme, organisation=organisation)
        under_way = earlier.filter(state__in=UNDER_WAY).first()
        if under_way is not None:
            return under_way
        release = Release.objects.create(
            programme=programme,
            organisation=organisation,
            number=(earlier.aggregate(last=Max("number"))["last"] or 0) + 1,
            as_at=timezone.localdate(),
            k=agreement.k,
            area=agreement.area,
            dimensions=chosen(agreement.dimensions),
            asked_by=by if isinstance(by, Person) else None,
        )
        being_built.queue(BUILD_JOB, release_id=release.pk)
        return release


def request_all(*, by: Actor) -> int:
    """Ask for a new release under every agreement in force, each by itself, and say for how many."""

    def ask(agreement: Agreement) -> None:
        request_release(programme=agreement.programme, organisation=agreement.organisation, by=by)

    agreements = Agreement.objects.live().select_related("programme", "organisation").order_by("pk")
    return len(one_by_one(ask, list(agreements)))


def try_again(*, release: Release, by: Actor) -> Release:
    """Queue a release that could not be built. Raises WrongState."""
    with acting(by, "outcomes.try_release_again"):
        hold(release)
        require(release, ReleaseState.FAILED)
        being_built.change(release, ReleaseState.QUEUED, steps_done=0, attack={})
        being_built.queue(BUILD_JOB, release_id=release.pk)
        return release


def build_by_id(release_id: int, *, by: Actor) -> Release:
    """`build_release` for a job, which knows only the key."""
    return build_release(release=Release.objects.get(pk=release_id), by=by)


def build_release(*, release: Release, by: Actor) -> Release:
    """Count, hide, attack and freeze. BUILT when nothing gives anybody away, BLOCKED when something does.

    Each step is counted as it is done, outside of the transaction that freezes,
    so that the desk sees how far it is. A build cut short begins again; an
    error leaves FAILED and is raised. FAILED too, and why, where forms were
    scored in another way than today: their scores are never held against each other; and where nobody is told
    apart by its area.
    """
    if not being_built.begin(release, steps=figures.STEPS, action="outcomes.build_release", by=by):
        return release
    try:
        built = _figures(release)
        with acting(by, "outcomes.freeze_release"):
            _freeze(release, built)
    except (ScoredAnotherWay, figures.NoSuchArea) as problem:
        being_built.give_up(release, ReleaseState.FAILED, action="outcomes.release_failed", by=by, attack=_why(problem))
    except Exception:
        log.exception("release_failed", release=release.pk)
        being_built.give_up(release, ReleaseState.FAILED, action="outcomes.release_failed", by=by)
        raise
    return release


def publish_release(*, release: Release, by: Actor) -> Release:
    """Show it to its partner, for good. Publishing twice changes nothing.

    Those of other partners that are built and not published are made anew (overtaken.py). What it is used for, and
    what people said of that, stay with it. Raises WrongState, NoAgreement, AgreementChanged, NoPurpose,
    OvertakenByAnother, TooLongAgo, AgreeNoMore.
    """
    with acting(by, "outcomes.publish_release"):
        agreement = _lock_agreement(release.programme, release.organisation)
        hold(release)
        if release.state == ReleaseState.PUBLISHED:
            return release
        require(release, ReleaseState.BUILT)
        _refuse_against_the_agreement(release, agreement)
        Programme.objects.select_for_update().get(pk=release.programme_id)  # one at a time, whoever it is for
        _refuse_what_is_out_of_date(release)
        release.supersedes = last = last_published(release)
        release.purpose, release.said = agreement.purpose, said_by_now(release, last)
        release.published_at = timezone.now()
        release.state = ReleaseState.PUBLISHED
        release.save(update_fields=["supersedes", "purpose", "said", "published_at", "sha256", "state"])
        cancel_tasks(kinds=[SUMMARY_WAITS], subject_id=release.pk, by=by)
        tell_readers(release)
        being_built.queue(ANEW_JOB, programme_id=release.programme_id)
        return release


# --- steps -------------------------------------------------------------------


def _lock_agreement(programme: Programme, organisation: Organisation) -> Agreement:
    """One release of a partner is asked for or published at a time."""
    rows = Agreement.objects.live().filter(programme=programme, organisation=organisation)
    agreement = rows.select_for_update().first()
    if agreement is None:
        raise NoAgreement(organisation, programme)
    return agreement


def _why(problem: ScoredAnotherWay | figures.NoSuchArea) -> dict[str, Any]:
    """As the desk's page tells it."""
    if isinstance(problem, ScoredAnotherWay):
        return {"scored_another_way": problem.forms}
    return {"no_such_area": problem.area}


def _refuse_against_the_agreement(release: Release, agreement: Agreement) -> None:
    shows_more = release.k < agreement.k or set(release.dimensions) - set(agreement.dimensions)
    if shows_more or agreement.area not in ("", release.area):
        raise AgreementChanged
    if not agreement.purpose:
        raise NoPurpose(agreement)


def _refuse_what_is_out_of_date(release: Release) -> None:
    """It may be published as it is only while nothing that it rests on has changed since it was made."""
    if timezone.localdate() - release.as_at > timedelta(days=MOST_DAYS):
        raise TooLongAgo
    if not _is_what_was_attacked(release):
        raise OvertakenByAnother
    people = past.people_of(release)
    if people is None or not people <= counted_now(release.programme):
        raise AgreeNoMore


def _is_what_was_attacked(release: Release) -> bool:
    """Whether the attack was on these very figures, beside all that is published today."""
    beside = past.names_of(past.published_of(release.programme))
    return release.attack.get("sha256") == release.sha256 == fingerprint(release) and (
        sorted(release.attack.get("beside", [])) == sorted(beside)
    )


def _figures(release: Release) -> figures.Built:
    before = past.published_of(release.programme)
    instruments = [*instruments_of(release.programme), *movements_of(release.programme)]
    counted = figures.Counted(
        cohort=cohort_of(release.programme, as_at=release.as_at, instruments=instruments),
        instruments=instruments,
        timings=timings_of(release.programme),
        dimensions=release.dimensions,
        areas=release.programme.areas,
        as_at=release.as_at,
        events=events_of(release.programme, as_at=release.as_at),
        minutes=lengths_of(release.programme, as_at=release.as_at),
        fixed=past.fixed_bands(before),
        area=release.area,
        started_elsewhere=settings.STARTED_ELSEWHERE,
    )
    built = figures.build(
        counted,
        earlier=past.countings(before),
        k=release.k,
        step=lambda done: being_built.show_progress(release, done),
    )
    built.attack["beside"] = past.names_of(before)
    return built


def _freeze(release: Release, built: figures.Built) -> None:
    """A blocked release keeps what the attack found, and no figure."""
    hold(release)
    if release.state != ReleaseState.BUILDING:
        return  # two workers built the same release, and the other one was first
    release.groups, release.method, release.attack = built.groups, built.method, built.attack
    release.steps_done = release.steps_total
    if built.is_safe:
        ReleaseCell.objects.bulk_create(_row(release, cell) for cell in built.cells)
        past.keep_sheet(release, built.sheet)
        # The result of the attack is kept with the fingerprint of what was attacked.
        release.sha256 = fingerprint(release)
        release.attack["sha256"] = release.sha256
    release.state = ReleaseState.BUILT if built.is_safe else ReleaseState.BLOCKED
    release.save(update_fields=["groups", "method", "attack", "sha256", "steps_done", "state"])


def _row(release: Release, cell: dict[str, Any]) -> ReleaseCell:
    counted_in = int(cell["counted"]) if cell.get("counted") else None
    columns = {name: value for name, value in cell.items() if name != "counted"}
    return ReleaseCell(release=release, counted_in_id=counted_in, **columns)


def last_published(release: Release) -> Release | None:
    """The latest one that its partner can read of its programme, and of the same people of it."""
    rows = Release.objects.filter(programme=release.programme, organisation=release.organisation, area=release.area)
    return rows.filter(state=ReleaseState.PUBLISHED).order_by("-published_at", "-pk").first()
