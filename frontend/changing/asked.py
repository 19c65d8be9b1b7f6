"""What somebody asks to be different, kept between the pages in the signed-in session, on the server.

Here: filling the form with how the class is, keeping what was typed, and turning it
into what the timetable takes. Not here: the questions (forms.py), the pages (pages.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from classes.arranging import Arranged
from classes.models import ClassType, Mode, Room, Venue
from classes.teaching import classes_for, one_to_ones_for, venues_for
from classes.timetable import Edit, Scope, any_keeps_its_own, fields_now, open_dates
from classes.timetable.plans import ClassFields
from classes.wall_time import UK, Which
from frontend import forms
from frontend.changing.forms import ChangeForm
from frontend.publishing.draft import Draft
from frontend.publishing.forms import NEVER, release_hours_in, usual_release

R = TypeVar("R", bound=Model)
NAMES = (
    *("on", "weekday", "start", "minutes", "which", "mode", "place", "join_url", "dial_in"),
    *("class_type", "instructor", "capacity", "reserved", "walk_in", "minimum", "release_hours", "own_too"),
)


class Unanswered(Exception):
    """Nothing was asked yet, or what was asked names something that has gone since."""


class Asked:
    """One unfinished change of one class by one person. `dates` are those that can still change."""

    def __init__(self, request: HttpRequest, audience: str, arranged: Arranged, scope: Scope) -> None:
        self._request, self.session, self.scope = request, arranged.session, scope
        self._draft = Draft(request, f"{audience}.{self.session.pk}.{scope.value}")
        self.dates = list(open_dates(self.session, scope, timezone.now()).select_related("class_type"))
        self.now = fields_now(self.session, scope)
        self._instructors = arranged.instructors(scope)

    def form(self, *, asks_which: bool = False) -> ChangeForm:
        initial = {**self._initial(), **self._draft.typed(*NAMES)}
        data = forms.posted(self._request)
        twice = asks_which or bool(data and data.get("which")) or (data is None and "which" in initial)
        return ChangeForm(
            data,
            initial=initial,
            session=self.session,
            scope=self.scope,
            instructors=self._instructors,
            class_types=self._class_types(),
            venues=self._venues(),
            asks_which=twice,
            asks_own_too=self.scope is not Scope.ONE and any_keeps_its_own(self.dates, self.now),
        )

    def keep(self, cleaned: dict[str, Any]) -> None:
        self._draft.answers.pop("which", None)
        self._draft.keep(cleaned)

    def forget(self) -> None:
        self._draft.forget()

    def edit(self, *, give_back: bool = False) -> Edit:
        """Raises Unanswered."""
        answers = self._draft.answers
        if not self._draft.has("start", "minutes", "mode", "class_type"):
            raise Unanswered
        which = answers.get("which")
        return Edit(
            session=self.session,
            scope=self.scope,
            wanted=self._wanted(),
            on=date.fromisoformat(answers["on"]) if self.scope is Scope.ONE else None,
            which=Which(which) if which else None,
            shift=self._shift(),
            own_too=bool(answers.get("own_too")),
            give_back=give_back,
        )

    def _shift(self) -> timedelta:
        """To another weekday of the same week; none where it was not asked."""
        now = self._weekday_now()
        return timedelta(days=int(self._draft.answers.get("weekday") or now) - now)

    def _weekday_now(self) -> int:
        series = self.session.series
        return series.first_date.weekday() if series and self.scope is not Scope.ONE else 0

    def _wanted(self) -> ClassFields:
        answers = self._draft.answers
        venue, room = self._place() if answers["mode"] == Mode.IN_PERSON else (None, None)
        typed = {
            "start_time": time.fromisoformat(answers["start"]),
            "duration_minutes": int(answers["minutes"]),
            "mode": Mode(answers["mode"]),
            "venue": venue,
            "room": room,
            "join_url": answers.get("join_url") or "",
            "dial_in": answers.get("dial_in") or "",
            "class_type": _named(self._class_types(), answers["class_type"]),
            "instructor": _named(self._instructors, answers.get("instructor") or str(self._instructors[0].pk)),
            "capacity": int(answers.get("capacity") or self.now["capacity"]),
            "reserved": self._number("reserved") or 0,
            "walk_in": self._number("walk_in") or 0,
            "minimum": self._number("minimum"),
            "release_hours": self._release_hours(),
        }
        return cast(ClassFields, {**self.now, **typed})

    def _number(self, name: str) -> int | None:
        """What was typed; as it is now where it was not asked."""
        if name not in self._draft.answers:
            return cast("int | None", self.now.get(name))
        typed = self._draft.answers[name]
        return int(typed) if typed else None

    def _release_hours(self) -> int | None:
        """As it is now, too, where no place is kept back: then it says nothing."""
        if "release_hours" not in self._draft.answers or not self._number("reserved"):
            return self.now.get("release_hours")
        return release_hours_in(self._draft.answers["release_hours"])

    def _place(self) -> tuple[Venue, Room | None]:
        """As it is now, or one of those that are offered."""
        chosen, venue = str(self._draft.answers["place"]), self.now.get("venue")
        if venue is not None and chosen == _place_key(self.now):
            return venue, self.now.get("room")
        venue_key, _, room_key = chosen.partition("-")
        found = _named(self._venues(), venue_key)
        return found, _named(list(found.rooms.all()), room_key) if room_key else None

    def _class_types(self) -> list[ClassType]:
        offers = one_to_ones_for if self.session.is_one_to_one else classes_for
        now, offered = self.now["class_type"], offers(self._instructors[0])
        return offered if now in offered else [now, *offered]

    def _venues(self) -> list[Venue]:
        return venues_for(self._instructors[0])

    def _initial(self) -> dict[str, Any]:
        now = self.now
        return {
            "on": self.session.starts_at.astimezone(UK).date(),
            "weekday": str(self._weekday_now()),
            "start": now["start_time"],
            "minutes": str(now["duration_minutes"]),
            "mode": now["mode"].value,
            "place": _place_key(now),
            "place_words": str(now.get("venue") or ""),
            "join_url": now.get("join_url", ""),
            "dial_in": now.get("dial_in", ""),
            "class_type": str(now["class_type"].pk),
            "instructor": str(now["instructor"].pk) if now["instructor"] else "",
            "capacity": now["capacity"],
            "reserved": now.get("reserved") or None,
            "walk_in": now.get("walk_in") or None,
            "minimum": now.get("minimum"),
            "release_hours": self._released_now(),
        }

    def _released_now(self) -> str:
        hours = self.now.get("release_hours")
        if hours is not None:
            return str(hours)
        return NEVER if self.now.get("reserved") else usual_release(self.now["mode"])


def _place_key(fields: ClassFields) -> str:
    venue, room = fields.get("venue"), fields.get("room")
    return f"{venue.pk}-{room.pk if room else ''}" if venue else ""


def _named(rows: Sequence[R], key: str) -> R:
    """The one of `rows` that was chosen. Raises Unanswered when it has gone since."""
    for row in rows:
        if str(row.pk) == key:
            return row
    raise Unanswered
