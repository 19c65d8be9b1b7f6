"""The pages of one questionnaire, the same for whoever types: one question, the answers, thanks.

Here: the way through the questions. Not here: the form of each
(question_fields.py), which rows somebody may open (the views of me/ and desk/,
which call this), what a question takes (outcomes/questions/), saving
(outcomes/answering/recording.py). Every answer is kept when its page is left, so stopping
loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property

from accounts.history import log_read
from frontend import forms
from frontend.question_fields import RATHER_NOT, QuestionForm, is_scale, is_typed, not_taken_words, reply_words
from frontend.signed_in import user_of
from frontend.wording import count
from outcomes import safety
from outcomes.answering import recording
from outcomes.counting.instruments import Told, instrument_of
from outcomes.instruments import recipe_called, safefit_wellbeing
from outcomes.models import AnswerMode, Assessment, AssessmentQuerySet, AssessmentState, Questionnaire, Response
from outcomes.questions import Question, Replies, asked, minutes_for, next_unanswered, notes_of
from outcomes.scoring import DECLINED

SENT_ALREADY = "These answers have been sent, so they cannot be changed here. Call us if something is wrong."
JUST_SAID = "after"  # in an address: the question that was answered on the page before
CLOSED = "This check is not open today, so nothing was saved. Call us and we will help."


@dataclass(frozen=True)
class HowFar:
    """How many questions a form asks of somebody who has answered so far, and how many have an answer."""

    asked: int
    answered: int

    @classmethod
    def of(cls, questions: tuple[Question, ...], answers: Replies) -> HowFar:
        on_the_way = asked(questions, answers)
        return cls(len(on_the_way), sum(question.id in answers for question in on_the_way))

    @property
    def all_answered(self) -> bool:
        return self.answered == self.asked

    @property
    def minutes(self) -> int:
        """About how long the rest takes."""
        return minutes_for(self.asked - self.answered)


def scores_of(questionnaire: Questionnaire) -> tuple[Told, ...]:
    """The scores that a rule may be of, as summaries call them."""
    recipe = questionnaire.recipe
    return instrument_of(recipe_called(recipe)).scales if recipe else ()


def due_rows(assessments: AssessmentQuerySet) -> list[tuple[Assessment, str]]:
    """Those that are open to be answered, each with how long it takes or how far somebody is with it."""
    return [(one, _due_words(one)) for one in assessments.answerable().select_related("response")]


def _due_words(assessment: Assessment) -> str:
    words = _how_far(assessment)
    return f"Once more. {words}" if assessment.is_once_more else words


def _how_far(assessment: Assessment) -> str:
    draft = getattr(assessment, "response", None)
    far = HowFar.of(assessment.questions, draft.answers if draft else {})
    if not far.answered:
        return f"About {count(far.minutes, 'minute')}"
    return "Answered, and not sent yet" if far.all_answered else f"{far.answered} of {far.asked} questions answered"


@dataclass
class Form:
    """One form in the hands of one user, on the pages of `audience` ("me" or "desk")."""

    request: HttpRequest
    assessment: Assessment
    audience: str

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return self.assessment.questions

    @cached_property
    def draft(self) -> Response | None:
        return recording.response_of(self.assessment)

    @property
    def answers(self) -> Replies:
        return self.draft.answers if self.draft else {}

    @cached_property
    def mode(self) -> AnswerMode:
        return recording.mode_of(self.request.user, self.assessment, self.draft)

    @property
    def from_paper(self) -> bool:
        return self.mode == AnswerMode.PAPER

    @cached_property
    def is_open(self) -> bool:
        return recording.takes_answers(self.assessment, self.mode)

    @property
    def comes_late(self) -> bool:
        """Typed after its window; it keeps its real date."""
        return self.assessment.state == AssessmentState.MISSED and self.is_open

    @property
    def can_be_finished_by_phone(self) -> bool:
        """Begun, and not sent in its window: the desk may still type the rest, as late."""
        return bool(self.answers) and recording.takes_answers(self.assessment, AnswerMode.PHONE)

    @cached_property
    def help_now(self) -> safety.HelpNow | None:
        """Whom to call, from the first answer on that may mean that it is needed."""
        return self.help_for(self.answers)

    def help_for(self, answers: Replies) -> safety.HelpNow | None:
        """None from paper: whoever filled that in is not there to read it."""
        is_read = self.is_open and not self.from_paper
        return safety.help_now(self.assessment.questionnaire, answers) if is_read else None

    def after(self, question: Question, answers: Replies) -> HttpResponse:
        """On to the next page. Its address names the question, whatever was answered: addresses stand in logs."""
        onwards = redirect(*self.next_page(answers))
        onwards["Location"] += f"?{urlencode({JUST_SAID: question.key})}"
        return onwards

    def begins_with_help(self, after: Question | None) -> bool:
        """Whether a page says first whom to call: the answer given just before worries, or has made a score worry."""
        if self.help_now is None or after is None:
            return False
        rest = {item: reply for item, reply in self.answers.items() if item != after.id}
        return after.id in self.help_now.items or self.help_for(rest) is None

    @property
    def for_another(self) -> bool:
        return self.mode != AnswerMode.SELF

    @property
    def answered_before(self) -> date | None:
        """The day on which the same was answered before, too early to count."""
        return recording.answered_before(self.assessment)

    @property
    def is_our_own(self) -> bool:
        """Whether it is our own check, which may say what it is."""
        return self.assessment.questionnaire.recipe == safefit_wellbeing.CODE

    @property
    def copyright(self) -> str:
        return self.assessment.questionnaire.copyright

    @property
    def far(self) -> HowFar:
        return HowFar.of(self.questions, self.answers)

    def way(self, page: str, *more: str) -> tuple[Any, ...]:
        """Arguments of redirect() and url() for another page of this form."""
        return (f"{self.audience}:{page}", self.assessment.pk, *more)

    def next_page(self, answers: Replies) -> tuple[Any, ...]:
        question = next_unanswered(self.questions, answers)
        return self.way("wellbeing_question", question.key) if question else self.way("wellbeing_answers")

    def draw(
        self, page: str, form: forms.Form | None = None, *, status: int | None = None, **context: Any
    ) -> HttpResponse:
        template = f"frontend/{self.audience}/{page}.html"
        given = {"assessment": self.assessment, "sheet": self, "name": self.assessment.participant.person.first_name}
        if form is None:
            return render(self.request, template, {**given, **context}, status=status)
        return forms.render_form(self.request, template, {**given, **context}, form, status=status)

    def note_the_read(self) -> None:
        """Somebody else's answers are about to be shown."""
        person = self.assessment.participant.person
        if self.for_another and self.answers:
            log_read(target=person, purpose="questionnaire", what="answers", by=user_of(self.request).person)


