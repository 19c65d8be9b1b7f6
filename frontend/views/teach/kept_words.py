"""What every register on a telephone shares: the questions asked aloud and their results, the words of its forms.

Here: the same-day check as a table, made of the content that the server judges by; what a report and a note ask. Not
here: the registers (kept.py), the rule (classes/same_day/symptoms.py), how a telephone asks (assets/js/offline). Called
by offline.py. The rule is not written twice: a telephone knows in which order results are grave, and takes the worst.
"""

from __future__ import annotations

from typing import Any

from accounts.parcels import open_half
from classes.incident_rules import Harm, IncidentKind
from classes.models import LEAST_EFFORT, MOST_EFFORT
from classes.readiness import Readiness
from classes.register import CAME_STATES, LONGEST_PART
from classes.same_day.symptom_questions import Advice, Call, SymptomQuestions
from classes.same_day.symptoms import STOPS, Result
from frontend.incident_words import HARMS, KINDS
from frontend.session_notes import ASKED, COLLEAGUES_HINT, EFFORT_HINT
from frontend.views.teach import wording
from frontend.views.teach.check_words import ALERTS, LABELS

READINESS = {Result.READY: Readiness.READY, Result.TALK_FIRST: Readiness.TALK_FIRST}  # every other one is a stop


def shared_words(asked: SymptomQuestions) -> dict[str, Any]:
    return {
        "seal_for": open_half(),
        "questions": _questions(asked),
        "report": _report(),
        "ticks": [list(tick) for tick in wording.COMPANION.items()],
        "comes_along": wording.COMES_ALONG,
        "note": _note(),
    }


def _note() -> dict[str, Any]:
    """How it went: of whom it is written, by the mark, and what is asked."""
    return {
        "of": sorted(CAME_STATES),
        "asked": ASKED,
        "hints": {"effort": EFFORT_HINT, "for_colleagues": COLLEAGUES_HINT},
        "effort": [LEAST_EFFORT, MOST_EFFORT],
        "longest": LONGEST_PART,
    }


def _questions(asked: SymptomQuestions) -> dict[str, Any]:
    """`results`: what answers may come to, the worst last, as the server ranks them."""
    return {
        "version": asked.version,
        "groups": [
            [words, [{"id": q.id, "ask": q.ask, "help": q.help, "short": q.short, "result": q.result} for q in group]]
            for words, group in asked.groups
        ],
        "results": [_result(result, asked.advice[result]) for result in Result],
    }


def _result(result: Result, advice: Advice) -> dict[str, Any]:
    readiness = READINESS.get(result, Readiness.STOPPED)
    label = LABELS[readiness]
    return {
        "id": result,
        "stops": result in STOPS,
        "label": [label.words, label.tone],
        "alert": ALERTS.get(readiness, ""),
        "heading": advice.staff_heading,
        "steps": list(advice.staff_steps),
        "aloud": advice.aloud_here,
        "call": _call(advice.call),
    }


def _call(call: Call | None) -> dict[str, str] | None:
    return {"words": call.words, "number": call.number, "relay": call.relay} if call else None


def _report() -> dict[str, Any]:
    return {
        "kinds": [[kind, *KINDS[kind]] for kind in IncidentKind],
        "harms": [[harm, *HARMS[harm]] for harm in Harm],
        "near_miss": IncidentKind.NEAR_MISS,
        "no_harm": Harm.NONE,
        "unknown": wording.UNKNOWN,
        "not_yet": wording.NOT_YET,
    }
