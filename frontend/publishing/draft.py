"""The answers about a new class between its pages: kept in the signed-in session, on the server.

Here: reading and keeping answers, and turning them into what the timetable takes.
Not here: the questions (forms.py), the pages (pages.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.http import HttpRequest

from classes import timetable
from classes.models import ClassType, Mode, Room, Series, Session, Venue
from classes.teaching import classes_for, venues_for
from classes.timetable import LONGEST_SERIES, Preview, days_off
from classes.timetable.plans import ClassFields
from classes.wall_time import Which, dates_of_series, last_of_number
from frontend.publishing.forms import ONCE, release_hours_in
from instructors.models import Instructor

KEY = "new_class"
READERS: dict[str, Callable[[str], date | time]] = {
    "on": date.fromisoformat,
    "first": date.fromisoformat,
    "last": date.fromisoformat,
    "start": time.fromisoformat,
    "begins": time.fromisoformat,
    "until": time.fromisoformat,
}


@dataclass(frozen=True)
class SeriesDates:
    """The dates of a draft up to its last one; `excluded` are those of them that are left out. `off`: date → its name
    as a day without classes, "" where it is none."""

    every: tuple[date, ...]
    excluded: tuple[date, ...]
    off: dict[date, str]

    @property
    def left_out(self) -> dict[date, str]:
        return {on: self.off[on] for on in self.excluded}


class Draft:
    """One unfinished class of one person, as one audience."""

    def __init__(self, request: HttpRequest, audience: str) -> None:
        self._session, self._key = request.session, f"{KEY}.{audience}"
        self.answers: dict[str, Any] = dict(self._session.get(self._key, {}))

    def keep(self, cleaned: dict[str, Any]) -> None:
        """Add a page's answers. Dates and times are kept as text."""
        self.answers |= {name: v.isoformat() if isinstance(v, date | time) else v for name, v in cleaned.items()}
        self._session[self._key] = self.answers

    def forget(self) -> None:
        self._session.pop(self._key, None)

    def has(self, *names: str) -> bool:
        return all(name in self.answers for name in names)

    @property
    def repeats(self) -> bool:
        return bool(self.answers.get("repeats", ONCE) != ONCE)

    @property
    def has_dates(self) -> bool:
        return self.has(*(("first", "ends") if self.repeats else ("on",)))

    def typed(self, *names: str) -> dict[str, Any]:
        """Answers as the form fields want them: for showing a page again."""
        given = {name: self.answers[name] for name in names if self.answers.get(name) is not None}
        return {name: READERS[name](value) if name in READERS else value for name, value in given.items()}

    def dates(self, programme_id: int) -> SeriesDates:
        """Every date of the series, and which are left out: as was answered; the days off where nobody was asked."""
        first, interval = date.fromisoformat(self.answers["first"]), int(self.answers["repeats"])
        said, number = self.answers.get("last"), self.answers.get("number")
        until = date.fromisoformat(said) if said else first + LONGEST_SERIES
        off = days_off(programme_id, first, until, venue_id=self._venue_id)
        every = dates_of_series(first, until, interval_weeks=interval)
        decided, chosen = self._decided(off), set(self.answers.get("excluded", ()))
        left_out = [on for on in every if (on.isoformat() in chosen if on.isoformat() in decided else on in off)]
        if number:
            until = last_of_number(first, number, until=until, interval_weeks=interval, excluded=left_out)
        upto = tuple(on for on in every if on <= until)
        return SeriesDates(upto, tuple(on for on in left_out if on <= until), {on: off.get(on, "") for on in upto})

    @property
    def _venue_id(self) -> int | None:
        """The hall that was chosen, as `place` has it: hall, and room where there is one."""
        venue_pk = str(self.answers.get("place") or "").partition("-")[0]
        return int(venue_pk) if venue_pk and self.answers.get("mode") != Mode.REMOTE else None

    def _decided(self, off: Iterable[date]) -> set[str]:
        """Dates that somebody was asked about as they are: another hall, or days entered since, are asked anew."""
        asked = set(self.answers.get("asked", ()))
        return asked - ({on.isoformat() for on in off} - set(self.answers.get("named", asked)))

    def leave_out(self, dates: SeriesDates, excluded: Iterable[date]) -> None:
        """Of these dates, which were shown, leave out these. Dates that were not shown are left out by their name."""
        self.keep(
            {
                "asked": [on.isoformat() for on in dates.every],
                "named": [on.isoformat() for on, name in dates.off.items() if name],
                "excluded": [on.isoformat() for on in sorted(excluded)],
            }
        )