def introduction(sheet: Form, form: forms.Form | None = None) -> HttpResponse:
    """What the form is, and the way in; `form` says how the answers come, where that is asked."""
    if sheet.assessment.state == AssessmentState.SUBMITTED:
        return redirect(*sheet.way("wellbeing_thanks"))
    return sheet.draw(
        "wellbeing",
        form,
        begun=bool(sheet.answers),
        count=len(sheet.questions),
        next_page=sheet.next_page(sheet.answers),
    )


def question_page(sheet: Form, item: str) -> HttpResponse:
    """One question: shown, or its answer kept."""
    if sheet.request.method != "POST" and not sheet.is_open:
        return redirect(*sheet.way("wellbeing"))
    on_the_way = asked(sheet.questions, sheet.answers)
    place = next((number for number, question in enumerate(on_the_way) if question.key == item), None)
    if place is None:
        return redirect(*sheet.next_page(sheet.answers))
    question = on_the_way[place]
    ways = [sheet.way("wellbeing_question", one.key) for one in on_the_way]
    ways = [sheet.way("wellbeing"), *ways, sheet.way("wellbeing_answers")]
    caption = f"Question {place + 1} of {len(on_the_way)}"
    form = QuestionForm(question, caption, forms.posted(sheet.request), replies=sheet.answers)
    said = sheet.request.GET.get(JUST_SAID)
    context: dict[str, Any] = {
        "question": question,
        "help_first": sheet.begins_with_help(next((one for one in on_the_way if one.key == said), None)),
        "before": ways[place],
        "after": ways[place + 2],
        "declined": sheet.answers.get(question.id) == DECLINED,
        **look_of(question, sheet.questions, sheet.answers),
    }
    if sheet.request.method != "POST":
        sheet.note_the_read()
        return sheet.draw("wellbeing_question", form, **context)
    return _keep(sheet, question, form, context)


