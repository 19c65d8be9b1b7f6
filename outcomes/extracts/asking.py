"""What a project is to get is asked for by one person, and agreed to by two others; other words are agreed to anew.

Here: the actions, and how a specification stands. Not here: what is wrong with
one (specification.py), building (building.py). Called by the desk's pages and the
build, which asks again whether everything still stands.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Prefetch, QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.staff import holders_of
from outcomes.extracts.signing import is_signed, sign
from outcomes.extracts.specification import Fault, Specification, canonical, faults, fingerprint, read
from outcomes.models import ExtractApproval, ExtractCertificate, ExtractSpecification, ResearchProject

NEEDED: Final = 2  # people who agree, neither of them the one who asked


class Standing(enum.StrEnum):
    """How one version stands."""

    WAITS = "waits"  # for people to agree
    AGREED = "agreed"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"  # a later version was asked for
    EXPIRED = "expired"
    ENDED = "ended"  # its project has ended


class Faulty(Exception):
    """Something is wrong with what was asked for: `faults` says what."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__(", ".join(f"{fault.part} {fault.reason}" for fault in found))
        self.faults = found


class AskedByYou(Exception):
    """Whoever asked for it cannot agree to it."""


class SaidBefore(Exception):
    """They have said whether they agree, and that stands."""


class MayNot(Exception):
    """They hold no role that may do this in the programme."""


class RoleTooNew(Exception):
    """Their role began after this was asked for: nobody is given a role so that they agree."""


