"""Whose record this page is about: one's own, or that of somebody one acts for.

Here: the choice kept in the session, judged anew on every request, so that a
support that has ended is gone on the next page. Not here: who supports whom
(participants/support.py). Called by the views of me/, and of desk/ when staff
book for a person.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest

from participants import access
from participants.models import Participant, SupporterScope

SESSION_KEY = "acting_for"


def current_participant(request: HttpRequest, scope: SupporterScope | None = None) -> Participant:
    """The participant this request is about, with `.person` and `.programme` read. Raises Http404.

    Oneself, unless the session names somebody: then that person, as long as the
    user supports them with `scope` (any scope when None) or works at their desk.
    Sets `request.acting_for`, which the base page turns into the banner.
    """
    chosen = request.session.get(SESSION_KEY)
    participant = access.own_record(request.user) if chosen is None else _chosen(request, int(chosen), scope)
    if participant is None:
        raise Http404
    if chosen is not None:
        request.acting_for = participant.person.first_name  # type: ignore[attr-defined]
    return participant


def own_participant(request: HttpRequest) -> Participant:
    """The user's own record whoever they act for: health facts and consents are nobody else's. Raises Http404."""
    participant = access.own_record(request.user)
    if participant is None:
        raise Http404
    return participant


def is_acting_for_another(request: HttpRequest) -> bool:
    return SESSION_KEY in request.session


def name_acted_for(request: HttpRequest) -> str:
    """The first name of the person one acts for; empty for oneself. For the words and the banner of every page."""
    chosen = getattr(request, "session", {}).get(SESSION_KEY)
    if not hasattr(request, "acting_for") and chosen is not None:
        participant = _allowed(request, int(chosen), None)
        request.acting_for = participant.person.first_name if participant else ""  # type: ignore[attr-defined]
    return str(getattr(request, "acting_for", ""))


def called(request: HttpRequest, participant: Participant) -> str:
    """How a sentence on this page calls the participant: "you", or by name to whoever acts for them."""
    return participant.person.first_name if is_acting_for_another(request) else "you"


def start_acting_for(request: HttpRequest, participant_id: int) -> Participant:
    """Act for a participant from the next page on. Raises Http404 when the user may not."""
    participant = _allowed(request, participant_id, None)
    if participant is None:
        raise Http404
    request.session[SESSION_KEY] = participant.pk
    return participant


def stop_acting(request: HttpRequest) -> int | None:
    """For whom it was, if for anybody."""
    chosen = request.session.pop(SESSION_KEY, None)
    return None if chosen is None else int(chosen)


def _chosen(request: HttpRequest, participant_id: int, scope: SupporterScope | None) -> Participant | None:
    participant = _allowed(request, participant_id, scope)
    if participant is None and _allowed(request, participant_id, None) is None:
        stop_acting(request)  # the support has ended: the next page is about oneself again
    return participant


def _allowed(request: HttpRequest, participant_id: int, scope: SupporterScope | None) -> Participant | None:
    supported = access.supported_by(request.user, scope).filter(pk=participant_id).first()
    return supported or access.at_desk_of(request.user).filter(pk=participant_id).first()
