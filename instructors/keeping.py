"""Files of evidence that are of no use any more are deleted: run by the worker every night.

What was sent back, what something newer has replaced, what has run out: 90 days later its
file is gone, from the table and from nowhere else, since it is kept nowhere else. What
stood on it (kind, days, who had seen it) stays as long as the record of whoever taught.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from instructors.models import Credential, Evidence

KEPT_FOR = timedelta(days=90)


def forget_evidence() -> int:
    """How many files were deleted."""
    before = timezone.now() - KEPT_FOR
    newer = Credential.objects.verified().filter(
        instructor=OuterRef("credential__instructor"),
        kind=OuterRef("credential__kind"),
        issued_on__gt=OuterRef("credential__issued_on"),
        verified_at__lte=before,
    )
    over = Q(credential__sent_back_at__lte=before) | Q(credential__expires_on__lt=timezone.localdate(before))
    deleted, _ = Evidence.objects.filter(over | Exists(newer)).delete()
    return deleted
