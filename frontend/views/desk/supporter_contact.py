"""How to reach somebody who helps a person, read and changed by telephone.

Here: the page of the desk. Not here: who helps and what they may do (people.py), their own page (me/details.py). Of
whoever has a record of their own it is that record's page. Every look is logged.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import details_forms, forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants import access, details
from participants.models import Participant
from records.elsewhere import reaches_beyond
from records.erasing.preview import works_here

NOT_FROM_HERE = (
    "They also work here, or belong to a programme that is not yours, so they change it themselves: under My details. "
    "Nothing was changed."
)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def supporter_contact(request: HttpRequest, pk: int, supporter_pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    helper, by = _helper_or_404(participant, supporter_pk), user_of(request).person
    if (own := access.at_desk_of(request.user).filter(person=helper).first()) is not None:
        return redirect("desk:contact", own.pk)
    if reaches_beyond(helper, by) or works_here(helper):
        messages.error(request, NOT_FROM_HERE)
        return redirect("desk:person", pk)
    log_read(target=helper, purpose="desk", what="details", by=by)
    form = details_forms.reach_form_of(forms.posted(request), helper, participant.programme)
    if form.is_valid():
        details_forms.keep_reach_of(form, helper, by)
        messages.success(request, "Kept. Say it back to them.")
        return redirect("desk:person", pk)
    context = {
        "participant": participant,
        "helper": helper,
        "needs": words_of(details.current_needs_of(helper)),
        "contacts": details.contact_points_of(helper),
    }
    return forms.render_form(request, "frontend/desk/supporter_contact.html", context, form)


def _helper_or_404(participant: Participant, pk: int) -> Person:
    """Whoever helps at this moment: whoever is only invited has told us nothing."""
    row = access.supporters_of(participant).live().filter(pk=pk).first()
    if row is None or row.person is None:
        raise Http404
    return row.person


urlpatterns = [
    path("people/<int:pk>/supporters/<int:supporter_pk>/contact/", supporter_contact, name="supporter_contact"),
]