class NotNow(Exception):
    """It stands otherwise: `standing`."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


# --- how it stands -----------------------------------------------------------


def says(specification: ExtractSpecification) -> Specification:
    return read(specification.text)


def programmes_handled_by(user: object) -> QuerySet[Programme]:
    """Those of which the user may ask for extracts."""
    return Programme.objects.filter(pk__in=programmes_allowing(user, Permission.HANDLE_EXTRACTS)).order_by("name", "pk")


def latest_of(project: ResearchProject) -> ExtractSpecification:
    return project.specifications.select_related("project", "asked_by").latest("version")


def latest_of_each(projects: QuerySet[ResearchProject], *, on: date) -> list[tuple[ExtractSpecification, Standing]]:
    """What each project is to get and how that stands, the newest project first."""
    rows = (
        ExtractSpecification.objects.filter(project__in=projects)
        .order_by("-project_id", "-version")
        .distinct("project_id")
        .select_related("project__programme", "project__certificate")
        .prefetch_related(Prefetch("approvals", ExtractApproval.objects.order_by("pk")))
    )
    return [(row, _standing(row, on, ended=hasattr(row.project, "certificate"))) for row in rows]


def others_with_data_out(project: ResearchProject) -> list[Specification]:
    """What other projects of the programme get, of which somebody may hold an extract: the newest first."""
    others = ResearchProject.objects.with_data_out().filter(programme=project.programme_id).exclude(pk=project.pk)
    return [says(row) for row, _ in latest_of_each(others, on=timezone.localdate())]


def agreed_by(specification: ExtractSpecification) -> list[ExtractApproval]:
    """Who agrees to these very words; what was changed since, or is not signed by us, counts for nothing."""
    return _agreed_by(specification, specification.approvals.select_related("by").order_by("pk"))


def standing_of(specification: ExtractSpecification, *, on: date) -> Standing:
    project = specification.project_id
    if ExtractSpecification.objects.filter(project=project, version__gt=specification.version).exists():
        return Standing.OVERTAKEN
    return _standing(specification, on, ended=ExtractCertificate.objects.filter(project=project).exists())


def may_say(specification: ExtractSpecification, person: Person) -> bool:
    """Whether `person` is one whose word is still wanted."""
    asked = specification.asked_by_id == person.pk
    return not asked and not specification.approvals.filter(by=person).exists()


# --- actions -----------------------------------------------------------------


def ask_for_extracts(*, programme: Programme, wanted: Specification, by: Person) -> ExtractSpecification:
    """Begin a project with the first version of what it is to get. Raises Faulty, MayNot."""
    with acting(by, "outcomes.ask_for_extracts"):
        _require_holder(by, programme)
        _require_sound(wanted)
        project = ResearchProject.objects.create(programme=programme)
        return _keep(project, wanted, by)


def ask_for_change(*, project: ResearchProject, wanted: Specification, by: Person) -> ExtractSpecification:
    """Another version, which nobody has agreed to yet; the one before counts no more. The same words change nothing.

    Raises Faulty, MayNot, NotNow.
    """
    with acting(by, "outcomes.ask_for_change_of_extracts"):
        _require_holder(by, project.programme)
        _require_sound(wanted)
        project = ResearchProject.objects.select_for_update().get(pk=project.pk)
        latest = latest_of(project)
        if standing_of(latest, on=timezone.localdate()) is Standing.ENDED:
            raise NotNow(Standing.ENDED)
        return latest if latest.text == canonical(wanted) else _keep(project, wanted, by)


def agree(*, specification: ExtractSpecification, by: Person) -> ExtractApproval:
    """Raises MayNot, RoleTooNew, AskedByYou, SaidBefore, NotNow."""
    with acting(by, "outcomes.agree_to_extracts"):
        return _say(specification, by, agrees=True)


def refuse(*, specification: ExtractSpecification, why: str, by: Person) -> ExtractApproval:
    """One who does not agree is enough: it must be asked for in other words. Raises as `agree`."""
    with acting(by, "outcomes.refuse_extracts"):
        return _say(specification, by, agrees=False, why=why)


# --- steps -------------------------------------------------------------------


def _require_holder(person: Person, programme: Programme) -> None:
    if not holders_of(Permission.HANDLE_EXTRACTS, programme).filter(pk=person.pk).exists():
        raise MayNot


def _require_held_before(person: Person, programme: Programme, asked_at: datetime) -> None:
    """Who gives roles could else make those who agree."""
    held = holders_of(Permission.HANDLE_EXTRACTS, programme, since_before=asked_at)
    if not held.filter(pk=person.pk).exists():
        raise RoleTooNew


def _require_sound(wanted: Specification) -> None:
    found = faults(wanted, today=timezone.localdate())
    if found:
        raise Faulty(found)


def _keep(project: ResearchProject, wanted: Specification, by: Person) -> ExtractSpecification:
    text = canonical(wanted)
    last = project.specifications.aggregate(last=Max("version"))["last"] or 0
    return ExtractSpecification.objects.create(
        project=project,
        version=last + 1,
        text=text,
        sha256=fingerprint(text),
        expires_on=wanted.expires_on,
        asked_by=by,
    )


def _say(specification: ExtractSpecification, by: Person, *, agrees: bool, why: str = "") -> ExtractApproval:
    """One word at a time on a project, so that nobody agrees to what was just replaced."""
    project = ResearchProject.objects.select_for_update().select_related("programme").get(pk=specification.project_id)
    _require_holder(by, project.programme)
    if specification.asked_by_id == by.pk:
        raise AskedByYou
    if not may_say(specification, by):
        raise SaidBefore
    standing = standing_of(specification, on=timezone.localdate())
    if standing not in (Standing.WAITS, Standing.AGREED):
        raise NotNow(standing)
    if agrees:
        _require_held_before(by, project.programme, specification.asked_at)
    words = _words(specification, by.pk, agrees=agrees)
    return ExtractApproval.objects.create(
        specification=specification, agrees=agrees, why=why, sha256=specification.sha256, signature=sign(words), by=by
    )


def _standing(specification: ExtractSpecification, on: date, *, ended: bool) -> Standing:
    """Of the latest version of a project."""
    words = list(specification.approvals.all())
    if ended:
        return Standing.ENDED
    if any(not word.agrees for word in words):
        return Standing.REFUSED
    if says(specification).expires_on < on:
        return Standing.EXPIRED
    return Standing.AGREED if len(_agreed_by(specification, words)) >= NEEDED else Standing.WAITS


def _agreed_by(specification: ExtractSpecification, words: Iterable[ExtractApproval]) -> list[ExtractApproval]:
    if fingerprint(specification.text) != specification.sha256:
        return []
    others = (word for word in words if word.agrees and word.by_id != specification.asked_by_id)
    return [word for word in others if _stands(word, specification)]


def _stands(row: ExtractApproval, specification: ExtractSpecification) -> bool:
    words = _words(specification, row.by_id, agrees=row.agrees)
    return row.sha256 == specification.sha256 and is_signed(words, row.signature)


def _words(specification: ExtractSpecification, person: int, *, agrees: bool) -> bytes:
    """What is signed: which words, of which project, by whom, and what they say."""
    parts = (specification.project_id, specification.version, specification.sha256, person, agrees)
    return "|".join(("safefit-approval-v1", *map(str, parts))).encode()