def look_of(question: Question, questions: tuple[Question, ...], answers: Replies) -> dict[str, Any]:
    """What the page of a question shows besides its form."""
    return {
        "typed": is_typed(question),
        "scale": is_scale(question),
        "notes": notes_of(question.notes, questions, answers),
        "notes_after": notes_of(question.after, questions, answers),
    }


def _keep(sheet: Form, question: Question, form: QuestionForm, context: dict[str, Any]) -> HttpResponse:
    declined = is_typed(question) and "decline" in sheet.request.POST
    if not declined and not form.is_valid():
        return sheet.draw("wellbeing_question", form, **context)
    answer = DECLINED if declined else form.given
    try:
        response = recording.save_draft(
            assessment=sheet.assessment,
            answers={question.id: answer},
            mode=sheet.mode,
            by=user_of(sheet.request).person,
        )
    except (recording.AlreadySent, recording.NotOpen) as refusal:
        form.add_error(None, SENT_ALREADY if isinstance(refusal, recording.AlreadySent) else CLOSED)
        return sheet.draw("wellbeing_question", form, status=409, **context)
    except recording.NotAnAnswer:
        form.add_error("answer", not_taken_words(question))
        return sheet.draw("wellbeing_question", form, **context)
    return sheet.after(question, response.answers)


def answers_page(sheet: Form) -> HttpResponse:
    """All answers to look over, and the button that sends them."""
    if sheet.request.method == "POST":
        return _send(sheet)
    if not sheet.is_open:
        return redirect(*sheet.way("wellbeing"))
    sheet.note_the_read()
    return sheet.draw("wellbeing_answers", **_answers(sheet))


def _answers(sheet: Form) -> dict[str, Any]:
    questions = asked(sheet.questions, sheet.answers)
    rows = [
        (
            question.text,
            reply_words(question, sheet.answers.get(question.id)),
            sheet.way("wellbeing_question", question.key),
        )
        for question in questions
    ]
    return {"rows": rows, "left_out": sum(question.id not in sheet.answers for question in questions)}


def _send(sheet: Form) -> HttpResponse:
    form = forms.Form({})
    try:
        recording.submit(assessment=sheet.assessment, mode=sheet.mode, by=user_of(sheet.request).person)
    except recording.NothingAnswered:
        form.add_error(None, f"Answer at least one question, or choose “{RATHER_NOT}”")
        return sheet.draw("wellbeing_answers", form, **_answers(sheet))
    except recording.StillRequired as refusal:
        form.add_error(None, f"Answer “{refusal.question.text}”, or choose “{RATHER_NOT}” there")
        return sheet.draw("wellbeing_answers", form, **_answers(sheet))
    except recording.NotOpen:
        form.add_error(None, CLOSED)
        return sheet.draw("wellbeing_answers", form, status=409, **_answers(sheet))
    return redirect(*sheet.way("wellbeing_thanks"))


def thanks(sheet: Form) -> HttpResponse:
    """Only after sending: anybody else is led back to the form."""
    if sheet.assessment.state != AssessmentState.SUBMITTED:
        return redirect(*sheet.way("wellbeing"))
    worry = safety.worry_to_show(sheet.draft, to=user_of(sheet.request).person)
    return sheet.draw("wellbeing_thanks", worry=worry, caller=safety.asked_to_call(worry) if worry else None)
