"""What people say of our pages: which helped, which did not, and their words, read and put away.

Here: the desk's page. Not here: what asks (frontend/page_feedback.py), keeping it (messaging/page_feedback.py).
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend.signed_in import user_of
from messaging import page_feedback as feedback

PER_PAGE = 20


@require_safe
@requires(Permission.WORK_AT_DESK)
def page_feedback(request: HttpRequest) -> HttpResponse:
    """What nobody has put away yet, the newest first; with `?put-away=yes` the rest."""
    away = request.GET.get("put-away") == "yes"
    rows = feedback.feedback_at_desk_of(request.user)
    found = rows.exclude(put_away_at=None) if away else rows.unread()
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "away": away,
        "counted": [] if away else [(one.page, one.yes, one.no) for one in feedback.of_each_page(request.user)],
    }
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
