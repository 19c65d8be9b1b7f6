"""Joining by telephone: the desk reads out the number of an online class to whoever has a place in it.

Here: the one page, which is logged each time, since the number is a way in. Not here: who may have it
(classes/joining.py), joining by the web (frontend/views/me/joining.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes.joining import NoWayIn, number_to_join
from classes.listing import with_classes
from classes.models import Booking, BookingState, Mode
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from participants.standing import Standing, standing_of

MOST = 50  # twelve weeks of classes, four a week
NOT_CLEARED = "Do not read it out: they are not cleared for this class as things are. Their page says why."
NO_NUMBER = "No number is noted for this class. Ask whoever leads it."


@require_safe
@requires(Permission.WORK_AT_DESK)
def joining_by_phone(request: HttpRequest, participant_pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, participant_pk)
    log_read(target=participant.person, purpose="desk", what="numbers to join", by=user_of(request).person)
    now = timezone.now()
    online = participant.bookings.filter(
        state=BookingState.BOOKED, session__mode=Mode.REMOTE, session__ends_at__gt=now
    ).order_by("session__starts_at", "pk")
    rows = list(with_classes(online).prefetch_related("session__leaders__instructor__person")[:MOST])
    standing = standing_of(participant)
    places = [(one, *_number_of(one, standing)) for one in rows]
    context = {"participant": participant, "places": places}
    return render(request, "frontend/desk/joining_by_phone.html", context)


def _number_of(booking: Booking, standing: Standing) -> tuple[str, str]:
    """What is read out, or why nothing is."""
    try:
        number = number_to_join(booking, standing, timezone.now())
    except NoWayIn:
        return "", NOT_CLEARED
    return number, "" if number else NO_NUMBER


urlpatterns = [path("people/<int:participant_pk>/joining-by-phone/", joining_by_phone, name="joining_by_phone")]
