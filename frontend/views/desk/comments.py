"""What people say about how information is used: read, put away, and summed up for the next summaries.

Here: the desk's pages. Not here: the public form (public/data_uses.py), what goes with a summary
(outcomes/comments.py). Nobody is answered: no name is asked.
"""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.comment_words import said_as
from frontend.signed_in import user_of
from frontend.views.desk.inbox import PER_PAGE, page_of
from outcomes import comments
from outcomes.releases.agreements import programmes_at_desk_of

MOST_BESIDE = 30  # comments beside the form in which they are summed up
KEY = re.compile(r"\b[0-9]{1,15}\b", re.ASCII)


class SummaryForm(AboutProgramme):
    """What people said, in the desk's words."""

    words = forms.LongTextField(
        label="What did people say?",
        hint="Write no name, and nothing by which somebody could be known. Everybody can read it.",
        missing="Enter what people said",
        called="what people said",
        max_length=comments.LONGEST_SUMMARY,
        rows=8,
    )


@require_safe
@requires(Permission.BUILD_RELEASES)
def data_use_comments(request: HttpRequest) -> HttpResponse:
    inbox = page_of(request, comments.comments_at_desk_of(request.user))
    context = {
        **inbox,
        "rows": [(row, said_as(row.said_as)) for row in inbox["page"]],
        "several": len(programmes_at_desk_of(request.user)) > 1,
        "summaries": comments.newest_summaries(request.user),
    }
    return render(request, "frontend/desk/data_use_comments.html", context)


@require_POST
@requires(Permission.BUILD_RELEASES)
def put_away_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(comments.comments_at_desk_of(request.user), pk=pk)
    comments.put_away(comments=[comment], by=user_of(request).person)
    return redirect("desk:data_use_comments")


@require_POST
@requires(Permission.BUILD_RELEASES)
def put_away_comments(request: HttpRequest) -> HttpResponse:
    """Those that stood on the page, and none that has come since."""
    shown = [int(key) for key in KEY.findall(request.POST.get("shown", ""))[:PER_PAGE]]
    read = comments.comments_at_desk_of(request.user).filter(pk__in=shown)
    comments.put_away(comments=read, by=user_of(request).person)
    return redirect("desk:data_use_comments")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.BUILD_RELEASES)
def sum_up_comments(request: HttpRequest) -> HttpResponse:
    form = SummaryForm(programmes_at_desk_of(request.user), forms.posted(request))
    if not form.is_valid():
        came = comments.not_summed_up(request.user)
        context = {
            "rows": [(row, said_as(row.said_as)) for row in came[:MOST_BESIDE]],
            "came": came.count(),
            "several": len(programmes_at_desk_of(request.user)) > 1,
        }
        return forms.render_form(request, "frontend/desk/sum_up_comments.html", context, form)
    comments.sum_up(programme=form.about, words=form.cleaned_data["words"], by=user_of(request).person)
    messages.success(request, "Kept. It goes with the next summary that is published for each partner.")
    return redirect("desk:data_use_comments")


urlpatterns = [
    path("summaries/comments/", data_use_comments, name="data_use_comments"),
    path("summaries/comments/<int:pk>/put-away/", put_away_comment, name="put_away_comment"),
    path("summaries/comments/put-away/", put_away_comments, name="put_away_comments"),
    path("summaries/comments/sum-up/", sum_up_comments, name="sum_up_comments"),
]
