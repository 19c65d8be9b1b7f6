"""Consents: the words in force, answers to them, and taking an answer back.

Here: reading and recording. Not here: the words themselves (content/), or what
instructors are shown (classes/register/opening.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.history import acting
from accounts.models import Person, Programme
from messaging.worklist import cancel_tasks
from participants.about import forget_health
from participants.consequences import CLEARANCE_CHANGED, HEALTH_AGREED, HEALTH_REFUSED, run_consequences
from participants.health import stop_clearance
from participants.models import ConsentEvent, ConsentKind, ConsentText, Participant
from participants.rules.letter_rules import CLINICAL_LETTER
from participants.treatments import forget_days

ORDER = list(ConsentKind.values)
ASKED_LATER = frozenset(
    {ConsentKind.CLINICAL_TEAM, ConsentKind.OWN_CHANGES}
)  # when it comes up, so that registering stays short
ERASED = "erased"  # how an agreement ended, beside "self" and "desk"


class MeansLeaving(Exception):
    """Without this consent there is no service: the person leaves the programme instead (life.withdraw)."""


def current_texts(programme: Programme) -> list[ConsentText]:
    """The newest words of each consent, in the order in which they are asked."""
    newest = ConsentText.objects.filter(programme=programme).order_by("kind", "-version").distinct("kind")
    return sorted(newest, key=lambda text: ORDER.index(text.kind))


def texts_on_joining(programme: Programme) -> list[ConsentText]:
    """Those that are asked while somebody registers."""
    return [text for text in current_texts(programme) if text.kind not in ASKED_LATER]


def required_kinds(programme: Programme) -> frozenset[str]:
    return frozenset(text.kind for text in current_texts(programme) if text.required)


def consents_in_force(participant: Participant) -> dict[str, ConsentEvent]:
    """The latest answer to each kind that was ever asked."""
    events = ConsentEvent.objects.filter(participant=participant).latest_per_kind().select_related("text")
    return {event.text.kind: event for event in events}


def agreed_to(kind: str, participants: Iterable[Participant]) -> set[int]:
    """Ids of those among `participants` whose latest answer to `kind` is yes, in one query."""
    latest = ConsentEvent.objects.filter(participant__in=list(participants), text__kind=kind).latest_per_kind()
    return {event.participant_id for event in latest if event.given}


def history_of(participant: Participant) -> QuerySet[ConsentEvent]:
    return participant.consent_events.select_related("text", "by").order_by("-at", "-pk")


def give_consent(*, participant: Participant, text: ConsentText, mode: str = "self", by: Person) -> ConsentEvent:
    """Agree to these words."""
    with acting(by, "participants.give_consent", on_behalf_of=participant.person):
        again = text.kind == ConsentKind.HEALTH and ConsentEvent.objects.is_refused_by(
            participant.pk, ConsentKind.HEALTH
        )
        event = ConsentEvent.objects.create(participant=participant, text=text, given=True, by=by, mode=mode)
        if again:
            run_consequences(HEALTH_AGREED, participant, by)
        return event


def withdraw_consent(*, participant: Participant, kind: str, mode: str = "self", by: Person) -> ConsentEvent:
    """Take a consent back, whichever words it was given to.

    Without consent to hold health facts nobody can be cleared: clearance stops
    in the same moment, what they noted of their illness and treatment is removed, and no question about it is asked
    any more. Without that to be written
    about, letters to the clinical team that wait are not written. Raises MeansLeaving for the service itself.
    """
    if kind == ConsentKind.SERVICE:
        raise MeansLeaving
    with acting(by, "participants.withdraw_consent", on_behalf_of=participant.person):
        given = consents_in_force(participant).get(kind)
        text = given.text if given else next(t for t in current_texts(participant.programme) if t.kind == kind)
        event = ConsentEvent.objects.create(participant=participant, text=text, given=False, by=by, mode=mode)
        if kind == ConsentKind.CLINICAL_TEAM:
            cancel_tasks(kinds=[CLINICAL_LETTER], subject_id=participant.pk, by=by)
        if kind == ConsentKind.HEALTH:
            stop_clearance(participant=participant, reason="consent_withdrawn", by=by)  # holds the participant's lock
            forget_days(participant)
            forget_health(participant)
            run_consequences(CLEARANCE_CHANGED, participant, by)
            run_consequences(HEALTH_REFUSED, participant, by)
        return event


def end_agreements(*, participant: Participant, by: Person) -> None:
    """No agreement of theirs holds any longer, to use SafeFit included: for whoever is erased. Twice is harmless."""
    with acting(by, "participants.end_agreements", on_behalf_of=participant.person):
        agreed = [event for event in consents_in_force(participant).values() if event.given]
        ConsentEvent.objects.bulk_create(
            ConsentEvent(participant=participant, text=event.text, given=False, by=by, mode=ERASED) for event in agreed
        )
