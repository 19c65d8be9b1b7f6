"""A class has begun and nobody seems to lead it: ring them, give it to somebody else at once, or cancel it.

Not here: when the desk is asked (classes/leader_there.py), cover asked for ahead of time (cover.py).
"""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.cover import Candidate, CoverGone, MayNotCover, candidates_for, give_at_once
from classes.cover.asking import leader_of
from classes.leader_there import NotNow, arrivals_at, say_here
from classes.models import Session
from classes.telling.running_late import delay_of
from frontend.class_words import where_led
from frontend.cover_words import mind_words, why_not
from frontend.signed_in import user_of
from instructors.access import numbers_of
from instructors.models import Instructor

REASON = "Nobody was there"
PAGE = "frontend/desk/leader_missing.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def leader_missing(request: HttpRequest, pk: int) -> HttpResponse:
    session: Session = get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk)
    leader = leader_of(session)
    candidates = candidates_for(session, apart_from=leader.instructor if leader else None)
    if request.method == "POST":
        _act(request, session, candidates)
        return redirect("desk:leader_missing", pk)
    may = [one for one in candidates if one.may]
    numbers = numbers_of([*(one.instructor for one in may), *([leader.instructor] if leader else [])])
    context = {
        "session": session,
        "where": where_led(session),
        "leader": leader,
        "numbers": defaultdict(tuple, numbers),
        "may": [(one.instructor, mind_words(one)) for one in may],
        "delay": delay_of(session),
        "arrived": arrivals_at([session]).select_related("by").order_by("at").first(),
        "over": session.is_cancelled or timezone.now() >= session.ends_at,
    }
    return render(request, PAGE, context)


def _act(request: HttpRequest, session: Session, candidates: list[Candidate]) -> None:
    if request.POST.get("do") == "there":
        _there(request, session)
        return
    chosen = request.POST.get("instructor", "")
    one = next((c.instructor for c in candidates if str(c.instructor.pk) == chosen), None)
    if one is None:
        messages.error(request, "Nothing was changed: they teach here no more, or lead it already.")
        return
    _give(request, session, one)


def _there(request: HttpRequest, session: Session) -> None:
    try:
        say_here(session=session, by=user_of(request).person)
        messages.success(request, "Noted: somebody leads it. Nobody is asked about it any more.")
    except NotNow:
        messages.error(request, "Nothing was noted: this class is off, over, or not yet near.")


def _give(request: HttpRequest, session: Session, one: Instructor) -> None:
    try:
        give_at_once(session=session, instructor=one, reason=REASON, by=user_of(request).person)
        messages.success(request, f"{one.person.full_name} leads it now, and opens its register from their phone.")
    except CoverGone:
        messages.error(request, "Nothing was changed: this class is off or over.")
    except MayNotCover as refused:
        messages.error(request, f"Nothing was changed: {why_not(refused.candidate)}.")


urlpatterns = [path("timetable/<int:pk>/nobody-there/", leader_missing, name="leader_missing")]
