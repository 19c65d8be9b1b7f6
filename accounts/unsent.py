"""What somebody sent after their session had ended: kept until they are back.

Here: keeping it, unreadable, in the session of the same browser for an hour; the page that shows that it is there and
sends it on. Not here: the limits (idle.py, sessions.py). It is sent by the person, not by itself: meanwhile something
may have changed. It is theirs alone: whoever else signs in there is told of nothing. Called by signin.py and urls.py.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.fields import decrypt, encrypt

SESSION_KEY: Final = "unsent"
KEPT_FOR: Final = timedelta(hours=1)
NEVER_KEPT: Final = ("/account/", "/api/")  # passwords and codes; programs, which send again by themselves


class SentOn(HttpResponseRedirectBase):
    status_code = 307  # the browser sends the same to the page that it was for


def keep_unsent(request: HttpRequest) -> str | None:
    """The way to what was kept; None when there is nothing to keep."""
    whose = getattr(request.session, "ended_for", None)
    if request.method != "POST" or whose is None or request.path.startswith(NEVER_KEPT):
        return None
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    kept = {"whose": whose, "to": request.get_full_path(), "at": timezone.now().isoformat(), "sent": sent}
    request.session[SESSION_KEY] = encrypt(json.dumps(kept | {"files": bool(request.FILES)}))
    return reverse("unsent")


def unsent(request: HttpRequest) -> HttpResponse:
    """Show that it is there; send it on when they press the button."""
    kept = _kept(request)
    if kept is None or request.method != "POST":
        return render(request, "account/unsent.html", {"kept": kept})
    del request.session[SESSION_KEY]
    return redirect("start") if "throw_away" in request.POST else SentOn(kept["to"])


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = json.loads(decrypt(request.session.get(SESSION_KEY, "")))
    except InvalidToken:
        return None
    in_time = timezone.now() - datetime.fromisoformat(kept["at"]) <= KEPT_FOR
    theirs = kept["whose"] == request.user.pk
    return kept if in_time and theirs else None
