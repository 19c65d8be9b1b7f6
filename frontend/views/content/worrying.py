"""Who hears of worrying answers: the questionnaires of a programme, and what is set for one of them.

Here: the pages, and putting a questionnaire into use. Not here: what an alert does (outcomes/safety.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content
from frontend.wording import Label, sentence
from outcomes import safety
from outcomes.bringing import LicenceNotInForce, make_active
from outcomes.models import AlertRoute, Questionnaire, SafetyRoute
from outcomes.models.routes import LONGEST_MESSAGE
from outcomes.questions import Question, every_question
from outcomes.questions.binding import weights_of

IN_USE, NOT_IN_USE = Label("In use", "ok"), Label("Not in use", "quiet")
NOBODY_HEARS = Label("Nobody hears of worrying answers", "full")
WRONG_CONTACT = "This colleague does not get such alerts. Choose another, or alert everybody at the desk"


class RouteForm(forms.Form):
    """`least_<question>` for each question that weighs something: from which answer on it worries.

    What comes with the questionnaire worries besides.
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

    def __init__(
        self, questions: tuple[Question, ...], people: list[Person], route: SafetyRoute | None, sent: Any
    ) -> None:
        super().__init__(sent, initial=_initial(route))
        least = dict(route.rules) if route else {}
        self.fields["contact"].offer([(str(one.pk), one.full_name) for one in people])  # type: ignore[attr-defined]
        self.people = {str(one.pk): one for one in people}
        self.asks: dict[str, str] = {}  # the field → the question
        for question in questions:
            ends = weights_of(question)
            if ends is None:
                continue
            field = forms.NumberField(
                label=question.text,
                hint=f"{_said_by_numbers(question, ends)}. Leave it empty if no answer worries.",
                called="the answer",
                min_value=int(ends[0]),
                max_value=int(ends[1]),
                required=False,
                width=4,
            )
            field.marks_optional = False  # each of them is, and its hint says so
            self.fields[f"least_{question.key}"] = field
            self.asks[f"least_{question.key}"] = question.id
            self.initial[f"least_{question.key}"] = least.get(question.id)

    @property
    def rules(self) -> dict[str, int]:
        given = {item: self.cleaned_data[name] for name, item in self.asks.items()}
        return {item: value for item, value in given.items() if value is not None}

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in self.asks]


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
    form = RouteForm(every_question(found.items), people, route, forms.posted(request))
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
    asked = {question.id: question for question in every_question(found.items)}
    context = {
        "questionnaire": found,
        "route": route,
        "rules": [
            (asked[item].text, _with_words(asked[item], least))
            for item, least in safety.rules_of(found, route)
            if item in asked
        ],
        "elsewhere": [item for item, _ in safety.rules_of(found, route) if item not in asked],
        "stands": stands,
        "label": _label(found, route, stands),
    }
    return forms.render_form(request, "frontend/content/worrying_answer_route.html", context, form)


def _words_of(question: Question) -> dict[float, str]:
    """What each number stands for, in order, as far as it has words: whoever decides must not guess."""
    numbered: list[tuple[float, str]] = list(question.options)
    weighed = [(option.weight, option.words) for option in question.shape.options if option.weight is not None]
    ends = [(question.lo, question.low_words), (question.hi, question.high_words)]
    return dict(sorted(numbered or weighed or [end for end in ends if end[1]]))


def _said_by_numbers(question: Question, ends: tuple[float, float]) -> str:
    worded = "; ".join(f"{number:g} is “{words}”" for number, words in _words_of(question).items())
    return worded or f"{ends[0]:g} to {ends[1]:g}"


def _with_words(question: Question, number: int) -> str:
    words = _words_of(question).get(number)
    return f"{number} (“{words}”)" if words else str(number)


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
