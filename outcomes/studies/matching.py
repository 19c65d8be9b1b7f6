"""Who may be told of a study: those who said yes to hearing of studies, and meet its declared criteria.

Here: reading people. Not here: what may be shown of their number (shown.py), telling them (running.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet

from accounts.models import Programme
from outcomes.counting.bands import AGES, BY_NAME, age_band
from participants.course import course_of
from participants.models import ConsentEvent, ConsentKind, Enrolment, Participant, ParticipantStatus


def choices_of(programme: Programme) -> dict[str, list[str]]:
    """What a study of a programme may ask for: by criterion, the values there are, in order."""
    return {
        "age": [band for _, band in AGES],
        "area": list(programme.areas),
        "cancer": list(BY_NAME["cancer"].bands.values()),
        "phase": [phase.name for phase in programme.phases.all()],
    }


def willing(programme: Programme) -> QuerySet[Participant]:
    """Those who take part or have done so, whose latest word on hearing of studies is yes, and to whom we may write.

    Nobody who has taken back that we use health facts: by such facts it is seen who could be told (ADR 0080).
    """
    people = Participant.objects.filter(
        programme=programme,
        pk__in=ConsentEvent.objects.agreeing_to(ConsentKind.STUDIES),
        status__in=(ParticipantStatus.ACTIVE, ParticipantStatus.COMPLETED),
        person__contact_stopped_at=None,
    )
    return people.exclude(pk__in=ConsentEvent.objects.refusing(ConsentKind.HEALTH)).order_by("pk")


def may_be_told(participant: Participant) -> bool:
    """Whether somebody is one of `willing`, at this moment."""
    return willing(participant.programme).filter(pk=participant.pk).exists()


def matching(programme: Programme, criteria: Mapping[str, Sequence[str]], *, on: date) -> list[Participant]:
    """Those of `willing` who meet every criterion on a day. What is not recorded of somebody meets none."""
    enrolments = Enrolment.objects.order_by("-starts_on").prefetch_related("pauses")
    people = (
        willing(programme)
        .select_related("person", "equality", "programme")
        .prefetch_related("programme__phases", Prefetch("enrolments", enrolments))
    )
    return [person for person in people if _meets(person, criteria, on)]


def _meets(person: Participant, criteria: Mapping[str, Sequence[str]], on: date) -> bool:
    about = _about(person, on)
    return all(about[name] in values for name, values in criteria.items())


def _about(person: Participant, on: date) -> dict[str, str]:
    equality = getattr(person, "equality", None)
    course = course_of(person, on)
    stretch = course.position.stretch if course else None
    return {
        "age": age_band(person.person.date_of_birth, on),
        "area": person.area,
        "cancer": BY_NAME["cancer"].bands.get(equality.cancer_type, "") if equality else "",
        "phase": stretch.name if stretch else "",
    }
