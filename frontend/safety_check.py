"""The pages of one same-day check, the same for whoever answers: the questions, and what follows.

Here: the form, sending it, refusals in words, the result. Not here: which rows
somebody may open (the views of me/, desk/ and teach/, which call this), any rule
(classes/symptom_check.py), answers of somebody who was signed out (kept_answers.py).

Whatever is refused, answers that ask for 999 or the 24-hour line say so at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone

from accounts.content import signature_of
from accounts.history import log_read
from classes.judging.judgement import reasons_to_refuse
from classes.judging.refusals import CheckClosed, CheckNotOpen, IdUsed, QuestionsChanged, Refusal, StoppedToday
from classes.models import Booking, CheckMode, Guest, Session
from classes.readiness import Readiness, TodaysCheck, todays_check
from classes.same_day.symptom_content import SYMPTOM_CHECK, symptom_questions
from classes.same_day.symptom_questions import Advice, SymptomQuestions
from classes.same_day.symptoms import worst_so_far
from classes.symptom_check import answer_check, refuse_if_shut
from frontend import forms
from frontend.class_words import place_of
from frontend.kept_answers import YES_NO, forget_kept_answers, kept_answers, questions_on
from frontend.signed_in import user_of
from frontend.wording import moment
from participants.models import Participant
from participants.standing import standing_of

SHOWN_FOR = timedelta(hours=12)  # after the class; nobody is told today what was true of another day
REFUSED = {
    "no_place": "There is no place in this class, so there is nothing to answer.",
    "no_health_consent": "We have been asked to keep no health facts, so these answers were not kept. Please call us.",
    "wrong_mode": "These answers cannot be given in this way. Please call us.",
    "questions_changed": "The questions have changed. Check every answer, then send them again.",
    "id_used": "Answers were sent before from this page. If these are the right ones, send them again.",
    "try_again": "The answers are not saved yet. Please press the button again.",
}


class CheckForm(forms.Form):
    """Every question with yes or no, and nothing filled in beforehand."""

    version = forms.HiddenField()
    client_id = forms.HiddenField(required=False)

    def __init__(self, data: Any = None, *, asked: SymptomQuestions, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"version": asked.version, "client_id": uuid.uuid4(), **(initial or {})})
        self.asked = asked
        for question in asked:
            self.fields[question.id] = forms.YesNoField(
                label=question.ask, hint=question.help, missing=f"Answer yes or no: {question.short}"
            )

    @property
    def given(self) -> dict[str, bool]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "client_id")}


@dataclass
class Sheet:
    """One check in the hands of one user. `address`: arguments of its pages in `audience`; `home`: where it began."""

    request: HttpRequest
    place: Booking | Guest
    mode: CheckMode
    audience: str
    address: tuple[Any, ...]
    home: tuple[Any, ...]

    @property
    def session(self) -> Session:
        return self.place.session

    @property
    def participant(self) -> Participant:
        assert self.place.participant is not None  # noqa: S101  the views let no bare name through
        return self.place.participant

    @property
    def name(self) -> str:
        return self.participant.person.first_name

    @property
    def by_oneself(self) -> bool:
        return self.mode == CheckMode.SELF

    def way(self, page: str = "") -> tuple[Any, ...]:
        """Arguments of redirect() and url() for the page of the questions, or "result"."""
        return (f"{self.audience}:safety_check{'_' + page if page else ''}", *self.address)

    def draw(
        self, page: str, form: forms.Form | None = None, *, status: int | None = None, **more: Any
    ) -> HttpResponse:
        template = f"frontend/{self.audience}/safety_check{'_' + page if page else ''}.html"
        context = {"sheet": self, "session": self.session, "participant": self.participant, "name": self.name, **more}
        if form is None:
            return render(self.request, template, context, status=status)
        return forms.render_form(self.request, template, context, form, status=status)


# --- the questions -----------------------------------------------------------


def check_page(sheet: Sheet) -> HttpResponse:
    """The questions: shown, or sent."""
    if sheet.request.method == "POST":
        return _send(sheet)
    try:
        refuse_if_shut(place=sheet.place, mode=sheet.mode, at=timezone.now())
    except StoppedToday:
        return redirect(*sheet.way("result"))
    except Refusal as refusal:
        return sheet.draw("", shut=refused_words(refusal, sheet), warning=None, asked=None)
    asked = symptom_questions()
    kept = kept_answers(sheet.request, asked)
    return _questions(sheet, CheckForm(asked=asked, initial=kept), kept=bool(kept))


def _questions(
    sheet: Sheet,
    form: CheckForm,
    *problems: str,
    status: int | None = None,
    warning: Advice | None = None,
    kept: bool = False,
) -> HttpResponse:
    first = (warning.heading if sheet.by_oneself else warning.for_heading,) if warning else ()
    for words in (*first, *problems):  # in the error summary, which takes the focus, what cannot wait stands first too
        form.add_error(None, words)
    signed_off = signature_of(SYMPTOM_CHECK) if _is_staff(sheet) else None  # only staff are told that nobody has
    return sheet.draw(
        "", form, status=status, asked=form.asked, signed_off=signed_off, shut="", warning=warning, kept=kept
    )


def _send(sheet: Sheet) -> HttpResponse:
    asked, sent = symptom_questions(), sheet.request.POST
    if sent.get("version") != asked.version:
        return _again(sheet, QuestionsChanged(asked.version))
    form = CheckForm(sent, asked=asked)
    if not form.is_valid():
        return _questions(sheet, form, warning=warning_of(sent, sheet.name))
    try:
        check = answer_check(
            place=sheet.place,
            answers=form.given,
            version=form.cleaned_data["version"],
            mode=sheet.mode,
            client_id=as_uuid(form.cleaned_data["client_id"]),
            by=user_of(sheet.request).person,
        )
    except StoppedToday:
        return result_page(sheet, status=409, still=True)
    except Refusal as refusal:
        return _again(sheet, refusal)
    if not check.made_now and todays_check(sheet.session, sheet.participant).check_id != check.pk:
        return _again(sheet, IdUsed())  # somebody has answered again since, perhaps on another page
    forget_kept_answers(sheet.request)
    # Past the menu: with large text on a small phone it would push what to do first off the screen.
    return redirect(f"{resolve_url(*sheet.way('result'))}#maincontent")


def _again(sheet: Sheet, refusal: Refusal) -> HttpResponse:
    """The same page with its answers still in it and a new id, to be looked over and sent once more; or why not."""
    sent, words = sheet.request.POST, refused_words(refusal, sheet)
    warning = warning_of(sent, sheet.name)
    if refusal.code not in ("questions_changed", "id_used", "try_again"):
        return sheet.draw("", status=409, shut=words, warning=warning, asked=None)
    asked = symptom_questions()
    form = CheckForm(_resent(sent, asked), asked=asked)
    form.is_valid()
    return _questions(sheet, form, words, status=409, warning=warning)


def _resent(sent: QueryDict, asked: SymptomQuestions) -> dict[str, Any]:
    """What was sent, without answers to questions that read differently now."""
    same = asked.same_as_in(questions_on(sent))
    answers = {question.id: sent.get(question.id) for question in asked if question.id in same}
    return {**answers, "version": asked.version, "client_id": str(uuid.uuid4())}


def warning_of(sent: Mapping[str, Any], name: str) -> Advice | None:
    """What to say before anything else: a yes that means 999 or the 24-hour line, whatever is missing or refused."""
    asked = questions_on(sent)
    result = worst_so_far(asked, {question.id: YES_NO.get(str(sent.get(question.id))) for question in asked})
    return asked.advice[result].about(name) if result.is_stop else None


def as_uuid(sent: str) -> uuid.UUID:
    """The client-made id of a form."""
    try:
        return uuid.UUID(sent)
    except ValueError:
        return uuid.uuid4()  # a page without its id still counts; only repeating it is no longer harmless


def refused_words(refusal: Refusal, sheet: Sheet) -> str:
    if isinstance(refusal, CheckNotOpen):
        return f"The safety check of this class opens {moment(refusal.opens_at)}."
    if isinstance(refusal, CheckClosed):
        if timezone.now() >= sheet.session.ends_at:
            return "This class is over, so there is nothing to answer."
        return "It is too late to answer here. The instructor asks the questions at the class."
    return REFUSED[refusal.code]


# --- what follows ------------------------------------------------------------


def result_page(sheet: Sheet, *, status: int | None = None, still: bool = False) -> HttpResponse:
    """What to do, first of all; then what happened to the place. `still`: earlier answers stand against new ones."""
    if timezone.now() >= sheet.session.ends_at + SHOWN_FOR:
        return redirect(*sheet.home)
    check = todays_check(sheet.session, sheet.participant)
    reader = user_of(sheet.request).person
    if check.result is None or not (_is_staff(sheet) or reader.pk in (sheet.participant.person_id, check.by_id)):
        if still:  # a supporter learns that it stands, not what the person answered
            return sheet.draw("", status=409, shut=REFUSED["no_place"], warning=None, asked=None)
        return redirect(*sheet.way()) if check.result is None else _nothing_to_see(sheet)
    if not sheet.by_oneself:
        log_read(target=sheet.participant.person, purpose="same-day check", what="result", by=reader)
    advice = symptom_questions().advice[check.result].about(sheet.name)
    context: dict[str, Any] = {
        "check": check,
        "advice": advice,
        "still": still,
        "ended": _ended_places(sheet, check),
        "place": place_of(sheet.session),
        "may_come": not reasons_to_refuse(standing_of(sheet.participant), sheet.session),
    }
    return sheet.draw("result", status=status, **context)


def _is_staff(sheet: Sheet) -> bool:
    return sheet.mode in (CheckMode.PHONE, CheckMode.ALOUD)


def _nothing_to_see(sheet: Sheet) -> HttpResponse:
    messages.info(sheet.request, f"The check of this class was answered, and not by you. {sheet.name} can see it.")
    return redirect(*sheet.home)


def _ended_places(sheet: Sheet, check: TodaysCheck) -> list[Booking]:
    """Places that this check has ended, the earliest class first."""
    if check.readiness is not Readiness.STOPPED or check.at is None:
        return []
    ended = sheet.participant.bookings.filter(ended_at__gte=check.at, end_reason__in=("not_well_today", "not_well"))
    return list(ended.select_related("session__class_type", "session__venue").order_by("session__starts_at", "id"))
