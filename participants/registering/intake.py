"""Registering: a draft saved page by page, handed in once, and the decision on who can join.

Here: start, save, return, hand in, override, purge. Not here: the rows of the
person who joins (joining.py), the rules (admission.py, screening.py), the pages
(frontend). Called by the public pages and by the desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Person, Programme
from participants.consents import required_kinds
from participants.health_content import health_questions
from participants.models import EligibilityDecision, Participant, Phase, Registration, RegistrationStatus, Source
from participants.registering.draft_readings import READ, hand_over_readings
from participants.registering.joining import join
from participants.registering.referrers import drop, referrer_of
from participants.rules.admission import MAY_BE_OVERRIDDEN, Reason, Rules, reasons_against
from participants.rules.application import Application, merged, read_application
from participants.rules.said import as_written
from participants.rules.tokens import new_token, token_hash

_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # nothing that is heard or read as something else
MAY_TRY = 5  # dates of birth at one link, links from one draft


class Incomplete(Exception):
    """The draft cannot be handed in yet: `missing` names what was not answered."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class NotEligible(Exception):
    """The person cannot join, for `reasons` that nobody has overridden."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class AlreadyHandedIn(Exception):
    """The draft became a participant: nothing in it can be changed any more."""


class NoLongerThere(Exception):
    """The draft was dropped with the referral that it came from, or forgotten: nothing of it is kept."""


TOO_LATE = (AlreadyHandedIn, NoLongerThere)  # somebody else, or another page, was faster


class CannotOverride(Exception):
    """These reasons are nobody's to set aside."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def rules_of(programme: Programme) -> Rules:
    return Rules(minimum_age=programme.minimum_age, areas_served=tuple(programme.areas_served))


def application_of(registration: Registration) -> Application:
    """What was answered so far."""
    return read_application(registration.answers, health_questions())


def open_programmes() -> QuerySet[Programme]:
    """The programmes that anybody may register for."""
    return Programme.objects.order_by("pk")


def phases_shown() -> list[Phase]:
    """The stretches of the first open programme, for the page that says how it works."""
    return list(Phase.objects.filter(programme=open_programmes().first()))


def open_draft(pk: int) -> Registration | None:
    """The unfinished registration that the caller's own session names; None when it is gone or handed in."""
    return Registration.objects.unfinished().select_related("programme", "referrer").filter(pk=pk).first()


def handed_in(pk: int) -> Registration | None:
    """What the caller's own session or page names, when it was handed in: it holds no answers any more."""
    return Registration.objects.select_related("programme").filter(pk=pk, status=RegistrationStatus.SUBMITTED).first()


def start_registration(*, programme: Programme, source: str = Source.SELF, by: Person | None = None) -> Registration:
    """An empty draft. `by` is the person at the desk who types, None when people register themselves."""
    return Registration.objects.create(
        programme=programme,
        reference=new_reference(),
        resume_hash=token_hash(new_token()),  # nobody holds this one: `new_return_token` makes a live one
        source=source,
        entered_by=by,
    )


@transaction.atomic
def save_page(
    *, registration: Registration, page: str, values: Mapping[str, Any], by: Person | None = None
) -> tuple[Reason, ...]:
    """Keep the answers of one page and judge what is known so far: reasons why the person cannot join.

    Raises AlreadyHandedIn, NoLongerThere.
    """
    draft = _locked(registration)
    draft.answers = merged(draft.answers, page, values)
    draft.entered_by = by or draft.entered_by
    reasons = _reasons(draft)
    _keep_decision(draft, reasons, by)
    draft.status = RegistrationStatus.NOT_ELIGIBLE if reasons else RegistrationStatus.DRAFT
    draft.save(update_fields=["answers", "entered_by", "status", "changed_at"])
    registration.refresh_from_db()
    return reasons


def may_have_link(*, registration: Registration) -> bool:
    """Whether one more may be sent from this draft, as it was read."""
    return int(registration.answers.get("links", 0)) < MAY_TRY


@transaction.atomic
def new_return_token(*, registration: Registration) -> str | None:
    """A token that opens the draft again; an earlier one stops working. None after too many for one draft.

    Raises AlreadyHandedIn, NoLongerThere.
    """
    draft = _locked(registration)
    if not may_have_link(registration=draft):
        return None
    token = new_token()
    draft.resume_hash = token_hash(token)
    draft.answers = {**draft.answers, "links": int(draft.answers.get("links", 0)) + 1, "tries": 0}
    draft.save(update_fields=["resume_hash", "answers", "changed_at"])
    return token


def draft_behind(token: str) -> Registration | None:
    """The unfinished registration that a live link leads to."""
    drafts = Registration.objects.unfinished().select_related("programme", "referrer")
    drafts = drafts.filter(resume_hash=token_hash(token))
    draft = drafts.first()
    return draft if draft and int(draft.answers.get("tries", 0)) < MAY_TRY else None


def draft_known_by(*, reference: str, born: date) -> Registration | None:
    """The unfinished registration of somebody who gives its reference and the date of birth in it; else nothing.

    A draft in which no date of birth stands yet opens by its link alone. The caller limits how often it is asked.
    """
    drafts = Registration.objects.unfinished().select_related("programme", "referrer")
    draft = drafts.filter(reference=as_written(reference)).first()
    return draft if draft and draft.answers.get("born") == born.isoformat() else None


@transaction.atomic
def open_with(*, registration: Registration, born: str) -> bool:
    """Whether `born` (ISO) is the date of birth in the draft; a link dies after a few wrong ones.

    A link may be read by somebody else; a draft without a date of birth holds
    little and opens to anybody who has the link. Raises AlreadyHandedIn, NoLongerThere.
    """
    draft = _locked(registration)
    if draft.answers.get("born") in (None, born):
        return True
    draft.answers = {**draft.answers, "tries": int(draft.answers.get("tries", 0)) + 1}
    draft.save(update_fields=["answers", "changed_at"])
    return False


