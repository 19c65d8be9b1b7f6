"""Who was erased, without saying who: so that a copy from before, put back, is erased again.

Here: the keyed hash and the rows that hold it, and their file. Nothing of it leads back to anybody without the secret
of this site, and without the person being there. Called by erasing itself and by two commands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Person
from records.models import Erasure

SALT: Final = "records.erasures"
ERASED: Final = "Erased"  # the first name that is left of whoever was


class BadLedger(ValueError):
    """Not a file that `manage.py erasures` has written: `line` is the first that is not."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} is no line of a ledger")
        self.line = line


def hashes_of(person: Person) -> list[str]:
    """Under the secret of today, then under those before it. A key that a restored database gives away a second time
    is told from the first by when the record began.
    """
    told = f"{person.pk} {person.created_at.isoformat()}"
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SALT, told, secret=secret, algorithm="sha256").hexdigest() for secret in secrets]


def enter(people: Iterable[Person]) -> None:
    """Inside the erasure, with each key that they had: a backup may be from before records were put together.

    Twice is harmless.
    """
    Erasure.objects.bulk_create([Erasure(person_hash=hashes_of(one)[0]) for one in people], ignore_conflicts=True)


def lines() -> Iterator[str]:
    """The ledger as text, one line for each."""
    for row in Erasure.objects.order_by("pk"):
        yield json.dumps({"person": row.person_hash, "at": row.at.isoformat()})


def read_file(path: Path) -> set[str]:
    """The hashes in a file. Raises BadLedger, OSError."""
    return set(_hashes(path.read_text().splitlines()))


def _hashes(told: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(told, start=1):
        try:
            found = json.loads(line)["person"]
        except (ValueError, KeyError, TypeError):
            raise BadLedger(number) from None
        if not isinstance(found, str) or len(found) != 64:
            raise BadLedger(number)
        yield found


def known_hashes() -> set[str]:
    return set(Erasure.objects.values_list("person_hash", flat=True))


def came_back(hashes: set[str]) -> list[Person]:
    """People who stand in a ledger and are whole again."""
    return [
        one for one in Person.objects.order_by("pk") if not is_erased(one) and not hashes.isdisjoint(hashes_of(one))
    ]


def is_erased(person: Person) -> bool:
    return (person.given_name, person.family_name) == pseudonym(person)


def pseudonym(person: Person) -> tuple[str, str]:
    """What is left of a name: enough to tell two rows apart, and nothing of anybody."""
    return ERASED, f"person {person.pk}"
