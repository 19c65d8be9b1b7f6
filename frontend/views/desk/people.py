"""People at the desk: finding one, and everything about them on one page.

Here: the search (by POST, so that no name stands in an address or a log) and the
person page, access needs first; supporters. Not here: registering somebody
(registering.py), health answers (health.py, clearance.py), breaks (breaks.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.history import log_read
from accounts.permissions import Permission, allows
from accounts.signin import requires
from frontend import details_forms, forms
from frontend.acting import start_acting_for
from frontend.details_forms import home_in_words
from frontend.needs import noted_words, words_of
from frontend.signed_in import user_of
from frontend.views.desk.caller_form import line_context
from frontend.views.desk.wording import clearance_label, stop_words
from frontend.views.me.supporters import ScopesForm
from frontend.views.me.wording import SCOPE_WORDS
from frontend.views.public.join_pages import CONSENT_TITLES
from frontend.wording import today
from participants import access, consents, details, support
from participants.capacity import decision_maker_of
from participants.correcting import NotOnTheLine
from participants.course import course_of, newest_enrolment, with_course
from participants.finding import MOST, find_people
from participants.health import clearance_of, state_today
from participants.models import AccessNeed, ClearanceState, Participant, Supporter, SupporterScope
from participants.nhs_numbers import held_of
from participants.refusals import NotPossibleNow
from participants.registering.referrers import referral_of
from participants.rules.adaptations import labels_of
from participants.rules.said import NoSuchDate, Said, read
from participants.taking_part.stops import may_undo, standing_stop
from records.former import merges_of
from records.models import Merge

at_desk = requires(Permission.WORK_AT_DESK)
NOT_ON_THE_LINE = (
    "Only they themselves can let somebody do more for them: in a call in which you found out who is there. Say on "
    "their page who is on the line. Nothing was changed."
)
NOTHING_SAID = "Enter at least one thing about the person"


class FindForm(forms.Form):
    said = forms.TextField(
        label="What do they say?",
        hint="Part of a name, a date of birth, a phone number, a postcode or a reference. Several together are fine.",
        missing=NOTHING_SAID,
        autocomplete="off",
        spellcheck=False,
        max_length=200,
    )

    def clean_said(self) -> Said:
        try:
            said = read(self.cleaned_data["said"], today=today())
        except NoSuchDate as wrong:
            raise ValidationError(
                f"The date {wrong.text} does not exist. Check the day and the month, and write it like 14.3.1958"
            ) from None
        if not said:
            raise ValidationError(NOTHING_SAID)
        return said


@at_desk
def people(request: HttpRequest) -> HttpResponse:
    form = FindForm(forms.posted(request))
    found = _found(request.user, form.cleaned_data["said"]) if form.is_valid() else None
    context = {"found": found, "may_be_more": found is not None and len(found) == MOST}
    return forms.render_form(request, "frontend/desk/people.html", context, form)


def _found(user: object, said: Said) -> list[Participant]:
    """Whoever fits; and who is known by a reference of a record that was put together with theirs."""
    return list(find_people(user, said)) or [row.kept for row in Merge.objects.at_desk_of(user).known_by(said)]


@at_desk
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Access needs first: whoever picks up the phone must know how to speak before they speak."""
    participant = with_course(at_desk_or_404(request, pk))
    by = user_of(request).person
    log_read(target=participant.person, purpose="desk", what="person page", by=by)
    clearance = clearance_of(participant)
    supporters = list(access.supporters_of(participant))
    needs_of = details.needs_of_each({participant.person_id, *(row.person_id for row in supporters if row.person_id)})
    answers, stop = consents.consents_in_force(participant), standing_stop(participant)
    context = {
        "participant": participant,
        "needs": words_of(needs_of.get(participant.person_id, [])),
        "decider": decision_maker_of(participant),
        "noted": _noted(needs_of.get(participant.person_id, [])),
        "contacts": details.contact_points_of(participant.person),
        **details_forms.told_in_words(participant),
        "clearance": clearance,
        "clearance_label": clearance_label(state_today(clearance)),
        "waits": clearance is None or clearance.state == ClearanceState.NEEDS_REVIEW,
        "adaptations": labels_of(clearance.adaptations) if clearance else (),
        "may_decide": allows(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id),
        "enrolment": newest_enrolment(participant),
        "referral": referral_of(participant),
        "nhs_number": held_of(participant),
        "lives": home_in_words(participant),
        "course": course_of(participant) if stop is None else None,
        "stopped": stop_words(stop) if stop else None,
        "may_undo_stop": stop is not None and may_undo(stop),
        "supporters": [(row, _may(row.scopes), words_of(needs_of.get(row.person_id or 0, []))) for row in supporters],
        "merges": merges_of(participant),
        "consents": [
            (CONSENT_TITLES[kind], answers[kind].given, answers[kind].at) for kind in consents.ORDER if kind in answers
        ],
    }
    return render(request, "frontend/desk/person.html", context | line_context(request, participant))


