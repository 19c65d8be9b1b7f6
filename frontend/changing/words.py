"""What is different about a class, whom it concerns and which dates it is about, in words for who changes it."""

from __future__ import annotations

from collections.abc import Sequence

from classes.models import BookingState, Mode, Session
from classes.timetable import Aspect, DateChange, EditPreview, Scope, fields_of_date, fields_of_series
from classes.timetable.plans import ClassFields
from frontend.changing.scope_words import named
from frontend.publishing.forms import NEVER, RELEASES
from frontend.wording import clock, count, joined, sentence, short_day, when

LABELS = {
    Aspect.TIME: "Time",
    Aspect.PLACE: "Where",
    Aspect.CLASS_TYPE: "Class",
    Aspect.INSTRUCTOR: "Led by",
    Aspect.CAPACITY: "Places",
}


KEPT = {
    Aspect.TIME: "time",
    Aspect.PLACE: "place",
    Aspect.CLASS_TYPE: "kind of class",
    Aspect.INSTRUCTOR: "instructor",
    Aspect.CAPACITY: "number of places",
}


def scope_heading(dates: Sequence[Session], scope: Scope) -> str:
    return f"Change {named(scope, dates)}"


def differences(preview: EditPreview) -> list[tuple[str, str, str]]:
    """What it is about, how it is now, how it would be: one line for each thing that is different."""
    edit = preview.edit
    if edit.scope is Scope.ONE or edit.session.series is None:
        return _of_one_date(preview)
    before = fields_of_series(edit.session.series)
    first = edit.session.series.first_date
    day = ("Day of the week", f"{first:%A}", f"{first + edit.shift:%A}")
    return [(label, old, new) for label, old, new in (day, *_lines(before, edit.wanted)) if old != new]


def _of_one_date(preview: EditPreview) -> list[tuple[str, str, str]]:
    lines = [line for line in _lines(fields_of_date(preview.edit.session), preview.edit.wanted) if line[1] != line[2]]
    for change in preview.dates:
        if change.moves and change.new is not None:
            old, new = change.old, change.new
            moved = (LABELS[Aspect.TIME], when(old.starts_at, old.ends_at), when(new.starts_at, new.ends_at))
            return [moved, *(line for line in lines if line[0] != moved[0])]
    return lines


def _lines(before: ClassFields, after: ClassFields) -> list[tuple[str, str, str]]:
    return [
        (LABELS[Aspect.TIME], _time(before), _time(after)),
        (LABELS[Aspect.PLACE], _where(before), _where(after)),
        ("Link to join", before.get("join_url") or "None", after.get("join_url") or "None"),
        ("Telephone number to join by", before.get("dial_in") or "None", after.get("dial_in") or "None"),
        (LABELS[Aspect.CLASS_TYPE], before["class_type"].name, after["class_type"].name),
        (LABELS[Aspect.INSTRUCTOR], _leader(before), _leader(after)),
        (LABELS[Aspect.CAPACITY], str(before["capacity"]), str(after["capacity"])),
        ("Places kept back", str(before.get("reserved", 0)), str(after.get("reserved", 0))),
        ("Places for who comes without booking", str(before.get("walk_in", 0)), str(after.get("walk_in", 0))),
        ("We ask you with fewer than", _number(before.get("minimum")), _number(after.get("minimum"))),
        ("Kept back until, before the start", _kept(before), _kept(after)),
    ]


def _time(fields: ClassFields) -> str:
    return f"{clock(fields['start_time'])} for {fields['duration_minutes']} minutes"


def _where(fields: ClassFields) -> str:
    venue, room = fields.get("venue"), fields.get("room")
    if fields["mode"] == Mode.PHONE:
        return "By telephone"
    if fields["mode"] == Mode.REMOTE or venue is None:
        return "By video" if fields["class_type"].one_to_one else "Online"
    return f"{venue}, {room.name}" if room else str(venue)


def _number(given: int | None) -> str:
    return str(given) if given else "We do not ask"


def _kept(fields: ClassFields) -> str:
    hours = fields.get("release_hours")
    return RELEASES[NEVER] if hours is None else RELEASES.get(str(hours), count(hours, "hour"))


def _leader(fields: ClassFields) -> str:
    return fields["instructor"].person.full_name if fields["instructor"] else "Nobody"


def told_words(preview: EditPreview) -> str:
    """Whom saving tells, or why nobody is told."""
    if preview.people:
        return f"{sentence(count(preview.people, 'person is told', 'people are told'))}, each in the way they chose."
    if any(change.bookings for change in preview.dates):
        return "Nobody is told: for those who come nothing is different."
    return "Nobody has booked or is waiting."


def people_of(change: DateChange) -> str:
    waiting = sum(booking.state == BookingState.WAITING for booking in change.bookings)
    return people_words(len(change.bookings) - waiting, waiting)


def kept_words(change: DateChange) -> str:
    """What a date keeps of its own while the rest of it changes."""
    return f"keeps its own {joined(KEPT[aspect] for aspect in sorted(change.kept))}"


def people_words(booked: int, waiting: int) -> str:
    """8 booked, 2 waiting."""
    parts = [f"{booked} booked"] if booked else []
    parts += [f"{waiting} waiting"] if waiting else []
    return ", ".join(parts) or "Nobody booked"


def date_words(session: Session) -> str:
    return f"{short_day(session.starts_at)}, {clock(session.starts_at)} to {clock(session.ends_at)}"
