"""How an extract is made of what was agreed to: read, protected, written, looked at once more, sealed.

Here: the steps in their order, each of which can stop it. Not here: its states
and rows (building.py), the rules (anonymity.py, checking.py). Nothing that is not
sealed leaves this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import structlog
from django.utils import timezone

from accounts.history import Actor, acting
from outcomes.being_built import show_progress
from outcomes.extracts import files, pseudonyms
from outcomes.extracts.anonymity import Earlier, Protected, account, protect
from outcomes.extracts.asking import Standing, says, standing_of
from outcomes.extracts.checking import findings
from outcomes.extracts.dictionary import described
from outcomes.extracts.facts import Facts
from outcomes.extracts.gathering import days_of_timepoints, facts_of
from outcomes.extracts.keys import KeyIsGone, KeyIsOpen, key_of
from outcomes.extracts.resources import observations, responses
from outcomes.extracts.sealing import seal
from outcomes.extracts.signing import open_half, sign
from outcomes.extracts.specification import Specification
from outcomes.extracts.tables import Person, tables
from outcomes.extracts.widening import OLDEST
from outcomes.models import Extract, ExtractSpecification, ExtractState, ResearchProject
from participants.models import Participant

STEPS: Final = 5
NOT_AGREED, TOO_FEW, UNSAFE = "not_agreed", "too_few", "unsafe"
KEY_GONE, KEY_OPEN = "key_gone", "key_open"
People = Mapping[str, tuple[Participant, Facts]]  # by what their pseudonym is made of

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Nothing is made: `reason` says why, and `blocked` that it is for the sake of somebody in it."""

    def __init__(self, reason: str, *, blocked: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.blocked = reason, blocked


@dataclass(frozen=True)
class Made:
    """What was made, sealed. `members`: who is in it."""

    content: bytes
    manifest: dict[str, Any]
    members: tuple[Participant, ...]


def make(extract: Extract, *, by: Actor) -> Made:
    """Everything but the rows. Raises Stopped."""
    today = timezone.localdate()
    wanted, key = agreed(extract.specification, today), _key(extract.project, by)
    people = {str(person.person_id): (person, facts) for person, facts in facts_of(extract.project.programme).items()}
    show_progress(extract, 1)
    protected, about = _protected(extract, wanted, people, today)
    show_progress(extract, 2)
    members = {name: pair for name, pair in people.items() if name in protected.kept}
    written = _written(wanted, key, members, protected, days_of_timepoints(extract.project.programme))
    show_progress(extract, 3)
    _look_once_more(extract, wanted, written)
    show_progress(extract, 4)
    sealed = seal(files.bundle_of(written, about, sign), wanted.public_key)
    return Made(sealed, {**about, "files": files.entries_of(written)}, tuple(one for one, _ in members.values()))


def agreed(specification: ExtractSpecification, today: date) -> Specification:
    """What it says, if that still stands as it was agreed to. Raises Stopped."""
    specification.refresh_from_db()
    if standing_of(specification, on=today) is not Standing.AGREED:
        raise Stopped(NOT_AGREED)
    return says(specification)


def code_version() -> str:
    """A fingerprint of the code that makes extracts: the same code says the same."""
    made = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        made.update(path.name.encode() + path.read_bytes())
    return made.hexdigest()


def _key(project: ResearchProject, by: Actor) -> bytes:
    """The key; how it is known again is written down before anything is made with it."""
    with acting(by, "outcomes.key_of_extracts"):
        project = ResearchProject.objects.select_for_update().get(pk=project.pk)
        try:
            key = key_of(project)
        except KeyIsGone:
            raise Stopped(KEY_GONE) from None
        except KeyIsOpen:
            raise Stopped(KEY_OPEN) from None
        if not project.key_print:
            project.key_print = pseudonyms.key_print(key)
            project.save(update_fields=["key_print"])
        return key


def _protected(
    extract: Extract, wanted: Specification, people: People, today: date
) -> tuple[Protected, dict[str, Any]]:
    """Who is in it and how they are shown, and what the manifest says of that."""
    known, oldest = {name: facts.known for name, (_, facts) in people.items()}, today.year - OLDEST
    before = _given_before(extract)
    protected = protect(known, wanted.rules, oldest=oldest, earlier=list(before.values()))
    if not protected.kept:
        raise Stopped(TOO_FEW, blocked=True)
    left_out = account(known, protected.left_out, wanted.rules, oldest=oldest)
    shown = _protection(wanted, protected, sorted(before))
    return protected, {**_about(extract, wanted, today), **shown, "left_out": left_out}


def _given_before(extract: Extract) -> dict[int, Earlier]:
    """By number, what the project was given before, or may still take: people have the same names in all of it."""
    given = extract.project.extracts.filter(state__in=(ExtractState.BUILT, ExtractState.TAKEN))
    return {number: _as_shown(manifest) for number, manifest in given.values_list("number", "manifest")}


def _as_shown(manifest: Mapping[str, Any]) -> Earlier:
    said = manifest["protection"]
    levels = {name: said["made_wider"].count(name) for name in said["fields"]}
    built_on = date.fromisoformat(manifest["built_on"])
    return Earlier(levels, built_on.year - OLDEST, said.get("diverse", ""), said.get("l", 1))


def _written(
    wanted: Specification, key: bytes, members: People, protected: Protected, days: Mapping[str, int]
) -> list[files.File]:
    people = [Person(pseudonyms.pid(key, name), protected.kept[name], facts) for name, (_, facts) in members.items()]
    keys = frozenset(wanted.fields)
    fhir = responses(people, keys), observations(people, keys)
    return files.files_of(tables(people, keys), *fhir, described(people, keys, days))


def _look_once_more(extract: Extract, wanted: Specification, written: list[files.File]) -> None:
    found = findings(written, wanted.rules, wanted.fields, extract.project.programme.areas)
    if found:
        log.error("extract_unsafe", extract=extract.pk, findings=found)
        raise Stopped(UNSAFE, blocked=True)


def _about(extract: Extract, wanted: Specification, today: date) -> dict[str, Any]:
    asked = extract.specification
    return {
        "project": wanted.title,
        "extract": extract.number,
        "built_on": today.isoformat(),
        "purpose": wanted.purpose,
        "agreement": wanted.agreement,
        "assessment": wanted.assessment,
        "recipient": wanted.recipient,
        "expires_on": wanted.expires_on.isoformat(),
        "specification": {"version": asked.version, "sha256": asked.sha256},
        "code": code_version(),
        "signed_with": open_half(),
    }


def _protection(wanted: Specification, protected: Protected, beside: list[int]) -> dict[str, Any]:
    """`beside`: numbers of the extracts that it was looked at together with."""
    rules = wanted.rules
    found = {
        "k": rules.k,
        "fields": list(rules.quasi),
        "smallest_group": protected.smallest,
        "groups": protected.groups,
        "made_wider": list(protected.taken),
        "beside": beside,
    }
    diverse = {"l": rules.l, "diverse": rules.diverse} if rules.diverse else {}
    return {"people": len(protected.kept), "protection": found | diverse}
