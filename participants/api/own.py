"""What every address about oneself shares: whose record it is, and the answers that the API's papers name."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request

from accounts.permissions import Permission
from accounts.signin import needs
from participants import access
from participants.models import Participant
from safefit.api import refusal

TAKES_PART = (needs(Permission.TAKE_PART),)
NO_RECORD: dict[Any, Any] = refusal(404, "You take part in no programme.")


def own_record(request: Request) -> Participant:
    """Raises Http404 for somebody who takes part in no programme."""
    participant = access.own_record(request.user)
    if participant is None:
        raise Http404
    return participant
