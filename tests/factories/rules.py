"""Other numbers than came with the software, as a version that is started."""

from __future__ import annotations

import datetime as dt

from accounts.content import kind_of, start_version, version_in_use, write_version
from accounts.models import ContentVersion, Person
from participants.health_content import RULES


def use_rules(by: Person, *, starts_at: dt.datetime | None = None, **numbers: int) -> ContentVersion:
    """From now on, or from `starts_at`: `use_rules(clare.person, clearance_months=4)`."""
    kind = kind_of(RULES)
    values = {(name,): number for name, number in numbers.items()}
    written = write_version(kind=kind, based_on=version_in_use(kind), values=values, why="For a test.", by=by)
    start_version(kind=kind, version=written.version, starts_at=starts_at, by=by)
    return written
