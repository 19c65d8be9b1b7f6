"""The two pages that give times for one person at a time: one with every question, one to look and publish.

For instructors (own times) and the desk (anybody's). Not here: what stands against a time
(classes/timetable), the questions (times_form.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from classes.models import ClassType, Mode, Room, Venue
from classes.one_to_ones import last_given_by
from classes.teaching import one_to_ones_for, venues_for
from classes.timetable import DatesRefused, NotPossible, days_off_among
from classes.timetable.one_to_ones import PlannedTime, Times, TimesPreview, preview_times, publish_times
from classes.timetable.plans import ClassFields
from classes.wall_time import Span
from frontend import forms
from frontend.publishing.draft import Draft, Incomplete
from frontend.publishing.times_form import TimesForm, as_last_time
from frontend.publishing.words import PROBLEMS, obstacle_words
from frontend.signed_in import user_of
from frontend.wording import count
from instructors.models import Instructor

NEEDED = ("mode", "first", "weeks", "begins", "until", "minutes", "between")
ASKED = (*NEEDED, "instructor", "class_type", "join_url", "place")
LOOK_AGAIN = "Something has changed since you looked, so nothing was published. Look again, then press the button."


class SeenForm(forms.Form):
    """Which times the page showed as free: exactly these are published, or none."""

    seen = forms.HiddenField(max_length=8000)


@dataclass(frozen=True)
class GivingTimes:
    """One request for one of the pages, of one audience ("teach", "desk")."""

    request: HttpRequest
    audience: str
    instructors: Sequence[Instructor]

    def ask(self) -> HttpResponse:
        kinds = {kind.pk: kind for one in self._one_of_each() for kind in one_to_ones_for(one)}
        context: dict[str, Any] = {"audience": self.audience}
        if not kinds:
            return render(self.request, "frontend/publishing/no_one_to_ones.html", context)
        draft = self._draft()
        last = last_given_by(self.instructors[0]) if len(self.instructors) == 1 else []
        venues = {venue.pk: venue for one in self._one_of_each() for venue in venues_for(one)}
        form = TimesForm(
            forms.posted(self.request),
            initial={**as_last_time(last), **draft.typed(*ASKED)},
            instructors=self.instructors,
            class_types=list(kinds.values()),
            venues=venues.values(),
        )
        if form.is_valid():
            draft.answers.clear()
            draft.keep(form.cleaned_data)
            return redirect(f"{self.audience}:check_times")
        return forms.render_form(self.request, "frontend/publishing/times.html", context | {"last": last}, form)

    def check(self) -> HttpResponse:
        draft = self._draft()
        try:
            times, fields = self._plan(draft)
        except Incomplete:
            return redirect(f"{self.audience}:new_times")
        preview = preview_times(times=times, **fields)
        form = SeenForm(forms.posted(self.request), initial={"seen": _fingerprint(preview.free)})
        if not form.is_valid():
            return self._show(preview, times, fields, form)
        refused = self._publish(preview, times, fields, form.cleaned_data["seen"])
        if refused is None:
            draft.forget()
            return redirect(self.after)
        again = SeenForm({"seen": _fingerprint(preview.free)})
        again.add_error(None, refused)
        return self._show(preview, times, fields, again, status=409)

    @property
    def after(self) -> str:
        return reverse("teach:one_to_ones" if self.audience == "teach" else "desk:sessions")

    def _publish(self, preview: TimesPreview, times: Times, fields: ClassFields, seen: str) -> str | None:
        """None when it is done, else why not."""
        if seen != _fingerprint(preview.free):
            return LOOK_AGAIN
        without = {one.span.starts_at for one in preview.refused}
        try:
            made = publish_times(times=times, without=without, by=user_of(self.request).person, **fields)
        except NotPossible as refusal:
            return PROBLEMS[refusal.problems[0]]
        except DatesRefused:
            return LOOK_AGAIN
        messages.success(self.request, f"Published: {count(len(made), 'time')} can be booked now.")
        return None

    def _show(
        self, preview: TimesPreview, times: Times, fields: ClassFields, form: forms.Form, status: int | None = None
    ) -> HttpResponse:
        context = {
            "audience": self.audience,
            "plan": fields,
            "problems": [PROBLEMS[problem] for problem in preview.problems],
            "days": _by_day(preview.times),
            "free": len(preview.free),
            "why": {one.span: [obstacle_words(o) for o in one.obstacles] for one in preview.times},
            "impossible": [(o.on, obstacle_words(o)) for o in preview.impossible],
            "left_out": _off(times, fields["instructor"], fields.get("venue")),
            "change": reverse(f"{self.audience}:new_times"),
        }
        return forms.render_form(self.request, "frontend/publishing/check_times.html", context, form, status=status)

    def _draft(self) -> Draft:
        return Draft(self.request, f"{self.audience}.times")

    def _one_of_each(self) -> list[Instructor]:
        """One instructor of each programme: kinds and halls are the programme's."""
        return list({one.programme_id: one for one in self.instructors}.values())

    def _plan(self, draft: Draft) -> tuple[Times, ClassFields]:
        """Raises Incomplete."""
        if not draft.has(*NEEDED):
            raise Incomplete("times")
        given, instructor = draft.answers, self._instructor(draft)
        venue, room = self._place(given, instructor)
        times = Times(
            first_date=date.fromisoformat(given["first"]),
            weeks=int(given["weeks"]),
            begins=time.fromisoformat(given["begins"]),
            ends=time.fromisoformat(given["until"]),
        )
        times = replace(times, left_out=frozenset(_off(times, instructor, venue)))
        fields: ClassFields = {
            "instructor": instructor,
            "class_type": self._kind(given.get("class_type"), instructor),
            "mode": Mode(given["mode"]),
            "start_time": times.begins,
            "duration_minutes": int(given["minutes"]),
            "capacity": 1,
            "venue": venue,
            "room": room,
            "join_url": given.get("join_url") or "",
            "buffer_minutes": int(given["between"]),
        }
        return times, fields

    def _instructor(self, draft: Draft) -> Instructor:
        chosen = draft.answers.get("instructor", str(self.instructors[0].pk) if len(self.instructors) == 1 else "")
        for one in self.instructors:
            if str(one.pk) == chosen:
                return one
        raise Incomplete("times")

    def _kind(self, chosen: str | None, instructor: Instructor) -> ClassType:
        offered = one_to_ones_for(instructor)
        for kind in offered:
            if str(kind.pk) == chosen or (chosen is None and len(offered) == 1):
                return kind
        raise Incomplete("times")

    def _place(self, given: dict[str, Any], instructor: Instructor) -> tuple[Venue | None, Room | None]:
        if given["mode"] != Mode.IN_PERSON:
            return None, None
        venue_pk, _, room_pk = str(given.get("place")).partition("-")
        for venue in venues_for(instructor):
            if str(venue.pk) == venue_pk:
                return venue, next((room for room in venue.rooms.all() if str(room.pk) == room_pk), None)
        raise Incomplete("times")


def _off(times: Times, instructor: Instructor, venue: Venue | None) -> dict[date, str]:
    """Days without classes, the hall’s too, among those of several weeks. Whoever names one day means that day."""
    if times.weeks == 1:
        return {}
    dates = replace(times, left_out=frozenset()).dates
    return days_off_among(instructor.programme_id, dates, venue_id=venue.pk if venue else None)


def _by_day(planned: Sequence[PlannedTime]) -> dict[date, list[PlannedTime]]:
    days: dict[date, list[PlannedTime]] = {}
    for one in planned:
        days.setdefault(one.span.on, []).append(one)
    return days


def _fingerprint(free: Sequence[Span]) -> str:
    return " ".join(_minute(one.starts_at) for one in free)


def _minute(moment: datetime) -> str:
    return f"{int(moment.timestamp()) // 60:x}"
