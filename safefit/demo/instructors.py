"""The rows of the made-up instructors: who they are, how they sign in, what they hold.

Ines and Ivor are of the cast, and everybody else is found by their address (story/teachers.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import Membership, Person, Programme, User
from accounts.permissions import Role
from instructors.models import Instructor
from safefit.demo.cast import make_instructor, make_login, make_person
from safefit.demo.story.teachers import TEACHERS, Teacher


def make_instructors(staff: Mapping[str, User], programme: Programme, *, verified_by: Person) -> dict[str, Instructor]:
    """Everybody who teaches, by slug."""
    today = timezone.localdate()
    return {
        teacher.slug: make_instructor(
            staff.get(teacher.slug) or _colleague(teacher, programme),
            programme,
            verified_by=verified_by,
            holds=teacher.holds(today),
        )
        for teacher in TEACHERS
    }


def _colleague(teacher: Teacher, programme: Programme) -> User:
    user = make_login(teacher.slug, make_person(teacher.name, teacher.born))
    began = timezone.now() - dt.timedelta(days=365)
    Membership.objects.create(user=user, role=Role.INSTRUCTOR.value, programme=programme, starts_at=began)
    return user
