"""From a class: report an incident, say that exercise worries you, raise a safeguarding concern.

Here: the pages of whoever leads the class, and the receipt, where more can be added. Not here: the forms
(frontend/reporting.py). Who stops leading the class opens none of it any more; a concern is read by nobody here.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.incidents import add_to_incident, review_task_of
from classes.judging.refusals import IdUsed
from classes.models import Incident, Session
from classes.register import Window
from classes.safeguarding import somebody_reads
from frontend import forms
from frontend.incident_words import NOT_SIGNED_OFF, facts_of, harm_label, reviewer_of, title_of, told_names
from frontend.reporting import (
    SENT_BEFORE,
    AddForm,
    ConcernForm,
    IncidentForm,
    WorryInClassForm,
    lines_of,
    may_be_named,
    receipt,
    receipt_of,
    send_concern,
    send_incident,
    send_worry,
)
from frontend.safety_check import as_uuid
from frontend.signed_in import user_of
from frontend.wording import moment
from messaging.alerts import told_so_far

teaches = requires(Permission.TEACH)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def report_incident(request: HttpRequest, pk: int) -> HttpResponse:
    session = _led(request, pk)
    form = IncidentForm(forms.posted(request), session)
    if form.is_valid() and (sent := send_incident(form, session, user_of(request).person)) is not None:
        messages.success(request, "Sent. Nothing of it can be lost now.")
        return redirect("teach:incident", sent.pk)
    context = {"session": session, "not_signed_off": NOT_SIGNED_OFF}
    return forms.render_form(request, "frontend/teach/report_incident.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def incident(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt; posting adds to the report. The words are closed with all other health facts of the class."""
    own = Incident.objects.reported_by_leader(request.user)
    found = get_object_or_404(
        own.select_related("session__class_type", "participant__person", "guest", "programme"), pk=pk
    )
    form = AddForm(forms.posted(request), initial={"id": uuid.uuid4()})
    if form.is_valid():
        said = form.cleaned_data
        try:
            add_to_incident(incident=found, id=as_uuid(said["id"]), words=said["words"], by=user_of(request).person)
        except IdUsed:
            form.add_error(None, SENT_BEFORE)
        else:
            messages.success(request, "Added.")
            return redirect("teach:incident", pk)
    task = review_task_of(found)
    window = Window(found.session.starts_at, found.session.ends_at)
    context = {
        "incident": found,
        "closed_at": window.facts_until if timezone.now() >= window.facts_until else None,
        "title": title_of(found),
        "harm": harm_label(found),
        "facts": facts_of(found, moment(found.happened_at)),
        "told": told_names(told_so_far([task]).get(task.pk, [])) if task and task.urgent_for else [],
        "task": task,
        "reviewer": reviewer_of(task),
        "addenda": found.addenda.select_related("by").order_by("at", "pk"),
    }
    return forms.render_form(request, "frontend/teach/incident.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def refer_back(request: HttpRequest, pk: int) -> HttpResponse:
    session, by = _led(request, pk), user_of(request).person
    form = WorryInClassForm(forms.posted(request), session, {"id": uuid.uuid4(), "who": request.GET.get("who", "")}, by)
    if form.is_valid():
        participant = form.known[form.cleaned_data["who"]]
        if send_worry(form, participant, by) is not None:
            name = participant.person.first_name
            messages.success(request, f"Sent. {name} does not exercise until the clinical team has decided.")
            return redirect("teach:register", pk)
    return forms.render_form(request, "frontend/teach/refer_back.html", {"session": session}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def raise_concern(request: HttpRequest, pk: int) -> HttpResponse:
    session, by = _led(request, pk), user_of(request).person
    leaders = [leader.instructor.person for leader in session.leaders.select_related("instructor__person")]
    named = may_be_named(session.programme, by, leaders)
    form = ConcernForm(forms.posted(request), lines_of(session), named)
    if form.is_valid():
        place = teaching.places_in(session).get(form.cleaned_data.get("who", ""))
        participant = place.participant if place else None
        guest = teaching.name_of(place) if place and participant is None else ""
        sent = send_concern(form, session.programme, participant, session, by, guest)
        if sent is not None:
            return receipt_of(sent, "teach:concern_sent")
    context = {
        "session": session,
        "participant": None,
        "back": ("teach:session", session.pk),
        "nobody": not somebody_reads(session.programme),
    }
    return forms.render_form(request, "frontend/concern/write.html", context, form)


@require_safe
@teaches
def concern_sent(request: HttpRequest, sent_as: str) -> HttpResponse:
    return receipt(request, sent_as, "teach:sessions")


def _led(request: HttpRequest, pk: int) -> Session:
    found: Session = get_object_or_404(teaching.reported_on_by(request.user), pk=pk)
    return found


urlpatterns = [
    path("classes/<int:pk>/incident/", report_incident, name="report_incident"),
    path("classes/<int:pk>/worry/", refer_back, name="refer_back"),
    path("classes/<int:pk>/concern/", raise_concern, name="raise_concern"),
    path("incidents/<uuid:pk>/", incident, name="incident"),
    path("concerns/sent/<slug:sent_as>/", concern_sent, name="concern_sent"),
]
