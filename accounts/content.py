"""Clinical content that is configuration: which version is used now, what was used before, and who signed it.

Content comes with the software as files, one for each version. A copy that runs
adds versions of its own: the words and the numbers may be changed, never the
structure, because what an answer does is decided by code and its tests. Each
app registers its kinds (`register_content`). Not here: what a kind says
(participants/health_content.py, classes/symptom_content.py), its pages
(frontend/views/content/).

A version never changes. From when it is used is a decision of its own, with a
time; of those whose time has come, the last decision holds, so going back is a
decision too. Who signs puts their name to the words themselves (`digest`).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import ContentSignOff, ContentStart, ContentVersion, Person

Value = str | int | list[str]
Route = tuple[str | int, ...]  # the keys and positions that lead to one value


class BadContent(ValueError):
    """Content that cannot be used; says which part of it, and why."""


class NothingChanged(Exception):
    """A new version that says what the version says on which it is based."""


class NotSigned(Exception):
    """Once a version of a kind was signed, only signed versions are put to use."""


class WordsMoved(Exception):
    """What was signed is not what the version says now."""


@dataclass(frozen=True)
class Word:
    """What may be changed under one key. `most`: characters of a text or of one of its lines, or the largest number."""

    label: str
    optional: bool = False
    most: int = 300
    least: int = 0


@dataclass(frozen=True)
class Kind:
    """One kind of content. `read` checks a body and freezes it; it raises ValueError.

    `words` names the keys whose values may be changed here; everything else is structure.
    """

    name: str
    title: str
    about: str
    shipped: Mapping[str, Path]
    current: str
    read: Callable[[Mapping[str, Any]], Any]
    words: Mapping[str, Word]


@dataclass(frozen=True)
class Leaf:
    """One value that may be changed: where it stands (`section`), what it is called, and what it says."""

    route: Route
    section: str
    word: Word
    value: Value

    @property
    def label(self) -> str:
        return self.word.label


@dataclass(frozen=True)
class Change:
    """One value that differs between two versions; None where one of them has no such value."""

    section: str
    label: str
    before: Value | None
    after: Value | None


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


# --- words that may be changed -----------------------------------------------


def leaves(kind: Kind, body: Mapping[str, Any]) -> list[Leaf]:
    """Every value that may be changed, in the order in which the content says it."""
    return list(_leaves(kind, body, (), ""))


def _leaves(kind: Kind, part: Any, route: Route, section: str) -> Iterator[Leaf]:
    pairs: Iterator[tuple[str | int, Any]] = iter(part.items() if isinstance(part, Mapping) else enumerate(part))
    for key, value in pairs:
        if key in kind.words:
            yield Leaf((*route, key), section, kind.words[str(key)], value)
        elif isinstance(value, Mapping | list):
            yield from _leaves(kind, value, (*route, key), _section(section, key, value))


def _section(above: str, key: str | int, value: Any) -> str:
    """A part is called by its own id or value, or by the key under which it stands."""
    own = value.get("id") or value.get("value") or value.get("name") if isinstance(value, Mapping) else None
    called = str(own or ("" if isinstance(key, int) or isinstance(value, list) else key)).replace("_", " ")
    return " · ".join(word for word in (above, called) if word)


def changes(kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What `after` says otherwise than `before`."""
    old, new = ({leaf.route: leaf for leaf in leaves(kind, body)} for body in (before, after))
    found = []
    for route in [*new, *(route for route in old if route not in new)]:
        was, now = old.get(route), new.get(route)
        shown = now or was
        assert shown is not None  # noqa: S101  it stands in one of the two
        if was is None or now is None or was.value != now.value:
            found.append(Change(shown.section, shown.label, was.value if was else None, now.value if now else None))
    return found


def write_version(*, kind: Kind, based_on: str, values: Mapping[Route, Value], why: str, by: Person) -> ContentVersion:
    """A new version: the words of `based_on`, with `values` in their places. It is not used yet, and nobody signed it.

    Raises KeyError for a version that never was, NothingChanged, BadContent.
    """
    with transaction.atomic():
        _lock(kind)
        base = version_of(kind, based_on)
        body = json.loads(json.dumps(base.body))
        for leaf in leaves(kind, base.body):
            if leaf.route in values:
                _check(leaf, values[leaf.route])
                _put(body, leaf.route, values[leaf.route])
        if not changes(kind, base.body, body):
            raise NothingChanged
        body["version"] = _next_name(kind)
        try:
            kind.read(body)
        except ValueError as wrong:
            raise BadContent(str(wrong)) from wrong
        return ContentVersion.objects.create(
            kind=kind.name, version=body["version"], based_on=based_on, body=body, why=why, by=by
        )


def _check(leaf: Leaf, value: Value) -> None:
    """A value of the same sort as the one it replaces, within the bounds of its word. Raises BadContent."""
    if type(value) is not type(leaf.value):  # a bool is no number here
        raise BadContent(f"{leaf.section}, {leaf.label}: this is another sort of value.")
    if isinstance(value, int):
        if not leaf.word.least <= value <= leaf.word.most:
            raise BadContent(f"{leaf.section}, {leaf.label}: a number from {leaf.word.least} to {leaf.word.most}.")
        return
    lines = [value] if isinstance(value, str) else value
    empty = not all(line.strip() for line in lines) or not lines
    if (empty and leaf.value and not leaf.word.optional) or any(len(line) > leaf.word.most for line in lines):
        raise BadContent(f"{leaf.section}, {leaf.label}: 1 to {leaf.word.most} characters.")


def _put(body: Any, route: Route, value: Value) -> None:
    for key in route[:-1]:
        body = body[key]
    body[route[-1]] = value


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
    """No longer answer for a version. It stays in use until another is started. Raises as `sign_version` does."""
    return _sign(kind, version, digest, role="", given=False, by=by)


def _sign(kind: Kind, version: str, digest: str, *, role: str, given: bool, by: Person) -> ContentSignOff:
    with transaction.atomic():
        _lock(kind)
        if version_of(kind, version).digest != digest:
            raise WordsMoved
        return ContentSignOff.objects.create(
            kind=kind.name, version=version, digest=digest, role=role, given=given, by=by
        )


def _lock(kind: Kind) -> None:
    """One decision about a kind at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"accounts.content.{kind.name}"])
