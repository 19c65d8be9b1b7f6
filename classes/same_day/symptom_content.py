"""The same-day check as content that may be changed in a running copy: which of its words, and the version in use.

Not here: how versions are kept and signed (accounts/content.py), what a body
means (symptom_questions.py).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Subquery

from accounts.content import Kind, content, register_content, started
from accounts.content_words import Word
from classes.same_day.symptom_questions import CURRENT, SHIPPED, SymptomQuestions, read_questions

SYMPTOM_CHECK = "symptom_check"
A_DAY = 24 * 60


def symptom_questions(version: str = "") -> SymptomQuestions:
    """The questions of `version`; those asked now where none is named. Raises KeyError for one that never was.

    It asks the database: whoever judges many classes calls it once.
    """
    questions: SymptomQuestions = content(SYMPTOM_CHECK, version)
    return questions


def questions_started(version: str | None) -> SymptomQuestions:
    """The questions of a version as `version_in_use` reads it along with other rows: no query for those we ship."""
    return symptom_questions(version or CURRENT)


def version_in_use(at: datetime) -> Subquery:
    return started(SYMPTOM_CHECK, at)


def register() -> None:
    """Called once, by AppConfig.ready."""
    register_content(
        Kind(
            name=SYMPTOM_CHECK,
            title="Same-day check",
            about="The eight questions on the day of a class, what people are told to do, and when it can be answered.",
            shipped=SHIPPED,
            read=read_questions,
            words={
                "opens_before": Word("Minutes before the start from which it can be answered", least=60, most=A_DAY),
                "alone_until": Word("Minutes before the start until which people answer by themselves", most=120),
                "ask": Word("Question"),
                "help": Word("Words below it", optional=True, most=400),
                "short": Word("Short name, for staff", most=100),
                "group": Word("Heading", most=60),
                "heading": Word("Heading", most=100),
                "lead": Word("First sentence", most=200),
                "steps": Word("What to do, step by step", optional=True),
                "for_heading": Word("Heading for a supporter", most=100),
                "for_steps": Word("What a supporter does", optional=True),
                "aloud": Word("What staff say on the telephone", most=600),
                "aloud_here": Word("What the instructor says", most=600),
                "staff_heading": Word("Heading for staff", most=100),
                "staff_steps": Word("What staff do", optional=True),
                "words": Word("Words on the button that calls", most=60),
                "number": Word("Telephone number", most=20),
                "relay": Word("The same through Relay UK", most=20),
            },
        )
    )
