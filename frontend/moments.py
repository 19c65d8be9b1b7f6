"""Form fields for a date in three boxes and for a time of day, as people in the UK write them.

Here: reading what was typed, and errors that say what to do. Not here: how a
date or time is shown (wording.py).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from frontend.fields import DesignField, TextField
from frontend.wording import clock, joined, plain_date, today
from participants.rules.said import MONTHS

PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class Typed:
    """What stands in the three boxes, kept as typed so that nothing is lost."""

    day: str = ""
    month: str = ""
    year: str = ""

    def missing(self) -> tuple[str, ...]:
        return tuple(part for part in PARTS if not getattr(self, part))


class ThreeBoxes(forms.Widget):
    """Reads name-day, name-month and name-year; the drawing is the field's."""

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Typed:
        return Typed(*(str(data.get(f"{name}-{part}", "")).strip() for part in PARTS))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)


class DateField(DesignField):
    """A date in three boxes. The value is a date, or None when it may be left out.

    `earliest` and `latest` are dates, or functions that tell one (such as
    `wording.today`) each time a form is read.
    """

    component: ClassVar[str] = "date-input"
    widget = ThreeBoxes
    blank = None

    def __init__(
        self,
        *,
        earliest: date | Callable[[], date] | None = None,
        latest: date | Callable[[], date] | None = None,
        birthday: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.earliest, self.latest, self.birthday = earliest, latest, birthday

    def clean(self, value: Any) -> date | None:
        typed = value if isinstance(value, Typed) else _typed(value)
        if typed.missing() == PARTS:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        on = self._read(typed)
        self._within(on)
        return on

    def _read(self, typed: Typed) -> date:
        if missing := typed.missing():
            raise self.wrong(f"must include a {joined(missing)}", code="-".join(missing))
        day, month, year = _whole(typed.day), _month(typed.month), _whole(typed.year)
        if not day or day > 31:
            raise self.wrong("must be a real date, with a day from 1 to 31", code="day")
        if not month:
            raise self.wrong("must be a real date, with a month from 1 to 12, or its name", code="month")
        if not year or len(typed.year) != 4 or year < 1000:
            raise self.wrong("must be a real date, with a year of 4 numbers, like 1958", code="year")
        last = calendar.monthrange(year, month)[1]
        if day > last:
            raise self.wrong(
                f"must be a real date: {calendar.month_name[month]} {year} has {last} days", code="day-month-year"
            )
        return date(year, month, day)

    def _within(self, on: date) -> None:
        earliest, latest = _told(self.earliest), _told(self.latest)
        if latest and on > latest:
            raise self.wrong(
                "must be in the past" if _is_about_today(latest) else f"must be {plain_date(latest)} or earlier"
            )
        if earliest and on < earliest:
            raise self.wrong(
                "must be today or later" if earliest == today() else f"must be {plain_date(earliest)} or later"
            )

    def params(self, bound: BoundField) -> dict[str, object]:
        typed = _typed(bound.value())
        wrong = self._wrong_parts(bound)
        return self.common(bound) | {
            "fieldset": {"legend": self.title()},
            "items": [
                {
                    "name": f"{bound.html_name}-{part}",
                    "id": f"{bound.auto_id}-{part}",
                    "label": part.capitalize(),
                    "value": getattr(typed, part),
                    "width": 4 if part == "year" else 2,
                    "autocomplete": f"bday-{part}" if self.birthday else "off",
                    "error": part in wrong,
                }
                for part in PARTS
            ],
        }

    def _wrong_parts(self, bound: BoundField) -> tuple[str, ...]:
        if not bound.errors:
            return ()
        code = bound.errors.as_data()[0].code or ""
        return tuple(part for part in PARTS if part in code.split("-")) or PARTS

    def error_target(self, bound: BoundField) -> str:
        return f"{bound.auto_id}-{(self._wrong_parts(bound) or PARTS)[0]}"


def _typed(value: object) -> Typed:
    if isinstance(value, date):
        return Typed(str(value.day), str(value.month), str(value.year))
    return value if isinstance(value, Typed) else Typed()


def _whole(words: str) -> int | None:
    return int(words) if re.fullmatch(r"[0-9]{1,4}", words) else None


def _month(words: str) -> int | None:
    number = _whole(words) or MONTHS.get(words.lower())
    return number if number and 1 <= number <= 12 else None


def _told(bound: date | Callable[[], date] | None) -> date | None:
    return bound() if callable(bound) else bound


def _is_about_today(latest: date) -> bool:
    return abs((today() - latest).days) <= 1


class TimeField(TextField):
    """A time of day: 6:30pm, 6.30 pm, 18:30, noon. The value is a time, or None when it may be left out."""

    blank = None

    def __init__(self, *, hint: str = "For example, 6:30pm", **rest: Any) -> None:
        super().__init__(hint=hint, width=10, max_length=20, spellcheck=False, **rest)
        self.say_of_too_long(str(self.wrong("must be a time, like 6:30pm or 18:30").message))

    def prepare_value(self, value: object) -> object:
        return clock(value) if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        typed = str(super().clean(value))
        if not typed:
            return None
        if (read := read_time(typed)) is None:
            raise self.wrong("must be a time, like 6:30pm or 18:30")
        return read


_TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm)?")


def read_time(words: str) -> time | None:
    """The time that `words` mean, or None. A bare "6" is refused: morning or evening?"""
    squeezed = words.lower().replace(" ", "")
    if squeezed in ("noon", "midday", "midnight"):
        return time(0) if squeezed == "midnight" else time(12)
    found = _TIME.fullmatch(squeezed)
    if not found or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
