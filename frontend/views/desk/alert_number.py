"""How alerts reach whoever is at the desk: by email, and by text message to a number of theirs.

Here: the page of one's own number. Not here: keeping it and the text that tries it (messaging/alert_numbers.py), the
rota (on_call.py).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.addresses import number_from
from accounts.models import Channel, ContactPoint
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import telephone
from messaging.alert_numbers import alert_number_of, keep_alert_number
from participants import access
from participants.models import Participant


class AlertNumberForm(forms.Form):
    number = forms.TextField(
        label="Your mobile number",
        called="your mobile number",
        hint="A text comes at once, to try it. Leave it empty to be told by email alone",
        required=False,
        autocomplete="tel",
        inputmode="tel",
        width=20,
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        return number_from(typed) if typed else ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def alert_number(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    point, takes_part = alert_number_of(user.person), Participant.objects.of(user).exists()
    carried = bool(settings.TEXT_GATEWAY)
    form = AlertNumberForm(forms.posted(request), initial={"number": telephone(point.value) if point else ""})
    form.fields["number"].marks_optional = False  # type: ignore[attr-defined]
    if carried and not takes_part and form.is_valid():
        return _keep(request, form.cleaned_data["number"])
    emails = ContactPoint.objects.current().filter(person=user.person, channel=Channel.EMAIL)
    context: dict[str, Any] = {
        "carried": carried,
        "takes_part": takes_part,
        "emails": [one.value for one in emails],
        "failing": point is not None and point.failed_at is not None,
        "number": telephone(point.value) if point else "",
    }
    return forms.render_form(request, "frontend/desk/alert_number.html", context, form)


def _keep(request: HttpRequest, number: str) -> HttpResponse:
    programme = access.programmes_at_desk_of(request.user)[0]
    person = user_of(request).person
    keep_alert_number(person=person, programme=programme, number=number, by=person)
    said = f"Saved. A text is on its way to {telephone(number)}. If none comes, look at the number again."
    messages.success(request, said if number else "Saved. You are told by email alone.")
    return redirect("desk:on_call")


urlpatterns = [path("on-call/you/", alert_number, name="alert_number")]
