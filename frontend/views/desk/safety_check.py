"""The same-day check on the telephone: staff read the exact words and type what is said; and what was answered lately.

Here: whose check staff may open. Not here: the pages themselves
(frontend/safety_check.py). Every look at answers is logged.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from classes.listing import with_classes
from classes.models import Booking, BookingState, CheckMode
from classes.readiness import Readiness, TodaysCheck, check_window, checks_of, said_yes_to
from classes.same_day.symptom_content import symptom_questions
from classes.same_day.symptoms import CheckWindow, Result
from frontend.kept_answers import keeps_answers
from frontend.safety_check import Sheet, check_page, result_page
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import Label, moment
from participants.models import Participant

SHOWN, MOST = timedelta(days=14), 5
STATES = {
    Readiness.NOT_ASKED: "Not answered yet",
    Readiness.READY: "Ready",
    Readiness.TALK_FIRST: "Talk first",
    Readiness.LIFTED: "Talk first, and the instructor said yes",
    Readiness.STOPPED: "Not today",
}
LABELS = {
    Result.READY: Label("Ready", "ok"),
    Result.TALK_FIRST: Label("Talk first", "few"),
    Result.CANCER_LINE: Label("24-hour line", "alert"),
    Result.EMERGENCY: Label("999", "alert"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_answers
@requires(Permission.WORK_AT_DESK)
def safety_check(request: HttpRequest, pk: int) -> HttpResponse:
    return check_page(_sheet(request, pk))


@require_safe
@requires(Permission.WORK_AT_DESK)
def safety_check_result(request: HttpRequest, pk: int) -> HttpResponse:
    return result_page(_sheet(request, pk))


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    booking = get_object_or_404(with_classes(Booking.objects.at_desk_of(request.user)), pk=pk)
    if booking.participant.person_id == user_of(request).person_id:
        raise Http404  # one's own is answered on one's own page
    home = ("desk:safety_checks", booking.participant_id)
    return Sheet(request, booking, CheckMode.PHONE, "desk", (booking.pk,), home)


@require_safe
@requires(Permission.WORK_AT_DESK)
def safety_checks(request: HttpRequest, participant_pk: int) -> HttpResponse:
    """The checks of one person: which can be done on the telephone now, and what was answered lately."""
    participant = at_desk_or_404(request, participant_pk)
    by = user_of(request).person
    log_read(target=participant.person, purpose="same-day check", what="answers", by=by)
    context = {"participant": participant, "coming": _coming(participant), "checks": _answered(participant)}
    return render(request, "frontend/desk/safety_checks.html", context)


def _coming(participant: Participant) -> list[tuple[Booking, str, bool]]:
    """Places in classes that are not over: what to say of the check of each, and whether it can be done now."""
    now = timezone.now()
    places = participant.bookings.filter(state=BookingState.BOOKED, session__ends_at__gt=now)
    rows = places.select_related("session__class_type", "session__venue", "participant__person")
    shown, asked = list(rows.order_by("session__starts_at", "id")[:MOST]), symptom_questions()
    checks = checks_of(shown, asked)
    return [(booking, *_state_of(check_window(booking.session, asked), checks[booking.pk], now)) for booking in shown]


def _state_of(window: CheckWindow, check: TodaysCheck, now: datetime) -> tuple[str, bool]:
    if now < window.opens_at:
        return f"Opens {moment(window.opens_at)}", False
    if not window.is_open(now):
        return "The instructor asks aloud at the class", False
    return STATES[check.readiness], True


def _answered(participant: Participant) -> list[dict[str, object]]:
    since = timezone.now() - SHOWN
    checks = participant.symptom_checks.filter(answered_at__gte=since).order_by("-id")
    rows = checks.select_related("session__class_type", "by").prefetch_related("talks__by")
    said = said_yes_to(rows)
    return [{"check": c, "label": LABELS[Result(c.result)], "yes": said[c.pk], "talks": c.talks.all()} for c in rows]


urlpatterns = [
    path("people/<int:participant_pk>/safety-checks/", safety_checks, name="safety_checks"),
    path("bookings/<int:pk>/safety-check/", safety_check, name="safety_check"),
    path("bookings/<int:pk>/safety-check/result/", safety_check_result, name="safety_check_result"),
]
