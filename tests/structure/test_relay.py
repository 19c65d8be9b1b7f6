"""Every telephone number that is shown carries the way to call it through Relay UK.

Our own number says 18001, somebody else's at the desk 18002. A template shows a
number through `ui.our_number()` or `ui.their_number(…)`, or says it on that line or
the next. Numbers that people read back as their own are not for calling: OWN.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR) / "frontend" / "jinja2"
EXPRESSION, QUOTED = re.compile(r"\{\{.*?\}\}"), re.compile(r'"[^"]*"')
NUMBER = re.compile(r"(?<![.\w])phone(_link)?(?!\w)|\|\s*telephone\b")
HINT = re.compile(r"1800[012]|call\.relay\b")  # of a number to ring in an emergency the content says it
OWN = {
    "account/confirm_login_code.html",
    "account/mobile_code.html",
    "mfa/index.html",
    "frontend/me/details.html",
    "frontend/me/join_class.html",
    "messages/registered.txt",
    "frontend/public/join_check.html",
    "frontend/parts/by_telephone.html",
}
MACROS = re.compile(r"\bui\.(our|their)_number\(")


def shows_a_number(line: str) -> bool:
    """Ours, somebody's, or one that is written out as a link; words about phones are none."""
    expressions = (QUOTED.sub("", expression) for expression in EXPRESSION.findall(line))
    return 'href="tel:' in line or any(NUMBER.search(expression) for expression in expressions)


def without_a_hint(source: str, *, own: bool = False) -> list[str]:
    """The lines of a template that show a number and do not say how to call it through a relay."""
    lines = source.split("\n")
    found = []
    for place, line in enumerate(lines):
        is_own = own and "telephone" in line
        if shows_a_number(line) and not is_own and not HINT.search(" ".join(lines[place : place + 2])):
            found.append(line.strip())
    return found


def templates() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*") if path.suffix in {".html", ".txt"})


def test_every_template_that_shows_a_number_says_how_to_call_it_through_a_relay() -> None:
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in templates()}
    found = {name: without_a_hint(source, own=name in OWN) for name, source in sources.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    showing = [name for name, source in sources.items() if MACROS.search(source) or shows_a_number(source)]
    assert len(showing) > 20, "the templates have moved: this check reads nothing"


def test_every_sentence_of_the_code_that_names_our_number_says_it_too() -> None:
    apps = ("accounts", "messaging", "participants", "instructors", "classes", "outcomes", "records", "frontend")
    files = [f for app in apps for f in (ROOT.parents[1] / app).rglob("*.py") if "node_modules" not in f.parts]
    bare = [str(f) for f in files if "{settings.PHONE}" in f.read_text()]
    said = [f for f in files if "{settings.PHONE_IN_WORDS}" in f.read_text()]
    assert bare == [] and len(said) > 1
    assert HINT.search(settings.PHONE_IN_WORDS)


@pytest.mark.parametrize(
    "source",
    [
        '<p>Call <a href="{{ phone_link }}">{{ phone }}</a>.</p>',
        "<p>Call {{ phone }}, {{ phone_hours }}.</p>\n\n<p>18001</p>",
        "<p>{{ contact.value | telephone }}</p>",
        '{{ ui.empty("Call us on " ~ phone ~ ".") }}',
        '<a href="tel:+441632960000">ring</a>',
    ],
)
def test_the_check_finds_a_number_without_it(source: str) -> None:
    assert without_a_hint(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Call {{ ui.our_number() }}.</p>",
        "Call {{ phone }}.\nWith Relay UK, dial 18001 then {{ phone }}.",
        "<p>{{ phone_hours }}</p>",
        "{{ number | telephone }} With Relay UK: dial 18002 then it.",
        "You can register by phone.",
    ],
)
def test_the_check_lets_a_number_with_it_and_words_without_a_number_stand(source: str) -> None:
    assert without_a_hint(source) == []


def test_ones_own_numbers_read_back_are_not_for_calling() -> None:
    assert without_a_hint("{{ point.value | telephone }}", own=True) == []
    assert without_a_hint("Call {{ phone }}.", own=True)
