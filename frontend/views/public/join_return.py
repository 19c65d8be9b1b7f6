"""Carrying on with a registration of one's own: saved for later, and come back to.

Here: /join/later/ and /join/return/, by a link, or by the reference and the date of birth. Not here: the registration
itself (join.py), whose draft this browser holds and for how long (join_held.py), which draft that is
(participants/registering/intake.py).
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signin import public_page
from accounts.tries import may_send
from frontend import forms
from frontend.views.public.join import addresses, ask_again, first_to_ask, way_on
from frontend.views.public.join_held import Held, held, hold, just_put_away
from frontend.views.public.join_wizard import Wizard
from frontend.wording import telephone, today
from participants.models import Registration
from participants.notices import mail_return_link, text_return_link, texts_are_sent
from participants.registering import intake
from participants.rules.said import as_written

NOT_FOUND = (
    "We found no registration with this reference and date of birth. Check both, or call us on "
    f"{settings.PHONE_IN_WORDS}"
)
TOO_OFTEN = (
    "This was tried too often. Wait an hour, use the link that we sent you, or call us on "
    f"{settings.PHONE_IN_WORDS} and give your reference."
)
WRONG_DATE = f"This is not the date of birth we have. Check it, or call us on {settings.PHONE_IN_WORDS}."
LINKS_TOO_OFTEN = (
    "Too many links were asked for. Write down your reference and carry on with it, or try again in an hour. "
    f"You can also call us on {settings.PHONE_IN_WORDS}."
)
log = structlog.get_logger(__name__)


class LaterForm(forms.Form):
    """Where the link goes: to the mobile number that was given while registering, or to an email address."""

    way = forms.RadiosField(label="How should we send it?", missing="Select how we should send it")
    email = forms.EmailField(
        label="Your email address", called="your email address", hint="We will send you a link to come back with."
    )

    def __init__(self, data: Any, answers: Mapping[str, Any]) -> None:
        super().__init__(data, initial={"email": answers.get("email")})
        mobile = answers.get("mobile")
        if mobile and texts_are_sent():
            by_text = f"Text message (SMS) to {telephone(mobile)}"
            options = [("text", by_text), forms.Choice("email", "Email", reveals=("email",))]
            self.fields["way"].offer(options)  # type: ignore[attr-defined]
        else:
            del self.fields["way"]


class ComeBackForm(forms.Form):
    reference = forms.TextField(
        label="Your reference", hint="Like SF-2K4M-7PQR", width=20, max_length=20, autocomplete="off", spellcheck=False
    )
    born = forms.DateField(label="Your date of birth", hint="For example, 31 3 1950", birthday=True, latest=today)


class ReturnForm(forms.Form):
    born = forms.DateField(
        label="What is your date of birth?",
        called="your date of birth",
        hint="We ask so that nobody else can see your answers.",
        birthday=True,
        latest=today,
        page_heading=True,
        caption="Carry on with your registration",
    )


@public_page
@never_cache
def join_later(request: HttpRequest) -> HttpResponse:
    """Everything is saved already: the reference for the phone, and a link by email for whoever wants one."""
    found, draft = held(request), just_put_away(request)
    if draft is None:
        if found is None or not found.is_open:
            return ask_again(request, found)
        draft = found.draft
    form = LaterForm(forms.posted(request), draft.answers)
    carry_on = way_on(request, found or Held(draft, is_open=False))
    context = {"draft": draft, "carry_on": carry_on, "sent": ""}
    if request.method == "POST" and form.is_valid():
        by_text = form.cleaned_data.get("way") == "text"
        problem = _refused_link(request, by_text) or _send_link(
            request, draft, "" if by_text else form.cleaned_data["email"]
        )
        if problem:
            form.add_error(None, problem)
            return forms.render_form(request, "frontend/public/join_later.html", context, form, status=409)
        context["sent"] = "text message" if by_text else "email"
    return forms.render_form(request, "frontend/public/join_later.html", context, form)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_come_back(request: HttpRequest) -> HttpResponse:
    """By reference and date of birth. One answer for a reference that nobody has and for a date that is not right.

    Of a registration that this browser still holds, the date of birth is enough.
    """
    found = held(request)
    if found and not found.is_open and found.can_be_asked and "reference" not in request.POST:
        return _come_back_to(request, found.draft)
    left = just_put_away(request)
    form = ComeBackForm(forms.posted(request), initial={"reference": left.reference} if left else None)
    status = None
    if form.is_valid():
        reference = as_written(form.cleaned_data["reference"])
        if not may_send(request, action="come_back", key=reference):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif draft := intake.draft_known_by(reference=reference, born=form.cleaned_data["born"]):
            hold(request, draft)
            return redirect(first_to_ask(request, draft))
        else:
            form.add_error("reference", NOT_FOUND)
    return forms.render_form(request, "frontend/public/join_come_back.html", {}, form, status=status)


def _come_back_to(request: HttpRequest, draft: Registration) -> HttpResponse:
    """Nobody was at it for an hour: whoever is here may be somebody else."""
    form = ReturnForm(forms.posted(request))
    status = None
    if form.is_valid():
        if not may_send(request, action="come_back", key=draft.reference):
            form.add_error(None, TOO_OFTEN)
            status = 429
        elif intake.draft_known_by(reference=draft.reference, born=form.cleaned_data["born"]):
            hold(request, draft)
            return redirect(first_to_ask(request, draft))
        else:
            form.add_error("born", WRONG_DATE)
    context = {"asks": True, "held": True}
    return forms.render_form(request, "frontend/public/join_return.html", context, form, status=status)


@public_page
@never_cache
def join_return(request: HttpRequest, token: str) -> HttpResponse:
    """A link from an email: a button or a question first, because mail scanners open links too."""
    draft = intake.draft_behind(token)
    if draft is None:
        return render(request, "frontend/public/join_return_gone.html", status=404)
    asks = bool(draft.answers.get("born"))
    form = (ReturnForm if asks else forms.Form)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        born = form.cleaned_data["born"].isoformat() if asks else ""
        try:
            opens = intake.open_with(registration=draft, born=born)
        except intake.TOO_LATE:
            return render(request, "frontend/public/join_return_gone.html", status=404)
        if opens:
            hold(request, draft)
            return redirect(first_to_ask(request, draft))
        form.add_error("born", WRONG_DATE)
    return forms.render_form(request, "frontend/public/join_return.html", {"asks": asks, "held": False}, form)


def _refused_link(request: HttpRequest, by_text: bool) -> str:
    """Nobody's money is spent from this page: so many links go out from one place, so many texts in all. Else ""."""
    within = may_send(request, action="return_link")
    return "" if within and (not by_text or may_send(request, action="return_texts", key="all")) else LINKS_TOO_OFTEN


