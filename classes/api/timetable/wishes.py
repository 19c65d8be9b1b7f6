"""What a program may ask of the timetable: the facts of a class, by the keys that its sender was offered.

Here: fields, and turning them into what the timetable takes. Not here: what is judged
(classes/timetable), what is answered (written.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, cast

from rest_framework import serializers
from rest_framework.request import Request

from classes.arranging import kinds_and_places
from classes.models import ClassType, Mode, Room, Venue
from classes.timetable import LONGEST_SERIES
from classes.timetable.plans import ClassFields
from instructors.models import Instructor
from safefit.api import StrictCharField, StrictIntegerField, StrictSerializer

PLAN = (
    *("instructor", "class_type", "mode", "start_time", "duration_minutes", "capacity", "venue", "room"),
    *("reserved", "walk_in", "join_url", "dial_in", "minimum", "release_hours"),
)
MOST = 32_767  # what the database can hold; the rules of a plan say which numbers make sense


class StrictTimeField(serializers.TimeField):
    """hh:mm by UK clocks, in ASCII digits."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            self.fail("invalid", format="hh:mm")
        return super().to_internal_value(value)


class OfferedField(StrictIntegerField):
    """A key of one of the rows that this person may name; they stand in the context under `offered`."""

    default_error_messages: ClassVar = {"not_offered": "There is no such thing, or you may not name it here."}

    def __init__(self, offered: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.offered = offered

    def to_internal_value(self, data: Any) -> Any:
        key = super().to_internal_value(data)
        for row in self.context[self.offered]:
            if row.pk == key:
                return row
        self.fail("not_offered")


class PlanSerializer(StrictSerializer):  # no docstring: see StrictSerializer
    instructor = OfferedField("instructors", required=False)
    class_type = OfferedField("class_types", required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    start_time = StrictTimeField(required=False, help_text="hh:mm by UK clocks")
    duration_minutes = StrictIntegerField(min_value=0, max_value=MOST, required=False)
    capacity = StrictIntegerField(min_value=0, max_value=MOST, required=False)
    venue = OfferedField("venues", required=False, allow_null=True, help_text="of a class in person")
    room = OfferedField("rooms", required=False, allow_null=True, help_text="of that venue")
    reserved = StrictIntegerField(min_value=0, max_value=MOST, required=False, help_text="places kept back")
    walk_in = StrictIntegerField(
        min_value=0, max_value=MOST, required=False, help_text="places for whoever comes without booking"
    )
    join_url = StrictCharField(required=False, allow_blank=True, max_length=200)
    dial_in = StrictCharField(required=False, allow_blank=True, max_length=100)
    minimum = StrictIntegerField(min_value=0, max_value=MOST, required=False, allow_null=True)
    release_hours = StrictIntegerField(
        min_value=0,
        max_value=MOST,
        required=False,
        allow_null=True,
        help_text="so long before the start, places kept back are given away; null: never; "
        "where it is not said, 24 in person and 2 online",
    )

    @property
    def wanted(self) -> ClassFields:
        """What was said of the class itself. Where it is held is said whole: another venue has other rooms."""
        said = {name: self.validated_data[name] for name in PLAN if name in self.validated_data}
        if "mode" in said:
            said["mode"] = Mode(said["mode"])
        if said.get("mode") in (Mode.REMOTE, Mode.PHONE):
            said = {"venue": None, "room": None, **said}
        if "venue" in said:
            said = {"room": None, **said}
        return cast(ClassFields, said)


def offered_to(
    request: Request,
    instructors: Sequence[Instructor],
    *,
    now: ClassFields | None = None,
) -> dict[str, Any]:
    """The context of a wish: what may be named, and what the class has now, which may always stay."""
    kinds, venues = kinds_and_places(list(instructors))
    rooms = [room for venue in venues for room in venue.rooms.all()]
    kept: dict[str, Any] = dict(now) if now else {}
    return {
        "request": request,
        "instructors": list(instructors),
        "class_types": _with(kinds, kept.get("class_type")),
        "venues": _with(venues, kept.get("venue")),
        "rooms": _with(rooms, kept.get("room")),
    }


def _with(rows: Iterable[Any], present: ClassType | Venue | Room | None) -> list[Any]:
    return [*rows, *([present] if present else [])]


def in_order(first: date | None, last: date | None, *, name: str) -> None:
    """Raises ValidationError about `name` when a first and a last day are not the ends of one stretch of dates."""
    if first is None or last is None:
        return
    if last < first:
        raise serializers.ValidationError({name: ["The last day must be the first day or later."]})
    if last - first > LONGEST_SERIES:
        raise serializers.ValidationError({name: ["The last day must be within 4 years of the first."]})
