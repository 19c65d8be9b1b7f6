"""Answering a questionnaire: kept question by question, then sent and scored.

Here: the actions, their refusals, and the doors to the rows. Not here: which
forms are due (asking/), what a question takes (questions/), scores
(scoring/). Called by pages and the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from accounts.history import acting
from accounts.models import Person
from accounts.permissions import Permission, allows
from outcomes import safety
from outcomes.answering.progress import Form
from outcomes.answering.scores import score_rows, values_in_force
from outcomes.asking import open_forms
from outcomes.asking.windows import Window
from outcomes.instruments import recipe_called, safefit_wellbeing
from outcomes.models import AnswerMode, Assessment, AssessmentQuerySet, AssessmentState, Questionnaire, Response, Score
from outcomes.questions import Question, Replies, Reply, asked
from participants.models import Participant

DESK_MODES: Final = (AnswerMode.PHONE, AnswerMode.PAPER)

# --- refusals ----------------------------------------------------------------


class NotOpen(Exception):
    """The form is not due yet, no longer due, or no longer wanted."""

    def __init__(self, state: str, opens_on: date | None, closes_on: date | None) -> None:
        super().__init__(state, opens_on, closes_on)
        self.state, self.opens_on, self.closes_on = state, opens_on, closes_on


class AlreadySent(Exception):
    """The answers were sent, and are fixed."""


class NotAnAnswer(Exception):
    """`question` does not take `answer`; None when the form does not ask `item`."""

    def __init__(self, item: str, answer: object, question: Question | None) -> None:
        super().__init__(item, answer)
        self.item, self.answer, self.question = item, answer, question


class NothingAnswered(Exception):
    """There is nothing to send: no question was answered or declined."""


class WrongDay(Exception):
    """A paper form was not filled in on that day: it lies before `earliest`, or after `latest`."""

    def __init__(self, earliest: date | None, latest: date) -> None:
        super().__init__(earliest, latest)
        self.earliest, self.latest = earliest, latest


class StillRequired(Exception):
    """A question that the form requires is neither answered nor declined."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.id)
        self.question = question


class WrongMode(Exception):
    """`by` is not somebody who answers in that way: only oneself answers as oneself."""

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.mode = mode


# --- doors -------------------------------------------------------------------


def assessments_answerable_by(user: object) -> AssessmentQuerySet:
    """Every assessment that the user may see and type answers into, whatever its state."""
    return _in_order(Assessment.objects.answerable_by(user))


def assessments_answerable_in_private_by(user: object) -> AssessmentQuerySet:
    """The same for the pages about oneself and those one helps: nobody finds there whom they call at the desk."""
    return _in_order(Assessment.objects.answerable_in_private_by(user))


def _in_order(rows: AssessmentQuerySet) -> AssessmentQuerySet:
    return rows.select_related("participant__person", "questionnaire", "timepoint").order_by("opens_on", "id")


def own_assessments(participant: Participant) -> AssessmentQuerySet:
    """The assessments of a participant whom the caller may already see, in order of time."""
    rows = participant.assessments.select_related("participant__person", "questionnaire", "timepoint")
    return rows.order_by("timepoint__day", "round", "id")


def questionnaires_visible_to(user: object) -> QuerySet[Questionnaire]:
    """Those that stand behind an assessment the user may see."""
    return Questionnaire.objects.filter(
        pk__in=Assessment.objects.answerable_by(user).values("questionnaire_id")
    ).order_by("code", "version")


def response_of(assessment: Assessment) -> Response | None:
    """What has been answered so far, or was sent; None before the first answer."""
    return Response.objects.filter(assessment=assessment).first()


def answered_before(assessment: Assessment) -> date | None:
    """Where the same is asked once more: the day on which it was answered before."""
    if not assessment.is_once_more:
        return None
    before = Response.objects.filter(
        assessment__participant=assessment.participant_id,
        assessment__timepoint=assessment.timepoint_id,
        assessment__questionnaire=assessment.questionnaire_id,
        assessment__round__lt=assessment.round,
        submitted_at__isnull=False,
    )
    last = before.order_by("-assessment__round").first()
    return last.given_on if last else None


