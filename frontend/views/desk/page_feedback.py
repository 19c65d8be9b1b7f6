"""What people say of our pages: which helped, which did not, and their words, read and put away.

Here: the desk's page. Not here: what asks (frontend/page_feedback.py), keeping it (messaging/page_feedback.py).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.signed_in import user_of
from frontend.views.desk.inbox import page_of
from messaging import page_feedback as feedback


@require_safe
@requires(Permission.WORK_AT_DESK)
def page_feedback(request: HttpRequest) -> HttpResponse:
    context = page_of(request, feedback.feedback_at_desk_of(request.user))
    counted = [] if context["away"] else feedback.of_each_page(request.user)
    context["counted"] = [(one.page, one.yes, one.no) for one in counted]
    return render(request, "frontend/desk/page_feedback.html", context)


@require_POST
@requires(Permission.WORK_AT_DESK)
def put_away_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(feedback.feedback_at_desk_of(request.user), pk=pk)
    feedback.put_away(feedback=found, by=user_of(request).person)
    return redirect("desk:page_feedback")


urlpatterns = [
    path("pages/", page_feedback, name="page_feedback"),
    path("pages/<int:pk>/put-away/", put_away_feedback, name="put_away_feedback"),
]
