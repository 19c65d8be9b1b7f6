"""Whom to call in an emergency, asked at somebody's first class: still right, or a task for the desk.

Here: the page of one line of the register. Not here: when it is asked
(classes/register/opening.py), what confirming does (participants/emergency.py). Shown
as long as the register shows the contact.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.register import Window
from frontend.signed_in import user_of
from participants import emergency
from participants.models import Participant
from participants.refusals import NotPossibleNow


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def emergency_contact(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    by = user_of(request).person
    place = teaching.place_on_register(session, line)
    if place is None or place.participant is None or place.participant.person_id == by.pk:
        raise Http404  # a bare name has no contact, and nobody confirms their own here
    if not Window(session.starts_at, session.ends_at).shows_facts(timezone.now()):
        messages.info(request, "What people need is not shown any more, or not yet. Nothing was changed.")
        return redirect("teach:register", pk)
    if request.method == "POST":
        _note(request, place.participant)
        return redirect("teach:register", pk)
    log_read(target=place.participant.person, purpose="register", what="contact", by=by)
    context = {"session": session, "participant": place.participant, "line": line}
    return render(request, "frontend/teach/emergency_contact.html", context)


def _note(request: HttpRequest, participant: Participant) -> None:
    by, name = user_of(request).person, participant.person.first_name
    said = request.POST.get("right")
    if said not in ("yes", "no"):
        messages.error(request, "Nothing was kept: press one of the two buttons.")
        return
    if said == "yes":
        try:
            emergency.confirm_emergency_contact(participant=participant, by=by)
        except emergency.NobodyToCall:
            messages.error(request, f"Nobody is noted for {name}, so nothing was kept. Tell the desk.")
        else:
            messages.success(request, f"Kept: who to call for {name} is still right.")
        return
    try:
        emergency.report_other_contact(participant=participant, by=by)
    except NotPossibleNow:
        messages.error(request, f"Nothing was kept: {name} does not take part any more. Phone the desk.")
        return
    messages.success(request, f"The desk asks {name} within a day. For today, write the number down.")


urlpatterns = [path("classes/<int:pk>/contact/<slug:line>/", emergency_contact, name="emergency_contact")]
