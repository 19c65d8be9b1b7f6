"""When two records are not put together, and why not: what somebody must see to first.

Here: the questions, by reading alone. Not here: the sentences (frontend). Called by look.py. That somebody is worried
about a person is not said: whoever works at the desk may be who must not know of it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from accounts.models import Membership, Person
from accounts.permissions import Role
from classes.models import Concern, Incident
from messaging.models import Task, TaskState
from participants.models import DecisionMaker, Participant, ParticipantStatus, ReferBack, Supporter, SupporterStatus
from records.elsewhere import reaches_beyond
from records.merging.clash import Two
from records.merging.columns import OF_STAFF, columns
from records.models import ErasureRequest, RecordCopy

AMONG_PEOPLE = (Role.PARTICIPANT.value, Role.SUPPORTER.value)


class Why(enum.StrEnum):
    OWN_RECORD = "own_record"  # whoever would press the button
    HELP_EACH_OTHER = "help_each_other"
    STOPPED = "stopped"  # one has died, or all contact was stopped
    ON_A_BREAK = "on_a_break"  # one alone
    OTHER_PROGRAMME = "other_programme"  # the record that would go takes part elsewhere too
    NOT_YOURS = "not_yours"  # one of them is also in a programme that is not of whoever would press the button
    WORKS_HERE = "works_here"  # whoever's record would go
    TWO_DECIDE = "two_decide"
    RIGHTS = "rights"  # what is held about one of them is being copied out, or its erasure was asked for
    LOOKED_INTO = "looked_into"  # an incident, a concern, a worry about exercise, answers that worry


def reasons_against(two: Two, by: Person) -> list[Why]:
    return list(_reasons(two, by))


def _reasons(two: Two, by: Person) -> Iterator[Why]:
    people = [one.person for one in two.both]
    statuses = {one.status for one in two.both}
    asked = {
        Why.OWN_RECORD: by in people,
        Why.HELP_EACH_OTHER: _help_each_other(two),
        Why.STOPPED: any(person.contact_stopped_at for person in people) or ParticipantStatus.DIED in statuses,
        Why.ON_A_BREAK: ParticipantStatus.PAUSED in statuses and len(statuses) > 1,
        Why.OTHER_PROGRAMME: Participant.objects.filter(person=two.gone.person).exclude(pk=two.gone.pk).exists(),
        Why.NOT_YOURS: any(reaches_beyond(person, by) for person in people),
        Why.WORKS_HERE: has_worked(two.gone.person),
        Why.TWO_DECIDE: DecisionMaker.objects.in_force().filter(participant__in=two.both).count() > 1,
        Why.RIGHTS: _rights_under_way(people),
        Why.LOOKED_INTO: _looked_into(two),
    }
    yield from (why for why, there in asked.items() if there)


def _help_each_other(two: Two) -> bool:
    one, other = two.both
    each = Q(participant=one, person=other.person) | Q(participant=other, person=one.person)
    return Supporter.objects.filter(each).exclude(status=SupporterStatus.ENDED).exists()


def _rights_under_way(people: list[Person]) -> bool:
    copying = RecordCopy.objects.under_way().filter(person__in=people)
    return copying.exists() or ErasureRequest.objects.filter(person__in=people).exists()


def has_worked(person: Person) -> bool:
    """Whether they hold, or held, any other role than taking part and helping, or did anything that staff do."""
    roles = Membership.objects.filter(user__person=person).exclude(role__in=AMONG_PEOPLE)
    return roles.exists() or _named_as_staff(person)


def _named_as_staff(person: Person) -> bool:
    """Every such column of every table, in one query."""
    places = columns(OF_STAFF)
    asked = " UNION ALL ".join(
        f'(SELECT 1 FROM "{one.model._meta.db_table}" WHERE "{one.db_column}" = %s LIMIT 1)'  # noqa: S608  our names
        for one in places
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} LIMIT 1", [person.pk] * len(places))
        return cursor.fetchone() is not None


def _looked_into(two: Two) -> bool:
    people = [one.person for one in two.both]
    concerns = Concern.objects.filter(Q(participant__in=two.both) | Q(names__person__in=people))
    kept_apart = Task.objects.filter(about__in=people, state=TaskState.OPEN).exclude(only_for="")
    return (
        Incident.objects.filter(participant__in=two.both).with_review().filter(closed=False).exists()  # type: ignore[misc]
        or concerns.with_state().filter(closed=False).exists()  # type: ignore[misc]  # both annotate it
        or ReferBack.objects.open().filter(participant__in=two.both).exists()
        or kept_apart.exists()
    )
