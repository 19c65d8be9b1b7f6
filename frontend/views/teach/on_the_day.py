"""Shortly before a class: whoever leads it says that they are late, or that they are there.

Not here: whom that is told (classes/leader_there.py), calling classes off (sessions.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.leader_there import NotNow, delays_of, say_here, say_late
from classes.models import Session
from classes.telling.class_note import bookings_told
from classes.telling.running_late import delay_of
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import clock, count

teaches = requires(Permission.TEACH)
TOO_EARLY = "Nothing was noted: this class is off, over, or not yet near. Phone the desk if something is wrong."


class LateForm(forms.Form):
    minutes = forms.RadiosField(
        label="How late will you be?", hint="Counted from the start of the class", missing="Select how late you will be"
    )

    def __init__(self, data: Any, *, session: Session, delays: tuple[int, ...]) -> None:
        super().__init__(data)
        offered = [(str(m), f"About {m} minutes: it begins at {_begins(session, m)}") for m in delays]
        self.fields["minutes"].offer(offered)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def running_late(request: HttpRequest, pk: int) -> HttpResponse:
    session: Session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    delays, said = delays_of(session, timezone.now()), delay_of(session)
    form = LateForm(forms.posted(request), session=session, delays=delays)
    if said is None and form.is_valid():
        try:
            said = say_late(session=session, minutes=int(form.cleaned_data["minutes"]), by=user_of(request).person)
        except NotNow:
            form.add_error(None, TOO_EARLY)
        else:
            messages.success(request, f"Noted: it begins at about {_begins(session, said.minutes)}.")
            return redirect("teach:running_late", pk)
    context = {
        "session": session,
        "said": said,
        "begins": _begins(session, said.minutes) if said else "",
        "delays": delays,
        "people": count(bookings_told(session, waiting_too=False).count(), "person", "people"),
    }
    return forms.render_form(request, "frontend/teach/running_late.html", context, form)


@require_POST
@teaches
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    try:
        say_here(session=session, by=user_of(request).person)
        messages.success(request, "Noted: you are there.")
    except NotNow:
        messages.error(request, TOO_EARLY)
    return redirect("teach:session", pk)


def _begins(session: Session, minutes: int) -> str:
    return clock(session.starts_at + timedelta(minutes=minutes))


urlpatterns = [
    path("classes/<int:pk>/late/", running_late, name="running_late"),
    path("classes/<int:pk>/here/", arrive, name="arrive"),
]
