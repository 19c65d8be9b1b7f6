"""What a calendar program reads at somebody's private address: /feed/<token>.ics.

Not here: what stands in it and who may have one (classes/telling/feeds.py), making and stopping the
address (me/calendar.py).
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signin import public_page
from classes.telling import feeds


@require_safe
@public_page
@never_cache
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads. An address that is wrong and one that was stopped look the same."""
    found = feeds.calendar_behind(token)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="text/calendar; charset=utf-8")


urlpatterns = [path("feed/<str:token>.ics", calendar, name="calendar")]
