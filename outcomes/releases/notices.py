"""Word to partners that a new summary is out: one to each person for each summary, for whoever wants it.

Here: whom it goes to, and whether it is still wanted at the moment of sending. Not here: the words, what somebody
does without (messaging/choices.py). Called by release.py when a summary is published. It names neither programme nor
organisation: their names may say what for.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Permission
from messaging.kinds import Content
from messaging.models import Message
from messaging.outbox import enqueue
from outcomes.models import Release

SUMMARY_OUT: Final = "summary_out"  # kind of message; its subject is the release


def tell_readers(release: Release) -> None:
    """Inside the action that publishes it."""
    reading = Membership.objects.live().allowing(Permission.READ_RELEASES).filter(organisation=release.organisation)
    for membership in reading.select_related("user__person").order_by("pk"):
        person = membership.user.person
        enqueue(
            programme=release.programme,
            person=person,
            kind=SUMMARY_OUT,
            subject_id=release.pk,
            dedupe_key=f"{SUMMARY_OUT}:{release.pk}:{person.pk}",
        )


def still_read(message: Message) -> Content | None:
    """Not once their role or the agreement has ended, nor when a newer one is out: that has its own message."""
    user = User.objects.filter(person=message.person_id, is_active=True).first()
    shared = Release.objects.shared_with(user).filter(pk=message.subject_id or 0)
    if user is None or not shared.filter(superseded_by__isnull=True).exists():
        return None
    return Content({"link": settings.PUBLIC_URL + reverse("partner:release", args=[message.subject_id])})
