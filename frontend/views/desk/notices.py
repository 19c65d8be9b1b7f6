"""A few words on every page, put up and taken down by the desk: the telephones are down, the office is shut.

Here: the desk's page. Not here: what stands (messaging/site_notices.py), how it is drawn (frontend/site_notices.py).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.signin import requires
from frontend import forms
from frontend.signed_in import user_of
from frontend.site_notices import forget_notices
from frontend.wording import today
from messaging import site_notices

at_desk = requires(Permission.WORK_AT_DESK)
DAYS = {"today": 0, "tomorrow": 1, "week": 7}


class NoticeForm(forms.Form):
    words = forms.LongTextField(
        label="What should everybody know?",
        hint="One or two short sentences. Everybody can read it, so write no name. Say what to do instead.",
        missing="Enter what everybody should know",
        called="the notice",
        max_length=300,
        rows=3,
    )
    until = forms.RadiosField(
        label="How long should it stand?",
        missing="Select how long it should stand",
        options=(
            ("today", "Until the end of today"),
            ("tomorrow", "Until the end of tomorrow"),
            ("week", "For a week"),
        ),
    )

    def ends_at(self) -> datetime:
        on = today() + timedelta(days=DAYS[self.cleaned_data["until"]])
        return timezone.make_aware(datetime.combine(on, time(23, 59)))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def notices(request: HttpRequest) -> HttpResponse:
    """What stands on every page now, and one more."""
    form = NoticeForm(forms.posted(request))
    if form.is_valid():
        site_notices.put_up(words=form.cleaned_data["words"], until=form.ends_at(), by=user_of(request).person)
        forget_notices()
        messages.success(request, "It stands on every page within half a minute.")
        return redirect("desk:notices")
    return forms.render_form(request, "frontend/desk/notices.html", {"standing": site_notices.standing()}, form)


@require_POST
@at_desk
def take_down_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(site_notices.standing(), pk=pk)
    site_notices.take_down(notice=notice, by=user_of(request).person)
    forget_notices()
    messages.success(request, "It is gone from every page within half a minute.")
    return redirect("desk:notices")


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/<int:pk>/take-down/", take_down_notice, name="take_down_notice"),
]
