"""With which address somebody who takes part signs in: opened and changed by telephone.

Here: the page of the desk. Not here: the action (participants/desk_sign_in.py), the person's own pages
(accounts/own_sign_in.py), how they are reached (details.py). Every look is logged.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.logins import AddressTaken, ClosedLogin, StaffLogin, login_held_by
from accounts.models import User
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.on_the_phone import line_about
from frontend.signed_in import user_of
from frontend.views.desk.details import NO_CONTACT
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import telephone
from participants.correcting import NotOnTheLine
from participants.desk_sign_in import set_sign_in
from participants.first_sign_in import is_shut
from participants.models import Participant

TAKEN = (
    "Somebody else signs in with this email address or mobile number. Ask for one that is theirs alone, or help them "
    "by telephone as before."
)
REFUSED: dict[type[Exception], str] = {
    StaffLogin: "They also work with SafeFit, so only an administrator changes how they sign in. Nothing was changed.",
    ClosedLogin: "Their sign-in was closed, so it cannot be changed. Ask an administrator. Nothing was changed.",
}


class SignInForm(forms.Form):
    email = forms.EmailField(
        label="Email address", called="the email address", required=False, hint="We send the code to it."
    )
    mobile = forms.PhoneField(
        label="Mobile number", called="the mobile number", required=False, hint="We send the code to it as a text."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error("email", "Enter an email address or a mobile number")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def signing_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever could sign in with an address that is left out cannot from then on.

    Without the person on the line it says how to find out who is there, and asks nothing.
    """
    participant = at_desk_or_404(request, pk)
    by = user_of(request).person
    if participant.person.contact_stopped_at is not None:
        messages.error(request, NO_CONTACT)
        return redirect("desk:person", pk=pk)
    log_read(target=participant.person, purpose="desk", what="sign-in", by=by)
    login = login_held_by(participant.person)
    form = _form(forms.posted(request), login)
    status = None
    if form.is_valid():
        try:
            if (answer := _kept(request, form, participant, login)) is not None:
                return answer
        except NotOnTheLine:
            status = 409  # and the page says what to do first
    on_the_line = line_about(request, participant).person
    context = {
        "participant": participant,
        "login": login,
        "on_the_line": on_the_line,
        "shut": login is not None and is_shut(login),
    }
    return forms.render_form(request, "frontend/desk/signing_in.html", context, form, status=status)


def _form(sent: QueryDict | None, login: User | None) -> SignInForm:
    mobile = telephone(str(login.mobile.as_e164)) if login and login.mobile else ""
    form = SignInForm(sent, initial={"email": login.email if login else "", "mobile": mobile})
    if not (settings.TEXT_GATEWAY or mobile):  # nobody carries text messages, so a number would open nothing
        del form.fields["mobile"]
    return form


def _kept(request: HttpRequest, form: SignInForm, participant: Participant, before: User | None) -> HttpResponse | None:
    """None when an address is somebody else's: the form says so. Where they signed in `before`, it is told.

    Raises NotOnTheLine.
    """
    given = {name: form.cleaned_data.get(name) or None for name in ("email", "mobile")}
    by = user_of(request).person
    try:
        now = set_sign_in(participant=participant, by=by, **given)
    except AddressTaken:
        form.add_error(None, TAKEN)
        return None
    except (StaffLogin, ClosedLogin) as refused:
        messages.error(request, REFUSED[type(refused)])
    else:
        if before is not None and (before.email, before.mobile) != (now.email, now.mobile):
            get_adapter(request).tell_of_new_way_in(before)
        messages.success(request, "Kept. Say it back to them: they sign in with it from now on.")
    return redirect("desk:person", pk=participant.pk)


urlpatterns = [path("people/<int:pk>/sign-in/", signing_in, name="signing_in")]
