"""The questions about a new class, a few on each page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError

from classes.models import ClassType, Mode, Room, Venue
from classes.timetable import LONGEST_SERIES, MOST_DATES, Preview
from classes.timetable.plans import RELEASE_HOURS
from classes.wall_time import NoSuchTime, TimeHappensTwice, Which, instant
from frontend import forms
from frontend.wording import clock, day, today
from instructors.models import Instructor

ON_LAST, AFTER_NUMBER = "last", "number"
ONCE, WEEKLY, FORTNIGHTLY = "once", "1", "2"
MINUTES = ("30", "45", "60", "75", "90", "120")


class WhatForm(forms.Form):
    instructor = forms.SelectField(label="Who leads it?", missing="Select who leads it")
    class_type = forms.RadiosField(label="What kind of class is it?", missing="Select what kind of class it is")
    repeats = forms.RadiosField(
        label="How often is it?",
        missing="Select how often it is",
        options=[(ONCE, "Once"), (WEEKLY, "Every week"), (FORTNIGHTLY, "Every two weeks")],
    )

    def __init__(
        self, *args: Any, instructors: Sequence[Instructor], class_types: Iterable[ClassType], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.fields["class_type"].offer(  # type: ignore[attr-defined]
            forms.Choice(str(t.pk), t.name, hint=t.summary) for t in class_types
        )
        if len(instructors) == 1:
            del self.fields["instructor"]
        else:
            self.fields["instructor"].offer((str(i.pk), named(i)) for i in instructors)  # type: ignore[attr-defined]


HOW_TO_TALK = (  # one to one
    forms.Choice(Mode.PHONE.value, "By telephone: you ring the person"),
    forms.Choice(Mode.REMOTE.value, "By video", reveals=("join_url",)),
    forms.Choice(Mode.IN_PERSON.value, "In person", reveals=("place",)),
)


class WhereForm(forms.Form):
    mode = forms.RadiosField(
        label="Where is it?",
        missing="Select where it is",
        page_heading=True,
        options=[
            forms.Choice(Mode.IN_PERSON.value, "In person", reveals=("place",)),
            forms.Choice(Mode.REMOTE.value, "Online", reveals=("join_url", "dial_in")),
        ],
    )
    place = forms.SelectField(label="Place", missing="Select a place")
    join_url = forms.TextField(
        label="Link to join",
        hint="It starts with https:// and only people with a place will see it",
        max_length=200,
        missing="Enter the link that people use to join",
    )
    dial_in = forms.TextField(label="Telephone number to join by", max_length=100, required=False)

    def __init__(self, *args: Any, venues: Iterable[Venue], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["place"].offer(place for venue in venues for place in places_in(venue))  # type: ignore[attr-defined]

    def clean_join_url(self) -> str:
        link = str(self.cleaned_data["join_url"])
        if link and (not link.startswith("https://") or " " in link or "." not in link):
            raise _error("Enter a link that starts with https://, like https://meet.example.org/strength")
        return link


class OnceForm(forms.Form):
    on = forms.DateField(label="Which day?", called="the day", earliest=today)
    start = forms.TimeField(label="Start time", called="the start time")
    minutes = forms.SelectField(
        label="How long does it last?",
        missing="Select how long it lasts",
        options=[(m, f"{m} minutes") for m in MINUTES],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and self.trouble() == "none":
            self.add_error("start", no_such_time(cleaned["start"], cleaned["on"]))
        return cleaned

    def trouble(self) -> str:
        return trouble_with(self.cleaned_data["start"], self.cleaned_data["on"])


def trouble_with(at: time, on: date) -> str:
    """What the clocks make of a start: "none" when there is no such time that night, "twice" when there are two."""
    try:
        instant(on, at)
    except NoSuchTime:
        return "none"
    except TimeHappensTwice:
        return "twice"
    return ""


def no_such_time(at: time, on: date) -> str:
    return f"{clock(at)} does not exist on {day(on)}, because the clocks go forward that night. Enter another time"


class OnceOfTwoForm(OnceForm):
    """The same, for a start time that happens twice that night."""

    which = forms.RadiosField(
        label="The clocks go back that night, so this time happens twice. Which one do you mean?",
        missing="The clocks go back that night. Select which of the two times you mean",
        options=[
            (Which.FIRST.value, "The first, before the clocks go back"),
            (Which.SECOND.value, "The second, an hour later"),
        ],
    )


class SeriesForm(forms.Form):
    first = forms.DateField(label="First date", called="the first date", earliest=today)
    ends = forms.RadiosField(
        label="When does it end?",
        missing="Select when it ends",
        options=[
            forms.Choice(ON_LAST, "On a last date", reveals=("last",)),
            forms.Choice(AFTER_NUMBER, "After a number of classes", reveals=("number",)),
        ],
    )
    last = forms.DateField(label="Last date", called="the last date", earliest=today)
    number = forms.NumberField(
        label="How many classes?",
        called="how many classes",
        hint="Dates that are left out do not count",
        min_value=1,
        max_value=MOST_DATES,
        width=3,
    )
    start = forms.TimeField(
        label="Start time",
        called="the start time",
        hint="For example, 6:30pm. It stays the same when the clocks change",
    )
    minutes = OnceForm.base_fields["minutes"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last date must be the first date or later")
        elif first and last and last - first > LONGEST_SERIES:
            self.add_error("last", "The last date must be within 4 years of the first. Check the year")
        return cleaned


TOO_MANY_KEPT = "You cannot keep back more places than there are"
TOO_MANY_WALK_IN = "So many places are not left beside those you keep back"
RELEASE_MISSING = "Select how long before the start the places kept back go to others, or that they stay kept back"
NEVER = "never"
RELEASES = {"2": "2 hours", "24": "1 day", "48": "2 days", "168": "1 week", NEVER: "They stay kept back"}


def release_field() -> forms.SelectField:
    return forms.SelectField(
        label="How long before the start do they go to others?",
        hint="First to people who wait, then to anybody. Only if you keep places back",
        empty="",
        options=list(RELEASES.items()),
        required=False,
    )


def usual_release(mode: str) -> str:
    """What stands there where nothing was said before."""
    return str(RELEASE_HOURS[Mode(mode)])


def release_hours_in(typed: object) -> int | None:
    """What was chosen, in hours; None: they stay kept back."""
    return int(str(typed)) if typed and typed != NEVER else None


def reserved_field() -> forms.NumberField:
    return forms.NumberField(
        label="How many of these places should we keep back?",
        called="how many places to keep back",
        hint="Nobody can book them until you give them to others. Leave it empty to keep back none",
        min_value=0,
        max_value=500,
        required=False,
    )


def walk_in_field() -> forms.NumberField:
    return forms.NumberField(
        label="How many places are for people who come without booking?",
        called="how many places are for people who come without booking",
        hint="They stay free until the class begins, and nobody can book them. Leave it empty for none",
        min_value=0,
        max_value=500,
        required=False,
    )


def refuse_too_many_kept(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """What is kept back, and what is kept for the door beside it, lies within what there is."""
    there_are, kept = cleaned.get("capacity") or 500, cleaned.get("reserved") or 0
    if kept > there_are:
        form.add_error("reserved", TOO_MANY_KEPT)
    elif kept + (cleaned.get("walk_in") or 0) > there_are:
        form.add_error("walk_in", TOO_MANY_WALK_IN)


def minimum_field() -> forms.NumberField:
    return forms.NumberField(
        label="With fewer than how many should we ask what to do?",
        called="the least number",
        hint="The desk is asked two days before. The class is never cancelled by itself",
        min_value=1,
        max_value=500,
        required=False,
    )


class PlacesForm(forms.Form):
    capacity = forms.NumberField(
        label="How many people can come?", called="how many people can come", min_value=1, max_value=500
    )
    reserved = reserved_field()
    release_hours = release_field()
    walk_in = walk_in_field()
    minimum = minimum_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("minimum") or 0) > (cleaned.get("capacity") or 500):
            self.add_error("minimum", "The least number cannot be more than how many can come")
        refuse_too_many_kept(self, cleaned)
        if cleaned.get("reserved") and not cleaned.get("release_hours"):
            self.add_error("release_hours", RELEASE_MISSING)
        return cleaned


class LeaveOutForm(forms.Form):
    excluded = forms.CheckboxesField(
        label="Are there dates without a class?",
        called="the dates without a class",
        hint="Dates with a tick are left out. Bank holidays and your programme’s own days have one already. "
        "Take it away to hold the class",
        required=False,
        page_heading=True,
    )

    def __init__(self, *args: Any, dates: Sequence[date], off: Mapping[date, str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["excluded"].offer(  # type: ignore[attr-defined]
            forms.Choice(on.isoformat(), day(on), hint=off.get(on, "")) for on in dates
        )


class CheckForm(forms.Form):
    """Nothing is typed on the last page; refusals stand here."""


def refused_dates(preview: Preview) -> list[date]:
    return [planned.on for planned in preview.refused]


def _error(words: str) -> ValidationError:
    return ValidationError(words, code="invalid")


def named(instructor: Instructor) -> str:
    return f"{instructor.person.full_name} ({instructor.programme.name})"


def places_in(venue: Venue, only: Room | None = None) -> list[tuple[str, str]]:
    """Its rooms, or itself where it has none, as the form has them; `only` one of them."""
    rooms = [only] if only else venue.rooms.all()
    return [(f"{venue.pk}-{room.pk}", f"{venue}: {room.name}") for room in rooms] or [(f"{venue.pk}-", str(venue))]