class Incomplete(Exception):
    """An answer is missing, or names something that has gone since: ask again from `step`."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class Plan:
    """A finished draft: what the timetable is asked to preview or publish."""

    def __init__(self, draft: Draft, instructor: Instructor) -> None:
        self._answers, self._draft, self.instructor = draft.answers, draft, instructor
        self.fields = self._fields()

    @property
    def left_out(self) -> dict[date, str]:
        """The dates without a class, each with its name as such a day."""
        return self._draft.dates(self.instructor.programme_id).left_out if self._draft.repeats else {}

    def leave_out(self, more: Iterable[date]) -> None:
        dates = self._draft.dates(self.instructor.programme_id)
        self._draft.leave_out(dates, {*dates.excluded, *more})

    def preview(self) -> Preview:
        if self._draft.repeats:
            return timetable.preview_series(**self._series(), **self.fields)
        return timetable.preview_session(**self._once(), **self.fields)

    def publish(self, by: Any) -> Series | Session:
        if self._draft.repeats:
            return timetable.publish_series(**self._series(), **self.fields, by=by)
        return timetable.publish_session(**self._once(), **self.fields, by=by)

    def _series(self) -> dict[str, Any]:
        dates = self._draft.dates(self.instructor.programme_id)
        said = self._answers.get("last")
        return {
            "first_date": date.fromisoformat(self._answers["first"]),
            "last_date": date.fromisoformat(said) if said else dates.every[-1],
            "interval_weeks": int(self._answers["repeats"]),
            "excluded_dates": dates.excluded,
        }

    def _once(self) -> dict[str, Any]:
        which = self._answers.get("which")
        return {
            "on": date.fromisoformat(self._answers["on"]),
            "which": Which(which) if which else None,
        }

    def _fields(self) -> ClassFields:
        venue, room = self._place()
        return {
            "instructor": self.instructor,
            "class_type": self._class_type(),
            "mode": Mode(self._answers["mode"]),
            "start_time": time.fromisoformat(self._answers["start"]),
            "duration_minutes": int(self._answers["minutes"]),
            "capacity": int(self._answers["capacity"]),
            "venue": venue,
            "room": room,
            "reserved": int(self._answers.get("reserved") or 0),
            "walk_in": int(self._answers.get("walk_in") or 0),
            "release_hours": release_hours_in(self._answers.get("release_hours")),
            "minimum": _number(self._answers.get("minimum")),
            "join_url": self._answers.get("join_url") or "",
            "dial_in": self._answers.get("dial_in") or "",
        }

    def _class_type(self) -> ClassType:
        for class_type in classes_for(self.instructor):
            if str(class_type.pk) == self._answers["class_type"]:
                return class_type
        raise Incomplete("what")

    def _place(self) -> tuple[Venue | None, Room | None]:
        if self._answers["mode"] == Mode.REMOTE:
            return None, None
        venue_pk, _, room_pk = str(self._answers["place"]).partition("-")
        for venue in venues_for(self.instructor):
            if str(venue.pk) == venue_pk:
                return venue, next((room for room in venue.rooms.all() if str(room.pk) == room_pk), None)
        raise Incomplete("where")


def _number(typed: Any) -> int | None:
    return int(typed) if typed else None
