"""My safety check on the day of a class: by oneself, or typed by a supporter who may be a scribe.

Here: whose check somebody may open, and what other pages say of it. Not here: the
pages themselves (frontend/safety_check.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.judgement import doubt_about
from classes.listing import with_classes
from classes.models import Booking, BookingState, CheckMode
from classes.readiness import Readiness, TodaysCheck, check_window, to_answer, todays_check
from classes.same_day.symptoms import CheckWindow
from frontend.kept_answers import keeps_answers
from frontend.safety_check import Sheet, check_page, result_page
from frontend.signed_in import user_of
from frontend.wording import Label

LABELS = {
    Readiness.READY: Label("Safety check done", "ok"),
    Readiness.LIFTED: Label("Safety check done", "ok"),
    Readiness.TALK_FIRST: Label("Talk to the instructor first", "few"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_answers
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def safety_check(request: HttpRequest, pk: int) -> HttpResponse:
    return check_page(_sheet(request, pk))


@require_safe
@requires(Permission.TAKE_PART, Permission.SUPPORT)
def safety_check_result(request: HttpRequest, pk: int) -> HttpResponse:
    return result_page(_sheet(request, pk))


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    user = user_of(request)
    mine = Booking.objects.of(user) | Booking.objects.typed_for_by(user)
    booking = get_object_or_404(with_classes(mine), pk=pk)
    by_oneself = booking.participant.person_id == user.person_id
    if not by_oneself:
        request.typing_for = booking.participant.person.first_name  # type: ignore[attr-defined]
    mode = CheckMode.SELF if by_oneself else CheckMode.SCRIBE
    return Sheet(request, booking, mode, "me", (booking.pk,), ("me:home",))


# --- what other pages say of it ----------------------------------------------


@dataclass(frozen=True)
class CheckNotice:
    """The check of one place, for the pages of that place."""

    booking: Booking
    window: CheckWindow
    check: TodaysCheck
    is_open: bool
    opens_later: bool

    @property
    def label(self) -> Label | None:
        """None while it is still to be answered."""
        return LABELS.get(self.check.readiness)


def notice_for(request: HttpRequest, booking: Booking) -> CheckNotice | None:
    """What to say of the check on a page of `booking`.

    Nothing without a place that stands, nor to somebody who may not answer.
    """
    user, now = user_of(request), timezone.now()
    mine = Booking.objects.of(user) | Booking.objects.typed_for_by(user)
    window = check_window(booking.session)
    if booking.state != BookingState.BOOKED or now >= window.ends_at or not mine.filter(pk=booking.pk).exists():
        return None
    if doubt_about(booking):
        return None  # whoever cannot come as things stand is told that, and not asked for more
    check = todays_check(booking.session, booking.participant)
    return CheckNotice(booking, window, check, is_open=window.is_open(now), opens_later=now < window.opens_at)


def checks_to_answer(request: HttpRequest, at: datetime) -> list[tuple[Booking, bool]]:
    """Whose check is open and not answered, one's own first; and whether it is one's own."""
    user = user_of(request)
    own = [(booking, True) for booking in to_answer(Booking.objects.of(user), at)]
    return own + [(booking, False) for booking in to_answer(Booking.objects.typed_for_by(user), at)]


urlpatterns = [
    path("bookings/<int:pk>/check/", safety_check, name="safety_check"),
    path("bookings/<int:pk>/check/result/", safety_check_result, name="safety_check_result"),
]
