"""From the register: somebody came who is not listed.

Here: the form. Not here: what it does (classes/register/walk_ins.py), the same without signal (assets/js/offline).
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.judging.refusals import IdUsed
from classes.models import Guest
from classes.register import NewWalkIn, TooEarly, add_walk_in
from frontend import forms
from frontend.safety_check import as_uuid
from frontend.signed_in import user_of
from frontend.views.teach import wording
from frontend.wording import moment

TEMPLATE = "frontend/teach/walk_in.html"
SENT_BEFORE = "Somebody else was put on the register with this form. Open the form again to add another person."


class WalkInForm(forms.Form):
    id = forms.HiddenField(required=False)
    name = forms.TextField(label="Name", called="their name", max_length=200)
    phone = forms.TextField(
        label="Telephone number",
        called="the telephone number",
        hint="Leave it empty if they have none.",
        required=False,
        max_length=40,
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"id": uuid.uuid4()})
        self.fields["phone"].marks_optional = False  # type: ignore[attr-defined]

    def walk_in(self) -> NewWalkIn:
        said = self.cleaned_data
        return NewWalkIn(as_uuid(said["id"]), said["name"], said["phone"])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    form = WalkInForm(forms.posted(request))
    if form.is_valid():
        try:
            guest = add_walk_in(session=session, walk_in=form.walk_in(), by=user_of(request).person)
        except IdUsed:
            form.add_error(None, SENT_BEFORE)
        except TooEarly as refusal:
            form.add_error(None, _too_early(refusal))
        else:
            messages.success(request, _added(guest))
            return redirect("teach:register", pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, TEMPLATE, {"session": session, "not_yet": wording.NOT_YET}, form, status=status)


def _too_early(refusal: TooEarly) -> str:
    opens = f"People who come without being listed are added from {moment(refusal.opens_at)}."
    return f"Nobody was added: the class has not begun. {opens} If somebody wants to come, ask them to phone the desk."


def _added(guest: Guest) -> str:
    if guest.participant is not None:
        return f"{guest.participant.person.full_name} is on the register. Look there first at what they need today."
    return f"{guest.name} is on the register, and does not exercise yet. The desk is asked who it is."


urlpatterns = [path("classes/<int:pk>/walk-in/", walk_in, name="walk_in")]
