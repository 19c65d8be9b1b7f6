"""Standing up from a chair at the desk: what was measured, one more, and putting one right.

Here: the page. Not here: the form and its words (frontend/measuring.py), what may be kept
(outcomes/answering/measuring.py).
Each look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.measuring import NOT_SIGNED_OFF, MeasureForm, instead_of, keep, kind_words, result_words
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import day
from outcomes.answering.measuring import all_measures_of
from outcomes.sit_to_stand import HOW


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def measures(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = at_desk_or_404(request, pk), user_of(request).person
    every = all_measures_of(participant)
    instead = instead_of(every, request.POST.get("replaces") or request.GET.get("instead", ""))
    form = MeasureForm(forms.posted(request), instead=instead, with_day=True)
    if form.is_valid() and keep(form, participant=participant, replaces=instead, by=by) is not None:
        messages.success(request, "Saved.")
        return redirect("desk:measures", pk)
    log_read(target=participant.person, purpose="desk", what="measured movement", by=by)
    rows = [
        (one, f"{day(one.measured_on)}: {kind_words(one)}", result_words(one), not hasattr(one, "replaced_by"))
        for one in every
    ]
    context = {
        "participant": participant,
        "instead": instead,
        "how": HOW,
        "not_signed_off": NOT_SIGNED_OFF,
        "rows": rows,
    }
    status = 409 if form.is_bound and form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/measures.html", context, form, status=status)


urlpatterns = [path("people/<int:pk>/sit-to-stand/", measures, name="measures")]
