"""Find a class and take a place in it: for oneself, or for somebody whom one supports."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from classes.judging.advising import advice_for
from classes.listing import availability, for_lists, similar
from classes.models import Session
from classes.one_to_ones import free_times, led_by
from classes.timetable.cautions import little_time_between
from frontend.acting import current_participant, is_acting_for_another, name_acted_for
from frontend.booking_flow import (
    NO_TWO,
    BookForm,
    Refused,
    attempt,
    books,
    choice_for,
    may_pass_limit,
    participant_of,
    reasons_shown,
    told,
)
from frontend.class_lists import class_list, row_of
from frontend.class_words import advice_words, little_time_words, place_of, rings_on
from frontend.near_treatment import near_for
from frontend.signed_in import user_of
from frontend.views.me.one_to_ones import suggested_to
from frontend.views.public.classes import address_of
from participants.models import Participant, SupporterScope
from participants.support import sees_messages


@require_safe
@books
def classes(request: HttpRequest) -> HttpResponse:
    """The timetable of one's own programme, with one's own places in it."""
    participant = participant_of(request)
    sessions = Session.objects.public()
    if participant:
        sessions = sessions.filter(programme=participant.programme_id)
    context = class_list(request, sessions, address=address_of, participant=participant)
    helps = participant is not None and is_acting_for_another(request)  # one's own stands on the first page
    context["left"] = participant is not None and participant.has_left and not helps
    context["suggested"] = suggested_to(participant) if participant and helps else None
    context["place_of"] = place_of
    context["one_to_ones"] = participant is not None and free_times(participant, timezone.now()).exists()
    return render(request, "frontend/me/classes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@books
def book_place(request: HttpRequest, pk: int) -> HttpResponse:
    """One page, one button. What cannot be booked any more goes back to the class's own page, which says why."""
    participant = current_participant(request, SupporterScope.BOOK)
    session = get_object_or_404(for_lists(Session.objects.public()), pk=pk)
    if request.method == "POST":
        return _take(request, participant, session)
    choice = choice_for(session, participant, timezone.now())
    past_limit = choice.beyond is not None and may_pass_limit(request, participant)
    if choice.state not in ("open", "full") and not past_limit:
        return redirect(address_of(session))
    form = _form(request, participant, session, wait=choice.state == "full", past_limit=past_limit)
    return _ask(request, participant, session, form)


def _take(request: HttpRequest, participant: Participant, session: Session) -> HttpResponse:
    wait = bool(request.POST.get("wait"))
    past_limit = "despite_limit" in request.POST and may_pass_limit(request, participant)
    form = _form(request, participant, session, wait=wait, data=request.POST, past_limit=past_limit)
    if not form.is_valid():
        again = form if past_limit else _form(request, participant, session, wait=wait)
        return _ask(request, participant, session, again, status=422)
    result = attempt(form=form, participant=participant, session=session, by=user_of(request))
    if isinstance(result, Refused):
        return _not_booked(request, participant, session, result)
    return redirect("me:booked", result)


def _form(
    request: HttpRequest,
    participant: Participant,
    session: Session,
    *,
    wait: bool,
    data: QueryDict | None = None,
    past_limit: bool = False,
) -> BookForm:
    return BookForm(
        data,
        session=session,
        participant=participant,
        wait=wait,
        name=name_acted_for(request),
        copy=sees_messages(person=user_of(request).person, participant=participant),
        companion=bool(request.POST.get("companion")),
        past_limit=past_limit,
    )


def _ask(
    request: HttpRequest, participant: Participant, session: Session, form: BookForm, *, status: int = 200
) -> HttpResponse:
    advice = advice_for(session=session, participant=participant, to=user_of(request))
    near, other = near_for(request, participant), little_time_between(participant, session)
    context = {
        "session": session,
        "place": place_of(session),
        "booking_form": form,
        "rings_on": rings_on(session, participant),
        "led_by": led_by(session) if session.is_one_to_one else "",
        "wait": form.initial["wait"],
        "near": near.label(session.starts_at),
        "near_advice": near.advice,
        "little_time": little_time_words(session, other, name_acted_for(request)) if other else "",
        "advice": advice_words(session, advice, name_acted_for(request)),
    }
    return render(request, "frontend/me/book_place.html", context, status=status)


def _not_booked(request: HttpRequest, participant: Participant, session: Session, refused: Refused) -> HttpResponse:
    """The lost race and its like: what happened, the way on, and classes that still have a place."""
    now = timezone.now()
    wait = refused.code in ("session_full", *NO_TWO) or bool(request.POST.get("wait"))
    others = similar(session, to_choose_from=Session.objects.public(), at=now)
    context = {
        "session": session,
        "place": place_of(session),
        "form": told(*_lines(request, participant, refused)),
        "refused": refused,
        "booking_form": _form(request, participant, session, wait=wait) if refused.may_try_again else None,
        "wait": wait,
        "others": [(other, row_of(other, address_of(other), None, availability(other, now))) for other in others],
    }
    return render(request, "frontend/me/not_booked.html", context, status=refused.status)


def _lines(request: HttpRequest, participant: Participant, refused: Refused) -> list[str]:
    if refused.code == "another_person":
        return [refused.words, f"This page is now about {participant.person.first_name}."]
    return [refused.words] if refused.words else reasons_shown(request, participant, refused.reasons, refused.beyond)


urlpatterns = [
    path("classes/", classes, name="classes"),
    path("classes/<int:pk>/book/", book_place, name="book_place"),
]
