"""What only some of the desk may know of: tasks and messages that are not for everybody who works there.

Here: the two columns, and who knows of a row by them. Not here: what is kept so (the owner of the kind says it
when it raises the task). A row that somebody must not know of is, to them, not there: not in a list, not in a number.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.permissions import Permission, programmes_allowing

KEPT_APART = (
    Permission.READ_SAFEGUARDING,
    Permission.DECIDE_CLEARANCE,
)  # what a row may be kept for: whoever holds it, and nobody else


class Restricted(models.Model):
    """`only_for`: known to nobody but holders of that permission. `kept_from`: people among those who must not know."""

    only_for = models.CharField(
        max_length=30,
        choices=[(permission.value, permission.value) for permission in KEPT_APART],
        blank=True,
        db_default="",
        default="",
    )
    kept_from = ArrayField(models.BigIntegerField(), null=True, blank=True, help_text="keys of people")

    class Meta:
        abstract = True


def known_to(user: object) -> Q:
    """The rows of the desk of `user`: what is for everybody there, and what is kept for a permission they hold."""
    known = Q(only_for="", programme_id__in=programmes_allowing(user, Permission.WORK_AT_DESK))
    for permission in KEPT_APART:
        if programmes := programmes_allowing(user, permission):
            person_id = getattr(user, "person_id", None)
            kept = Q(only_for=permission, programme_id__in=programmes)
            known |= kept & (Q(kept_from=None) | ~Q(kept_from__contains=[person_id]))
    return known
