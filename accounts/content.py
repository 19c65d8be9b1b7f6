"""Clinical content that is configuration: which version is used now, what was used before, and who signed it.

Content comes with the software as files, one for each version. A copy that runs
adds versions of its own: the words and the numbers may be changed, never the
structure, because what an answer does is decided by code and its tests. Each
app registers its kinds (`register_content`). Not here: which of
its words may be changed and how (content_words.py), what a kind says
(participants/health_content.py, classes/same_day/symptom_content.py), its pages
(frontend/views/content/).

A version never changes. From when it is used is a decision of its own, with a
time; of those whose time has come, the last decision holds, so going back is a
decision too. Who signs puts their name to the words themselves (`digest`).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone

from accounts.content_words import BadContent, Route, Value, Words, changes, reworded
from accounts.models import ContentSignOff, ContentStart, ContentVersion, Person


class NothingChanged(Exception):
    """A new version that says what the version says on which it is based."""


class NotSigned(Exception):
    """Once a version of a kind was signed, only signed versions are put to use."""


class WordsMoved(Exception):
    """What was signed is not what the version says now."""


class StartsSoon(Exception):
    """A signature is not taken back while the version waits for its day: it would start unsigned. `start` says when."""

    def __init__(self, start: ContentStart) -> None:
        super().__init__(str(start))
        self.start = start


@dataclass(frozen=True)
class Kind:
    """One kind of content. `read` checks a body and freezes it; it raises ValueError.

    `words` names the keys whose values may be changed here; everything else is structure.
    `made_of`: "words", or "numbers" where it holds nothing else.
    """

    name: str
    title: str
    about: str
    shipped: Mapping[str, Path]
    read: Callable[[Mapping[str, Any]], Any]
    words: Words
    made_of: str = "words"

    @property
    def current(self) -> str:
        """The newest version that came with the software: the last of `shipped`."""
        return list(self.shipped)[-1]


@dataclass(frozen=True)
class Version:
    """One version with what was decided about it, the newest first.

    `signed` is the signature in force, if there is one. `starts` leaves out plans that were overtaken.
    """

    kind: Kind
    name: str
    body: Mapping[str, Any]
    written: ContentVersion | None
    signed: ContentSignOff | None
    starts: tuple[ContentStart, ...]
    in_use: bool
    signatures: tuple[ContentSignOff, ...]

    @property
    def digest(self) -> str:
        return digest_of(self.body)

    @property
    def planned(self) -> ContentStart | None:
        """The decision to use it that lies ahead."""
        return next((start for start in self.starts if start.starts_at > timezone.now()), None)

    @property
    def was_used(self) -> bool:
        return self.name == self.kind.current or any(start.starts_at <= timezone.now() for start in self.starts)


_kinds: dict[str, Kind] = {}


def register_content(kind: Kind) -> None:
    """Called once for each kind, by AppConfig.ready."""
    _kinds[kind.name] = kind


def kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def kind_of(name: str) -> Kind:
    """Raises KeyError."""
    return _kinds[name]


# --- what is used ------------------------------------------------------------


def content(name: str, version: str = "") -> Any:
    """What `version` of a kind says, read and checked; the one in use now where none is named. Two queries at most.

    Raises KeyError for a version that never was.
    """
    kind = _kinds[name]
    version = version or version_in_use(kind)
    if version in kind.shipped:
        return _read_file(name, version)
    row = _row(kind, version)
    return _read_row(row.pk, name, json.dumps(row.body))


def _body(kind: Kind, version: str) -> Mapping[str, Any]:
    return _file(kind.shipped[version]) if version in kind.shipped else _row(kind, version).body


def _row(kind: Kind, version: str) -> ContentVersion:
    row = ContentVersion.objects.filter(kind=kind.name, version=version).first()
    if row is None:
        raise KeyError(version)
    return row


def version_in_use(kind: Kind, at: datetime | None = None) -> str:
    """The name of the version in use at a moment; the one that came with the software until another is started."""
    started = ContentStart.objects.filter(kind=kind.name, starts_at__lte=at or timezone.now())
    return started.order_by("-id").values_list("version", flat=True).first() or kind.current


def started(name: str, at: datetime) -> Subquery:
    """The name of the version in use at `at`, read along with something else; NULL for the one that came with us."""
    rows = ContentStart.objects.filter(kind=name, starts_at__lte=at)
    return Subquery(rows.order_by("-id").values("version")[:1])


@cache
def _read_file(name: str, version: str) -> Any:
    return _kinds[name].read(_file(_kinds[name].shipped[version]))


@cache
def _read_row(pk: int, name: str, body: str) -> Any:
    """By its key as well: a row never changes, so what was read of it stays true."""
    return _kinds[name].read(json.loads(body))


@cache
def _file(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


# --- what there is -----------------------------------------------------------


def versions_of(kind: Kind) -> list[Version]:
    """Every version, the newest first: written here, then those that came with the software. Three queries."""
    written = {row.version: row for row in ContentVersion.objects.filter(kind=kind.name).select_related("by")}
    starts = ContentStart.objects.filter(kind=kind.name).select_related("by").order_by("-id")
    signatures = ContentSignOff.objects.filter(kind=kind.name).select_related("by").order_by("-id")
    now = timezone.now()
    in_use = next((row.version for row in starts if row.starts_at <= now), kind.current)
    newest_first = [*sorted(written, key=lambda name: written[name].pk, reverse=True), *reversed(list(kind.shipped))]
    return [_version(kind, name, written.get(name), list(starts), list(signatures), in_use) for name in newest_first]


def version_of(kind: Kind, name: str) -> Version:
    """Raises KeyError."""
    found = {version.name: version for version in versions_of(kind)}
    return found[name]


def _version(
    kind: Kind,
    name: str,
    row: ContentVersion | None,
    starts: Sequence[ContentStart],
    signatures: Sequence[ContentSignOff],
    in_use: str,
) -> Version:
    body = row.body if row else _file(kind.shipped[name])
    about_it = tuple(s for s in signatures if s.version == name)
    return Version(
        kind=kind,
        name=name,
        body=body,
        written=row,
        signed=_signature(about_it, digest_of(body)),
        starts=tuple(s for s in starts if s.version == name and not _overtaken(s, starts)),
        in_use=name == in_use,
        signatures=about_it,
    )


def _overtaken(start: ContentStart, all_starts: Sequence[ContentStart]) -> bool:
    """Whether a later decision took its place before it began."""
    return any(later.pk > start.pk and later.starts_at <= start.starts_at for later in all_starts)


def _signature(newest_first: Iterable[ContentSignOff], digest: str) -> ContentSignOff | None:
    """The last word on exactly these words, if it is yes."""
    last = next((row for row in newest_first if row.digest == digest), None)
    return last if last and last.given else None


def digest_of(body: Mapping[str, Any]) -> str:
    """The name and everything else that a version says, as one number that stands for it."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def signature_of(name: str, version: str = "") -> ContentSignOff | None:
    """Who answers for a version (the one in use now where none is named); None while nobody does.

    Two queries, and one more for a version that was written here. Raises KeyError.
    """
    kind = _kinds[name]
    version = version or version_in_use(kind)
    digest = digest_of(_body(kind, version))
    rows = ContentSignOff.objects.filter(kind=name, version=version, digest=digest).select_related("by")
    return _signature(rows.order_by("-id")[:1], digest)


