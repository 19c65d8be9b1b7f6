"""Who teaches: take an instructor on, stand one down.

Not here: what they hold (checking.py), whether somebody may lead on a date (credentials.py),
which classes they lead (classes). Called by the desk's pages, the demo data and commands.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.devices import forget_devices
from accounts.history import Actor, acting
from accounts.models import Membership, Person, Programme, User
from accounts.permissions import Role
from instructors.asking import see_to_tasks
from instructors.consequences import standing_changed
from instructors.models import Instructor, InstructorStatus


def onboard(*, person: Person, programme: Programme, by: Actor) -> Instructor:
    """Let `person` teach in `programme`; somebody who was stood down is teaching again.

    A person with a login gets the role; one without gets it when they have one
    and this is called again. Repeating it changes nothing.
    """
    with acting(by, "instructors.onboard"):
        instructor, _ = Instructor.objects.select_for_update().get_or_create(person=person, programme=programme)
        if instructor.status != InstructorStatus.ACTIVE:
            instructor.status = InstructorStatus.ACTIVE
            instructor.save(update_fields=["status"])
        for user in User.objects.select_for_update().filter(person=person):
            role = {"user": user, "role": Role.INSTRUCTOR.value, "programme": programme}
            if not Membership.objects.live().filter(**role).exists():  # one with a last day is a role too
                Membership.objects.create(**role)
        _settle(instructor, by)
    return instructor


def stand_down(*, instructor: Instructor, reason: str, by: Actor) -> Instructor:
    """Teaching ends now: they are signed out everywhere, and no register stays on a phone. History stays.

    Classes already published keep their dates and become the desk's to give to
    somebody else. Repeating it changes nothing.
    """
    with acting(by, "instructors.stand_down", reason=reason):
        now = timezone.now()
        Instructor.objects.filter(pk=instructor.pk, status=InstructorStatus.ACTIVE).update(
            status=InstructorStatus.STOOD_DOWN
        )
        roles = Membership.objects.live(now).filter(
            user__person=instructor.person_id,
            programme=instructor.programme_id,
            role=Role.INSTRUCTOR.value,
        )
        if roles.update(ends_at=now):
            forget_devices(person=instructor.person, by=by)
        instructor.refresh_from_db()
        _settle(instructor, by)
    return instructor


def _settle(instructor: Instructor, by: Actor) -> None:
    see_to_tasks(instructor, by)
    standing_changed(instructor, by)
