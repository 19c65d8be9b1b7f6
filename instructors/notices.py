"""Messages to an instructor about what they hold: it runs out soon, it has run out, it was sent back.

Here: which are put into the outbox, and whether one is still wanted at the moment of
sending. Not here: the words (frontend/jinja2/messages/), the desk's tasks (asking.py).
Called by the worker every morning, and when something is sent back. A message names no
kind: it says that something runs out and when, and leads to the page where it stands.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from instructors.asking import running_out
from instructors.credentials import Held, standing_of
from instructors.models import Credential, Instructor, InstructorStatus
from instructors.rules import CredentialRules
from instructors.rules_in_use import credential_rules
from instructors.standing import held_by, held_by_all
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue

RUNS_OUT_NOTICE = "credential_runs_out"  # kind of message; its subject is the instructor
SENT_BACK_NOTICE = "credential_sent_back"  # its subject is the credential
OVER = 0  # the step on the day after the end
SAID_FOR = timedelta(days=7)  # an end that lies further back is no news


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_kind(RUNS_OUT_NOTICE, still_runs_out)
    register_kind(SENT_BACK_NOTICE, still_sent_back)


def tell_of_ends(instructors: list[Instructor]) -> int:
    """Each end at each step once: a night that was missed is made up for by the nearest step alone."""
    held, rules, told = held_by_all([one.pk for one in instructors]), credential_rules(), 0
    for one in instructors:
        for until in sorted(set(running_out(held[one.pk], rules.first_notice_days).values())):
            if (step := step_of(until, timezone.localdate(), rules)) is not None:
                _tell(one, until, step)
                told += 1
    return told


def tell_of_sending_back(credential: Credential) -> None:
    """Inside the action. Why stands on the page: it may name what nobody else should read."""
    enqueue(
        programme=credential.instructor.programme,
        person=credential.instructor.person,
        kind=SENT_BACK_NOTICE,
        subject_id=credential.pk,
        dedupe_key=f"{SENT_BACK_NOTICE}:{credential.pk}",
    )


def step_of(until: date, today: date, rules: CredentialRules) -> int | None:
    """Which notice is due `today` of what ends on `until`: the nearest one that has come; None: none, or no more."""
    left = (until - today).days
    if left < 0:
        return OVER if -left <= SAID_FOR.days else None
    return min((step for step in rules.notice_days if left <= step), default=None)


def still_runs_out(message: Message) -> Content | None:
    """Not when it was renewed and somebody has seen that, nor once they teach no more. What waits changes the words."""
    instructor = Instructor.objects.filter(pk=message.subject_id or 0, status=InstructorStatus.ACTIVE).first()
    if instructor is None:
        return None
    held, until = held_by(instructor), date.fromisoformat(message.context["until"])
    rules, today = credential_rules(), timezone.localdate()
    kinds = [kind for kind, day in running_out(held, rules.first_notice_days).items() if day == until]
    if not kinds or (message.context["step"] == OVER) != (until < today):
        return None
    facts = {
        "until": until,
        "is_over": until < today,
        "waits_to_be_checked": all(_waits(kind, held, today) for kind in kinds),
        "link": settings.PUBLIC_URL + reverse("teach:credentials"),
    }
    return Content(facts)


def still_sent_back(message: Message) -> Content | None:
    """Not once something of that kind was sent since, nor once they teach no more."""
    sent_back = Credential.objects.filter(pk=message.subject_id or 0, instructor__status=InstructorStatus.ACTIVE)
    credential = sent_back.first()
    if credential is None:
        return None
    since = Credential.objects.filter(instructor=credential.instructor_id, kind=credential.kind, pk__gt=credential.pk)
    return None if since.exists() else Content({"link": settings.PUBLIC_URL + reverse("teach:credentials")})


def _waits(kind: str, held: tuple[Held, ...], today: date) -> bool:
    return standing_of(kind, held, today).pending


def _tell(instructor: Instructor, until: date, step: int) -> None:
    enqueue(
        programme=instructor.programme,
        person=instructor.person,
        kind=RUNS_OUT_NOTICE,
        subject_id=instructor.pk,
        context={"until": until.isoformat(), "step": step},
        dedupe_key=f"{RUNS_OUT_NOTICE}:{instructor.pk}:{until}:{step}",
    )
