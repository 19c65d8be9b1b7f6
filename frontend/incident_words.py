"""What went wrong in a class, in words that the reporter and the desk share."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from classes.incident_rules import RESPONSES, Harm, IncidentKind
from classes.models import Incident, IncidentReview, ReviewOutcome
from frontend.wording import Label, sentence
from messaging.models import Task, TaskAlert

KINDS = {
    IncidentKind.NEAR_MISS: ("Near miss", "It could have hurt somebody, and did not."),
    IncidentKind.INCIDENT: ("Incident", "A fall, an injury, something broken, somebody upset."),
    IncidentKind.ADVERSE_EVENT: ("Adverse event", "Somebody became unwell during exercise or after it."),
}
HARMS = {
    Harm.NONE: ("No harm", ""),
    Harm.LOW: ("Low", "First aid, or somebody watched over them for a while."),
    Harm.MODERATE: ("Moderate", "They needed more than that: a GP, NHS 111, A&E."),
    Harm.SEVERE: ("Severe", "Lasting harm, or their life was in danger."),
    Harm.FATAL: ("Fatal", "Somebody died."),
}
HARM_TONES = {Harm.NONE: "quiet", Harm.LOW: "few"}  # whatever is worse stands out
REVIEWS = {
    ReviewOutcome.GOES_ON: "Still being looked into",
    ReviewOutcome.NOTHING_TO_CHANGE: "Closed: nothing has to change",
    ReviewOutcome.CHANGED: "Closed: something was changed",
    ReviewOutcome.PASSED_ON: "Closed: another service looks into it",
}
NOT_SIGNED_OFF = "How soon an incident is looked into is not signed off by a clinical safety officer yet."


def title_of(incident: Incident) -> str:
    """Adverse event 3F2A-91BC."""
    return f"{KINDS[IncidentKind(incident.kind)][0]} {incident.reference}"


def harm_label(incident: Incident) -> Label:
    harm = Harm(incident.harm)
    words = "No harm" if harm is Harm.NONE else f"{HARMS[harm][0]} harm" if harm is not Harm.FATAL else "Fatal"
    return Label(words, HARM_TONES.get(harm, "alert"))


def about_whom(incident: Incident) -> str:
    if incident.participant is not None:
        return str(incident.participant.person.full_name)
    return incident.guest.name if incident.guest is not None else "Nobody in particular"


def facts_of(incident: Incident, when: str) -> list[tuple[str, str]]:
    return [
        ("About", about_whom(incident)),
        ("When", when),
        ("999 was called", "Yes" if incident.called_999 else "No"),
    ]


def reviewer_of(task: Task | None) -> str:
    """Who looks into it: whoever took it, else who was asked."""
    if task is None:
        return ""
    if task.owner is not None:
        return str(task.owner.full_name)
    return f"{task.meant_for.full_name} is asked to" if task.meant_for is not None else "Nobody yet"


def told_names(alerts: list[TaskAlert]) -> list[str]:
    """Whoever was written to, each once, in the order of telling."""
    return list(dict.fromkeys(alert.person.full_name for alert in alerts))


def review_words(review: IncidentReview) -> str:
    return sentence(REVIEWS[ReviewOutcome(review.outcome)])


def is_late(task: Task | None) -> timedelta | None:
    """For how long somebody should have looked by now; None while there is time."""
    late = timezone.now() - task.due_at if task is not None else timedelta(0)
    return late if late > timedelta(0) else None


assert set(HARMS) == set(RESPONSES)  # noqa: S101  no degree of harm without words
