"""Where somebody is during an online class, asked aloud of whoever joined by telephone or has moved since.

Here: the page of one line of the register. Not here: the form (frontend/whereabouts.py), keeping it
(classes/whereabouts.py). Shown from when the register shows
health facts until the class is over.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Booking
from classes.register import Window
from classes.whereabouts import NothingToSay, is_online, last_said, say_whereabouts
from frontend import forms
from frontend.signed_in import user_of
from frontend.whereabouts import WhereForm

NOT_NOW = "Where people are is asked from 24 hours before an online class until its end. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def whereabouts(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    place, by = teaching.place_on_register(session, line), user_of(request).person
    if not isinstance(place, Booking) or place.participant.person_id == by.pk or not is_online(place):
        raise Http404
    now = timezone.now()
    if not Window(session.starts_at, session.ends_at).shows_facts(now) or now >= session.ends_at:
        messages.info(request, NOT_NOW)
        return redirect("teach:register", pk)
    person = place.participant.person
    form = WhereForm(
        forms.posted(request), participant=place.participant, last=last_said(place.participant), name=person.first_name
    )
    if form.is_valid():
        try:
            say_whereabouts(booking=place, where=form.said(), by=by)
            messages.success(request, f"Saved: where {person.first_name} is today.")
        except NothingToSay:
            messages.info(request, NOT_NOW)
        return redirect("teach:register", pk)
    log_read(target=person, purpose="register", what="contact", by=by)
    return forms.render_form(request, "frontend/teach/whereabouts.html", {"session": session, "person": person}, form)


urlpatterns = [path("classes/<int:pk>/where/<slug:line>/", whereabouts, name="whereabouts")]
