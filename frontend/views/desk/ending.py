"""Whose programme ends soon, at the desk, and letting somebody stay longer.

Not here: what staying does and who is told when (participants/taking_part/ending.py), breaks, which move the end
(breaks.py).
"""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.content import signature_of
from accounts.history import log_read
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.needs import words_of
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import day, plain_date, today
from participants import access, details
from participants.course import course_of, with_course
from participants.health_content import WHERE_NEXT
from participants.refusals import NotPossibleNow
from participants.taking_part.ending import LONGEST, LONGEST_REASON, NotLonger, extend_programme, extensions_of

at_desk = requires(Permission.WORK_AT_DESK)
PER_PAGE = 50
NOT_NOW = "Nothing was changed: they do not take part any more. To come back, they register again."


def _latest() -> date:
    return today() + LONGEST


class StayForm(forms.Form):
    until = forms.DateField(label="Until when do they stay?", called="the last day", earliest=today, latest=_latest)
    reason = forms.LongTextField(
        label="Why?",
        missing="Enter why they stay longer",
        hint="One line for colleagues. No diagnosis.",
        rows=3,
        max_length=LONGEST_REASON,
    )


@require_safe
@at_desk
def ending(request: HttpRequest) -> HttpResponse:
    """Who was told of their last day, the next one first; for four weeks after it too."""
    page = Paginator(access.ending_at_desk_of(request.user, on=today()), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "today": today(), "signed": signature_of(WHERE_NEXT) is not None}
    return render(request, "frontend/desk/ending.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def stay_longer(request: HttpRequest, pk: int) -> HttpResponse:
    participant, by = with_course(at_desk_or_404(request, pk)), user_of(request).person
    form = StayForm(forms.posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            extend_programme(participant=participant, until=given["until"], reason=given["reason"], by=by)
        except NotLonger as refused:
            form.add_error("until", f"They can come until {plain_date(refused.last_day)} anyway. Enter a later day")
        except NotPossibleNow:
            form.add_error(None, NOT_NOW)
        else:
            messages.success(request, f"They stay until {day(given['until'])}, and are told.")
            return redirect("desk:person", pk=pk)
    log_read(target=participant.person, purpose="desk", what="end of programme", by=by)
    context = {
        "participant": participant,
        "needs": words_of(details.current_needs_of(participant.person)),
        "course": course_of(participant),
        "extensions": extensions_of(participant),
    }
    status = 409 if form.non_field_errors() else None
    return forms.render_form(request, "frontend/desk/stay_longer.html", context, form, status=status)


urlpatterns = [
    path("people/ending/", ending, name="ending"),
    path("people/<int:pk>/stay-longer/", stay_longer, name="stay_longer"),
]
