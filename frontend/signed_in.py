"""The signed-in user of a page, typed. For views that `requires` or `signed_in_page` guards."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  the guard lets nobody else in
    return request.user
