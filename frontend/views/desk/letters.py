"""A letter to print: the words of a message, in the size that the person reads.

Here: the page that is printed. Not here: the words (messaging/words.py), that it was
posted (worklist.py). Looking is logged.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.history import log_read
from accounts.models import Channel
from accounts.permissions import Permission
from accounts.signin import requires
from messaging.access import message_of, tasks_at_desk_of
from messaging.words import words_now
from participants import details
from participants.needs import letter_size

USUAL_SIZE = 12  # points


@require_safe
@requires(Permission.WORK_AT_DESK)
@never_cache
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(tasks_at_desk_of(request.user).to_do(), pk=pk)
    message = message_of(task)
    words = words_now(message) if message else None
    if message is None or words is None:
        raise Http404
    log_read(target=message.person, purpose="desk", what="letter", by=request.user.person)  # type: ignore[union-attr]
    points = details.contact_points_of(message.person)
    size = letter_size(message.person)
    context = {
        "task": task,
        "person": message.person,
        "address": next((point.value for point in points if point.channel == Channel.POST), ""),
        "words": words,
        "today": timezone.localdate(),
        "size": size or USUAL_SIZE,
        "large": bool(size),
    }
    return render(request, "frontend/desk/letter.html", context)


urlpatterns = [path("tasks/<int:pk>/letter/", letter, name="letter")]
