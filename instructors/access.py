"""Which instructors a user may act as, or for: the doors that pages go through.

Not here: what a role may do (accounts/permissions.py). Called by frontend/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Channel, ContactPoint, Person, User
from accounts.permissions import Permission, programmes_allowing
from instructors.models import Credential, Evidence, Instructor, InstructorQuerySet, Override, Unavailability


def own_instructors(user: object) -> InstructorQuerySet:
    """The user as an instructor, once for each programme they teach in."""
    return Instructor.objects.of(user).select_related("person", "programme").order_by("pk")


def instructors_published_for(user: object) -> InstructorQuerySet:
    """Everybody for whom the user may publish classes: the desk, in its own programmes."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    teaching = Instructor.objects.teaching().filter(programme_id__in=programmes)
    return teaching.select_related("person", "programme").order_by("person__given_name", "person__family_name", "pk")


def instructors_kept_by(user: object) -> InstructorQuerySet:
    """The same with those who teach no more: whose credentials the user may check."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    kept = Instructor.objects.filter(programme_id__in=programmes).select_related("person", "programme")
    return kept.order_by("person__given_name", "person__family_name", "pk")


def evidence_open_to(user: object) -> QuerySet[Evidence]:
    """Files that the user may open: their own, and those they may check."""
    own, kept = own_instructors(user).values("pk"), instructors_kept_by(user).values("pk")
    files = Evidence.objects.filter(Q(credential__instructor__in=own) | Q(credential__instructor__in=kept))
    return files.select_related("credential__instructor__person")


def papers_kept_by(user: object) -> QuerySet[Credential]:
    """What was recorded of those whom the user may check, without the files themselves."""
    kept = Credential.objects.filter(instructor__in=instructors_kept_by(user).values("pk"))
    return kept.select_related("instructor__person", "verified_by", "file").defer("file__content")


def papers_of(instructors: Collection[Instructor]) -> QuerySet[Credential]:
    """Everything recorded of people whom the caller may see, with who has seen it, without the files themselves."""
    papers = Credential.objects.filter(instructor__in=[one.pk for one in instructors])
    return papers.select_related("verified_by", "file").defer("file__content")


def overrides_in_force(instructors: Collection[Instructor]) -> QuerySet[Override]:
    """What the desk lets pass today of people whom the caller may see."""
    of_them = Override.objects.standing().filter(instructor__in=[one.pk for one in instructors])
    return of_them.filter(ends_on__gte=timezone.localdate())


def overrides_of(instructor: Instructor, kind: str) -> QuerySet[Override]:
    """Each time the desk let `kind` pass, the newest first."""
    return Override.objects.filter(instructor=instructor, kind=kind).order_by("-pk")


def who_signs_in_as(email: str) -> Person | None:
    """Whoever has this address as their login, for whoever may let them teach."""
    user = User.objects.filter(email__iexact=email).select_related("person").first()
    return user.person if user else None


def absences_of(user: object) -> QuerySet[Unavailability]:
    """When the user said that they are away, from today on, in order."""
    own = Unavailability.objects.filter(instructor__in=own_instructors(user).values("pk"))
    return own.filter(Q(during__endswith__gt=timezone.now()) | Q(during__upper_inf=True)).order_by("during")


def numbers_of(instructors: Iterable[Instructor]) -> dict[int, tuple[str, ...]]:
    """By key, the telephone numbers of instructors whom the caller may see, the preferred one first. One query."""
    keys = {one.person_id: one.pk for one in instructors}
    points = ContactPoint.objects.filter(person__in=keys, channel__in=(Channel.PHONE, Channel.TEXT)).current()
    found: dict[int, tuple[str, ...]] = {}
    for point in points:
        found[keys[point.person_id]] = (*found.get(keys[point.person_id], ()), point.value)
    return found
