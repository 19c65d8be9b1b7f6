"""Safeguarding concerns: raising one at the desk, and reading them for those who may.

Here: the pages. Not here: who may read which (Concern.objects.readable_by), what a note does
(classes/safeguarding.py). To everybody else the pages of reading are not there. Each opening is kept beside the
concern, and in no other log.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import acting
from accounts.permissions import Permission
from accounts.signin import requires
from classes.incidents import LONGEST_WORDS
from classes.models import Concern, ConcernStep
from classes.safeguarding import log_reading, note_on_concern, somebody_reads, task_of
from frontend import forms
from frontend.reporting import ConcernForm, may_be_named, receipt, receipt_of, send_concern
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.views.desk.wording import told_words
from frontend.wording import Label
from messaging.alerts import told_so_far
from participants import access

at_desk = requires(Permission.WORK_AT_DESK)
reads = requires(Permission.READ_SAFEGUARDING)
PER_PAGE = 50
STEPS = {
    ConcernStep.NOTED: "I have done something, and it goes on",
    ConcernStep.PASSED_ON: "Passed on to the council or the police, and it goes on",
    ConcernStep.CLOSED: "Closed",
}
STANDS = {True: Label("Closed", "ok"), False: Label("Open", "few")}


class NoteForm(forms.Form):
    step = forms.RadiosField(
        label="Where does it stand?",
        missing="Select where it stands",
        options=[(step.value, words) for step, words in STEPS.items()],
    )
    words = forms.LongTextField(
        label="What did you do, and why?",
        hint="Only whoever reads concerns sees it. It stays as you write it.",
        missing="Write what you did, and why",
        called="what you did",
        rows=4,
        max_length=LONGEST_WORDS,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def raise_concern(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    helpers = [row.person for row in access.supporters_of(participant) if row.person is not None]
    form = ConcernForm(forms.posted(request), [], may_be_named(participant.programme, by, helpers))
    if form.is_valid():
        sent = send_concern(form, participant.programme, participant, None, by)
        if sent is not None:
            return receipt_of(sent, "desk:concern_sent")
    context = {
        "participant": participant,
        "back": ("desk:person", participant.pk),
        "nobody": not somebody_reads(participant.programme),
    }
    return forms.render_form(request, "frontend/concern/write.html", context, form)


@require_safe
@at_desk
def concern_sent(request: HttpRequest, sent_as: str) -> HttpResponse:
    return receipt(request, sent_as, "desk:worklist")


@require_safe
@reads
def concerns(request: HttpRequest) -> HttpResponse:
    found = Concern.objects.readable_by(request.user).with_state().select_related("participant__person")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, STANDS[one.closed]) for one in page]  # type: ignore[attr-defined]  # annotated
    return render(request, "frontend/desk/concerns.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@reads
def concern(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    readable = Concern.objects.readable_by(request.user).with_state()
    found = get_object_or_404(
        readable.select_related("participant__person", "session__class_type", "session__venue", "reported_by"), pk=pk
    )
    by = user_of(request).person
    form = NoteForm(forms.posted(request))
    if form.is_valid():
        note_on_concern(concern=found, **form.cleaned_data, by=by)
        messages.success(request, "Saved.")
        return redirect("desk:concern", pk)
    with acting(by, "desk.read_concern"):
        log_reading(concern=found, by=by)
    task = task_of(found)
    context = {
        "concern": found,
        "label": STANDS[found.closed],  # type: ignore[attr-defined]  # annotated
        "task": task,
        "told": told_words(told_so_far([task]).get(task.pk, [])) if task else "",
        "names": [row.person.full_name for row in found.names.select_related("person")],
        "notes": [(row, STEPS[ConcernStep(row.step)]) for row in found.notes.select_related("by").order_by("id")],
        "readings": found.readings.select_related("by").order_by("-id")[:10],
    }
    return forms.render_form(request, "frontend/desk/concern.html", context, form)


urlpatterns = [
    path("people/<int:pk>/concern/", raise_concern, name="raise_concern"),
    path("concerns/", concerns, name="concerns"),
    path("concerns/<uuid:pk>/", concern, name="concern"),
    path("concerns/sent/<slug:sent_as>/", concern_sent, name="concern_sent"),
]
