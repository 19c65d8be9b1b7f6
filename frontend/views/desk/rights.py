"""What is held about somebody: a copy that a clinical lead makes for them, and deleting all of it.

Both need the person themselves on the line, identified, where they have a login; whoever has none may have written.
Not here: what is in a copy (records/exporting/), what deleting does (records/erasing/), the pages of whoever signs in
(views/me/rights.py).
"""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import must_hold, requires, signed_in_at
from frontend import erasing, forms
from frontend.needs import words_of
from frontend.on_the_phone import line_about
from frontend.record_copies import GONE, copy_context, parcel
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import details
from participants.models import Participant
from records.elsewhere import TakesPartElsewhere, reaches_beyond
from records.erasing import asking
from records.exporting import copies

decides = requires(Permission.WORK_AT_DESK)


def _participant(request: HttpRequest, pk: int) -> Participant:
    """Somebody at whose desk the user reads health answers: they are in it. Raises Http404, PermissionDenied."""
    participant = at_desk_or_404(request, pk)
    must_hold(request.user, Permission.DECIDE_CLEARANCE, programme_id=participant.programme_id)
    return participant


def signs_in(participant: Participant) -> bool:
    return hasattr(participant.person, "user")


@require_safe
@decides
def record(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _participant(request, pk)
    needs = words_of(details.current_needs_of(participant.person))
    context = {
        "participant": participant,
        "signs_in": signs_in(participant),
        "may_copy": _may_copy(request, participant),
        "elsewhere": reaches_beyond(participant.person, user_of(request).person, copies.READS_ALL),
        "needs": needs,
    }
    return render(request, "frontend/desk/record.html", context | copy_context(participant.person))


@require_POST
@decides
def ask_for_copy(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _asked_for_by_them(request, pk)
    with suppress(TakesPartElsewhere):  # the page says so
        copies.ask_for_copy(person=participant.person, by=user_of(request).person)
    return redirect("desk:record", pk)


@require_POST
@decides
def take_copy(request: HttpRequest, pk: int) -> HttpResponse:
    participant = _asked_for_by_them(request, pk)
    try:
        return parcel(copies.take_copy(person=participant.person, by=user_of(request).person))
    except copies.NotThere:
        messages.error(request, GONE)
    except TakesPartElsewhere:
        pass  # the page says so
    return redirect("desk:record", pk)


def _asked_for_by_them(request: HttpRequest, pk: int) -> Participant:
    """The page says it in words. Raises Http404, PermissionDenied."""
    participant = _participant(request, pk)
    if not _may_copy(request, participant):
        raise PermissionDenied
    return participant


def _may_copy(request: HttpRequest, participant: Participant) -> bool:
    """Whoever signs in could take it themselves: somebody else may be asking, so they are identified first."""
    return not signs_in(participant) or line_about(request, participant).person


@decides
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """By a clinical lead, on the telephone: what it means is read aloud, and they say their reference."""
    participant = at_desk_or_404(request, pk)
    person, by, at = participant.person, user_of(request).person, signed_in_at(request)
    if asking.is_being_erased(person):
        messages.info(request, "It was asked for, and is being done: it is finished once they have been told.")
        return redirect("desk:person", pk)
    context = erasing.erase_context(request, person) | {"participant": participant, "signs_in": signs_in(participant)}
    context |= {
        "needs": words_of(details.current_needs_of(person)),
        "on_the_line": line_about(request, participant).person,
    }
    form = erasing.ReferenceForm(forms.posted(request), initial={"seen": context["preview"].fingerprint})
    if form.is_valid():
        seen, code = form.cleaned_data["seen"], form.cleaned_data["code"]

        def confirm() -> None:
            asked = asking.ask_to_erase(person=person, seen=seen, signed_in_at=at, by=by)
            asking.confirm_erasure(request=asked, code=code, signed_in_at=at, by=by)

        if erasing.done(form, confirm):
            messages.success(request, "It is being deleted. They are told once more, and then nothing is left.")
            return redirect("desk:people")
        if form.non_field_errors():  # what is shown must be read anew
            messages.error(request, str(form.non_field_errors()[0]))
            return redirect("desk:erase", pk)
    return forms.render_form(request, "frontend/desk/erase.html", context, form)


urlpatterns = [
    path("people/<int:pk>/record/", record, name="record"),
    path("people/<int:pk>/record/ask/", ask_for_copy, name="ask_for_copy"),
    path("people/<int:pk>/record/take/", take_copy, name="take_copy"),
    path("people/<int:pk>/record/delete/", erase, name="erase"),
]