def override_ineligibility(*, registration: Registration, reason: str, by: Person) -> EligibilityDecision:
    """Let somebody register although the rules say no, for a reason that is kept. Never against age.

    Raises CannotOverride when a reason is not staff's to set aside, AlreadyHandedIn, NoLongerThere.
    """
    with acting(by, "participants.override_ineligibility", reason=reason):
        draft = _locked(registration)
        against = _judged(draft)
        fixed = tuple(r for r in against if r not in MAY_BE_OVERRIDDEN)
        if fixed:
            raise CannotOverride(fixed)
        decision = _decide(draft, against, eligible=True, by=by, override_reason=reason)
        draft.status = RegistrationStatus.DRAFT
        draft.save(update_fields=["status", "changed_at"])
        registration.refresh_from_db()
        return decision


@transaction.atomic
def submit_registration(*, registration: Registration, by: Person | None = None) -> Participant:
    """Hand the draft in: the person joins, with everything that belongs to it, or nothing at all.

    Twice is harmless: the participant of the first time is returned. `by` is the
    person at the desk; None means that the person registers themselves, and is
    then the actor of their own record. Raises Incomplete, NotEligible, NoLongerThere.
    """
    draft = _still_there(registration)
    if draft.participant is not None:
        return draft.participant
    questions = health_questions()  # once: what was read, what is missing and what is noted are of one version
    application = read_application(draft.answers, questions)
    if missing := application.missing(questions, required_kinds(draft.programme)):
        raise Incomplete(missing)
    if reasons := _reasons(draft):
        raise NotEligible(reasons)
    with acting(by or System.PUBLIC, "participants.register"):
        person = Person.objects.create(
            given_name=application.given_name,
            family_name=application.family_name,
            known_as=application.known_as,
            date_of_birth=application.born,
        )
    with acting(by or person, "participants.register", on_behalf_of=person):
        participant = join(
            registration=draft, application=application, questions=questions, person=person, by=by or person
        )
        _decide(draft, _judged(draft), eligible=True, by=by, override_reason=_override(draft), participant=participant)
        hand_over_readings(draft.answers.get(READ, ()), person=person)
    draft.status, draft.submitted_at = RegistrationStatus.SUBMITTED, timezone.now()
    draft.participant, draft.answers = (
        participant,
        {},
    )  # from here on the record holds them, each with its own retention
    draft.save(update_fields=["status", "submitted_at", "participant", "answers", "changed_at"])
    return participant


def purge_drafts() -> int:
    """Delete unfinished registrations not touched for the programme's `draft_days`; returns how many. Run daily."""
    age = ExpressionWrapper(F("programme__draft_days") * Value(timedelta(days=1)), output_field=DurationField())
    stale = Registration.objects.unfinished().filter(changed_at__lt=Value(timezone.now()) - age)
    return sum(_purge(stale.filter(pk=pk)) for pk in list(stale.values_list("pk", flat=True)))


def _purge(stale: QuerySet[Registration]) -> int:
    """Delete one draft, unless somebody has come back to it since it was found."""
    with transaction.atomic():
        draft = stale.select_for_update(skip_locked=True, of=("self",)).first()
        if draft is None:
            return 0  # handed in or carried on meanwhile, or being typed in at this moment
        if referrer := referrer_of(draft):
            drop(referrer=referrer, by=System.WORKER)
            return 1
        draft.decisions.all().delete()
        draft.delete()
        return 1


def new_reference(begins: str = "SF") -> str:
    """One that can be read out by telephone."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{begins}-{drawn[:4]}-{drawn[4:]}"


def _still_there(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("programme")
    draft = rows.filter(pk=registration.pk).first()
    if draft is None:
        raise NoLongerThere
    return draft


def _locked(registration: Registration) -> Registration:
    draft = _still_there(registration)
    if draft.status == RegistrationStatus.SUBMITTED:
        raise AlreadyHandedIn
    return draft


def _judged(draft: Registration) -> tuple[Reason, ...]:
    applicant = application_of(draft).applicant(required_kinds(draft.programme))
    return reasons_against(applicant, rules_of(draft.programme), timezone.localdate())


def _reasons(draft: Registration) -> tuple[Reason, ...]:
    """Reasons that stand: those judged now, without what staff have set aside."""
    set_aside = draft.decisions.exclude(override_reason="").first()
    overridden = set(set_aside.reasons) if set_aside else set()
    return tuple(reason for reason in _judged(draft) if reason not in overridden)


def _override(draft: Registration) -> str:
    decision = draft.decisions.exclude(override_reason="").first()
    return decision.override_reason if decision and _judged(draft) else ""


def _keep_decision(draft: Registration, reasons: tuple[Reason, ...], by: Person | None) -> None:
    last = draft.decisions.first()
    if reasons and (last is None or tuple(last.reasons) != reasons):
        _decide(draft, reasons, eligible=False, by=by)


def _decide(
    draft: Registration,
    reasons: tuple[Reason, ...],
    *,
    eligible: bool,
    by: Person | None,
    override_reason: str = "",
    participant: Participant | None = None,
) -> EligibilityDecision:
    return EligibilityDecision.objects.create(
        registration=draft,
        participant=participant,
        eligible=eligible,
        reasons=list(reasons),
        rules_version=rules_of(draft.programme).version,
        answers={name: draft.answers.get(name) for name in ("born", "area", "cancer", "consents")},
        decided_by=by,
        override_reason=override_reason,
    )
