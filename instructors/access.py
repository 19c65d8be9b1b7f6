"""Which instructors a user may act as, or for: the doors that pages go through.

Not here: what a role may do (accounts/permissions.py). Called by frontend/.
"""

from __future__ import annotations

from accounts.permissions import Permission, programmes_allowing
from instructors.models import Instructor, InstructorQuerySet


def own_instructors(user: object) -> InstructorQuerySet:
    """The user as an instructor, once for each programme they teach in."""
    return Instructor.objects.of(user).select_related("person", "programme").order_by("pk")


def instructors_published_for(user: object) -> InstructorQuerySet:
    """Everybody for whom the user may publish classes: the desk, in its own programmes."""
    programmes = programmes_allowing(user, Permission.PUBLISH_FOR_ANYONE)
    teaching = Instructor.objects.teaching().filter(programme_id__in=programmes)
    return teaching.select_related("person", "programme").order_by("person__given_name", "person__family_name", "pk")
