"""The content of this app that may be changed in a running copy: health questions, signposts, rules in numbers.

Here: what the kinds are called, which of their words may be changed, and the
version in use. Not here: how versions are kept and signed (accounts/content.py),
what a body means (questions.py, signposts.py, rules.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from accounts.content import Kind, content, register_content
from accounts.content_words import Word
from participants.rules import numbers
from participants.rules.letter_rules import LetterKind, LetterText, read_letters
from participants.rules.questions import SHIPPED, QuestionSet, read_questions
from participants.rules.signposts import Onward, Signpost, read_onward, read_signposts

FOLDER = Path(__file__).parent / "content"
HEALTH_QUESTIONS, SIGNPOSTS, RULES = "health_questions", "signposts", "rules"
CLINICAL_LETTERS, WHERE_NEXT = "clinical_letters", "where_next"


def health_questions(version: str = "") -> QuestionSet:
    """The questions of `version`; those asked now where none is named. Raises KeyError for one that never was."""
    questions: QuestionSet = content(HEALTH_QUESTIONS, version)
    return questions


def signposts(reasons: Iterable[str]) -> list[Signpost]:
    """What to say, and where else to turn, for each reason somebody cannot join."""
    known: dict[str, Signpost] = content(SIGNPOSTS)
    return [known[reason] for reason in reasons]


def where_next() -> Onward:
    """What somebody reads whose programme ends."""
    onward: Onward = content(WHERE_NEXT)
    return onward


def rules() -> numbers.Rules:
    """The numbers in use now. It asks the database: whoever judges many rows calls it once."""
    in_use: numbers.Rules = content(RULES)
    return in_use


def letter_text(kind: LetterKind) -> LetterText:
    """The words of a letter to a clinical team, as they are in use now."""
    known: dict[LetterKind, LetterText] = content(CLINICAL_LETTERS)
    return known[kind]


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_content(
        Kind(
            name=HEALTH_QUESTIONS,
            title="Health questions",
            about="Asked of everybody who joins, and again when their health may have changed.",
            shipped=SHIPPED,
            read=read_questions,
            words={
                "ask": Word("Question"),
                "why": Word("Words below it", optional=True),
                "short": Word("Short name", most=60),
                "label": Word("Answer", most=150),
            },
        )
    )
    register_content(
        Kind(
            name=SIGNPOSTS,
            title="Where else to turn",
            about="What somebody reads who cannot join, by reason.",
            shipped={"2026-1": FOLDER / "signposts_v1.toml"},
            read=_signposts,
            words={
                "words": Word("What we say"),
                "name": Word("Place", most=100),
                "what": Word("What it does"),
                "link": Word("Address of its page"),
            },
        )
    )
    register_content(
        Kind(
            name=WHERE_NEXT,
            title="Where to go next",
            about="What somebody reads whose programme ends: where they can go on being active.",
            shipped={"2026-1": FOLDER / "where_next_v1.toml"},
            read=read_onward,
            words={
                "words": Word("What we say"),
                "name": Word("Place", most=100),
                "what": Word("What it does"),
                "link": Word("Address of its page"),
            },
        )
    )
    register_content(
        Kind(
            name=RULES,
            title="Rules in numbers",
            about="How long things hold, and when people are asked again.",
            shipped=numbers.SHIPPED,
            read=numbers.read_rules,
            words={
                name: Word(f"{number.title} ({number.units})", least=number.least, most=number.most)
                for name, number in numbers.NUMBERS.items()
            },
            made_of="numbers",
        )
    )
    register_content(
        Kind(
            name=CLINICAL_LETTERS,
            title="Letters to clinical teams",
            about="What we write to the clinical team of somebody who agreed, by occasion.",
            shipped={"2026-1": FOLDER / "clinical_letters_v1.toml"},
            read=read_letters,
            words={"subject": Word("Subject", most=100), "words": Word("Words", most=2000)},
        )
    )


def _signposts(body: Mapping[str, Any]) -> dict[str, Signpost]:
    return {signpost.reason.value: signpost for signpost in read_signposts(body)}