def own_forms(participant: Participant) -> list[Form]:
    """The wellbeing checks that a participant has sent, oldest timepoint first, with what they came to.

    For the person alone: the caller has made sure of it.
    """
    sent = own_assessments(participant).filter(
        state=AssessmentState.SUBMITTED, questionnaire__recipe=safefit_wellbeing.CODE
    )
    with_answers = list(sent.select_related("response").prefetch_related("response__scores"))
    last = {assessment.timepoint_id: assessment.pk for assessment in with_answers}
    return [_own_form(one, is_superseded=last[one.timepoint_id] != one.pk) for one in with_answers]


def _own_form(assessment: Assessment, *, is_superseded: bool) -> Form:
    response, point = assessment.response, assessment.timepoint
    return Form(
        label=f"{point.label}, earlier" if is_superseded else point.label,
        is_start=point.day == 0 and not is_superseded,
        is_superseded=is_superseded,
        on=response.given_on,
        is_late=response.is_late,
        items={name: float(answer) for name, answer in response.answers.items() if isinstance(answer, int)},
        scales=values_in_force(response.scores.all()),
    )


def mode_of(user: object, assessment: Assessment, draft: Response | None = None) -> AnswerMode:
    """How answers that `user` types into this form are given: by oneself, read out by staff, from the paper form that
    `draft` was begun from, or through a scribe."""
    if getattr(user, "person_id", None) == assessment.participant.person_id:
        return AnswerMode.SELF
    if not allows(user, Permission.WORK_AT_DESK, programme_id=assessment.participant.programme_id):
        return AnswerMode.SCRIBE
    return AnswerMode.PAPER if draft is not None and draft.mode == AnswerMode.PAPER else AnswerMode.PHONE


def is_open(assessment: Assessment) -> bool:
    """Whether the form takes answers today."""
    window = Window(assessment.opens_on, assessment.due_on, assessment.closes_on)
    return assessment.state == AssessmentState.PLANNED and window.is_open(timezone.localdate())


def takes_answers(assessment: Assessment, mode: str, beside: Iterable[Assessment] | None = None) -> bool:
    """Whether answers given in that way are taken today. The desk types late ones too, which keep their real date,
    until the same questions are open for the next time: one form serves one window.

    `beside`: the other forms of that person, where they were read before.
    """
    if mode not in DESK_MODES or assessment.state != AssessmentState.MISSED:
        return is_open(assessment)
    if beside is None:
        others = assessment.participant.assessments.select_related("timepoint", "questionnaire")
        beside = others.defer("questionnaire__items")
    return not any(_comes_after(other, assessment) for other in beside)


def _comes_after(other: Assessment, assessment: Assessment) -> bool:
    """Whichever version of them is asked then."""
    if other.questionnaire.code != assessment.questionnaire.code or other.timepoint.day <= assessment.timepoint.day:
        return False
    return other.opens_on is not None and other.opens_on <= timezone.localdate()


def may_read_answers(user: object, assessment: Assessment) -> bool:
    """One's own, always. Somebody else's while one may type them, and no longer: what was sent is the person's own."""
    mode = mode_of(user, assessment)
    return mode == AnswerMode.SELF or takes_answers(assessment, mode)


# --- answering ---------------------------------------------------------------


def begin(*, assessment: Assessment, mode: AnswerMode, answered_on: date | None = None, by: Person) -> Response:
    """The desk says how the answers come: read out now, or typed from a paper form that was filled in `answered_on`.

    Raises WrongDay, WrongMode, AlreadySent, NotOpen.
    """
    with acting(by, "outcomes.begin", on_behalf_of=assessment.participant.person):
        _lock_open(assessment, mode)
        response = _draft(assessment, mode, by)
        _keep_how(response, mode, _day_on_paper(assessment, mode, answered_on), by)
        response.save()
        return response


def save_draft(
    *, assessment: Assessment, answers: Mapping[str, Reply | None], mode: AnswerMode, by: Person
) -> Response:
    """Keep `answers` (item → whole number, values, "declined", or None to take it back) beside those already kept.

    Raises NotAnAnswer, WrongMode, AlreadySent, NotOpen; then nothing is changed.
    """
    questions = {question.id: question for question in assessment.questions}
    given = {item: _kept(questions.get(item), item, answer) for item, answer in answers.items()}
    with acting(by, "outcomes.save_draft", on_behalf_of=assessment.participant.person):
        _lock_open(assessment, mode)
        response = _draft(assessment, mode, by)
        merged = {item: answer for item, answer in {**response.answers, **given}.items() if answer is not None}
        response.answers = _only_asked(questions.values(), merged)
        _keep_how(response, mode, response.answered_on, by)
        response.save()
        return response


