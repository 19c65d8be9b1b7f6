"""Several cases in one world: what one of them did is undone before the next, so that the world is made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside was never written. Rows that were read before are to be read again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
