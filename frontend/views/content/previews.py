"""Each kind of content as its readers see it, drawn by the same parts that draw the real pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from accounts.content import Version
from classes.same_day.symptom_content import SYMPTOM_CHECK
from classes.same_day.symptom_questions import SymptomQuestions
from frontend import forms
from frontend.clinical_letters import LETTER_WORDS
from frontend.safety_check import CheckForm
from frontend.views.content.rule_words import credential_rows, rule_rows
from frontend.views.public.join_forms import question_field
from instructors.rules import CredentialRules
from instructors.rules_in_use import CREDENTIAL_RULES
from participants.health_content import CLINICAL_LETTERS, HEALTH_QUESTIONS, RULES, SIGNPOSTS, WHERE_NEXT
from participants.rules.letter_rules import LetterKind, LetterText
from participants.rules.numbers import Rules
from participants.rules.questions import QuestionSet
from participants.rules.signposts import Onward, Signpost

Context = dict[str, Any]


def preview_of(version: Version) -> tuple[str, Context]:
    """The template that shows a version, and what it is given."""
    template, context_of = PREVIEWS[version.kind.name]
    return template, context_of(version.kind.read(version.body))


def _health(questions: QuestionSet) -> Context:
    form = forms.Form()
    for question in questions:
        form.fields[question.id] = question_field(question, named=True)
    return {"questions": form, "sent_to_a_person": _flagged(questions)}


def _flagged(questions: QuestionSet) -> list[tuple[str, list[str]]]:
    """Which answers a person looks at, question by question: no page of the public says so."""
    rows = [(question.short, [o.label for o in question.options if o.flag]) for question in questions]
    return [(short, labels) for short, labels in rows if labels]


def _signposts(known: Mapping[str, Signpost]) -> Context:
    return {"signposts": list(known.values())}


def _symptoms(asked: SymptomQuestions) -> Context:
    minutes = {
        "opens_before": int(asked.opens_before.total_seconds() // 60),
        "alone_until": int(asked.alone_until.total_seconds() // 60),
    }
    leads_to = [(question.short, asked.advice[question.result].heading) for question in asked]
    advice = [told.about("Sam") for told in asked.advice.values()]
    return {"asked": asked, "check": CheckForm(asked=asked), "leads_to": leads_to, "advice": advice, **minutes}


def _letters(shown: Mapping[LetterKind, LetterText]) -> Context:
    """With the person of an example, so that each place is seen to be filled."""
    values = {"name": "Sam Example", "person": "Sam Example, born on 1 March 1958"}
    values |= {"started": "3 August 2026", "ended": "31 January 2027"}
    letters = [(LETTER_WORDS[kind], *text.filled(values)) for kind, text in shown.items()]
    return {"letters": [(occasion, subject, words.split("\n\n")) for occasion, subject, words in letters]}


def _where_next(shown: Onward) -> Context:
    return {"onward": shown}


def _rules(shown: Rules) -> Context:
    return {"rows": rule_rows(shown)}


def _credentials(shown: CredentialRules) -> Context:
    return {"rows": credential_rows(shown)}


PREVIEWS: dict[str, tuple[str, Callable[[Any], Context]]] = {
    HEALTH_QUESTIONS: ("frontend/content/preview_health.html", _health),
    SYMPTOM_CHECK: ("frontend/content/preview_symptoms.html", _symptoms),
    SIGNPOSTS: ("frontend/content/preview_signposts.html", _signposts),
    CLINICAL_LETTERS: ("frontend/content/preview_letters.html", _letters),
    WHERE_NEXT: ("frontend/content/preview_where_next.html", _where_next),
    RULES: ("frontend/content/preview_rules.html", _rules),
    CREDENTIAL_RULES: ("frontend/content/preview_rules.html", _credentials),
}
