"""Whether anything may go out to somebody at this very moment: after a death or a wish for no contact, nothing.

Here: the lock between whoever sends and whoever stops contact, on both sides.
Not here: sending (delivery.py), what is taken back (outbox.py). Senders of one
person share the lock and hold it from the look until the message has left; to
stop contact is to hold it alone until the commit. So what was being sent has
left before the commit, and nothing leaves after it. The lock belongs to the
connection, not to a transaction: mail is handed over outside of any, and a
worker that dies gives it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from accounts.models import Person

LONGEST_WAIT = "40s"  # for a mail server to answer whoever is sending: EMAIL_TIMEOUT, twice
_NAMESPACE = 717_001  # the first half of the lock's name; the second is the person


class BeingWrittenTo(Exception):
    """A message to this person has been on its way for too long to wait for. Nothing was changed."""


@contextmanager
def reaching(person_id: int) -> Iterator[bool]:
    """Whether this person may be written to or called, and it stays so until the block ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_NAMESPACE, _half(person_id)])
    try:
        yield not Person.objects.filter(pk=person_id, contact_stopped_at__isnull=False).exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [_NAMESPACE, _half(person_id)])


def hold_everything_to(person: Person) -> None:
    """Wait until nothing is on its way to `person`, and let nothing start before the transaction ends.

    The first thing in its transaction, while no row is locked. Raises BeingWrittenTo.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NAMESPACE, _half(person.pk)])
        except OperationalError as trouble:
            if isinstance(trouble.__cause__, LockNotAvailable):
                raise BeingWrittenTo from trouble
            raise


def _half(person_id: int) -> int:
    """A key as a lock takes it: 31 bits. Two people who share one wait for each other, and nothing else."""
    return person_id % 2**31
