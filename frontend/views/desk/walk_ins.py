"""Who came to a class without being listed: what was typed at the door, whom it might be, and saying who it is.

Here: the page. Not here: what it changes (classes/register/walk_ins.py), the task that leads here (worklist.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Guest
from classes.register import KnownAlready, match_walk_in, who_it_might_be
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import plain_date
from participants import access
from participants.models import Participant
from participants.rules.said import as_written

AN_OTHER = "other"


class WhoForm(forms.Form):
    who = forms.RadiosField(label="Who is it?", missing="Select who it is")
    reference = forms.TextField(
        label="Their reference",
        hint="Only if you chose somebody else. It begins with SF.",
        required=False,
        max_length=20,
    )
    sure = forms.HiddenField(required=False)  # whom the page asked about once more

    def __init__(self, data: Any, request: HttpRequest, guest: Guest) -> None:
        super().__init__(data)
        self.known = access.at_desk_of(request.user).filter(programme=guest.session.programme_id)
        offered = [_choice(one) for one in who_it_might_be(guest)]
        self.fields["who"].offer([*offered, (AN_OTHER, "Somebody else, by their reference")])  # type: ignore[attr-defined]
        self.fields["reference"].marks_optional = False  # type: ignore[attr-defined]

    def chosen(self) -> Participant | None:
        """None where nobody of the programme has that reference; that is then an error of the form."""
        who, reference = self.cleaned_data["who"], as_written(self.cleaned_data["reference"])
        found = self.known.filter(reference=reference) if who == AN_OTHER else self.known.filter(pk=who)
        participant = found.first()
        if participant is None:
            self.add_error("reference", "Enter the reference as it stands on their page, such as SF-2K4M-77QX")
        return participant


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    guest = get_object_or_404(teaching.walk_ins_at_desk_of(request.user), pk=pk)
    context: dict[str, Any] = {"guest": guest, "session": guest.session, "sure": ""}
    if guest.participant is not None:
        return forms.render_form(request, TEMPLATE, context, forms.Form())
    form = WhoForm(forms.posted(request), request, guest)
    if form.is_valid() and (participant := form.chosen()) is not None:
        if form.cleaned_data["sure"] != str(participant.pk):
            form.show_as("sure", str(participant.pk))
            return forms.render_form(request, TEMPLATE, {**context, "sure": _sure(guest, participant)}, form)
        try:
            match_walk_in(guest=guest, participant=participant, by=user_of(request).person)
        except KnownAlready:
            form.add_error(None, f"{participant.person.full_name} is on this register already. Close the task instead.")
        else:
            messages.success(request, f"Noted: it was {participant.person.full_name}.")
            return redirect("desk:person", participant.pk)
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, TEMPLATE, context, form, status=status)


TEMPLATE = "frontend/desk/walk_in.html"


def _sure(guest: Guest, one: Participant) -> str:
    """Before the name at the door goes: afterwards nobody could tell that it was somebody else."""
    return (
        f"Is “{guest.name}”, who came, {_choice(one)[1]}? This cannot be taken back. If you are not sure, ring first."
    )


def _choice(one: Participant) -> tuple[str, str]:
    born = one.person.date_of_birth
    return (str(one.pk), f"{one.person.full_name}, {one.reference}{f', born {plain_date(born)}' if born else ''}")


urlpatterns = [path("walk-ins/<int:pk>/", walk_in, name="walk_in")]
