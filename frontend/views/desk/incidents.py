"""Incidents at the desk: which are open, one of them, looking into it, counts without names.

Here: the pages. Not here: what a review does (classes/incidents.py), the counts (classes/safety_summary.py).
Opening one about somebody is logged.
"""

from __future__ import annotations

import csv
import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes.incidents import LONGEST_WORDS, add_to_incident, review_incident, review_tasks_of
from classes.judging.refusals import IdUsed
from classes.models import Incident, ReviewOutcome
from classes.safety_summary import COLUMNS, row_of, summary_at_desk_of
from frontend import forms
from frontend.incident_words import (
    HARMS,
    NOT_SIGNED_OFF,
    REVIEWS,
    about_whom,
    facts_of,
    harm_label,
    is_late,
    review_words,
    reviewer_of,
    title_of,
)
from frontend.reporting import SENT_BEFORE, AddForm
from frontend.safety_check import as_uuid
from frontend.signed_in import user_of
from frontend.views.desk.wording import overdue_label, told_words
from frontend.wording import Label, moment, short_moment
from messaging.alerts import told_so_far

at_desk = requires(Permission.WORK_AT_DESK)
PER_PAGE = 50
OPEN, CLOSED, EVERY = "open", "closed", "every"


class ShowForm(forms.FilterForm):
    show = forms.SelectField(
        label="Show",
        empty="Those that are open",
        options=((CLOSED, "Those that are closed"), (EVERY, "Every incident")),
    )
    harm = forms.SelectField(
        label="Harm", empty="Any harm", options=[(harm.value, words) for harm, (words, _) in HARMS.items()]
    )


class ReviewForm(forms.Form):
    outcome = forms.RadiosField(
        label="Where does it stand?",
        missing="Select where it stands",
        options=[(outcome.value, words) for outcome, words in REVIEWS.items()],
    )
    learned = forms.LongTextField(
        label="What did you find, and what was learned?",
        hint="Nothing is closed without it. It stays as you write it.",
        missing="Write what you found, and what was learned",
        called="what you found",
        rows=4,
        max_length=LONGEST_WORDS,
    )


@require_safe
@at_desk
def incidents(request: HttpRequest) -> HttpResponse:
    filters = ShowForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {"show": "", "harm": ""}
    found = _listed(request)
    if chosen["show"] != EVERY:
        found = found.filter(closed=chosen["show"] == CLOSED)
    if chosen["harm"]:
        found = found.filter(harm=chosen["harm"])
    # Those that are open by when somebody must have looked; whatever is closed has no task, and the newest is first.
    page = Paginator(found.order_by("due_at", "-reported_at"), PER_PAGE).get_page(request.GET.get("page"))
    tasks = review_tasks_of(page.object_list)
    rows = [_row(one, tasks.get(one.pk)) for one in page]
    context = {"page": page, "rows": rows, "filters": filters, "chosen": chosen, "narrowed": any(chosen.values())}
    return render(request, "frontend/desk/incidents.html", context)


def _row(one: Incident, task: Any) -> tuple[Any, ...]:
    late = is_late(task)
    label = overdue_label(late) if late else harm_label(one)
    facts = [
        harm_label(one).words if late else "",
        about_whom(one),
        short_moment(one.happened_at),
        f"Look into it by {short_moment(task.due_at)}" if task else "Closed",
        reviewer_of(task),
    ]
    return one, title_of(one), facts, label


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def incident(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One report; posting keeps what somebody found."""
    found = get_object_or_404(_listed(request), pk=pk)
    form = ReviewForm(forms.posted(request))
    if form.is_valid():
        review_incident(incident=found, **form.cleaned_data, by=user_of(request).person)
        outcome = REVIEWS[ReviewOutcome(form.cleaned_data["outcome"])]
        messages.success(request, f"Kept: “{outcome}”.")
        return redirect("desk:incident", pk)
    return _page(request, found, form, AddForm(None, initial={"id": uuid.uuid4()}))


@require_POST
@at_desk
def add_to(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(_listed(request), pk=pk)
    form = AddForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_to_incident(incident=found, id=as_uuid(said["id"]), words=said["words"], by=user_of(request).person)
        except IdUsed:
            form.add_error(None, SENT_BEFORE)
        else:
            messages.success(request, "Added.")
            return redirect("desk:incident", pk)
    return _page(request, found, ReviewForm(None), form)


def _page(request: HttpRequest, found: Any, form: ReviewForm, adding: AddForm) -> HttpResponse:
    if found.participant is not None:
        log_read(target=found.participant.person, purpose="desk", what="incident", by=user_of(request).person)
    task = review_tasks_of([found]).get(found.pk)
    late = is_late(task)
    context = {
        "incident": found,
        "title": title_of(found),
        "harm": harm_label(found),
        "facts": facts_of(found, moment(found.happened_at)),
        "task": task,
        "reviewer": reviewer_of(task),
        "late": overdue_label(late) if late else None,
        "told": told_words(told_so_far([task]).get(task.pk, [])) if task and task.urgent_for else "",
        "addenda": found.addenda.select_related("by").order_by("at", "pk"),
        "reviews": [(row, review_words(row)) for row in found.reviews.select_related("by").order_by("id")],
        "adding": adding,
        "closed": Label("Closed", "ok") if found.closed else None,
        "not_signed_off": NOT_SIGNED_OFF,
    }
    shown = adding if forms.has_errors(adding) else form
    return forms.render_form(request, "frontend/desk/incident.html", {**context, "review": form}, shown)


@require_safe
@at_desk
def safety_summary(request: HttpRequest) -> HttpResponse:
    """Counts and times alone, as a file for a spreadsheet."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="safety-summary-{timezone.localdate():%Y-%m-%d}.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(row_of(line) for line in summary_at_desk_of(request.user))
    return answer


def _listed(request: HttpRequest) -> Any:
    own = Incident.objects.at_desk_of(request.user).with_review().with_due_time()
    return own.select_related("session__class_type", "participant__person", "guest", "programme", "reported_by")


urlpatterns = [
    path("incidents/", incidents, name="incidents"),
    path("incidents/summary.csv", safety_summary, name="safety_summary"),
    path("incidents/<uuid:pk>/", incident, name="incident"),
    path("incidents/<uuid:pk>/add/", add_to, name="add_to_incident"),
]
