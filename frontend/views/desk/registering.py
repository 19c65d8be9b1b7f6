"""Registering somebody by telephone: the pages of /join/, read aloud by the desk.

Here: whose draft it is, opening one by its reference, letting somebody in against
the rules with a reason. Not here: the pages and the way through them
(public/join_pages.py, public/join_wizard.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.public.join_wizard import Addresses, Wizard
from frontend.wording import today
from participants import access
from participants.models import Participant, Registration, Source
from participants.registering import intake
from participants.registering.draft_readings import note_reading

at_desk = requires(Permission.WORK_AT_DESK)
NOTED = "What you noted goes to them in the way they like best, to put right."

SENT_MEANWHILE = (
    "This registration was handed in while the page was open, so what stands here was not saved. "
    "Find them under People, and note there what they say."
)
GONE_MEANWHILE = (
    "This registration was taken back while the page was open, and nothing of it is kept. "
    "If they would like to join, start a new one."
)


class StartForm(forms.Form):
    programme = forms.RadiosField(label="Programme", missing="Select the programme")

    def __init__(self, data: Any, programmes: dict[str, Any]) -> None:
        super().__init__(data)
        self.programmes = programmes
        self.fields["programme"].offer([(key, programme.name) for key, programme in programmes.items()])  # type: ignore[attr-defined]
        if len(programmes) == 1:
            del self.fields["programme"]

    def chosen(self) -> Any:
        return self.programmes[self.cleaned_data.get("programme") or next(iter(self.programmes))]


class FindDraftForm(forms.Form):
    """The caller is known by what they say: the reference, and the date of birth when the draft has one."""

    reference = forms.TextField(
        label="Reference", called="the reference", hint="Like SF-2K4M-7PQR", max_length=20, width=20
    )
    born = forms.DateField(
        label="Date of birth", hint="Ask for it, if they have given it before.", latest=today, required=False
    )


class OverrideForm(forms.Form):
    reason = forms.LongTextField(label="Why may they join all the same?", called="the reason", rows=3, max_length=500)


@at_desk
def register(request: HttpRequest) -> HttpResponse:
    """Start for a caller, or carry on with a reference."""
    programmes = {str(p.pk): p for p in access.programmes_at_desk_of(request.user)}
    starts = request.method == "POST" and "reference" not in request.POST
    start = StartForm(request.POST if starts else None, programmes)
    find = FindDraftForm(request.POST if request.method == "POST" and not starts else None)
    if start.is_valid():
        draft = intake.start_registration(programme=start.chosen(), source=Source.DESK, by=_person(request))
        return redirect(_wizard(request, draft).first_to_ask())
    if find.is_valid():
        found = access.draft_of_caller(request.user, **find.cleaned_data)
        if found is not None:
            return redirect(_wizard(request, found).first_to_ask())
        find.add_error("reference", "No unfinished registration has this reference and date of birth")
    form, other = (find, start) if find.is_bound else (start, find)
    context = {"start": start, "find": find, "other": other}
    return forms.render_form(request, "frontend/desk/register.html", context, form)


@at_desk
def register_page(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    def page(wizard: Wizard) -> HttpResponse:
        late = request.method == "POST" and wizard.draft.participant is not None
        return wizard.too_late(name) if late else wizard.page(name)

    return _with_draft(request, reference, page, late=True)


@at_desk
def register_check(request: HttpRequest, reference: str) -> HttpResponse:
    return _with_draft(request, reference, lambda wizard: wizard.check(lambda joined: _joined(request, joined)))


@at_desk
def register_later(request: HttpRequest, reference: str) -> HttpResponse:
    def saved(wizard: Wizard) -> HttpResponse:
        context = {"draft": wizard.draft, "carry_on": wizard.first_to_ask()}
        return render(request, "frontend/desk/register_later.html", context)

    return _with_draft(request, reference, saved)


@at_desk
def register_not_eligible(request: HttpRequest, reference: str) -> HttpResponse:
    """Why not; and, except for age, the place to let them in with a reason that is kept."""

    def decide(wizard: Wizard) -> HttpResponse:
        form = OverrideForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                intake.override_ineligibility(registration=wizard.draft, reason=reason, by=_person(request))
            except intake.TOO_LATE as late:
                form.add_error(None, wizard.why(late))
                return wizard.refused(form, status=409)
            except intake.CannotOverride:
                form.add_error(None, "Nobody under the age limit can be let in.")
                return wizard.refused(form, status=409)
            messages.success(request, "They may join. Carry on with the questions.")
            return redirect(wizard.first_to_ask())
        return wizard.refused(form)

    return _with_draft(request, reference, decide)


def _with_draft(request: HttpRequest, reference: str, answer: Any, *, late: bool = False) -> HttpResponse:
    """Each look at what somebody said of their health is noted: they see it once they have joined.

    `late`: the answer also knows what to say of a page that is sent after the registration was handed in.
    """
    draft = access.drafts_at_desk_of(request.user).filter(reference=reference).first()
    if draft is None:
        raise Http404
    if draft.participant is not None and not (late and request.method == "POST"):
        return _joined(request, draft.participant)  # sent twice: the first one counted
    note_reading(registration=draft, by=_person(request))
    done: HttpResponse = answer(_wizard(request, draft))
    return done


def _joined(request: HttpRequest, participant: Participant) -> HttpResponse:
    messages.success(request, f"Registered. Their reference is {participant.reference}. Read it out. {NOTED}")
    return redirect("desk:person", pk=participant.pk)


def _wizard(request: HttpRequest, draft: Registration) -> Wizard:
    def at(step: str, *more: str) -> str:
        return reverse(f"desk:{step}", args=[draft.reference, *more])

    addresses = Addresses(
        page=lambda name: at("register_page", name),
        check=at("register_check"),
        refused=at("register_not_eligible"),
        later=at("register_later"),
        first=reverse("desk:register"),
        templates="desk/register",
        sent=SENT_MEANWHILE,
        onward=("Find them", reverse("desk:people")),
        gone=GONE_MEANWHILE,
    )
    return Wizard(request, draft, addresses, by=_person(request))


def _person(request: HttpRequest) -> Any:
    return user_of(request).person


urlpatterns = [
    path("register/", register, name="register"),
    path("register/<str:reference>/check/", register_check, name="register_check"),
    path("register/<str:reference>/later/", register_later, name="register_later"),
    path("register/<str:reference>/not-eligible/", register_not_eligible, name="register_not_eligible"),
    path("register/<str:reference>/<slug:name>/", register_page, name="register_page"),
]
