"""What everybody of a date was told, for whoever gets a place in it later.

Here: which notes still hold. Not here: writing one and sending it (class_note.py). Called by the messages that
confirm a place (notices.py, block_notices.py) and by the page of a booking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from classes.models import ClassNote, Session


def notes_in_force(sessions: Collection[Session]) -> dict[int, list[ClassNote]]:
    """For each date by id, the oldest first: those written since its time, place and kind are what they are."""
    found: dict[int, list[ClassNote]] = defaultdict(list)
    now = {session.pk: session.ics_sequence for session in sessions}
    for note in ClassNote.objects.filter(session__in=now).order_by("at", "pk"):
        if note.class_sequence == now[note.session_id]:
            found[note.session_id].append(note)
    return found


def words_in_force(session: Session) -> list[str]:
    return [note.words for note in notes_in_force([session])[session.pk]]
