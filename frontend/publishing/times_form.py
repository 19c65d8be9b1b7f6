"""The questions about times with one person at a time, all on one page, filled in from the times given last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from classes.models import ClassType, Session, Venue
from classes.timetable.one_to_ones import WEEKS, starts_within
from classes.wall_time import UK, local_date
from frontend import forms
from frontend.publishing.forms import HOW_TO_TALK, WhereForm, named, places_in
from frontend.wording import clock, today
from instructors.models import Instructor

MINUTES = ("15", "20", "30", "45", "60", "90")
BETWEEN = ("0", "5", "10", "15", "30", "60")
USUAL_MINUTES, USUAL_BETWEEN, USUAL_WEEKS = "45", "15", 4
WEEK = timedelta(weeks=1)


class TimesForm(WhereForm):
    instructor = forms.SelectField(label="Who is it with?", missing="Select who it is with")
    class_type = forms.RadiosField(label="What is it?", missing="Select what it is")
    mode = forms.RadiosField(label="How do you talk?", missing="Select how you talk", options=list(HOW_TO_TALK))
    first = forms.DateField(label="First day", called="the first day", earliest=today)
    weeks = forms.NumberField(
        label="For how many weeks?",
        called="how many weeks",
        hint="The same day each week. 1 is that day only",
        min_value=WEEKS[0],
        max_value=WEEKS[-1],
        width=2,
    )
    begins = forms.TimeField(label="From", called="when it begins", hint="For example, 2pm")
    until = forms.TimeField(label="Until", called="when it ends", hint="For example, 5pm")
    minutes = forms.SelectField(
        label="How long is each?", missing="Select how long each is", options=[(m, f"{m} minutes") for m in MINUTES]
    )
    between = forms.SelectField(
        label="How much time between?",
        missing="Select how much time is between",
        options=[(m, f"{m} minutes" if m != "0" else "None") for m in BETWEEN],
    )
    field_order = (
        *("instructor", "class_type", "mode", "join_url", "place", "first", "weeks", "begins", "until"),
        *("minutes", "between"),
    )

    def __init__(
        self,
        *args: Any,
        instructors: Sequence[Instructor],
        class_types: Sequence[ClassType],
        venues: Iterable[Venue],
        **rest: Any,
    ) -> None:
        super().__init__(*args, venues=venues, **rest)
        del self.fields["dial_in"]
        self._kinds, self._venues = {str(one.pk): one for one in class_types}, list(venues)
        self._programmes = {str(one.pk): one.programme_id for one in instructors}
        self.fields["class_type"].offer(  # type: ignore[attr-defined]
            forms.Choice(str(one.pk), one.name, hint=one.summary) for one in class_types
        )
        if len(class_types) == 1:
            del self.fields["class_type"]
        if len(instructors) == 1:
            del self.fields["instructor"]
        else:
            self.fields["instructor"].offer((str(one.pk), named(one)) for one in instructors)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"begins", "until", "minutes"} <= cleaned.keys() and not self._fit(cleaned):
            self.add_error(
                "until",
                f"{cleaned['minutes']} minutes do not fit between {clock(cleaned['begins'])} and "
                f"{clock(cleaned['until'])}. Enter a later end, or choose a shorter time",
            )
        self._refuse_another_programme(cleaned)
        return cleaned

    def _refuse_another_programme(self, cleaned: dict[str, Any]) -> None:
        """Kinds and places of every programme are offered; those of whoever is chosen are of one."""
        theirs = self._programmes.get(cleaned.get("instructor") or "")
        if theirs is None:
            return
        only = next(iter(self._kinds)) if len(self._kinds) == 1 else ""
        kind = self._kinds.get(cleaned.get("class_type") or only)
        if kind is not None and kind.programme_id != theirs:
            name = "class_type" if "class_type" in self.fields else "instructor"
            self.add_error(name, f"{kind.name} is of another programme than who it is with. Choose again")
        halls = {str(one.pk): one.programme_id for one in self._venues}
        hall = halls.get((cleaned.get("place") or "").partition("-")[0])
        if hall is not None and hall != theirs:
            self.add_error("place", "This place is of another programme than who it is with. Choose another")

    def _fit(self, cleaned: dict[str, Any]) -> bool:
        return bool(starts_within(cleaned["begins"], cleaned["until"], minutes=int(cleaned["minutes"]), between=0))


def as_last_time(given: Sequence[Session]) -> dict[str, Any]:
    """The form as it was filled in for these times of one day: the same hours, on the next such day."""
    usual: dict[str, Any] = {"minutes": USUAL_MINUTES, "between": USUAL_BETWEEN, "weeks": USUAL_WEEKS}
    if not given:
        return usual
    first, last = given[0], given[-1]
    minutes = str(int((first.ends_at - first.starts_at).total_seconds()) // 60)
    return {
        "class_type": str(first.class_type_id),
        "mode": first.mode,
        "join_url": first.join_url,
        "place": places_in(first.venue, first.room)[0][0] if first.venue else "",
        "first": _next_like(first),
        "weeks": USUAL_WEEKS,
        "begins": first.starts_at.astimezone(UK).time(),
        "until": last.ends_at.astimezone(UK).time(),
        "minutes": minutes if minutes in MINUTES else USUAL_MINUTES,
        "between": str(first.buffer_minutes) if str(first.buffer_minutes) in BETWEEN else USUAL_BETWEEN,
    }


def _next_like(session: Session) -> object:
    """The same day of the week, after it and not before today."""
    on = local_date(session.starts_at) + WEEK
    while on < today():
        on += WEEK
    return on
