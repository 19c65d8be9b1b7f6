"""The pages that publish a class: what, where, when, places, dates to leave out, check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from classes.models import Series, Session
from classes.teaching import classes_for, venues_for
from classes.timetable import DatesRefused, NotPossible
from frontend import forms
from frontend.publishing.before import as_before, before_words, held_before
from frontend.publishing.draft import Draft, Incomplete, Plan
from frontend.publishing.forms import (
    RELEASES,
    CheckForm,
    LeaveOutForm,
    OnceForm,
    OnceOfTwoForm,
    PlacesForm,
    SeriesForm,
    WhatForm,
    WhereForm,
    refused_dates,
    usual_release,
)
from frontend.publishing.words import PROBLEMS, caution_words, obstacle_words, refused_words
from frontend.wording import count
from instructors.models import Instructor

STEPS = ("what", "where", "when", "places", "check")  # days off are left out unless somebody says otherwise
NEEDED = {  # what must be answered before each step
    "what": (),
    "where": ("class_type", "repeats"),
    "when": ("mode",),
    "places": ("start", "minutes", "mode"),
    "leave-out": ("first", "last"),
    "check": ("start", "minutes", "mode", "class_type"),
}


@dataclass(frozen=True)
class Publishing:
    """One request for one page, of one audience ("teach", "desk"); `instructors` are those it may publish for."""

    request: HttpRequest
    audience: str
    instructors: Sequence[Instructor]

    def answer(self, step: str) -> HttpResponse:
        """The page of `step`; back to the first unanswered one when something is missing."""
        if step not in NEEDED:
            raise Http404
        draft = Draft(self.request, self.audience)
        if step == "what" and {"like", "afresh"} & self.request.POST.keys():
            return self._begin(draft, self.request.POST.get("like", ""))
        if not draft.has(*NEEDED[step]):
            return redirect(self._to("what"))
        try:
            return self._check(draft) if step == "check" else self._ask(step, draft)
        except Incomplete as missing:
            return redirect(self._to(missing.step))

    def _to(self, step: str) -> str:
        if step == "what":
            return reverse(f"{self.audience}:new_class")
        return reverse(f"{self.audience}:new_class_step", args=[step])

    def _begin(self, draft: Draft, like: str) -> HttpResponse:
        """Anew; or as a class that was held before, so that only its dates are asked."""
        draft.forget()
        chosen = next((one for one in self._before() if str(one.pk) == like), None)
        if chosen is None:
            return redirect(self._to("what"))
        Draft(self.request, self.audience).keep(as_before(chosen))
        return redirect(self._to("when"))

    def _before(self) -> list[Session]:
        """What one instructor has held; at the desk there are too many to choose from."""
        return held_before(self.instructors[0]) if len(self.instructors) == 1 else []

    def _beside(self, step: str, draft: Draft, by: int) -> str:
        """The page before or after; once all is answered, whatever is changed leads to the last page."""
        if step != "check" and draft.has("capacity") and draft.has_dates:
            return self._to("check") if by > 0 or step == "leave-out" else self._to("what")
        place = STEPS.index(step) + by
        return self._to(STEPS[place]) if place >= 0 else reverse(f"{self.audience}:sessions")

    def _instructor(self, draft: Draft) -> Instructor:
        chosen = draft.answers.get("instructor", str(self.instructors[0].pk) if len(self.instructors) == 1 else "")
        for instructor in self.instructors:
            if str(instructor.pk) == chosen:
                return instructor
        raise Incomplete("what")

    def _ask(self, step: str, draft: Draft) -> HttpResponse:
        if step == "leave-out" and not draft.repeats:
            return redirect(self._to("what"))
        form = self._form(step, draft)
        if self.request.method == "POST" and form.is_valid():
            if step == "leave-out":
                chosen = map(date.fromisoformat, form.cleaned_data["excluded"])
                draft.leave_out(draft.dates(self._instructor(draft).programme_id), chosen)
            else:
                draft.keep(form.cleaned_data)
            return redirect(self._beside(step, draft, 1))
        context = {
            "step": step,
            "heading": HEADINGS[step],
            "back": self._beside(step, draft, -1) if step != "what" else reverse(f"{self.audience}:sessions"),
            "before": [(one, before_words(one)) for one in self._before()] if step == "what" else [],
            "begun": step == "what" and bool(draft.answers),
        }
        return forms.render_form(self.request, "frontend/publishing/question.html", context, form)

    def _form(self, step: str, draft: Draft) -> forms.Form:
        data = self.request.POST if self.request.method == "POST" else None
        if step == "what":
            offered = {t.pk: t for i in {i.programme_id: i for i in self.instructors}.values() for t in classes_for(i)}
            initial = draft.typed("instructor", "class_type", "repeats")
            return WhatForm(data, initial=initial, instructors=self.instructors, class_types=offered.values())
        if step == "where":
            initial = draft.typed("mode", "place", "join_url", "dial_in")
            return WhereForm(data, initial=initial, venues=venues_for(self._instructor(draft)))
        if step == "when":
            return _when_form(data, draft)
        if step == "places":
            usual = {"release_hours": usual_release(draft.answers["mode"])}
            typed = draft.typed("capacity", "reserved", "release_hours", "walk_in", "minimum")
            return PlacesForm(data, initial=usual | {name: value for name, value in typed.items() if value != ""})
        dates = draft.dates(self._instructor(draft).programme_id)
        initial = {"excluded": [on.isoformat() for on in dates.excluded]}
        return LeaveOutForm(data, initial=initial, dates=dates.every, off=dates.off)

    def _check(self, draft: Draft) -> HttpResponse:
        if not draft.has("capacity"):
            raise Incomplete("places")
        if not draft.has_dates:
            raise Incomplete("when")
        plan = Plan(draft, self._instructor(draft))
        if self.request.method != "POST":
            return self._show(plan, draft, CheckForm())
        if draft.repeats and "leave_out" in self.request.POST:
            plan.leave_out(refused_dates(plan.preview()))
            return redirect(self._to("check"))
        return self._publish(plan, draft)

    def _publish(self, plan: Plan, draft: Draft) -> HttpResponse:
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101  the door let nobody else in
        form = CheckForm(self.request.POST)
        try:
            made = plan.publish(user.person)
        except NotPossible as refusal:
            for problem in refusal.problems:
                form.add_error(None, PROBLEMS[problem])
        except DatesRefused as refusal:
            form.add_error(None, refused_words(refusal.obstacles))
        else:
            draft.forget()
            messages.success(self.request, _published_words(made))
            return redirect(f"{self.audience}:sessions")
        return self._show(plan, draft, form, status=409)

    def _show(self, plan: Plan, draft: Draft, form: forms.Form, status: int | None = None) -> HttpResponse:
        preview = plan.preview()
        context: dict[str, Any] = {
            "plan": plan.fields,
            "released": RELEASES.get(str(plan.fields.get("release_hours")), ""),
            "preview": preview,
            "left_out": plan.left_out,
            "cautions": [caution_words(caution) for caution in preview.cautions],
            "problems": [PROBLEMS[problem] for problem in preview.problems],
            "why": {p.on: [obstacle_words(o) for o in p.obstacles] for p in preview.dates},
            "repeats": draft.answers["repeats"],
            "change": {step: self._to(step) for step in NEEDED},
            "back": self._to("places"),
            "can_leave_out": draft.repeats and 0 < len(preview.refused) < len(preview.dates),
            "can_publish": not preview.refused and not preview.problems,
        }
        return forms.render_form(self.request, "frontend/publishing/check.html", context, form, status=status)


HEADINGS = {
    "what": "Add a class",
    "where": "Where is it?",
    "when": "When is it?",
    "places": "Places",
    "leave-out": "Are there dates without a class?",
}


def _when_form(data: Any, draft: Draft) -> forms.Form:
    if draft.repeats:
        return SeriesForm(data, initial=draft.typed("first", "ends", "last", "number", "start", "minutes"))
    initial = draft.typed("on", "start", "minutes", "which")
    form = OnceForm(data, initial=initial)
    twice = form.is_valid() and form.trouble() == "twice" if data else "which" in initial
    if twice:
        return OnceOfTwoForm(data, initial=initial)
    draft.answers.pop("which", None)
    return form


def _published_words(made: Any) -> str:
    if isinstance(made, Series):
        return f"Published: {count(made.sessions.count(), 'date')} can be booked now."
    return "Published. The class can be booked now."
