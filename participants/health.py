"""Health answers and the clearance decided from them, by the rules or by a person.

Here: recording answers, the review task, the decision, stopping clearance. Not
here: what answers mean (screening.py), what else follows (consequences.py).
Every function leaves new rows: no answer and no decision is ever rewritten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from messaging.models import Task
from messaging.worklist import cancel_tasks, close_task, raise_task
from participants.consequences import CLEARANCE_CHANGED, run_consequences
from participants.health_content import health_questions, rules
from participants.models import (
    Clearance,
    ClearanceState,
    ConsentEvent,
    ConsentKind,
    HealthProfile,
    Participant,
    ParticipantStatus,
    ReferBackOutcome,
)
from participants.notices import clearance_decided
from participants.refer_back import REFERRED_BACK, end_refer_backs, is_referred_back
from participants.refusals import NotPossibleNow, QuestionsChanged
from participants.rules.adaptations import Adaptation, contradict
from participants.rules.questions import QuestionSet
from participants.rules.screening import Answer, Needed, Screening, Standing, add_months, after, screen
from participants.standing import facts_changed
from participants.working_days import due_in_working_days

REVIEW_CLEARANCE, HEALTH_DUE_CALL = "review_clearance", "health_due_call"  # kinds of task; subject: the participant
DECISIONS = (ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS, ClearanceState.NOT_SUITABLE)
CLEARED = (ClearanceState.CLEARED, ClearanceState.CLEARED_WITH_ADAPTATIONS)
PAUSED = ClearanceState.PAUSED
RUN_OUT = "run_out"  # how a clearance stands after its last day; no row says so
FLAGGED_DAY = "flagged_day"  # why clearance stopped: somebody must not exercise on that day


class AlreadyDecided(Exception):
    """Somebody decided first: `clearance` is theirs."""

    def __init__(self, clearance: Clearance) -> None:
        super().__init__(f"clearance {clearance.pk}")
        self.clearance = clearance


class NoConsent(Exception):
    """The person took back the agreement to hold health facts: none is kept, and nothing is decided from any."""


class OwnRecord(Exception):
    """Nobody decides about their own clearance, whatever their role."""


class BadDecision(ValueError):
    """A decision that contradicts itself: `problem` is "adaptations_missing", "adaptations_left_over",
    "adaptations_contradict" or "not_a_decision"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def clearance_of(participant: Participant) -> Clearance | None:
    """The decision in force."""
    return Clearance.objects.filter(participant=participant).in_force().select_related("profile", "decided_by").first()


def state_today(clearance: Clearance | None) -> str | None:
    """The state of a decision as it stands today: RUN_OUT once its last day has passed, None without one."""
    if clearance is None:
        return None
    over = clearance.valid_until is not None and clearance.valid_until < timezone.localdate()
    return RUN_OUT if over and clearance.state in CLEARED else clearance.state


def last_answers(participant: Participant) -> HealthProfile | None:
    """What the person answered last, if it was to the questions that are asked now: a reminder, never an answer."""
    latest = participant.health_profiles.first()
    return latest if latest and latest.wording_version == health_questions().version else None


def update_health(
    *,
    participant: Participant,
    answers: Mapping[str, Answer],
    note: str = "",
    mode: str = "self",
    version: str = "",
    by: Person,
) -> Clearance:
    """Keep new answers to the questions asked now, and decide or have decided what follows from them.

    `version` is the wording that the person read, where it may be an older one.
    Raises QuestionsChanged, NotPossibleNow for somebody who does not take part,
    screening.Unanswered, screening.BadAnswer and NoConsent, and then nothing is kept.
    """
    questions = health_questions()
    if version not in ("", questions.version):
        raise QuestionsChanged(questions.version)
    with acting(by, "participants.update_health", on_behalf_of=participant.person):
        Participant.objects.select_for_update().get(pk=participant.pk)  # or it may change before the answers are kept
        participant.refresh_from_db(fields=["status"])
        if participant.status != ParticipantStatus.ACTIVE:
            raise NotPossibleNow(participant.status)
        clearance = record_answers(
            participant=participant, questions=questions, answers=answers, note=note, mode=mode, by=by
        )
        run_consequences(CLEARANCE_CHANGED, participant, by)
        return clearance


