"""Death, hospice care, a wish for no contact: what will happen, one button, and taking a mistake back.

Here: the pages. Not here: what ends (participants/taking_part/stops.py and its consequences).
Every number on the page is counted at the moment it is drawn.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.permissions import Permission
from accounts.signin import requires
from classes.judging.refusals import TryAgain
from classes.life_events import CALLS
from classes.places.places_in_doubt import live_places_ahead
from classes.waiting_list.serving import CALL, PLACE_IN_DOUBT
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.desk.people import at_desk_or_404
from frontend.wording import count, moment, today
from messaging.access import tasks_at_desk_of
from messaging.outbox import unsent_to
from messaging.suppression import BeingWrittenTo
from messaging.worklist import MESSAGE_TASKS
from outcomes.asking.planning import unanswered
from participants import access
from participants.models import Participant, ParticipantStatus, StopKind
from participants.taking_part import stops
from participants.taking_part.life import OF_A_PARTICIPANT

at_desk = requires(Permission.WORK_AT_DESK)
ENDED_TASKS = (*MESSAGE_TASKS, *OF_A_PARTICIPANT, *CALLS, CALL, PLACE_IN_DOUBT)
BUSY = "A message to them, or a class of theirs, is busy at this moment. Nothing was changed. Press the button again."


class StopForm(forms.Form):
    kind = forms.RadiosField(
        label="What have you been told?",
        missing="Select what you have been told",
        options=(
            forms.Choice(StopKind.DIED.value, "They have died", "Nobody can sign in as them any more."),
            forms.Choice(StopKind.HOSPICE.value, "They are in the care of a hospice"),
            forms.Choice(StopKind.NO_CONTACT.value, "They want no more contact", "The family is not written to."),
        ),
    )
    happened_on = forms.DateField(
        label="When?", called="the day", hint="Leave it blank if you do not know.", latest=today, required=False
    )
    letter = forms.ConfirmField(
        label="I will write to the family",
        hint="Leave it empty, and it is a task that anybody at the desk can take.",
        missing="Tick or leave empty",
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    form = StopForm(forms.posted(request))
    refused = _stop(participant, form, user_of(request).person) if form.is_valid() else ""
    if form.is_valid() and not refused:
        messages.success(request, "Everything has ended, and nothing more goes out to them.")
        return redirect("desk:person", pk=pk)
    if refused:
        form.add_error(None, refused)
    context = {"participant": participant, "ends": _what_ends(request, participant)}
    return forms.render_form(request, "frontend/desk/stop.html", context, form, status=409 if refused else None)


def _stop(participant: Participant, form: StopForm, by: Person) -> str:
    """Empty when it is done, else why not."""
    values = form.cleaned_data
    letter = by if values["letter"] else None
    notice = stops.Notice(StopKind(values["kind"]), values["happened_on"], letter)
    try:
        stops.stop_everything(participant=participant, notice=notice, by=by)
    except stops.AlreadyStopped as there:
        return f"{there.stop.recorded_by.full_name} noted it before, {moment(there.stop.recorded_at)}."
    except (BeingWrittenTo, TryAgain):
        return BUSY
    return ""


def _what_ends(request: HttpRequest, participant: Participant) -> list[str]:
    """In numbers and names, so that whoever presses the button knows what it does; of what there is none, nothing."""
    helpers = [row.person.full_name if row.person else row.invited_name for row in access.supporters_of(participant)]
    tasks = tasks_at_desk_of(request.user).to_do().filter(about=participant.person_id, kind__in=ENDED_TASKS)
    given_back = "booked or waited for: cancelled, and the places offered to others"
    ended = (
        (len(live_places_ahead(participant)), "class", "classes", given_back),
        (unsent_to(participant.person), "message", "messages", "not sent yet: taken back"),
        (tasks.count(), "task", "tasks", "at the desk (calls, letters, answers to read): taken back"),
        (unanswered(participant).count(), "questionnaire", "questionnaires", "not answered: closed"),
    )
    return [
        *(f"{count(number, one, many)} {what}" for number, one, many, what in ended if number),
        *(["The break that they are having: ended"] if participant.status == ParticipantStatus.PAUSED else []),
        f"Help: {', '.join(helpers)} can do and see nothing more" if helpers else "Nobody helps them",
    ]


@at_desk
@require_POST
def undo_stop(request: HttpRequest, pk: int) -> HttpResponse:
    participant = at_desk_or_404(request, pk)
    standing = stops.standing_stop(participant)
    if standing is None:
        raise Http404
    try:
        stops.undo_stop(stop=standing, by=user_of(request).person)
    except stops.TooLateToUndo:
        messages.error(request, "Nothing was changed: an entry can be taken back only on the day it was made.")
    else:
        messages.success(
            request,
            "Taken back. They may be written to again. Their places are not given back, nothing is sent again, and "
            "whoever helped them must be invited again.",
        )
    return redirect("desk:person", pk=pk)


urlpatterns = [
    path("people/<int:pk>/stop/", stop, name="stop"),
    path("people/<int:pk>/stop/undo/", undo_stop, name="undo_stop"),
]
