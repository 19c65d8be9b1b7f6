"""Which unfinished registration this browser holds, and whether it may be read without the date of birth.

Here: holding one, putting it away for later, forgetting it. Not here: the pages (join.py), coming back by a link or a
reference (join_return.py). Whoever sits down at the same computer next finds nothing of it once it was put away,
handed in or forgotten; and one that nobody has touched for an hour asks for the date of birth first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from frontend.shared_computer import end_with_browser, note, noted
from frontend.views.public.join_wizard import draft_named_in, pk_named_in
from participants.models import Registration
from participants.registering import intake

DRAFT, SEEN, LEFT, JOINED = "registration", "registration_seen", "registration_left", "joined"
OPEN_FOR = timedelta(hours=1)  # without a page
SEEN_IS_NOTED_AFTER = 60  # seconds, so that looking at a page seldom writes


@dataclass(frozen=True)
class Held:
    """`is_open`: whoever is here has just been at it. Otherwise nothing of it is shown before its date of birth."""

    draft: Registration
    is_open: bool

    @property
    def can_be_asked(self) -> bool:
        return bool(self.draft.answers.get("born"))


def hold(request: HttpRequest, draft: Registration) -> None:
    """Open from here on: it was begun here, or whoever is here has shown that it is theirs."""
    forget(request)
    request.session.cycle_key()
    request.session[DRAFT], request.session[SEEN] = draft.pk, int(time.time())
    end_with_browser(request)


def held(request: HttpRequest) -> Held | None:
    """The draft of this browser: from its session, or from the page it sends when the session has ended."""
    pk = request.session.get(DRAFT)
    if pk is None:
        return _named_by_page(request)
    draft, age = intake.open_draft(pk), time.time() - request.session.get(SEEN, 0)
    is_open = age < OPEN_FOR.total_seconds()
    if is_open and age > SEEN_IS_NOTED_AFTER:
        request.session[SEEN] = int(time.time())
    return Held(draft, is_open) if draft else None


def handed_in(request: HttpRequest) -> Registration | None:
    """What a page that was left open here belongs to, when it has been handed in since, here or elsewhere."""
    pk = request.session.get(DRAFT) or pk_named_in(request.POST.get("draft", ""))
    return intake.handed_in(pk) if pk else None


def put_away(request: HttpRequest, draft: Registration) -> None:
    """Saved for later: for a moment its reference can be read here, and no answer."""
    forget(request)
    note(request, LEFT, draft.pk)


def just_put_away(request: HttpRequest) -> Registration | None:
    pk = noted(request, LEFT)
    return intake.open_draft(pk) if pk else None


def forget(request: HttpRequest) -> None:
    """Nothing of a registration stays in this browser; the answers themselves are kept."""
    for key in (DRAFT, SEEN, LEFT, JOINED):
        request.session.pop(key, None)


def forget_for_good(request: HttpRequest) -> None:
    """As `forget`, and no page that still stands open here opens it again."""
    forget(request)
    request.session[LEFT] = 0


def _named_by_page(request: HttpRequest) -> Held | None:
    """A page of the last hour speaks for itself, but one that was left open when the draft was put away does not."""
    token = request.POST.get("draft", "")
    draft = draft_named_in(token)
    if draft is None:
        return None
    if draft_named_in(token, max_age=OPEN_FOR) and LEFT not in request.session:
        hold(request, draft)
        return Held(draft, is_open=True)
    request.session[DRAFT] = draft.pk
    end_with_browser(request)
    return Held(draft, is_open=False)
