"""Who decides for somebody who cannot: the page that records it, and those who did before.

Not here: showing it on top of the person page and of the review (people.py,
clearance.py); the rows (participants/capacity.py). Every look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from accounts.staff import holders_of
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import sentence, today
from participants import capacity
from participants.models import DecidesBy

at_desk = requires(Permission.WORK_AT_DESK)


class DeciderForm(forms.Form):
    name = forms.TextField(label="Their name", called="the name", max_length=200)
    relationship = forms.TextField(label="Who they are to the person", called="who they are", max_length=100)
    phone = forms.PhoneField(label="Their phone number", autocomplete="off")
    ground = forms.RadiosField(
        label="On what ground?",
        missing="Select on what ground they decide",
        options=[(ground.value, sentence(ground.label)) for ground in DecidesBy],
    )
    seen_by = forms.SelectField(
        label="Who has seen it?",
        hint="The document, or the record of the decision.",
        called="who has seen it",
        empty="Choose a colleague",
    )
    seen_on = forms.DateField(label="When was it seen?", called="the day it was seen", latest=today)
    note = forms.LongTextField(
        label="Note",
        called="the note",
        hint="What to ask them about, and what not. No diagnosis, and nothing that is not needed.",
        required=False,
        rows=3,
        max_length=capacity.NOTE_AT_MOST,
    )


@at_desk
def decision_maker(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    by = user_of(request).person
    log_read(target=participant.person, purpose="desk", what="who decides for them", by=by)
    colleagues = {str(person.pk): person for person in holders_of(Permission.WORK_AT_DESK, participant.programme)}
    form = DeciderForm(forms.posted(request), initial={"seen_by": str(by.pk)})
    form.fields["seen_by"].offer([(key, person.full_name) for key, person in colleagues.items()])  # type: ignore[attr-defined]
    if form.is_valid():
        values = form.cleaned_data
        capacity.record_decision_maker(
            participant=participant,
            **{**values, "seen_by": colleagues[values["seen_by"]], "ground": DecidesBy(values["ground"])},
            by=by,
        )
        messages.success(request, "Kept. It stands on top of this page.")
        return redirect("desk:person", pk)
    context = {
        "participant": participant,
        "decider": capacity.decision_maker_of(participant),
        "earlier": capacity.earlier_decision_makers_of(participant),
    }
    return forms.render_form(request, "frontend/desk/decision_maker.html", context, form)


@at_desk
@require_POST
def end_decision_maker(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    capacity.end_decision_maker(participant=participant, by=user_of(request).person)
    messages.success(request, f"Ended. {participant.person.first_name} decides for themselves.")
    return redirect("desk:person", pk)


urlpatterns = [
    path("people/<int:pk>/decides/", decision_maker, name="decision_maker"),
    path("people/<int:pk>/decides/end/", end_decision_maker, name="end_decision_maker"),
]