# --- new words --------------------------------------------------------------


def write_version(*, kind: Kind, based_on: str, values: Mapping[Route, Value], why: str, by: Person) -> ContentVersion:
    """A new version: the words of `based_on`, with `values` in their places. It is not used yet, and nobody signed it.

    Raises KeyError for a version that never was, NothingChanged, BadContent.
    """
    with transaction.atomic():
        _lock(kind)
        base = version_of(kind, based_on)
        body = reworded(kind.words, base.body, values)
        if not changes(kind.words, base.body, body):
            raise NothingChanged
        body["version"] = _next_name(kind)
        try:
            kind.read(body)
        except ValueError as wrong:
            raise BadContent(str(wrong)) from wrong
        return ContentVersion.objects.create(
            kind=kind.name, version=body["version"], based_on=based_on, body=body, why=why, by=by
        )


def _next_name(kind: Kind) -> str:
    """The year, and a number: 2026-2."""
    year = timezone.localdate().year
    taken = {*kind.shipped, *ContentVersion.objects.filter(kind=kind.name).values_list("version", flat=True)}
    number = 1
    while f"{year}-{number}" in taken:
        number += 1
    return f"{year}-{number}"


# --- decisions about a version -----------------------------------------------


def start_version(*, kind: Kind, version: str, starts_at: datetime | None = None, by: Person) -> ContentStart:
    """Use `version` from `starts_at` on, or from now. Raises KeyError, and NotSigned (see there)."""
    with transaction.atomic():
        _lock(kind)
        chosen = version_of(kind, version)
        ever_signed = ContentSignOff.objects.filter(kind=kind.name, given=True).exists()
        if ever_signed and chosen.signed is None:
            raise NotSigned
        now = timezone.now()
        return ContentStart.objects.create(
            kind=kind.name, version=version, starts_at=max(starts_at or now, now), by=by, at=now
        )


def sign_version(*, kind: Kind, version: str, digest: str, role: str, by: Person) -> ContentSignOff:
    """Answer for the words that `digest` stands for, as `role`. The caller checks who may.

    Raises KeyError, and WordsMoved when the version says something else by now.
    """
    return _sign(kind, version, digest, role=role, given=True, by=by)


def withdraw_signature(*, kind: Kind, version: str, digest: str, by: Person) -> ContentSignOff:
    """No longer answer for a version. It stays in use until another is started.

    Raises as `sign_version` does, and StartsSoon.
    """
    return _sign(kind, version, digest, role="", given=False, by=by)


def _sign(kind: Kind, version: str, digest: str, *, role: str, given: bool, by: Person) -> ContentSignOff:
    with transaction.atomic():
        _lock(kind)
        chosen = version_of(kind, version)
        if chosen.digest != digest:
            raise WordsMoved
        if chosen.planned is not None and not given:
            raise StartsSoon(chosen.planned)
        return ContentSignOff.objects.create(
            kind=kind.name, version=version, digest=digest, role=role, given=given, by=by
        )


def _lock(kind: Kind) -> None:
    """One decision about a kind at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"accounts.content.{kind.name}"])