def record_answers(
    *,
    participant: Participant,
    questions: QuestionSet,
    answers: Mapping[str, Answer],
    note: str,
    mode: str,
    noted: Collection[str] = (),
    by: Person,
) -> Clearance:
    """A part of registering and of updating: profile, clearance and, when a person must look, the task.

    `questions`: the wording that was read. It is the caller's, so that a version that starts in
    this moment is not noted for answers to the one before. `noted`: why a person must look, whatever was answered.
    """
    screening = screen(questions, answers, note)
    facts_changed(participant)
    _refuse_without_consent(participant)
    cancel_tasks(kinds=[HEALTH_DUE_CALL], subject_id=participant.pk, by=by)
    profile = HealthProfile.objects.create(
        participant=participant,
        wording_version=questions.version,
        answers=dict(answers),
        note=note.strip(),
        by=by,
        mode=mode,
    )
    clearance = _clearance(participant, profile, screening, noted)
    if clearance.state == ClearanceState.NEEDS_REVIEW:
        _ask_for_review(participant, clearance, by)
    return clearance


def decide_clearance(
    *,
    participant: Participant,
    reviewed: Clearance,
    state: str,
    adaptations: Collection[str] = (),
    note: str = "",
    by: Person,
) -> Clearance:
    """A person's decision, in place of `reviewed`, the one they were shown.

    Of two people at once, the first one's counts: the other gets AlreadyDecided,
    which says whose it was. Raises BadDecision when state and adaptations do not
    fit together, or when an adaptation that the answers ask for is left out
    without a word on why; NoConsent; OwnRecord. The caller checks Permission.DECIDE_CLEARANCE.
    """
    if by == participant.person:
        raise OwnRecord
    _check(state, adaptations, left_out=set(reviewed.adaptations) - set(adaptations), note=note)
    with acting(by, "participants.decide_clearance", on_behalf_of=participant.person):
        facts_changed(participant)  # locks the participant: whoever comes second reads the first one's decision
        _refuse_without_consent(participant)
        standing = clearance_of(participant)
        cancel_tasks(kinds=[HEALTH_DUE_CALL], subject_id=participant.pk, by=by)
        if standing is not None and standing.pk != reviewed.pk:
            raise AlreadyDecided(standing)
        clearance = _decided(participant, reviewed, state, adaptations, note, by)
        _close_review(participant, state, by)
        end_refer_backs(participant, _ends_as(state), by)
        run_consequences(CLEARANCE_CHANGED, participant, by)
        clearance_decided(participant=participant, clearance=clearance)
        return clearance


def stop_clearance(*, participant: Participant, reason: str, by: Person, on: date | None = None) -> Clearance:
    """Nobody may exercise on the clearance that stood; new answers are needed. Inside an action.

    With the reason FLAGGED_DAY, whatever is answered up to `on` (today) goes to a person.
    """
    facts_changed(participant)
    cancel_tasks(kinds=[REVIEW_CLEARANCE, HEALTH_DUE_CALL], subject_id=participant.pk, by=by)
    return Clearance.objects.create(
        participant=participant, state=PAUSED, reason=reason, valid_from=on or timezone.localdate(), decided_by=by
    )


def ask_for_review(*, participant: Participant, by: Person) -> None:
    """Have somebody look whose answers wait for it, where nobody is asked to any more. Inside an action."""
    clearance = clearance_of(participant)
    if clearance is not None and clearance.state == ClearanceState.NEEDS_REVIEW:
        _ask_for_review(participant, clearance, by)


def ask_again_after(*, participant: Participant, on: date, reason: str, by: Person) -> Clearance | None:
    """The clearance that stands holds until `on` and no longer: new answers are needed for the day after.

    Inside an action. None, and nothing is changed, where none stands that would hold longer. Whose
    decision it was stays as it is; who asked is kept by the caller.
    """
    facts_changed(participant)
    standing = clearance_of(participant)
    if standing is None or not standing.allows(on) or not standing.allows(on + timedelta(days=1)):
        return None
    shorter = Clearance.objects.create(
        participant=participant,
        profile=standing.profile,
        state=standing.state,
        adaptations=standing.adaptations,
        note=standing.note,
        flags=standing.flags,
        reason=reason,
        valid_from=standing.valid_from,
        valid_until=on,
        decided_by=standing.decided_by,
    )
    run_consequences(CLEARANCE_CHANGED, participant, by)
    return shorter


