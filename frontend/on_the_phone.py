"""Who is on the line at this moment, and what may therefore be said on the page of a person.

Here: the call kept in the session of whoever works at the desk, judged anew on
every request: half an hour, its end, or help that has ended close it. Not here:
noting a caller (participants/callers.py), the page that asks (views/desk/calling.py).
Read by the desk's pages, and by the strip above every page (context.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from messaging.calls import call_in_hand
from messaging.models import Call, Caller
from participants.callers import helpers_now
from participants.models import Participant, Supporter, SupporterScope

SESSION_KEY = "on_the_phone"


@dataclass(frozen=True)
class Line:
    """`call` is None while nobody has said who is there; `helper` is whoever helps and calls, while they still help."""

    call: Call | None = None
    helper: Supporter | None = None

    @property
    def person(self) -> bool:
        """Whether the person themselves is on the line, and identified."""
        return self.call is not None and self.call.identified and self.call.caller == Caller.SELF

    @property
    def helps(self) -> bool:
        return self.call is not None and self.call.identified and self.helper is not None

    @property
    def nobody(self) -> bool:
        """Somebody is there to whom nothing may be said."""
        return self.call is not None and not (self.person or self.helps)

    def may(self, scope: str) -> bool:
        """Whether what belongs to `scope` may be spoken of: with the person all, with a helper what both then and now
        were allowed."""
        if self.helps and self.call is not None and self.helper is not None:
            return scope in self.call.scopes and scope in self.helper.scopes
        return self.person

    @property
    def scopes(self) -> list[SupporterScope]:
        return [scope for scope in SupporterScope if self.helps and self.may(scope)]


def call_of(request: HttpRequest) -> Call | None:
    """The call in hand, whomever it is about; read once for each page."""
    if not hasattr(request, "call_in_hand"):
        request.call_in_hand = _kept(request)  # type: ignore[attr-defined]
    found: Call | None = request.call_in_hand  # type: ignore[attr-defined]
    return found


def _kept(request: HttpRequest) -> Call | None:
    kept = getattr(request, "session", {}).get(SESSION_KEY)
    if kept is None:
        return None
    by = getattr(request.user, "person", None)
    call = call_in_hand(by=by, pk=int(kept)) if by is not None else None
    if call is None:
        hang_up(request)
    return call


def line_about(request: HttpRequest, participant: Participant) -> Line:
    """The call in hand, where it is about this participant; otherwise nobody is on the line."""
    call = call_of(request)
    if call is None or (call.about_id, call.programme_id) != (participant.person_id, participant.programme_id):
        return Line()
    if call.caller != Caller.HELPER:
        return Line(call)
    return Line(call, next((row for row in helpers_now(participant) if row.person_id == call.helper_id), None))


def pick_up(request: HttpRequest, call: Call) -> None:
    request.session[SESSION_KEY] = call.pk
    request.call_in_hand = call  # type: ignore[attr-defined]


def hang_up(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)
    request.call_in_hand = None  # type: ignore[attr-defined]
