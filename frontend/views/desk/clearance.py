"""Reviewing health answers: the first task of the desk.

Here: showing what was answered and why a person must look, and taking the
decision. Not here: what the decision does (participants/health.py). Every look
is logged; deciding needs its own permission.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from accounts.content import signature_of
from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import must_hold, requires
from frontend import forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.views.desk.wording import clearance_label, flag_words
from frontend.wording import moment
from participants import details, health
from participants.capacity import decision_maker_of
from participants.health_content import HEALTH_QUESTIONS, health_questions
from participants.models import Clearance, ClearanceState, HealthProfile, Participant
from participants.registering.referrers import referral_of
from participants.rules.adaptations import Adaptation

PROBLEMS = {
    "adaptations_missing": "Select what to change for them, or choose “Cleared”",
    "adaptations_left_over": "Take the ticks out, or choose “Cleared with adaptations”",
    "adaptations_contradict": "Select only one of “remote classes only” and “in-person classes only”",
    "note_missing": "The answers ask for a change that you left out. Write why",
}
NO_CONSENT = "Nothing was decided: this person has taken back their agreement that we keep answers about their health."


class DecisionForm(forms.Form):
    reviewed = forms.HiddenField()
    state = forms.RadiosField(
        label="Your decision",
        missing="Select your decision",
        options=(
            (ClearanceState.CLEARED.value, "Cleared"),
            (ClearanceState.CLEARED_WITH_ADAPTATIONS.value, "Cleared with adaptations"),
            forms.Choice(
                ClearanceState.NOT_SUITABLE.value,
                "Not suitable",
                "They cannot book. Call them and say where else to turn.",
            ),
        ),
    )
    adaptations = forms.CheckboxesField(
        label="What to change for them",
        hint="Their instructors always see these.",
        required=False,
        options=[(a.value, a.label[:1].upper() + a.label[1:]) for a in Adaptation],
    )
    note = forms.LongTextField(
        label="Note for the instructor",
        hint="What to do, not why. No diagnosis. Instructors see it only if the person agreed.",
        required=False,
        rows=3,
        max_length=500,
    )


@requires(Permission.WORK_AT_DESK)
def review_clearance(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    by = user_of(request).person
    log_read(target=participant.person, purpose="clearance", what="health answers", by=by)
    clearance = health.clearance_of(participant)
    context = _context(participant, clearance)
    if clearance is None:
        return forms.render_form(request, "frontend/desk/review_clearance.html", context, forms.Form())
    form = DecisionForm(request.POST if request.method == "POST" else None, initial=_initial(clearance))
    if not form.is_valid():
        return forms.render_form(request, "frontend/desk/review_clearance.html", context, form)
    status = _decide(form, participant, clearance, by)
    if status is not None:
        return forms.render_form(request, "frontend/desk/review_clearance.html", context, form, status=status)
    messages.success(request, "Decided. They are being told.")
    return redirect("desk:person", pk=participant.pk)


def _decide(form: DecisionForm, participant: Participant, shown: Clearance, by: Any) -> int | None:
    """None when it is done, else the status of the page that says why not."""
    values = form.cleaned_data
    reviewed = participant.clearances.filter(pk=_number(values["reviewed"])).first()
    try:
        health.decide_clearance(
            participant=participant,
            reviewed=reviewed or Clearance(),
            state=values["state"],
            adaptations=values["adaptations"],
            note=values["note"],
            by=by,
        )
    except health.BadDecision as wrong:
        form.add_error("note" if wrong.problem == "note_missing" else "adaptations", PROBLEMS[wrong.problem])
        return 422
    except health.AlreadyDecided as late:
        form.add_error(None, _who_was_first(late.clearance))
        return 409
    except health.OwnRecord:
        form.add_error(None, "Nobody decides about themselves. Ask a colleague who may.")
        return 409
    except health.NoConsent:
        form.add_error(None, NO_CONSENT)
        return 409
    return None


def _who_was_first(clearance: Clearance) -> str:
    words = clearance_label(clearance.state).words
    if clearance.decided_by is None:
        return f"They answered again at {moment(clearance.decided_at)}. Read the new answers, then decide."
    return f"{clearance.decided_by.full_name} decided at {moment(clearance.decided_at)}: {words}."


def _initial(clearance: Clearance) -> dict[str, Any]:
    """The adaptations that the answers suggest; never the decision itself."""
    return {"reviewed": clearance.pk, "adaptations": clearance.adaptations, "note": clearance.note}


def _context(participant: Participant, clearance: Clearance | None) -> dict[str, Any]:
    profile = clearance.profile if clearance else None
    return {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "decider": decision_maker_of(participant),
        "clearance": clearance,
        "label": clearance_label(health.state_today(clearance)),
        "flags": [flag_words(flag) for flag in clearance.flags] if clearance else [],
        "profile": profile,
        "answers": _answers(profile) if profile else [],
        "signed_off": signature_of(HEALTH_QUESTIONS),
        "referral": referral_of(participant),
    }


def _answers(profile: HealthProfile) -> list[tuple[str, str]]:
    """Question and answer in the words of the version that was asked."""
    questions = health_questions(profile.wording_version)
    return [(questions[id].ask, words) for id, words in questions.said(profile.answers).items()]


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0


urlpatterns = [path("people/<int:pk>/clearance/", review_clearance, name="review_clearance")]
