"""Standing up from a chair, measured in a class: the page of one line of the register.

Here: the page. Not here: the form and its words (frontend/measuring.py), who may (outcomes/answering/measuring.py).
Earlier ones are shown of people who agreed to share health facts with instructors; each look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Session
from frontend import forms
from frontend.measuring import NOT_SIGNED_OFF, MeasureForm, instead_of, keep, kind_words, result_words
from frontend.signed_in import user_of
from frontend.views.teach.session_notes import person_on_line
from frontend.wording import day
from outcomes.answering.measuring import all_measures_of, measures_of
from outcomes.models import Measure
from outcomes.sit_to_stand import HOW
from participants.consents import agreed_to
from participants.models import ConsentKind, Participant


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def measure(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    participant, by = person_on_line(request, session, line), user_of(request).person
    if not teaching.shows_facts(session):
        messages.info(request, "This is open from 24 hours before a class until 48 hours after it.")
        return redirect("teach:register", pk)
    shown = _shown(participant, session)
    of_this_class = [one for one in all_measures_of(participant) if one.session_id == session.pk]
    instead = instead_of(of_this_class, request.POST.get("replaces") or request.GET.get("instead", ""))
    form = MeasureForm(forms.posted(request), instead=instead)
    if form.is_valid() and keep(form, participant=participant, session=session, replaces=instead, by=by) is not None:
        messages.success(request, f"Saved for {participant.person.first_name}.")
        return redirect("teach:measure", pk, line)
    log_read(target=participant.person, purpose="register", what="measured movement", by=by)
    context = {
        "session": session,
        "participant": participant,
        "line": line,
        "instead": instead,
        "how": HOW,
        "not_signed_off": NOT_SIGNED_OFF,
        "rows": [
            (one, f"{day(one.measured_on)}: {kind_words(one)}", result_words(one), one.session_id == session.pk)
            for one in shown
        ],
    }
    status = 409 if form.is_bound and form.non_field_errors() else None
    return forms.render_form(request, "frontend/teach/measure.html", context, form, status=status)


def _shown(participant: Participant, session: Session) -> list[Measure]:
    """Those of this class, and earlier ones where the person shares health facts with instructors."""
    shares = agreed_to(ConsentKind.INSTRUCTORS, [participant])
    return [one for one in measures_of(participant) if shares or one.session_id == session.pk]


urlpatterns = [path("classes/<int:pk>/sit-to-stand/<slug:line>/", measure, name="measure")]