def _send_link(request: HttpRequest, draft: Registration, email: str) -> str:
    """By email, or by text where none is given. Empty when the link is on its way, else what to tell the person.

    Anybody's address can be typed here. So to one of them go a few a day, from however many drafts; above that
    nothing is sent and the page says the same, or it would tell who else has begun.
    """
    may = intake.may_have_link(registration=draft)
    if may and not may_send(request, action="return_link_to", key=email.lower() or draft.answers["mobile"]):
        log.warning("too_many_return_links")
        return ""  # and the link that they have already goes on working
    try:
        token = intake.new_return_token(registration=draft) if may else None
    except intake.TOO_LATE as late:
        return Wizard(request, draft, addresses()).why(late)
    if token is None:
        return "We have sent you several links already. Use the newest one, or call us with your reference."
    link = settings.PUBLIC_URL + reverse("public:join_return", args=[token])
    try:
        if email:
            mail_return_link(email=email, link=link, reference=draft.reference)
        else:
            text_return_link(number=draft.answers["mobile"], link=link, reference=draft.reference)
    except (OSError, smtplib.SMTPException, RuntimeError, ValidationError):
        return "We could not send it just now. Write down your reference, or try again in a few minutes."
    return ""


urlpatterns = [
    path("join/later/", join_later, name="join_later"),
    path("join/return/", join_come_back, name="join_come_back"),
    path("join/return/<str:token>/", join_return, name="join_return"),
]
