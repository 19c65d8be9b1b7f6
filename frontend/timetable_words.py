"""Words and groupings of a list of classes, for those who lead or arrange them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from classes.models import Session
from classes.timetable.attention import Attention, Note
from classes.wall_time import local_date
from frontend.class_words import where_led
from frontend.wording import CANCELLED_CLASS_LABEL, Label, clock_range, count, sentence


def by_day(sessions: Iterable[Session]) -> list[tuple[date, list[Session]]]:
    """Classes under the UK date on which they start, in the order given."""
    return [(on, list(those)) for on, those in groupby(sessions, key=lambda s: local_date(s.starts_at))]


def session_label(session: Session) -> Label:
    """How full a class is: instructors see the numbers that the public does not."""
    if session.is_cancelled:
        return CANCELLED_CLASS_LABEL
    if session.is_one_to_one:
        return Label("Booked", "full") if session.places_taken else Label("Free", "quiet")
    if session.places_left <= 0:
        return Label(f"Full: {session.places_taken} of {session.capacity} booked", "full")
    return Label(f"{session.places_taken} of {session.capacity} booked", "ok" if session.places_taken else "quiet")


def session_meta(session: Session) -> list[str]:
    """Where, how many places nobody can book for now, and how many wait."""
    waiting = getattr(session, "waiting", 0)
    kept = [count(session.reserved, "place kept back", "places kept back")] if session.reserved else []
    return [where_led(session), *kept, *([count(waiting, "person waiting", "people waiting")] if waiting else [])]


def attention_words(notes: Iterable[Note]) -> list[str]:
    """One sentence for each thing to think of about a date."""
    return [_attention(note) for note in notes]


def _attention(note: Note) -> str:
    if note.next_to is not None:
        time = clock_range(note.next_to.starts_at, note.next_to.ends_at)
        return f"Less than an hour to get to or from {note.next_to.class_name}, {time}, in another place."
    if note.kind is Attention.ADAPTED:
        people = count(note.number, "person with a place exercises", "people with a place exercise")
        return f"{sentence(people)} in another way than this class."
    more = "More people have booked" if note.kind is Attention.MANY_BOOKED else "There are more places"
    led_by = "one instructor" if note.instructors == 1 else count(note.instructors, "instructor")
    return f"{more} than {led_by} should have: at most {count(note.number, 'person', 'people')} in this kind of class."


def leader_names(session: Session) -> str:
    """Who leads, by name; read `leaders__instructor__person` with the list."""
    return ", ".join(leader.instructor.person.full_name for leader in session.leaders.all() if leader.active)
