"""What becomes of a referral and of whoever made it, once the person joins, does not want to, or is forgotten.

Here: closing the desk's task, what the person lets us tell and keep, forgetting the rest. Not here: the referral
itself and what is sent because of it (referrals.py). Called by joining.py, intake.py and referrals.py.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import Actor, acting
from messaging.models import Task, TaskState
from messaging.worklist import cancel_open, raise_task
from participants.models import Participant, Referrer, Registration, Source
from participants.rules.application import Application
from participants.working_days import due_in_working_days

REFERRED, TELL_REFERRER = "referred", "tell_referrer"  # kinds of task; the key of the referral is in their context
ANSWER_WITHIN = 2  # working days
NOTED_BY_REFERRER = "referrer_noted"  # a flag: the professional wrote something about safety


class HasJoined(Exception):
    """The person takes part by now: `participant`."""

    def __init__(self, participant: Participant) -> None:
        super().__init__(participant.reference)
        self.participant = participant


def referrer_of(registration: Registration) -> Referrer | None:
    """Who referred somebody; asked only of registrations that began so."""
    if registration.source != Source.REFERRAL:
        return None
    return Referrer.objects.filter(registration=registration).first()


def referral_of(participant: Participant) -> Referrer | None:
    """The referral that somebody who takes part began with."""
    if participant.source != Source.REFERRAL:
        return None
    return Referrer.objects.filter(registration__participant=participant).first()


def noted_by(referrer: Referrer | None) -> list[str]:
    """Flags that send the answers to a person whatever they are."""
    return [NOTED_BY_REFERRER] if referrer and referrer.safety_note else []


def settle(*, referrer: Referrer, application: Application, by: Actor) -> None:
    """The person has joined: the referrer hears of it, and is kept, only as far as they said. Inside an action."""
    cancel_open(open_tasks(referrer, REFERRED))
    referrer.link_due = False
    referrer.may_be_told, referrer.may_be_kept = application.referrer_told, application.referrer_kept
    referrer.save(update_fields=["link_due", "may_be_told", "may_be_kept"])
    if referrer.may_be_told and not referrer.email:
        ask_desk_to_tell(referrer, by=by)
    elif not referrer.may_be_told and not referrer.may_be_kept:
        forget(referrer)


def ask_desk_for_contact(referrer: Referrer, *, by: Actor) -> None:
    """Somebody gets in touch with the person. Inside an action."""
    _ask(referrer, REFERRED, by)


def ask_desk_to_tell(referrer: Referrer, *, by: Actor) -> None:
    """Nothing that we send reaches them: somebody calls. Inside an action."""
    _ask(referrer, TELL_REFERRER, by)
    referrer.passed_on_at = timezone.now()
    referrer.save(update_fields=["passed_on_at"])


def _ask(referrer: Referrer, kind: str, by: Actor) -> None:
    raise_task(
        programme=referrer.registration.programme,
        kind=kind,
        due_at=due_in_working_days(timezone.now(), ANSWER_WITHIN),
        context={"key": f"{referrer.pk}", "reference": referrer.reference},
        dedupe_key=f"{kind}:{referrer.pk}",
        by=by,
    )


def open_tasks(referrer: Referrer, kind: str) -> QuerySet[Task]:
    return Task.objects.filter(dedupe_key=f"{kind}:{referrer.pk}", state=TaskState.OPEN)


def forget(referrer: Referrer) -> None:
    """Who it was is gone; that somebody referred the person, and what was noted on safety, stays. Inside an action."""
    referrer.name = referrer.role = referrer.organisation = referrer.email = referrer.phone = ""
    referrer.forgotten_at = timezone.now()
    referrer.save(update_fields=["name", "role", "organisation", "email", "phone", "forgotten_at"])


def drop(*, referrer: Referrer, by: Actor) -> None:
    """The referral goes with everything that was filled in for the person. Raises HasJoined."""
    with acting(by, "participants.drop_referral"):
        draft = Registration.objects.select_for_update(of=("self",)).get(pk=referrer.registration_id)
        if draft.participant is not None:
            raise HasJoined(draft.participant)
        cancel_open(open_tasks(referrer, REFERRED))
        draft.decisions.all().delete()
        draft.delete()
