"""Read out to somebody what they would otherwise be called about, while they are on the phone.

Here: the page, and keeping what was read out. Not here: which messages those are (frontend/reading_out.py).
A tick means all of one message; what is not ticked becomes a call, as before.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.on_the_phone import call_of
from frontend.reading_out import messages_of_call, read_out_in_call
from frontend.signed_in import user_of
from frontend.wording import count
from messaging.models import Call
from messaging.told_in_call import ToRead, tell_in_call
from participants.models import Participant


class ReadOutForm(forms.Form):
    told = forms.CheckboxesField(
        label="What have you told them, all of it?",
        missing="Select what you have read out to its end",
        hint="Nobody calls them again about it. They will have nothing in writing: say that they can call us again.",
    )

    def __init__(self, data: Any, found: list[ToRead]) -> None:
        super().__init__(data)
        self.fields["told"].offer([(str(one.message.pk), one.words.subject) for one in found])  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def read_out(request: HttpRequest) -> HttpResponse:
    call, found = call_of(request), read_out_in_call(request)
    form = ReadOutForm(forms.posted(request) if found else None, found)
    if call is not None and form.is_valid():
        return _keep(request, call, form.cleaned_data["told"])
    if call is not None and found:
        log_read(target=call.about, purpose="desk", what="message", by=user_of(request).person)
    context = {"person": call.about if call else None, "participant": _participant(request, call), "found": found}
    return forms.render_form(request, "frontend/desk/read_out.html", context, form)


def _participant(request: HttpRequest, call: Call | None) -> Participant | None:
    """To whose page this one leads back, if the colleague may still see them."""
    if call is None:
        return None
    return Participant.objects.visible_to(request.user).filter(person=call.about, programme=call.programme).first()


def _keep(request: HttpRequest, call: Call, chosen: list[str]) -> HttpResponse:
    told = tell_in_call(messages=messages_of_call(request).filter(pk__in=chosen), call=call, by=user_of(request).person)
    left = len(chosen) - told
    if told:
        messages.success(request, f"Kept: {count(told, 'message')} told in this call. Nobody calls again about it.")
    if left:
        messages.info(request, f"{count(left, 'message')} had changed a moment ago. Look at what is left to tell.")
    return redirect("desk:read_out")


urlpatterns = [path("call/read-out/", read_out, name="read_out")]