def _refuse_without_consent(participant: Participant) -> None:
    """By the latest answer, read while the participant is locked; who was never asked is not stopped here."""
    if ConsentEvent.objects.is_refused_by(participant.pk, ConsentKind.HEALTH):
        raise NoConsent


def _clearance(
    participant: Participant, profile: HealthProfile, screening: Screening, noted: Collection[str]
) -> Clearance:
    now = timezone.now()
    today, numbers = timezone.localdate(now), rules()
    flagged = _is_flagged(participant, today)
    state = Needed.NEEDS_REVIEW if flagged or noted else after(_standing_before(participant), screening)
    review = state is Needed.NEEDS_REVIEW
    return Clearance.objects.create(
        participant=participant,
        profile=profile,
        state=state.value,
        adaptations=[a.value for a in screening.adaptations],
        flags=[*screening.flags, *_noted_by_others(participant, flagged), *noted],
        valid_from=today,
        valid_until=None if review else add_months(today, numbers.clearance_months),
        review_due_at=due_in_working_days(now, numbers.review_days) if review else None,
    )


def _noted_by_others(participant: Participant, flagged: bool) -> list[str]:
    """Why a person must look, beyond what was answered."""
    why = {FLAGGED_DAY: flagged, REFERRED_BACK: is_referred_back(participant)}
    return [flag for flag, there in why.items() if there]


def _standing_before(participant: Participant) -> Standing | None:
    """The last decision that was more than a stop: a pause ends with new answers, a person's decision does not."""
    before = Clearance.objects.filter(participant=participant).exclude(state=PAUSED).first()
    return Standing(before.state, before.decided_by_id is not None) if before else None


def _is_flagged(participant: Participant, today: date) -> bool:
    """Whether the day is one on which the person was told not to exercise: answers alone undo that for no one."""
    return Clearance.objects.filter(
        participant=participant, state=PAUSED, reason=FLAGGED_DAY, valid_from__gte=today
    ).exists()


def _ask_for_review(participant: Participant, clearance: Clearance, by: Person) -> Task:
    assert clearance.review_due_at is not None  # noqa: S101  a constraint of the table
    return raise_task(
        programme=participant.programme,
        kind=REVIEW_CLEARANCE,
        due_at=clearance.review_due_at,
        about=participant.person,
        subject_id=participant.pk,
        dedupe_key=f"{REVIEW_CLEARANCE}:{participant.pk}",
        by=by,
    )


def _check(state: str, adaptations: Collection[str], *, left_out: Collection[str], note: str) -> None:
    adapted = state == ClearanceState.CLEARED_WITH_ADAPTATIONS
    lets_in = adapted or state == ClearanceState.CLEARED
    problems = {
        "not_a_decision": state not in DECISIONS or not set(adaptations) <= set(Adaptation),
        "adaptations_missing": adapted and not adaptations,
        "adaptations_left_over": not adapted and bool(adaptations),
        "adaptations_contradict": contradict(adaptations),
        "note_missing": lets_in and bool(left_out) and not note.strip(),
    }
    for problem, there in problems.items():
        if there:
            raise BadDecision(problem)


def _decided(
    participant: Participant, reviewed: Clearance, state: str, adaptations: Collection[str], note: str, by: Person
) -> Clearance:
    today = timezone.localdate()
    until = add_months(today, rules().clearance_months)
    return Clearance.objects.create(
        participant=participant,
        profile=reviewed.profile,
        state=state,
        adaptations=[a.value for a in Adaptation if a in adaptations],
        note=note.strip(),
        flags=[flag for flag in reviewed.flags if flag != REFERRED_BACK],
        valid_from=today,
        valid_until=None if state == ClearanceState.NOT_SUITABLE else until,
        decided_by=by,
    )


def _ends_as(state: str) -> ReferBackOutcome:
    return ReferBackOutcome.CLEARED if state in CLEARED else ReferBackOutcome.STAYS_STOPPED


def _close_review(participant: Participant, outcome: str, by: Person) -> None:
    for task in Task.objects.to_do().filter(kind=REVIEW_CLEARANCE, subject_id=participant.pk):
        close_task(task=task, outcome=outcome, by=by)
