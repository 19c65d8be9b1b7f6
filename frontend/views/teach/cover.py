"""Cover: an instructor asks for it, or takes a class for somebody else.

Here: the pages. Not here: who may and who gets it (classes/cover), the desk's page
(views/desk/cover.py). Who has not taken a class reads when and where it is, and nobody's name.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.cover import (
    CoverGone,
    MayNotCover,
    NothingToCover,
    ask_for_cover,
    covers_of_the_day,
    take_cover,
    withdraw_cover,
)
from classes.cover.asking import LONGEST_REASON, leader_of, may_ask_for
from classes.cover.candidates import candidate, open_to
from classes.models import CoverRequest, CoverState, Session, SessionLeader
from frontend import forms
from frontend.class_words import where_led
from frontend.cover_words import mind_words, why_not
from frontend.signed_in import user_of
from frontend.wording import count, moment
from instructors.access import own_instructors

teaches = requires(Permission.TEACH)
ONE, DAY = "one", "day"
TAKEN = "Somebody else has taken it already. Thank you all the same."
LED_BY_ANOTHER = "Somebody else leads it already. Phone the desk if you can lead it after all."
GONE = "It is not wanted any more. Thank you all the same."


class AskForm(forms.Form):
    which = forms.RadiosField(label="Which classes?", missing="Select which classes")
    reason = forms.TextField(
        label="Why can you not lead it?",
        called="why you cannot",
        hint="In a word, such as ill or train cancelled. The desk reads it. Nothing about your health is needed",
        max_length=LONGEST_REASON,
    )

    def __init__(self, *args: Any, of_the_day: list[Session], **rest: Any) -> None:
        super().__init__(*args, **rest)
        if len(of_the_day) < 2:
            del self.fields["which"]
        else:
            both = f"All {count(len(of_the_day), 'class', 'classes')} that I lead that day"
            self.fields["which"].offer([(ONE, "This class"), (DAY, both)])  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, pk)
    session, leader = _led(request, pk)
    wanted = session.cover_requests.wanted().first()
    by = user_of(request).person
    day = covers_of_the_day(session, leader)
    form = AskForm(forms.posted(request), of_the_day=day)
    if form.is_valid():
        chosen = day if form.cleaned_data.get("which") == DAY else [session]
        try:
            asked = ask_for_cover(sessions=chosen, reason=form.cleaned_data["reason"], by=by)
        except NothingToCover:
            form.add_error(None, "This class is off or has begun, so nobody was asked. Phone the desk")
        else:
            told = sum(one.invitations.count() for one in asked)
            words = "Whoever may lead it is asked" if told else "Nobody else may lead it. The desk is told"
            messages.success(request, f"{words}. Until somebody takes it, it stays yours.")
            return redirect("teach:ask_for_cover", pk)
    context = {
        "session": session,
        "wanted": wanted,
        "told": wanted.invitations.count() if wanted else 0,
        "over": session.is_cancelled or session.has_started(timezone.now()),
    }
    return forms.render_form(request, "frontend/teach/ask_for_cover.html", context, form)


def _withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever asked may have the page open still when somebody has taken it."""
    own = own_instructors(request.user)
    session = teaching.classes_led_by(request.user).filter(pk=pk).first()
    if session is not None and may_ask_for([session], own):
        withdraw_cover(session=session, by=user_of(request).person)
        if may_ask_for([session], own):  # nobody took it meanwhile
            messages.success(request, "You lead it yourself. Nobody else is asked any more.")
            return redirect("teach:session", pk)
    if not CoverRequest.objects.of(request.user).filter(session=pk).exists():
        raise Http404
    messages.error(request, LED_BY_ANOTHER)
    return redirect("teach:sessions")


def _led(request: HttpRequest, pk: int) -> tuple[Session, SessionLeader]:
    """A class that the user leads or covers; who only assists asks for nothing."""
    session: Session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    leader = leader_of(session)
    if leader is None or leader.instructor not in own_instructors(request.user):
        raise Http404
    return session, leader


@require_safe
@teaches
def covers(request: HttpRequest) -> HttpResponse:
    """Classes that want somebody, and that the user may take."""
    wanted, rows = list(teaching.cover_put_to(request.user)), []
    for own in own_instructors(request.user):
        theirs = [one for one in wanted if one.session.programme_id == own.programme_id]
        standing = open_to(own, [one.session for one in theirs])
        may = [one for one in theirs if standing[one.session.pk].may]
        rows += [(one, mind_words(standing[one.session.pk]), where_led(one.session)) for one in may]
    return render(request, "frontend/teach/covers.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@teaches
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = get_object_or_404(teaching.cover_asked_of(request.user), pk=pk)
    own = own_instructors(request.user).get(programme=wanted.session.programme_id)
    status = 200
    led = teaching.classes_led_by(request.user).filter(pk=wanted.session_id)
    if wanted.taken_by == own and may_ask_for(led, [own]):
        return _theirs(request, wanted)
    if request.method == "POST":
        try:
            take_cover(request=wanted, instructor=own, by=user_of(request).person)
        except CoverGone as gone:
            messages.error(request, TAKEN if gone.taken else GONE)
            status = 409
        except MayNotCover as refused:
            messages.error(request, f"Nothing was changed. You may not lead it: {why_not(refused.candidate)}.")
            status = 409
        else:
            return _theirs(request, wanted)
        wanted.refresh_from_db(fields=["state", "taken_by"])
    standing = candidate(wanted.session, own)
    open_yet = wanted.state == CoverState.OPEN and not wanted.session.has_started(timezone.now())
    context = {
        "wanted": wanted,
        "session": wanted.session,
        "where": where_led(wanted.session),
        "open": open_yet and not wanted.session.is_cancelled,
        "taken": wanted.state == CoverState.TAKEN,
        "may": standing.may,
        "why_not": why_not(standing),
        "mind": mind_words(standing),
    }
    return render(request, "frontend/teach/cover.html", context, status=status)


def _theirs(request: HttpRequest, wanted: CoverRequest) -> HttpResponse:
    messages.success(request, f"It is yours: {moment(wanted.session.starts_at)}. Thank you.")
    return redirect("teach:session", wanted.session_id)


urlpatterns = [
    path("classes/<int:pk>/cover/", ask, name="ask_for_cover"),
    path("cover/", covers, name="covers"),
    path("cover/<int:pk>/", cover, name="cover"),
]
