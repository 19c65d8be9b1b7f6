"""Who hears of worrying answers: the questionnaires of a programme, and what is set for one of them.

Here: the pages, and putting a questionnaire into use. Not here: what an alert does (outcomes/safety.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from frontend import forms
from frontend.questionnaires import scores_of
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content
from frontend.wording import Label, sentence
from outcomes import safety
from outcomes.bringing import LicenceNotInForce, make_active
from outcomes.models import AlertRoute, Questionnaire, SafetyRoute
from outcomes.models.routes import LONGEST_MESSAGE
from outcomes.questions import Question
from outcomes.questions.binding import weights_of
from outcomes.safety_rules import Rule, rule_of

IN_USE, NOT_IN_USE = Label("In use", "ok"), Label("Not in use", "quiet")
NOBODY_HEARS = Label("Nobody hears of worrying answers", "full")
WRONG_CONTACT = "This colleague does not get such alerts. Choose another, or alert everybody at the desk"


class RouteForm(forms.Form):
    """`from_<question>` for each question that weighs something, `score_<scale>` for each score that is told: from
    which number on it worries. What comes with the questionnaire worries besides.
    """

    contact = forms.SelectField(
        label="Who is named?",
        hint="The colleague who is asked to call. People are told this name.",
        called="who is named",
        empty="Choose a colleague",
    )
    alert_to = forms.RadiosField(
        label="Who else gets the task?",
        missing="Select who gets the task",
        options=[(route.value, sentence(route.label)) for route in AlertRoute],
    )
    message = forms.LongTextField(
        label="What do people read at once?",
        hint="Two or three plain sentences. The numbers to call stand below it by themselves. Promise no time.",
        called="what people read",
        max_length=LONGEST_MESSAGE,
        rows=4,
    )

    def __init__(self, found: Questionnaire, people: list[Person], route: SafetyRoute | None, sent: Any) -> None:
        super().__init__(sent, initial=_initial(route))
        self.fields["contact"].offer([(str(one.pk), one.full_name) for one in people])  # type: ignore[attr-defined]
        self.people = {str(one.pk): one for one in people}
        self.about: dict[str, Rule] = {}  # the field → the rule that its number makes
        self.before = {(rule.of, rule.is_score): rule for rule in map(rule_of, route.rules if route else ())}
        low = safety.less_is_worse(found)
        for question in found.every_question:
            ends = weights_of(question)
            if ends is not None:
                rule = self._rule(Rule(question.id, 0, or_less=question.id in low))
                numbers = _said_by_numbers(question, ends)
                self._ask(f"from_{question.key}", rule, ends, label=question.text, hint=numbers, called="the answer")
        for scale in scores_of(found):
            rule = self._rule(Rule(scale.scale, 0, or_less=scale.up, is_score=True))
            ends = (scale.lo, scale.hi)
            numbers = f"{ends[0]:g} to {ends[1]:g}"
            self._ask(f"score_{scale.scale}", rule, ends, label=scale.label, hint=numbers, called="the score")

    def _rule(self, usual: Rule) -> Rule:
        """What was decided the other way round stays so until it is emptied."""
        return self.before.get((usual.of, usual.is_score), usual)

    def _ask(self, name: str, rule: Rule, ends: tuple[float, float], *, hint: str, **look: str) -> None:
        way = "less" if rule.or_less else "more"
        look["hint"] = f"{hint}. This number or {way} worries. Leave it empty if none does."
        field: forms.NumberField | forms.DecimalField
        if rule.is_score:
            field = forms.DecimalField(least=ends[0], most=ends[1], required=False, **look)
        else:
            field = forms.NumberField(min_value=int(ends[0]), max_value=int(ends[1]), required=False, width=4, **look)
        field.marks_optional = False  # each of them is, and its hint says so
        self.fields[name], self.about[name] = field, rule
        if (rule.of, rule.is_score) in self.before:
            self.initial[name] = rule.line

    @property
    def rules(self) -> list[Rule]:
        given = [(rule, self.cleaned_data[name]) for name, rule in self.about.items()]
        return [replace(rule, line=line) for rule, line in given if line is not None]

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name, rule in self.about.items() if not rule.is_score]

    @property
    def scored(self) -> list[Any]:
        return [self[name] for name, rule in self.about.items() if rule.is_score]


@require_safe
@answers_for_content
def worrying_answers(request: HttpRequest) -> HttpResponse:
    """Every version of each questionnaire, whether it is in use and whether somebody hears of what worries."""
    shown = safety.with_routes(safety.questionnaires_answered_for_by(request.user))
    rows = [(one, _label(one, route, stands)) for one, route, stands in shown]
    return render(request, "frontend/content/worrying_answers.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@answers_for_content
def worrying_answer_route(request: HttpRequest, pk: int) -> HttpResponse:
    found = _questionnaire(request, pk)
    route = safety.route_of(found)
    people = list(safety.contacts_for(found.programme, AlertRoute.DESK))
    form = RouteForm(found, people, route, forms.posted(request))
    if form.is_valid() and _set(form, found, user_of(request).person):
        messages.success(request, "Kept. It counts for every answer that is sent from now on.")
        return redirect("content:worrying_answer_route", pk)
    return _show(request, found, form)


@require_POST
@answers_for_content
def use_questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    found = _questionnaire(request, pk)
    try:
        make_active(questionnaire=found, by=user_of(request).person)
    except safety.NotToBeUsed as refusal:
        messages.error(request, " ".join(str(hindrance.label) for hindrance in refusal.hindrances))
    except LicenceNotInForce:
        messages.error(request, "Its licence does not hold today. Ask whoever arranges the programme to record it.")
    else:
        messages.success(request, "In use. Whoever joins from now on is asked it.")
    return redirect("content:worrying_answer_route", pk)


def _set(form: RouteForm, found: Questionnaire, by: Person) -> bool:
    given = form.cleaned_data
    try:
        safety.set_route(
            questionnaire=found,
            contact=form.people[given["contact"]],
            message=given["message"],
            alert_to=given["alert_to"],
            rules=form.rules,
            by=by,
        )
    except safety.NotTheirs:
        form.add_error("contact", WRONG_CONTACT)
        return False
    return True


def _show(request: HttpRequest, found: Questionnaire, form: RouteForm) -> HttpResponse:
    ((_, route, stands),) = safety.with_routes([found])
    rules, words = safety.rules_of(found, route), _words_of_rules(found)
    context = {
        "questionnaire": found,
        "route": route,
        "rules": [words[rule.of, rule.is_score](rule) for rule in rules if (rule.of, rule.is_score) in words],
        "elsewhere": [rule.of for rule in rules if (rule.of, rule.is_score) not in words],
        "stands": stands,
        "label": _label(found, route, stands),
    }
    return forms.render_form(request, "frontend/content/worrying_answer_route.html", context, form)


def _words_of_rules(found: Questionnaire) -> Mapping[tuple[str, bool], Callable[[Rule], str]]:
    """What a rule reads like, by what it is of: all that this version asks and scores."""
    asked = {(one.id, False): partial(_rule_of_answer, one) for one in found.every_question}
    scored = {(told.scale, True): partial(_rule_words, f"{told.label}:") for told in scores_of(found)}
    return asked | scored


def _rule_of_answer(question: Question, rule: Rule) -> str:
    words = _words_of(question).get(rule.line)
    return _rule_words(question.text, rule, f" (“{words}”)" if words else "")


def _rule_words(of: str, rule: Rule, stands_for: str = "") -> str:
    return f"{of} {rule.line:g}{stands_for} or {'less' if rule.or_less else 'more'}"


def _words_of(question: Question) -> dict[float, str]:
    """What each number stands for, in order, as far as it has words: whoever decides must not guess."""
    numbered: list[tuple[float, str]] = list(question.options)
    weighed = [(option.weight, option.words) for option in question.shape.options if option.weight is not None]
    ends = [(question.lo, question.low_words), (question.hi, question.high_words)]
    return dict(sorted(numbered or weighed or [end for end in ends if end[1]]))


def _said_by_numbers(question: Question, ends: tuple[float, float]) -> str:
    worded = "; ".join(f"{number:g} is “{words}”" for number, words in _words_of(question).items())
    return worded or f"{ends[0]:g} to {ends[1]:g}"


def _label(found: Questionnaire, route: SafetyRoute | None, stands: bool) -> Label:
    if safety.rules_of(found, route) and not stands:
        return NOBODY_HEARS
    return IN_USE if found.active else NOT_IN_USE


def _initial(route: SafetyRoute | None) -> dict[str, Any]:
    if route is None:
        return {}
    return {"contact": str(route.contact_id), "alert_to": route.alert_to, "message": route.message}


def _questionnaire(request: HttpRequest, pk: int) -> Questionnaire:
    found: Questionnaire = get_object_or_404(safety.questionnaires_answered_for_by(request.user), pk=pk)
    return found


urlpatterns = [
    path("worrying-answers/", worrying_answers, name="worrying_answers"),
    path("worrying-answers/<int:pk>/", worrying_answer_route, name="worrying_answer_route"),
    path("worrying-answers/<int:pk>/use/", use_questionnaire, name="use_questionnaire"),
]
