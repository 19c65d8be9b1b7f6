"""Registering oneself: /join/.

Here: starting, the way from page to page and the end of it. Not here: the pages (join_pages.py), the way through them
(join_wizard.py), saving for later and coming back (join_return.py, which stands on this), whose draft this browser
holds and for how long (join_held.py).
No address carries anything personal: which draft it is stands in the session.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

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
    put_away,
)
from frontend.views.public.join_wizard import Addresses, Wizard
from participants import access
from participants.details import contact_points_of
from participants.health import clearance_of
from participants.models import ClearanceState, Participant, Registration
from participants.registering import intake

STARTED_TOO_OFTEN = (
    "Many registrations were started from here within an hour. Carry on with the one that you have, try again in an "
    f"hour, or call us on {settings.PHONE_IN_WORDS} and we do it with you."
)
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
            return redirect(first_to_ask(request, draft))
        form.add_error(None, STARTED_TOO_OFTEN)
    status = 429 if form.non_field_errors() else None
    request.session.pop(JOINED, None)  # that page was left behind
    context = {"carry_on": way_on(request, held(request))}
    return forms.render_form(request, "frontend/public/join.html", context, form, status=status)


@public_page
@never_cache
def join_page(request: HttpRequest, name: str) -> HttpResponse:
    found = held(request)
    if found is None:
        sent = handed_in(request) if request.method == "POST" else None
        return Wizard(request, sent, addresses()).too_late(name) if sent else _no_draft(request)
    if found.is_open:
        return _and_put_away(request, found.draft, Wizard(request, found.draft, addresses()).page(name))
    return _page_of_yesterday(request, found, name)


def _page_of_yesterday(request: HttpRequest, found: Held, name: str) -> HttpResponse:
    """What was typed on it is kept. Then the date of birth is asked, which is why that alone is not taken from here."""
    if request.method != "POST" or (found.can_be_asked and name == "born"):
        return ask_again(request, found)
    asks, answer = found.can_be_asked, Wizard(request, found.draft, addresses()).page(name)
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
        return ask_again(request, found)

    def hand_in(participant: Participant) -> HttpResponse:
        forget(request)
        note(request, JOINED, participant.pk)
        end_with_browser(request)
        return redirect("public:join_done")

    return Wizard(request, found.draft, addresses()).check(hand_in)


@public_page
@never_cache
def join_not_eligible(request: HttpRequest) -> HttpResponse:
    found = held(request)
    if found is None or not found.is_open:
        return ask_again(request, found)
    return Wizard(request, found.draft, addresses()).refused()


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


def addresses() -> Addresses:
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


def first_to_ask(request: HttpRequest, draft: Registration) -> str:
    return Wizard(request, draft, addresses()).first_to_ask()


def way_on(request: HttpRequest, found: Held | None) -> str:
    """Where somebody carries on with what is held here; "" when nothing is, or a link alone opens it."""
    if found is None or not (found.is_open or found.can_be_asked):
        return ""
    return first_to_ask(request, found.draft) if found.is_open else reverse("public:join_come_back")


def _is_later(answer: HttpResponse) -> bool:
    return bool(answer.get("Location") == addresses().later)


def _and_put_away(request: HttpRequest, draft: Registration, answer: HttpResponse) -> HttpResponse:
    """Whoever saved it for later has left this computer."""
    if _is_later(answer):
        put_away(request, draft)
    return answer


def ask_again(request: HttpRequest, found: Held | None) -> HttpResponse:
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
    path("join/not-eligible/", join_not_eligible, name="join_not_eligible"),
    path("join/<slug:name>/", join_page, name="join_page"),
]