class TheirScopesForm(ScopesForm):
    """The question of the person's own page, as the desk asks it."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["scopes"].label = "What may they do?"
        self.fields["scopes"].hint = "It can be changed, or ended, at any time."  # type: ignore[attr-defined]


class SupporterForm(TheirScopesForm):
    given_name = forms.TextField(label="Their first name", max_length=100)
    family_name = forms.TextField(label="Their last name", max_length=100)
    relationship = forms.TextField(label="Who they are to the person", max_length=100)
    phone = forms.PhoneField(label="Their phone number", required=False, autocomplete="off")
    email = forms.EmailField(
        label="Their email address", hint="They can sign in with it.", required=False, autocomplete="off"
    )
    checked = forms.ConfirmField(
        label="I have spoken to both, and both agree", missing="Tick to say that you have spoken to both"
    )
    field_order = ("given_name", "family_name", "relationship", "phone", "email", "scopes", "until", "checked")


@at_desk
def add_supporter(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    form = SupporterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        try:
            support.add_verified_supporter(
                participant=participant,
                given_name=values["given_name"],
                family_name=values["family_name"],
                relationship=values["relationship"],
                phone=values["phone"],
                email=values["email"],
                scopes=form.chosen(),
                until=values["until"],
                by=user_of(request).person,
            )
        except support.AlreadyHelps:
            form.add_error("email", "Whoever signs in with this address helps them already. Nothing was changed")
        except support.AddressOfAnother:
            form.add_error("email", "Somebody of another name signs in with this address. Check both, or leave it out")
        except NotOnTheLine:
            form.add_error(None, NOT_ON_THE_LINE)
        except NotPossibleNow:
            form.add_error(None, "They do not take part any more, so nobody can be added who helps them.")
        else:
            messages.success(request, f"{values['given_name']} can help from now on.")
            return redirect("desk:person", pk=pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(
        request, "frontend/desk/add_supporter.html", {"participant": participant}, form, status=status
    )


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def supporter(request: HttpRequest, pk: int, supporter_pk: int) -> HttpResponse:
    """What somebody who helps may do, and until when, changed by telephone."""
    participant = at_desk_or_404(request, pk)
    row = _helper_or_404(participant, supporter_pk)
    form = TheirScopesForm(forms.posted(request), initial={"scopes": row.scopes, "until": row.last_day})
    if form.is_valid():
        by, until = user_of(request).person, form.cleaned_data["until"]
        try:
            support.change_scopes(supporter=row, scopes=form.chosen(), until=until, by=by)
        except support.NoLongerInvited:
            messages.error(request, "This help has just ended. Nothing was changed.")
        except NotOnTheLine:
            messages.error(request, NOT_ON_THE_LINE)
        else:
            messages.success(request, "Kept. Say it back to them.")
        return redirect("desk:person", pk=pk)
    return forms.render_form(request, "frontend/desk/supporter.html", {"participant": participant, "row": row}, form)


@at_desk
@require_POST
def end_supporter(request: HttpRequest, pk: int, supporter_pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    row = _helper_or_404(participant, supporter_pk)
    support.end_support(supporter=row, by=user_of(request).person)
    messages.success(request, "Ended. They can do nothing more for this person.")
    return redirect("desk:person", pk=pk)


@at_desk
@require_POST
def book_for(request: HttpRequest, pk: int) -> HttpResponse:
    """From here on the pages are about this person, under a banner that says so."""
    start_acting_for(request, at_desk_or_404(request, pk).pk)
    return redirect("me:bookings" if request.POST.get("to") == "places" else "me:classes")


def at_desk_or_404(request: HttpRequest, pk: int) -> Participant:
    participant = access.at_desk_of(request.user).filter(pk=pk).first()
    if participant is None:
        raise Http404
    return participant


def _helper_or_404(participant: Participant, pk: int) -> Supporter:
    row = access.supporters_of(participant).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _noted(rows: list[AccessNeed]) -> str:
    """By whom what helps them was said last, and when it is asked again."""
    return noted_words(max(rows, key=lambda row: row.recorded_at)) if rows else ""


def _may(scopes: list[str]) -> list[str]:
    return [SCOPE_WORDS[SupporterScope(scope)] for scope in scopes]


urlpatterns = [
    path("people/", people, name="people"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/add-supporter/", add_supporter, name="add_supporter"),
    path("people/<int:pk>/supporters/<int:supporter_pk>/", supporter, name="supporter"),
    path("people/<int:pk>/supporters/<int:supporter_pk>/end/", end_supporter, name="end_supporter"),
    path("people/<int:pk>/book/", book_for, name="book_for"),
]
