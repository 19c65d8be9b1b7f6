"""Who is on the line: asked before anything is said, kept, and over with one button.

Here: the addresses that the form is sent to, the page that asks again when nothing was chosen, ending a
call. Not here: the form (caller_form.py), what a caller may then be told (frontend/on_the_phone.py). Nothing
of it stands in an address.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.on_the_phone import call_of, hang_up, pick_up
from frontend.signed_in import user_of
from frontend.views.desk.caller_form import CallerForm
from frontend.views.desk.people import at_desk_or_404
from messaging.access import tasks_at_desk_of
from messaging.calls import end_call
from messaging.models import Task, TaskState
from participants import access, callers
from participants.models import Participant

at_desk = requires(Permission.WORK_AT_DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def caller(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has called about a person."""
    return _ask(request, at_desk_or_404(request, pk), None, reverse("desk:person", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def person_called(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk has called the person of a task."""
    task = get_object_or_404(tasks_at_desk_of(request.user).filter(state=TaskState.OPEN), pk=pk)
    about = access.at_desk_of(request.user).filter(person=task.about_id, programme=task.programme_id).first()
    if about is None:
        raise Http404
    return _ask(request, about, task, reverse("desk:task", args=[pk]))


@require_POST
@at_desk
def end(request: HttpRequest) -> HttpResponse:
    """Over: back to the page of the person it was about, which is closed again."""
    call = call_of(request)
    end_call(by=user_of(request).person)
    hang_up(request)
    messages.success(request, "The call is over. Whoever calls next is asked anew.")
    about = call and access.at_desk_of(request.user).filter(person=call.about_id, programme=call.programme_id).first()
    return redirect("desk:person", about.pk) if about else redirect("desk:people")


def _ask(request: HttpRequest, participant: Participant, task: Task | None, then: str) -> HttpResponse:
    form = CallerForm(forms.posted(request), participant, task=task)
    if form.is_valid():
        try:
            pick_up(request, form.keep(task=task, by=user_of(request).person))
        except callers.NoLongerHelps:
            form.add_error("who", "This person does not help them any more")
        else:
            return redirect(then)
    context = {"participant": participant, "back": then}
    return forms.render_form(request, "frontend/desk/caller.html", context, form)


urlpatterns = [
    path("people/<int:pk>/caller/", caller, name="caller"),
    path("tasks/<int:pk>/caller/", person_called, name="person_called"),
    path("call/end/", end, name="end_call"),
]
