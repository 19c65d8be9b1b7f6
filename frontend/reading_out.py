"""What somebody who is on the phone can be told in this call, so that nobody calls them again about it.

Here: which messages the call in hand leaves room for. Not here: which of them would be calls
(messaging/told_in_call.py), the page (views/desk/reading_out.py). Read by that page, and by the strip above
every page (context.py).
"""

from __future__ import annotations

from django.http import HttpRequest

from classes.telling.notices import SAME_DAY_CHECK
from frontend.on_the_phone import call_of
from messaging.access import messages_at_desk_of
from messaging.models import Caller, MessageQuerySet
from messaging.told_in_call import ToRead, to_read_out


def messages_of_call(request: HttpRequest) -> MessageQuerySet:
    """Those to whom is on the line; none where that is not the person, identified.

    Without the same-day check: to be asked is not to have answered, and the desk goes through it on a page of its own.
    """
    call, found = call_of(request), messages_at_desk_of(request.user)
    if call is None or not call.identified or call.caller != Caller.SELF:
        return found.none()
    return found.filter(person=call.about_id, programme=call.programme_id).exclude(kind=SAME_DAY_CHECK)


def read_out_in_call(request: HttpRequest) -> list[ToRead]:
    """Looked for once for each page."""
    if not hasattr(request, "read_out_in_call"):
        request.read_out_in_call = to_read_out(messages_of_call(request))  # type: ignore[attr-defined]
    found: list[ToRead] = request.read_out_in_call  # type: ignore[attr-defined]
    return found
