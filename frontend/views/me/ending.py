"""What comes after SafeFit: where one can go on when one's time here has ended.

Not here: the places themselves (content of participants/health_content.py), when somebody is told (ending.py there).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.acting import own_participant
from participants.course import course_of, with_course
from participants.health_content import where_next as places_to_go


@require_safe
@requires(Permission.TAKE_PART)
def where_next(request: HttpRequest) -> HttpResponse:
    context = {"onward": places_to_go(), "course": course_of(with_course(own_participant(request)))}
    return render(request, "frontend/me/where_next.html", context)


urlpatterns = [path("what-next/", where_next, name="where_next")]
