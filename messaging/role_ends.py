"""Messages to staff and partners whose role ends soon, 30 days before and 7; and signing out those whose role has.

Here: whom they go to, and whether one is still wanted at the moment of sending. Not here: giving and renewing a role
(accounts/appointments.py), the page on which administrators see which ends (frontend/views/staff), the words. Called by
the worker, every morning and every hour. A message names no role: it says that access ends, on which day, and whom to
ask.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from accounts.appointments import whose_role_has_run_out
from accounts.devices import forget_devices
from accounts.history import System, acting
from accounts.models import Agreement, Membership, Programme
from accounts.permissions import SECOND_FACTOR_ROLES
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.one_by_one import one_by_one
from messaging.outbox import enqueue

ROLE_ENDS: Final = "role_ends"  # kind of message; its subject is the membership
STEPS: Final = (30, 7)  # days before the last day


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(ROLE_ENDS, still_ends)


def tell_of_ends() -> int:
    """Each end at each step once; returns how many ends are near. A morning that was missed is made up for."""
    ending = _ending().select_related("user__person", "programme")
    return sum(one_by_one(partial(_tell, today=timezone.localdate()), ending))


def _tell(membership: Membership, *, today: date) -> bool:
    until = last_day_of(membership)
    step = step_of(until, today)
    programme = membership.programme or _programme_of(membership)
    if step is None or programme is None:
        return False
    with acting(System.WORKER, "messaging.tell_whose_role_ends"):
        enqueue(
            programme=programme,
            person=membership.user.person,
            kind=ROLE_ENDS,
            subject_id=membership.pk,
            context={"until": until.isoformat()},
            dedupe_key=f"{ROLE_ENDS}:{membership.pk}:{until}:{step}",
        )
    return True


def sign_out_whose_role_ended() -> int:
    """What taking a role away does at once, for those that came to their last day; returns how many people.

    A role that is over opens nothing from that moment on; this ends the sessions, and what a telephone keeps.
    """
    return len(one_by_one(lambda person: forget_devices(person=person, by=System.WORKER), whose_role_has_run_out()))


def step_of(until: date, today: date) -> int | None:
    """The nearest step that has come; None before the first."""
    return min((step for step in STEPS if (until - today).days <= step), default=None)


def last_day_of(membership: Membership) -> date:
    """A role ends with a moment, the midnight after its last day."""
    assert membership.ends_at is not None  # noqa: S101  only of those that end
    return timezone.localdate(membership.ends_at - timedelta(seconds=1))


def still_ends(message: Message) -> Content | None:
    """Not once the role was renewed, was given anew, or is over."""
    membership = _ending().filter(pk=message.subject_id or 0).first()
    until = date.fromisoformat(message.context["until"])
    if membership is None or last_day_of(membership) != until:
        return None
    same = {"role": membership.role, "programme": membership.programme_id, "organisation": membership.organisation_id}
    longer = Membership.objects.live().filter(user=membership.user_id, **same).exclude(pk=membership.pk)
    return None if longer.exists() else Content({"until": until})


def _ending() -> QuerySet[Membership]:
    return Membership.objects.live().filter(
        ends_at__isnull=False, role__in=[role.value for role in SECOND_FACTOR_ROLES], user__is_active=True
    )


def _programme_of(membership: Membership) -> Programme | None:
    """A partner belongs to no programme: the first that their organisation reads of. None when it reads nothing."""
    agreements = Agreement.objects.live().filter(organisation=membership.organisation_id).select_related("programme")
    agreement = agreements.order_by("pk").first()
    return None if agreement is None else agreement.programme
