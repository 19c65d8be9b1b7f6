"""What can be different about a class, on one page, with what it is now already filled in."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from typing import Any

from classes.models import ClassType, Session, Venue
from classes.timetable import Scope
from frontend import forms
from frontend.publishing.forms import (
    HOW_TO_TALK,
    MINUTES,
    RELEASE_MISSING,
    RELEASES,
    OnceOfTwoForm,
    WhereForm,
    minimum_field,
    no_such_time,
    refuse_too_many_kept,
    release_field,
    reserved_field,
    trouble_with,
    walk_in_field,
)
from frontend.wording import count, today
from instructors.models import Instructor

NUMBERS = ("reserved", "release_hours", "walk_in", "minimum")
WHEN = ("on", "weekday", "start", "minutes", "which")


class ChangeForm(WhereForm):
    """`scope` decides whether the day can be another one, and whether dates of their own are asked about."""

    on = forms.DateField(label="Which day?", called="the day", earliest=today)
    start = forms.TimeField(label="Start time", called="the start time", hint="For example, 6:30pm. It is UK time")
    weekday = forms.SelectField(
        label="Which day of the week?",
        called="the day of the week",
        hint="Each date moves within its own week, Monday to Sunday",
        options=[(str(number), name) for number, name in enumerate(calendar.day_name)],
    )
    minutes = forms.SelectField(label="How long does it last?", missing="Select how long it lasts")
    which = OnceOfTwoForm.base_fields["which"]
    class_type = forms.SelectField(label="Kind of class", missing="Select the kind of class")
    instructor = forms.SelectField(label="Who leads it?", missing="Select who leads it")
    capacity = forms.NumberField(
        label="How many people can come?", called="how many people can come", min_value=1, max_value=500
    )
    reserved = reserved_field()
    release_hours = release_field()
    walk_in = walk_in_field()
    minimum = minimum_field()
    own_too = forms.ConfirmField(
        label="Also change dates that were changed by themselves before",
        hint="Leave it empty to keep what is different about them",
        missing="Tick or leave empty",
        required=False,
    )
    field_order = (
        *WHEN,
        "mode",
        "place",
        "join_url",
        "dial_in",
        "class_type",
        "instructor",
        "capacity",
        *NUMBERS,
        "own_too",
    )

    def __init__(
        self,
        *args: Any,
        session: Session,
        scope: Scope,
        instructors: Sequence[Instructor],
        class_types: Iterable[ClassType],
        venues: Iterable[Venue],
        asks_which: bool,
        asks_own_too: bool,
        **rest: Any,
    ) -> None:
        super().__init__(*args, venues=venues, **rest)
        self.fields["mode"].page_heading = False  # type: ignore[attr-defined]
        if session.is_one_to_one:
            self.fields["mode"].offer(HOW_TO_TALK)  # type: ignore[attr-defined]
        self._offer("minutes", [(m, f"{m} minutes") for m in _minutes(self.initial.get("minutes"))])
        self._offer("class_type", [(str(kind.pk), kind.name) for kind in class_types])
        self._offer("instructor", [(str(one.pk), one.person.full_name) for one in instructors])
        self._offer_present_place()
        self._offer_present_release()
        for name in _not_asked(session, scope, instructors, asks_which=asks_which, asks_own_too=asks_own_too):
            del self.fields[name]

    def _offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.SelectField)  # noqa: S101  declared above
        field.offer(options)

    def _offer_present_place(self) -> None:
        """A hall without a room, or one that is not used for new classes, can stay."""
        now, words = self.initial.get("place"), self.initial.get("place_words")
        field = self.fields["place"]
        assert isinstance(field, forms.SelectField)  # noqa: S101  declared in WhereForm
        offered = {option.value for option in field.options if isinstance(option, forms.Choice)}
        if now and words and now not in offered:
            field.offer([(now, words), *field.options])

    def _offer_present_release(self) -> None:
        """A number of hours that only the API can say can stay."""
        if (now := self.initial.get("release_hours", "")) and now not in RELEASES:
            self._offer("release_hours", [(now, count(int(now), "hour")), *RELEASES.items()])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refuse_too_many_kept(self, cleaned)
        if cleaned.get("reserved") and not cleaned.get("release_hours"):
            self.add_error("release_hours", RELEASE_MISSING)
        if "on" in self.fields and not self.errors and self.trouble() == "none":
            self.add_error("start", no_such_time(cleaned["start"], cleaned["on"]))
        return cleaned

    def asks_more(self) -> bool:
        """Whether the time happens twice that night, and which of the two was not asked."""
        return "on" in self.fields and "which" not in self.fields and self.trouble() == "twice"

    def trouble(self) -> str:
        return trouble_with(self.cleaned_data["start"], self.cleaned_data["on"])


def _minutes(now: object) -> list[str]:
    return sorted({*MINUTES, str(now)} if now else set(MINUTES), key=int)


def _not_asked(
    session: Session, scope: Scope, instructors: Sequence[Instructor], *, asks_which: bool, asks_own_too: bool
) -> list[str]:
    without = {
        "on": scope is not Scope.ONE,
        "weekday": scope is Scope.ONE,
        "which": not asks_which,
        "own_too": not asks_own_too,
        "instructor": len(instructors) == 1,
        "dial_in": session.kind == "one_to_one",
        "capacity": session.kind == "one_to_one",
        "minimum": session.kind == "one_to_one",
        "reserved": session.kind == "one_to_one",
        "walk_in": session.kind == "one_to_one",
        "release_hours": session.kind == "one_to_one",
    }
    return [name for name, absent in without.items() if absent]


class SeenForm(forms.Form):
    """Nothing is typed: what was looked at goes along with the button."""

    seen = forms.HiddenField()


class CheckForm(forms.Form):
    """The last page: what was looked at, and whether places that get into each other's way may end."""

    seen = forms.HiddenField()
    give_back = forms.ConfirmField(label="", missing="Tick to say that their place in this class ends, or go back")

    def __init__(self, *args: Any, busy: Sequence[str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        if busy:
            self.fields["give_back"].label = "End their place in this class, and tell them"
        else:
            del self.fields["give_back"]
