"""Registering oneself: /join/.

Here: starting, saving for later and coming back. Not here: the pages (join_pages.py), the way through them
(join_wizard.py), whose draft this browser holds and for how long (join_held.py).
No address carries anything personal: which draft it is stands in the session.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Channel
from accounts.signin import public_page
from accounts.tries import may_send
from frontend import forms
from frontend.shared_computer import end_with_browser, note, noted
from frontend.views.public.join_held import (
    JOINED,
    Held,
    forget,
    forget_for_good,
    handed_in,
    held,
    hold,
    just_put_away,
    put_away,
)
from frontend.views.public.join_wizard import Addresses, Wizard
from frontend.wording import telephone, today
from participants import access, intake
from participants.details import contact_points_of
from participants.health import clearance_of
from participants.models import ClearanceState, Participant, Registration
from participants.notices import mail_return_link, text_return_link, texts_are_sent
from participants.said import as_written

NOT_FOUND = (
    "We found no registration with this reference and date of birth. Check both, or call us on "
    f"{settings.PHONE_IN_WORDS}"
)
TOO_OFTEN = (
    "This was tried too often. Wait an hour, use the link that we sent you, or call us on "
    f"{settings.PHONE_IN_WORDS} and give your reference."
)
STARTED_TOO_OFTEN = (
    "Many registrations were started from here within an hour. Carry on with the one that you have, try again in an "
    f"hour, or call us on {settings.PHONE_IN_WORDS} and we do it with you."
)
WRONG_DATE = f"This is not the date of birth we have. Check it, or call us on {settings.PHONE_IN_WORDS}."
FORGOTTEN = (
    "Nothing of a registration is kept on this computer any more. Answers that were saved are kept: "
    "carry on with the reference and the date of birth, or with our link."
)
SENT_ALREADY = (
    "Your registration has reached us, and you need not register again. If you need your reference, call us on "
    f"{settings.PHONE_IN_WORDS}."
)
SENT_MEANWHILE = (
    "Your registration was sent to us while this page was open, so what stands here was not saved. "
    f"You need not register again. To add or change something, sign in, or call us on {settings.PHONE_IN_WORDS}."
)
GONE_MEANWHILE = (
    "This registration was taken back while this page was open, so nothing of it is kept. "
    f"If you would like to join, start a new one, or call us on {settings.PHONE_IN_WORDS} and we do it with you."
)
LINKS_TOO_OFTEN = (
    "Too many links were asked for. Write down your reference and carry on with it, or try again in an hour. "
    f"You can also call us on {settings.PHONE_IN_WORDS}."
)
log = structlog.get_logger(__name__)


class StartForm(forms.Form):
    """Which programme; not asked when there is only one."""

    programme = forms.RadiosField(label="Which programme would you like to join?", missing="Select a programme")

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.programmes = {str(programme.pk): programme for programme in intake.open_programmes()}
        self.fields["programme"].offer([(key, programme.name) for key, programme in self.programmes.items()])  # type: ignore[attr-defined]
        if len(self.programmes) == 1:
            del self.fields["programme"]

    def chosen(self) -> object:
        return self.programmes[self.cleaned_data.get("programme") or next(iter(self.programmes))]


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
def join(request: HttpRequest) -> HttpResponse:
    """What is asked and how long it takes, then the first page."""
    if request.method == "POST" and "forget" in request.POST:
        forget_for_good(request)
        messages.success(request, FORGOTTEN)
        return redirect("public:join")
    form = StartForm(request.POST if request.method == "POST" else None)
    if not form.programmes:
        return render(request, "frontend/public/join_closed.html")
    if request.method == "POST" and form.is_valid():
        if may_send(request, action="start_registration"):
            draft = intake.start_registration(programme=form.chosen())  # type: ignore[arg-type]
            hold(request, draft)
            return redirect(_first_to_ask(request, draft))
        form.add_error(None, STARTED_TOO_OFTEN)
    status = 429 if form.non_field_errors() else None
    request.session.pop(JOINED, None)  # that page was left behind
    context = {"carry_on": _way_on(request, held(request))}
    return forms.render_form(request, "frontend/public/join.html", context, form, status=status)


@public_page
@never_cache
def join_page(request: HttpRequest, name: str) -> HttpResponse:
    found = held(request)
    if found is None:
        sent = handed_in(request) if request.method == "POST" else None
        return Wizard(request, sent, _addresses()).too_late(name) if sent else _no_draft(request)
    if found.is_open:
        return _and_put_away(request, found.draft, Wizard(request, found.draft, _addresses()).page(name))
    return _page_of_yesterday(request, found, name)


def _page_of_yesterday(request: HttpRequest, found: Held, name: str) -> HttpResponse:
    """What was typed on it is kept. Then the date of birth is asked, which is why that alone is not taken from here."""
    if request.method != "POST" or (found.can_be_asked and name == "born"):
        return _ask_again(request, found)
    asks, answer = found.can_be_asked, Wizard(request, found.draft, _addresses()).page(name)
    if not asks:
        hold(request, found.draft)
    elif answer.status_code == 302:
        answer = redirect(answer["Location"] if _is_later(answer) else "public:join_come_back")
    return _and_put_away(request, found.draft, answer)


@public_page
@never_cache
def join_check(request: HttpRequest) -> HttpResponse:
    found = held(request)
    if found is None or not found.is_open:
        return _ask_again(request, found)

    def hand_in(participant: Participant) -> HttpResponse:
        forget(request)
        note(request, JOINED, participant.pk)
        end_with_browser(request)
        return redirect("public:join_done")

    return Wizard(request, found.draft, _addresses()).check(hand_in)


@public_page
@never_cache
def join_not_eligible(request: HttpRequest) -> HttpResponse:
    found = held(request)
    if found is None or not found.is_open:
        return _ask_again(request, found)
    return Wizard(request, found.draft, _addresses()).refused()


@public_page
@never_cache
@require_GET
def join_done(request: HttpRequest) -> HttpResponse:
    """What happens next and by when. It looks the same whether or not the address already signs somebody in."""
    participant = access.just_joined(noted(request, JOINED))
    if participant is None:
        if JOINED in request.session:
            messages.info(request, SENT_ALREADY)
        return redirect("public:join")
    clearance = clearance_of(participant)
    waiting = clearance is not None and clearance.state == ClearanceState.NEEDS_REVIEW
    gave = {point.channel for point in contact_points_of(participant.person)}
    ways = [way for way in (Channel.EMAIL, *([Channel.TEXT] if settings.TEXT_GATEWAY else ())) if way in gave]
    context = {"participant": participant, "waiting": waiting, "clearance": clearance, "ways": ways}
    return render(request, "frontend/public/join_done.html", context)


@public_page
@never_cache
def join_later(request: HttpRequest) -> HttpResponse:
    """Everything is saved already: the reference for the phone, and a link by email for whoever wants one."""
    found, draft = held(request), just_put_away(request)
    if draft is None:
        if found is None or not found.is_open:
            return _ask_again(request, found)
        draft = found.draft
    form = LaterForm(forms.posted(request), draft.answers)
    carry_on = _way_on(request, found or Held(draft, is_open=False))
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
            return redirect(_first_to_ask(request, draft))
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
            return redirect(_first_to_ask(request, draft))
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
            return redirect(_first_to_ask(request, draft))
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
        return Wizard(request, draft, _addresses()).why(late)
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


def _addresses() -> Addresses:
    return Addresses(
        page=lambda name: reverse("public:join_page", args=[name]),
        check=reverse("public:join_check"),
        refused=reverse("public:join_not_eligible"),
        later=reverse("public:join_later"),
        first=reverse("public:join"),
        templates="public/join",
        sent=SENT_MEANWHILE,
        onward=("Sign in", reverse("me:home")),
        gone=GONE_MEANWHILE,
    )


def _first_to_ask(request: HttpRequest, draft: Registration) -> str:
    return Wizard(request, draft, _addresses()).first_to_ask()


def _way_on(request: HttpRequest, found: Held | None) -> str:
    """Where somebody carries on with what is held here; "" when nothing is, or a link alone opens it."""
    if found is None or not (found.is_open or found.can_be_asked):
        return ""
    return _first_to_ask(request, found.draft) if found.is_open else reverse("public:join_come_back")


def _is_later(answer: HttpResponse) -> bool:
    return bool(answer.get("Location") == _addresses().later)


def _and_put_away(request: HttpRequest, draft: Registration, answer: HttpResponse) -> HttpResponse:
    """Whoever saved it for later has left this computer."""
    if _is_later(answer):
        put_away(request, draft)
    return answer


def _ask_again(request: HttpRequest, found: Held | None) -> HttpResponse:
    return redirect("public:join_come_back") if found and found.can_be_asked else _no_draft(request)


def _no_draft(request: HttpRequest) -> HttpResponse:
    if JOINED in request.session:
        return redirect("public:join_done")  # sent twice: the first one counted
    messages.info(request, "Start here. If you began before, use our link, or your reference and date of birth.")
    return redirect("public:join")


urlpatterns = [
    path("join/", join, name="join"),
    path("join/check/", join_check, name="join_check"),
    path("join/done/", join_done, name="join_done"),
    path("join/later/", join_later, name="join_later"),
    path("join/not-eligible/", join_not_eligible, name="join_not_eligible"),
    path("join/return/", join_come_back, name="join_come_back"),
    path("join/return/<str:token>/", join_return, name="join_return"),
    path("join/<slug:name>/", join_page, name="join_page"),
]
