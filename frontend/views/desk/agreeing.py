"""What somebody agreed to, by telephone: the words to read aloud, and their yes or no.

Here: the pages of the desk. Not here: what they show and do (frontend/agreeing.py),
the person's own pages (me/details.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import agreeing
from frontend.agreeing import Answered
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.details import NO_CONTACT
from frontend.views.desk.people import at_desk_or_404
from participants import details
from participants.models import ConsentKind

at_desk = requires(Permission.WORK_AT_DESK)
LEAVING = "Without this SafeFit cannot go on for them, so taking it back means leaving. Nothing was changed yet."
NOT_SAID = "Nothing was changed: press one of the buttons."
OTHER_WORDS = "These words are new. Nothing was changed: read them aloud, then note what they say."


@require_safe
@at_desk
def agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """Every consent with the answer in force."""
    participant = at_desk_or_404(request, pk)
    log_read(target=participant.person, purpose="desk", what="consents", by=user_of(request).person)
    context = {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "consents": agreeing.consents_of(participant),
    }
    return render(request, "frontend/desk/agreed.html", context)


@require_safe
@at_desk
def consent(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The words of one consent to read aloud, the answer in force, and one button to change it."""
    participant = at_desk_or_404(request, pk)
    about = agreeing.about_consent(participant, kind)
    log_read(target=participant.person, purpose="desk", what="consents", by=user_of(request).person)
    needs = words_of(details.current_needs_of(participant.person))
    return render(request, "frontend/desk/consent.html", about | {"participant": participant, "needs": needs})


@require_POST
@at_desk
def answer_consent(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    if participant.person.contact_stopped_at is not None:
        messages.error(request, NO_CONTACT)
        return redirect("desk:person", pk)
    done = agreeing.answer(participant, kind, request.POST, mode="desk", by=user_of(request).person)
    if done is Answered.MEANS_LEAVING:
        messages.info(request, LEAVING)
        return redirect("desk:leave", pk)
    if done is Answered.NOT_SAID:
        messages.error(request, NOT_SAID)
        return redirect("desk:consent", pk, kind)
    if done is Answered.OTHER_WORDS:
        messages.info(request, OTHER_WORDS)
        return redirect("desk:consent", pk, kind)
    messages.success(request, "Kept. Say back to them what you noted.")
    if kind == ConsentKind.HEALTH and request.POST.get("agrees") == "yes":
        return redirect("desk:ask_health", pk)  # a yes by itself clears nobody
    return redirect("desk:agreed", pk)


urlpatterns = [
    path("people/<int:pk>/agreed/", agreed, name="agreed"),
    path("people/<int:pk>/agreed/<slug:kind>/", consent, name="consent"),
    path("people/<int:pk>/agreed/<slug:kind>/answer/", answer_consent, name="answer_consent"),
]
