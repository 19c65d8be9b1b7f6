"""Where somebody goes after signing in: the first page that their roles give them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.permissions import Permission, allows
from accounts.signin import public_page

FIRST_PAGES = (
    (Permission.WORK_AT_DESK, "desk:worklist"),
    (Permission.BUILD_RELEASES, "desk:releases"),
    (Permission.TEACH, "teach:sessions"),
    (Permission.READ_RELEASES, "partner:releases"),
    (Permission.CONFIGURE, "content:overview"),
    (Permission.TAKE_PART, "me:home"),
    (Permission.SUPPORT, "me:home"),
)


@public_page
def start(request: HttpRequest) -> HttpResponse:
    """Whoever has a role without pages, or none, is told so rather than sent to the public's first page."""
    for permission, name in FIRST_PAGES:
        if allows(request.user, permission):
            return redirect(name)
    if not isinstance(request.user, User):
        return redirect("home")
    return render(request, "frontend/start.html", {"name": request.user.person.full_name})