def submit(*, assessment: Assessment, mode: AnswerMode, answered_on: date | None = None, by: Person) -> Response:
    """Send the answers: they are fixed from now on, and scored in the same transaction.

    Sending twice changes nothing and returns what was sent. `answered_on`: the day on a paper form, where the draft
    does not say it. Raises NotOpen, WrongMode, WrongDay, NothingAnswered, StillRequired.
    """
    with acting(by, "outcomes.submit", on_behalf_of=assessment.participant.person):
        try:
            _lock_open(assessment, mode)
        except AlreadySent:
            return assessment.response
        response = _draft(assessment, mode, by)
        response.answers = _to_be_sent(assessment.questions, response.answers, mode)
        _keep_how(response, mode, _day_on_paper(assessment, mode, answered_on) or response.answered_on, by)
        response.submitted_at = timezone.now()
        response.save()
        _keep_scores(response, assessment.questionnaire)
        assessment.state = AssessmentState.SUBMITTED
        assessment.save(update_fields=["state"])
        open_forms.answered(assessment)
        response.assessment = assessment
        safety.alert(response, by)
        return response


def _lock_open(assessment: Assessment, mode: AnswerMode) -> None:
    """Lock the row and read it anew. Raises AlreadySent or NotOpen."""
    now = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    assessment.state = now.state
    if now.state == AssessmentState.SUBMITTED:
        raise AlreadySent
    if not takes_answers(now, mode):
        raise NotOpen(now.state, now.opens_on, now.closes_on)


def _draft(assessment: Assessment, mode: AnswerMode, by: Person) -> Response:
    is_the_person = by.pk == assessment.participant.person_id
    if is_the_person != (mode == AnswerMode.SELF):
        raise WrongMode(mode)
    draft = {"entered_by": by, "mode": mode}
    return Response.objects.get_or_create(assessment=assessment, defaults=draft)[0]


def _keep_how(response: Response, mode: AnswerMode, answered_on: date | None, by: Person) -> None:
    response.mode, response.entered_by = mode, by
    response.answered_on = answered_on if mode == AnswerMode.PAPER else None


def _day_on_paper(assessment: Assessment, mode: AnswerMode, answered_on: date | None) -> date | None:
    if mode != AnswerMode.PAPER or answered_on is None:
        return None
    earliest = _earliest_on_paper(assessment)
    if answered_on > timezone.localdate() or (earliest and answered_on < earliest):
        raise WrongDay(earliest, timezone.localdate())
    return answered_on


def _earliest_on_paper(assessment: Assessment) -> date | None:
    """When it opened. What somebody filled in before they joined, as at a clinic, counts from so many days before the
    first class on, and before that is known may count."""
    opens_on, point = assessment.opens_on, assessment.timepoint
    if opens_on is None or point.day:
        return opens_on
    return min(opens_on, (assessment.due_on or opens_on) - timedelta(days=point.opens_before))


def _kept(question: Question | None, item: str, answer: Reply | None) -> Reply | None:
    """The answer as it is kept; None takes it back. Raises NotAnAnswer."""
    if question is None:
        raise NotAnAnswer(item, answer, question)
    kept = None if answer is None else question.kept(answer)
    if answer is not None and kept is None:
        raise NotAnAnswer(item, answer, question)
    return kept


def _only_asked(questions: Iterable[Question], answers: Replies, *, hopeful: bool = True) -> dict[str, Reply]:
    """What is not asked any more, after another answer changed, is not kept."""
    still = asked(questions, answers, hopeful=hopeful)
    return {question.id: answers[question.id] for question in still if question.id in answers}


def _to_be_sent(questions: tuple[Question, ...], answers: Replies, mode: AnswerMode) -> dict[str, Reply]:
    """The answers without any that hangs on a question left open. What was left blank on paper stays blank.

    Raises NothingAnswered, StillRequired.
    """
    found = _only_asked(questions, answers, hopeful=False)
    if not found:
        raise NothingAnswered
    for question in asked(questions, found, hopeful=False):
        if question.required and question.id not in found and mode != AnswerMode.PAPER:
            raise StillRequired(question)
    return found


def _keep_scores(response: Response, questionnaire: Questionnaire) -> None:
    """Without a recipe the answers are kept, and nothing is worked out."""
    if questionnaire.recipe:
        Score.objects.bulk_create(score_rows(response, recipe_called(questionnaire.recipe)))
