"""Cover at the desk: who may lead a date instead, giving it to one of them, asking everybody, taking that back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.cover import (
    Candidate,
    CoverGone,
    MayNotCover,
    NothingToCover,
    ask_for_cover,
    candidates_for,
    give_cover,
    withdraw_cover,
)
from classes.cover.asking import LONGEST_REASON, leader_of
from classes.models import CoverRequest, Session
from frontend import forms
from frontend.class_words import where_led
from frontend.cover_words import leads_words, mind_words, request_words, why_not
from frontend.signed_in import user_of
from instructors.access import numbers_of

GONE = "Somebody has taken it already, or it is not wanted any more. Look at what is so now."
NOT_HERE = "Nothing was changed: they teach here no more, or lead it already."


class AskForm(forms.Form):
    reason = forms.TextField(
        label="Why is cover needed?",
        called="why cover is needed",
        hint="In a word. Nothing about anybody’s health is needed",
        max_length=LONGEST_REASON,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PUBLISH_FOR_ANYONE)
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    session: Session = get_object_or_404(teaching.classes_arranged_by(request.user), pk=pk)
    leader, by = leader_of(session), user_of(request).person
    wanted = session.cover_requests.wanted().select_related("instructor__person").first()
    candidates = candidates_for(session, apart_from=leader.instructor if leader else None)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if do == "withdraw":
        if withdraw_cover(session=session, by=by):
            messages.success(request, "Nobody is asked any more. Whoever leads it goes on.")
        else:
            messages.error(request, GONE)
        return redirect("desk:cover", pk)
    if do == "give":
        _give(request, wanted, candidates, by)
        return redirect("desk:cover", pk)
    form = AskForm(request.POST if do == "ask" else None)
    if form.is_valid():
        try:
            ask_for_cover(sessions=[session], reason=form.cleaned_data["reason"], by=by)
        except NothingToCover:
            form.add_error(None, "This class is off, has begun, or nobody leads it, so nobody was asked")
        else:
            messages.success(request, "Whoever may lead it is asked. You can give it to one of them yourself.")
            return redirect("desk:cover", pk)
    return forms.render_form(request, "frontend/desk/cover.html", _context(session, wanted, candidates), form)


def _give(request: HttpRequest, wanted: CoverRequest | None, candidates: list[Candidate], by: Person) -> None:
    chosen = request.POST.get("instructor", "")
    one = next((c.instructor for c in candidates if str(c.instructor.pk) == chosen), None)
    if wanted is None:
        messages.error(request, GONE)
        return
    if one is None:
        messages.error(request, NOT_HERE)
        return
    try:
        give_cover(request=wanted, instructor=one, by=by)
        messages.success(request, f"{one.person.full_name} leads it now, and is told. So is everybody who booked.")
    except CoverGone:
        messages.error(request, GONE)
    except MayNotCover as refused:
        messages.error(request, f"Nothing was changed: {why_not(refused.candidate)}.")


def _context(session: Session, wanted: CoverRequest | None, candidates: list[Candidate]) -> dict[str, Any]:
    before = session.cover_requests.select_related("instructor__person", "taken_by__person").order_by("-pk")
    return {
        "session": session,
        "where": where_led(session),
        "leads": leads_words(leader_of(session)),
        "wanted": wanted,
        "told": wanted.invitations.count() if wanted else 0,
        "numbers": defaultdict(tuple, numbers_of([one.instructor for one in candidates if one.may])),
        "may": [(one.instructor, mind_words(one)) for one in candidates if one.may],
        "may_not": [(one.instructor, why_not(one)) for one in candidates if not one.may],
        "asked": [request_words(one) for one in before],
        "over": session.is_cancelled or session.has_started(timezone.now()),
    }


urlpatterns = [path("timetable/<int:pk>/cover/", cover, name="cover")]
