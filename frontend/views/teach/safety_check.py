"""The same-day check at the class: the questions asked aloud, and the talk that a check asked for.

Here: which line of which register, and what came of a talk. Not here: the pages of
the check (frontend/safety_check.py), the register (register.py). Only who leads the
class reaches any of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.history import log_read
from accounts.models import Channel
from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.judging.refusals import Refusal
from classes.models import CheckMode, SymptomCheck, TalkOutcome
from classes.readiness import Readiness, TodaysCheck, todays_check
from classes.symptom_check import record_talk
from frontend import forms
from frontend.kept_answers import keeps_answers
from frontend.safety_check import Sheet, as_uuid, check_page, result_page
from frontend.signed_in import user_of
from participants.details import contact_points_of

REFUSED = {
    "not_leading": "Only somebody who leads this class can write this down. Nothing was saved.",
    "nothing_to_talk_about": "The answers have changed since this page was opened. Look at the register again.",
    "no_place": "This person has no place in the class any more. Nothing was saved.",
    "check_closed": "This class is over, so nothing was saved. Call the desk.",
    "id_used": "This was sent before in other words. Look at the register again.",
    "try_again": "Nothing is saved yet. Please press the button again.",
}


# --- asked aloud -------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_answers
@requires(Permission.TEACH)
def safety_check(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    return check_page(_sheet(request, pk, line))


@require_safe
@requires(Permission.TEACH)
def safety_check_result(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    return result_page(_sheet(request, pk, line))


def _sheet(request: HttpRequest, pk: int, line: str) -> Sheet:
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    place = teaching.place_on_register(session, line)
    if place is None or place.participant is None or place.participant.person_id == user_of(request).person_id:
        raise Http404  # a bare name has no check, and nobody asks themselves aloud
    return Sheet(request, place, CheckMode.ALOUD, "teach", (session.pk, line), ("teach:register", session.pk))


# --- the talk ----------------------------------------------------------------


class TalkForm(forms.Form):
    client_id = forms.HiddenField(required=False)
    outcome = forms.RadiosField(
        label="What came of the talk?",
        missing="Select what came of the talk",
        options=(
            forms.Choice(TalkOutcome.MAY_EXERCISE.value, "They can take part today"),
            forms.Choice(TalkOutcome.NOT_TODAY.value, "Not today", "Their place ends. It is not held against them."),
        ),
    )
    note = forms.LongTextField(
        label="What was said",
        hint="In a few words: what has changed, and what you agreed. Only staff read it.",
        missing="Write in a few words what was said",
        rows=3,
        max_length=500,
    )
    asks_new_health_answers = forms.ConfirmField(
        label="Ask them about their health again before their next class", missing="Tick or leave empty", required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.TEACH)
def talk(request: HttpRequest, pk: int, line: str) -> HttpResponse:
    sheet = _sheet(request, pk, line)
    standing = todays_check(sheet.session, sheet.participant)
    check = sheet.participant.symptom_checks.filter(pk=standing.check_id or 0).first()
    if check is None or not _can_be_talked_about(sheet, standing):
        messages.info(request, f"There is nothing to write down about {sheet.name} now.")
        return redirect(*sheet.home)
    form = TalkForm(forms.posted(request), initial={"client_id": uuid.uuid4()})
    if not form.is_valid():
        return _show(sheet, standing, form)
    if refused := _record(sheet, check, form):
        form.add_error(None, refused)
        return _show(sheet, standing, form, status=409)
    messages.success(request, f"Saved for {sheet.name}.")
    return redirect(*sheet.home)


def _can_be_talked_about(sheet: Sheet, standing: TodaysCheck) -> bool:
    asks = standing.readiness in (Readiness.TALK_FIRST, Readiness.LIFTED)
    return asks and timezone.now() < sheet.session.ends_at


def _record(sheet: Sheet, check: SymptomCheck, form: TalkForm) -> str:
    """Empty when it is done, else why not."""
    given: dict[str, Any] = {**form.cleaned_data, "client_id": as_uuid(form.cleaned_data["client_id"])}
    try:
        record_talk(check=check, by=user_of(sheet.request).person, **given)
    except Refusal as refusal:
        return REFUSED[refusal.code]
    return ""


def _show(sheet: Sheet, standing: TodaysCheck, form: TalkForm, *, status: int | None = None) -> HttpResponse:
    """With the telephone numbers, because an online class has nobody at the door to talk to."""
    person = sheet.participant.person
    log_read(target=person, purpose="same-day check", what="contact", by=user_of(sheet.request).person)
    phones = [point for point in contact_points_of(person) if point.channel in (Channel.PHONE, Channel.TEXT)]
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "name": sheet.name,
        "check": standing,
        "phones": phones,
    }
    return forms.render_form(sheet.request, "frontend/teach/talk.html", context, form, status=status)


urlpatterns = [
    path("classes/<int:pk>/check/<slug:line>/", safety_check, name="safety_check"),
    path("classes/<int:pk>/check/<slug:line>/result/", safety_check_result, name="safety_check_result"),
    path("classes/<int:pk>/talk/<slug:line>/", talk, name="talk"),
]
