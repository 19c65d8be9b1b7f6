"""There is no comparison group: no text that goes with a figure says that one thing made another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# What goes with figures of outcomes: for partners, for the desk, and for oneself.
CODE = [
    "frontend/releases/*.py",
    "frontend/charts.py",
    "frontend/views/me/other_forms_words.py",
    "frontend/views/me/progress_words.py",
    "outcomes/statistics.py",
    "outcomes/counting/taking_part.py",
    "outcomes/disclosure/*.py",
    "outcomes/releases/export.py",
    "frontend/views/partner/*.py",
]
TEMPLATES = [
    "frontend/jinja2/frontend/parts/summary*.html",
    "frontend/jinja2/frontend/partner/*.html",
    "frontend/jinja2/frontend/me/progress.html",
    "frontend/jinja2/frontend/desk/*release*.html",
]
CAUSAL = re.compile(
    r"\b(caus(e[ds]?|ing|al)|because of|thanks to|due to (the|our|safefit|exercise|class)|le(d|ads?) to"
    r"|result(s|ed)? (in|of|from)|effective(ness)?|effects? (of|on)|impact(s|ed)?|benefit(s|ed)?"
    r"|help(s|ed) (them|people|you)|it works|worked for|made (them|people|you|a difference)|brought about"
    r"|contribut(es?|ed) to|attributable|prove[sdn]|success(ful|fully)?)\b",
    re.IGNORECASE,
)
# A sentence that says the opposite may name what it denies.
MAY = ("these figures do not say what made the difference",)


def _files(patterns: list[str]) -> Iterator[Path]:
    for pattern in patterns:
        found = sorted(Path(settings.BASE_DIR).glob(pattern))
        assert found, f"{pattern} has moved: this check reads nothing"
        yield from found


def _said_in_code(path: Path) -> Iterator[str]:
    """Its texts, without the papers for programmers."""
    tree = ast.parse(path.read_text())
    papers = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in papers:
            yield node.value


def _said_in_template(path: Path) -> Iterator[str]:
    text = re.sub(r"{#.*?#}", " ", path.read_text(), flags=re.DOTALL)
    yield re.sub(r"<[^>]*>", " ", text)


def causal_words(text: str) -> list[str]:
    for sentence in MAY:
        text = text.replace(sentence, " ")
    return [found.group() for found in CAUSAL.finditer(text)]


def test_no_text_that_goes_with_figures_says_what_caused_what() -> None:
    said = [(path, text) for path in _files(CODE) for text in _said_in_code(path)]
    said += [(path, text) for path in _files(TEMPLATES) for text in _said_in_template(path)]
    assert [(path.name, words) for path, text in said if (words := causal_words(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "SafeFit caused a change of 4 points.",
        "Their energy rose thanks to the classes.",
        "The programme was effective.",
        "The impact of exercise",
        "What made a difference",
        "Classes helped people feel better.",
        "Better sleep, due to exercise",
    ],
)
def test_the_check_finds_a_sentence_that_claims_a_cause(text: str) -> None:
    assert causal_words(text)


def test_the_form_that_was_due_is_no_cause() -> None:
    assert causal_words("The later form was due from 40 people.") == []
