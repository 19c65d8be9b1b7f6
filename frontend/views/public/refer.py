"""Referring somebody to SafeFit: /refer/, for professionals, without an account.

Here: the one page and what comes after it. Not here: what a referral begins (participants/registering/referrals.py),
the task at the desk (desk/referral.py). The answer is the same whoever is named: nothing here looks anybody up.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signin import public_page
from accounts.tries import may_send
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.shared_computer import end_with_browser, note, noted
from frontend.wording import today
from participants.registering.intake import NotEligible, open_programmes
from participants.registering.referrals import Referral, refer
from participants.rules.application import CONTACT_FIELDS

SENT = "referral"
TOO_OFTEN = f"We cannot take any more from here for now. Try again in an hour, or call us on {settings.PHONE_IN_WORDS}."
TOO_YOUNG = (
    "SafeFit is for adults. For somebody under 18, ask their own cancer team or Young Lives vs Cancer. "
    f"If the date is not right, change it. If you are not sure, call us on {settings.PHONE_IN_WORDS}."
)


class ReferForm(AboutProgramme):
    """Everything that is asked of a professional, in three parts."""

    id = forms.HiddenField(required=False)
    name = forms.TextField(label="Your name", autocomplete="name")
    role = forms.TextField(label="Your role", hint="For example, physiotherapist or cancer nurse", max_length=100)
    organisation = forms.TextField(label="Where you work", called="where you work", autocomplete="organization")
    your_email = forms.EmailField(
        label="Your work email address",
        hint="We write to it only if the person agrees, and never with a name or anything about their health.",
        required=False,
    )
    your_phone = forms.PhoneField(label="Your work phone number", required=False)
    given_name = forms.TextField(label="Their first name", max_length=100, autocomplete="off")
    family_name = forms.TextField(label="Their last name", max_length=100, autocomplete="off")
    born = forms.DateField(
        label="Their date of birth", hint="For example, 31 3 1950", earliest=date(1900, 1, 1), latest=today
    )
    cancer = forms.RadiosField(
        label="Do they have cancer?",
        missing="Select what you know about cancer",
        options=(
            ("confirmed", "Yes, they have cancer or have had it"),
            ("suspected", "It is suspected, and they are having tests"),
        ),
    )
    ways = forms.CheckboxesField(
        label="How can we reach them?",
        missing="Select at least one way to reach them",
        options=(
            forms.Choice("email", "Email", reveals=("email",)),
            forms.Choice("text", "Text message (SMS)", reveals=("mobile",)),
            forms.Choice("phone", "Phone call", reveals=("phone",)),
            forms.Choice("post", "Letter", reveals=("address",)),
        ),
    )
    email = forms.EmailField(label="Their email address", autocomplete="off")
    mobile = forms.PhoneField(label="Their mobile number", autocomplete="off")
    phone = forms.PhoneField(label="Their phone number", autocomplete="off")
    address = forms.LongTextField(
        label="Their address", called="their address", hint="With the postcode", rows=4, max_length=300
    )
    preferred = forms.RadiosField(
        label="Which of these do they like best?",
        missing="Select the way they like best",
        options=(("email", "Email"), ("text", "Text message (SMS)"), ("phone", "Phone call"), ("post", "Letter")),
    )
    safety_note = forms.LongTextField(
        label="Is there anything we should know to keep them safe?",
        hint="Our clinical lead reads it, if they join. The person may ask to read it too.",
        required=False,
        max_length=2000,
    )
    agreed = forms.ConfirmField(
        label="I asked them, and they agreed that I tell you this and that you get in touch",
        missing="Tick to say that they agreed. If you have not asked them yet, give them our leaflet",
    )
    agreed_on = forms.DateField(
        label="When did they agree?", called="the day on which they agreed", earliest=date(2020, 1, 1), latest=today
    )
    parts: ClassVar = (
        ("About you", ("programme", "name", "role", "organisation", "your_email", "your_phone")),
        ("About the person", ("given_name", "family_name", "born", "cancer", "ways", "preferred", "safety_note")),
        ("What they agreed to", ("agreed", "agreed_on")),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not (
            values.get("your_email") or values.get("your_phone") or {"your_email", "your_phone"} & set(self.errors)
        ):
            self.add_error("your_email", "Enter your work email address or your work phone number")
        if values.get("preferred") and values["preferred"] not in (values.get("ways") or (values["preferred"],)):
            self.add_error("preferred", "Select one of the ways that you ticked above")
        return values

    def clean_id(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["id"])
        except ValueError:
            return uuid.uuid4()

    @property
    def in_parts(self) -> list[tuple[str, list[Any]]]:
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.parts]

    @property
    def contacts(self) -> dict[str, str]:
        return {channel: self.cleaned_data[name] for channel, name in CONTACT_FIELDS.items() if self.cleaned_data[name]}

    def said(self) -> Referral:
        of = self.cleaned_data
        same = ("id", "name", "role", "organisation", "given_name", "family_name", "born", "cancer", "agreed_on")
        return Referral(
            **{name: of[name] for name in same},
            email=of["your_email"],
            phone=of["your_phone"],
            contacts=self.contacts,
            preferred=of["preferred"],
            safety_note=of["safety_note"],
        )


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referring(request: HttpRequest) -> HttpResponse:
    programmes = list(open_programmes())
    if not programmes:
        return render(request, "frontend/public/join_closed.html")
    context = {"days": max(programme.draft_days for programme in programmes)}
    form = ReferForm(programmes, forms.posted(request), initial={"id": uuid.uuid4()})
    if form.is_valid():
        if not may_send(request, action="refer", key=str(form.about.pk)):
            form.add_error(None, TOO_OFTEN)
            return forms.render_form(request, "frontend/public/refer.html", context, form, status=429)
        try:
            kept = refer(programme=form.about, said=form.said(), write_to_them=_may_write(request, form.contacts))
        except NotEligible:
            form.add_error("born", ValidationError(TOO_YOUNG))
        else:
            note(request, SENT, kept.reference)
            end_with_browser(request)
            return redirect("public:referred")
    return forms.render_form(request, "frontend/public/refer.html", context, form)


@public_page
@never_cache
@require_safe
def referred(request: HttpRequest) -> HttpResponse:
    reference = noted(request, SENT)
    if reference is None:
        return redirect("public:refer")
    return render(request, "frontend/public/referred.html", {"reference": reference})


def _may_write(request: HttpRequest, contacts: Mapping[str, str]) -> bool:
    """Nobody's mailbox or telephone is filled from this page: to one of them goes a link or two a day."""
    to = [hashlib.sha256(contacts[way].lower().encode()).hexdigest() for way in ("email", "text") if way in contacts]
    return all(may_send(request, action="write_to_referred", key=one) for one in to)


urlpatterns = [
    path("refer/", referring, name="refer"),
    path("refer/sent/", referred, name="referred"),
]
