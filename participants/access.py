"""Which records a user may reach: the doors that pages and API go through.

Here: querysets scoped to one user, where a row that is absent and a row that is
somebody else's look the same. Not here: what a role may do (accounts/permissions.py).
Called by frontend/ and api.py, which never touch `Model.objects` themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet

from accounts.models import ContactPoint, Person, Programme
from accounts.permissions import Permission, programmes_allowing
from accounts.prepared import Given, Prepared
from participants.models import (
    Enrolment,
    Participant,
    ParticipantStatus,
    ReferBack,
    Referrer,
    Registration,
    Supporter,
    SupporterScope,
)
from participants.models.participant import ParticipantQuerySet
from participants.models.registration import RegistrationQuerySet
from participants.models.supporter import SupporterQuerySet
from participants.rules.programme_time import TELL_BEFORE
from participants.rules.said import as_written


def own_record(user: object) -> Participant | None:
    """The user's part in a programme, the latest one when there are several; None for everybody else."""
    pk: int | None = getattr(user, "pk", None)
    return _OWN.first(user=pk) if pk else None


def own_records(user: int | Given) -> ParticipantQuerySet:
    """The latest one of the login with this key, or none."""
    return Participant.objects.of_login(user).order_by("-registered_at", "-pk")[:1]


_OWN = Prepared(  # nearly every page of a participant begins with it
    lambda: own_records(Given("user", BigIntegerField())).select_related("person", "programme")
)


def supported_by(user: object, scope: SupporterScope | None = None) -> ParticipantQuerySet:
    """Those whom the user supports at this moment, with `scope` where one is named."""
    return Participant.objects.supported_by(user, scope).select_related("person", "programme")


def refer_backs_at_desk_of(user: object) -> QuerySet[ReferBack]:
    """What was referred back to the clinical team, of the people of the same desk; the newest first."""
    own = ReferBack.objects.filter(participant__in=Participant.objects.at_desk_of(user))
    return own.select_related("participant__person", "participant__programme", "by", "end__by").order_by("-at", "pk")


def at_desk_of(user: object) -> ParticipantQuerySet:
    """Participants of the programmes at whose desk the user works."""
    return Participant.objects.at_desk_of(user).select_related("person", "programme")


def ending_at_desk_of(user: object, *, on: date) -> QuerySet[Enrolment]:
    """Of the people of the same desk who take part: whose last day they were told, until four weeks after it."""
    rows = Enrolment.objects.filter(
        participant__in=Participant.objects.at_desk_of(user),
        participant__status__in=(ParticipantStatus.ACTIVE, ParticipantStatus.PAUSED),
        ends_on=None,
        closes_on__gte=on - TELL_BEFORE,
    )
    return rows.select_related("participant__person").order_by("closes_on", "pk")


def acted_for_by(user: object) -> ParticipantQuerySet:
    """Those for whom the user may book or type answers, oneself first."""
    rows = Participant.objects.acted_for_by(user).select_related("person")
    own = Q(person=getattr(user, "person_id", None))
    return rows.annotate(is_own=ExpressionWrapper(own, BooleanField())).order_by("-is_own", "reference")


def may_do_for(user: object, participants: Iterable[Participant]) -> dict[int, list[str]]:
    """What the user may do for each of them, by key: "book", "answer". Two queries, however many they are."""
    keys = [participant.pk for participant in participants]
    doors = {"book": Participant.objects.bookable_by(user), "answer": Participant.objects.answered_by(user)}
    open_to = {what: set(rows.filter(pk__in=keys).values_list("pk", flat=True)) for what, rows in doors.items()}
    return {key: [what for what, allowed in open_to.items() if key in allowed] for key in keys}


def people_at_desk_of(user: object) -> QuerySet[Person]:
    """Whoever takes part where the user works at the desk, and whoever helps them or is invited to."""
    participants = Participant.objects.at_desk_of(user)
    helpers = Supporter.objects.filter(participant__in=participants).not_over()
    reached = Q(pk__in=participants.values("person")) | Q(pk__in=helpers.values("person"))
    return Person.objects.filter(reached)


def supporters_of(participant: Participant) -> SupporterQuerySet:
    """Who helps, or is invited to help, a participant whom the caller may already see."""
    return participant.supporters.not_over().select_related("person").order_by("invited_at", "pk")


def contactable_for(participant: Participant) -> SupporterQuerySet:
    """Whom the person lets us call or write to instead of them, with how to reach each."""
    points = Prefetch("person__contact_points", ContactPoint.objects.current())
    rows = participant.supporters.live().filter(scopes__contains=[SupporterScope.BE_CONTACTED])
    return rows.select_related("person").prefetch_related(points).order_by("starts_at", "pk")


def supports_held_by(user: object) -> SupporterQuerySet:
    """The user's own rows as somebody's supporter, ended ones left out."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return Supporter.objects.none()
    rows = Supporter.objects.filter(person_id=person_id).not_over()
    return rows.select_related("participant__person").order_by("invited_at", "pk")


def supports_at_desk_of(user: object, person: Person) -> SupporterQuerySet:
    """Whom `person` helps, or is invited to help, among those at whose desk the user works."""
    rows = Supporter.objects.filter(person=person, participant__in=Participant.objects.at_desk_of(user))
    return rows.not_over().select_related("participant__person").order_by("invited_at", "pk")


def just_joined(pk: int | None) -> Participant | None:
    """The participant whom the caller's own session has just registered; nobody else may ask so."""
    return Participant.objects.filter(pk=pk).select_related("person", "programme").first() if pk else None


def takes_part(person: Person) -> bool:
    """Whether somebody who works here has a record of their own, for the page of how they are reached."""
    return Participant.objects.filter(person=person).exists()


def programmes_at_desk_of(user: object) -> QuerySet[Programme]:
    return Programme.objects.filter(pk__in=programmes_allowing(user, Permission.WORK_AT_DESK)).order_by("pk")


def programmes_arranged_by(user: object) -> QuerySet[Programme]:
    """Those whose timetable the user may publish, and into which they may bring a list."""
    return Programme.objects.filter(pk__in=programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)).order_by("pk")


def draft_of_caller(user: object, *, reference: str, born: date | None) -> Registration | None:
    """The unfinished registration of a caller who says its reference, and the date of birth once it was given."""
    draft = drafts_at_desk_of(user).unfinished().filter(reference=as_written(reference)).first()
    if draft is None or draft.answers.get("born") not in (None, born and born.isoformat()):
        return None
    return draft


def drafts_at_desk_of(user: object) -> RegistrationQuerySet:
    """Registrations of the programmes at whose desk the user works, handed in or not."""
    return Registration.objects.at_desk_of(user).select_related("programme", "participant", "referrer")


def referrers_at_desk_of(user: object) -> QuerySet[Referrer]:
    """Who referred somebody to the programmes at whose desk the user works."""
    return Referrer.objects.at_desk_of(user).select_related("registration__programme", "registration__participant")
