"""The life of one message: for whom, by which ways, each try and what came of it, and what follows.

Here: the page, and sending a message that failed once more. Not here: the list of messages (messages.py),
the words that were sent: they are drawn at that moment, and may hold a link that is the person's alone.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk.messages import WAYS, kind_words, label_of
from frontend.views.desk.task_words import kind_of, outcome_words
from frontend.wording import clock, sentence
from messaging.access import messages_at_desk_of, steps_of, tasks_of
from messaging.again import CannotSendAgain, leaves_at, send_again, ways_again
from messaging.choices import in_order_for
from messaging.models import Message, MessageState, MessageStep, Step, WhyNot
from messaging.ways import Point
from participants import access

STEPS = {
    Step.SENT: "Sent",
    Step.FAILED: "Could not be sent",
    Step.TO_DESK: "Given to the desk",
    Step.ARRIVED: "Arrived on their phone",
    Step.CAME_BACK: "Came back",
    Step.NO_WORD: "Nobody knows whether it arrived",
    Step.NOT_WANTED: "Not needed any more",
    Step.AGAIN: "To be sent again, by hand",
}
WHY_NOT = {
    WhyNot.STOPPED: "all contact with this person has ended",
    WhyNot.DECLINED: "this person does without messages of this kind",
    WhyNot.OVER: "what it would say was no longer so when its turn came",
    WhyNot.TAKEN_BACK: "something else happened first, and it was taken back",
}
BY = {"email": "by email", "text": "by text message (SMS)", "phone": "by phone", "post": "by letter"}


class AgainForm(forms.Form):
    point = forms.RadiosField(
        label="Send it once more", missing="Select by which way", hint="It can be sent again once."
    )

    def __init__(self, data: Any, ways: list[Point]) -> None:
        super().__init__(data)
        offered = [(str(way.pk), sentence(f"{BY[way.channel]} to {way.value}")) for way in ways]
        self.fields["point"].offer(offered)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_AT_DESK)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it; posting sends one that failed once more."""
    shown = get_object_or_404(messages_at_desk_of(request.user), pk=pk)
    by: Person = user_of(request).person
    log_read(target=shown.person, purpose="desk", what="message", by=by)
    form = AgainForm(forms.posted(request), ways := ways_again(shown))
    if request.method != "POST" or (ways and not form.is_valid()):
        return _page(request, shown, form, ways)
    try:
        sent = send_again(message=shown, point=int(form.cleaned_data["point"]) if ways else 0, by=by)
    except CannotSendAgain:
        form.errors.clear()
        form.add_error(None, "This message cannot be sent again now. Look at what happened to it since.")
        shown = get_object_or_404(messages_at_desk_of(request.user), pk=pk)
        return _page(request, shown, form, ways_again(shown), status=409)
    morning = leaves_at(sent, timezone.now())
    leaves = f"goes at {clock(morning)}" if morning else "leaves now"
    messages.success(request, f"It {leaves}. Should it fail again, the desk gets a new task.")
    return redirect("desk:message", pk=pk)


def _page(
    request: HttpRequest, shown: Message, form: AgainForm, ways: list[Point], *, status: int | None = None
) -> HttpResponse:
    participant = access.at_desk_of(request.user).filter(person=shown.person_id, programme=shown.programme_id).first()
    steps = list(steps_of(shown))
    context = {
        "message": shown,
        "words": kind_words(shown.kind),
        "label": label_of(shown),
        "person_at": reverse("desk:person", args=[participant.pk]) if participant else "",
        "way": WAYS.get(shown.channel, ""),
        "order": [BY[channel] for channel in _order_of(shown)],
        "why_not": _why_not(shown, steps),
        "steps": [(step, step_words(step)) for step in steps],
        "tasks": [(task, kind_of(task.kind), outcome_words(task.outcome or task.state)) for task in tasks_of(shown)],
        "again": bool(ways),
    }
    return forms.render_form(request, "frontend/desk/message.html", context, form, status=status)


def _order_of(shown: Message) -> list[str]:
    """By which ways this person is told of such a thing, as noted now: the one that is tried first, first."""
    points = in_order_for(shown.kind, shown.person.contact_points.working())
    return list(dict.fromkeys(points.values_list("channel", flat=True)))


def _why_not(shown: Message, steps: list[MessageStep]) -> str:
    """Why nothing is sent; empty for what was, and for what was decided before steps were kept."""
    if shown.state != MessageState.NOT_WANTED:
        return ""
    said = [step.reason for step in steps if step.what == Step.NOT_WANTED]
    return WHY_NOT.get(WhyNot(said[-1]), "") if said else ""


def step_words(step: MessageStep) -> str:
    """Sent, by email; Could not be sent, by text message (SMS): NotifyRefused 429."""
    words = STEPS[Step(step.what)]
    if step.channel:
        words = f"{words}, {BY[step.channel]}"
    why = WHY_NOT[WhyNot(step.reason)] if step.what == Step.NOT_WANTED else step.reason
    return f"{words}: {why}" if why else words


urlpatterns = [path("messages/<int:pk>/", message, name="message")]
